"""The records of a collection over HTTP: one room a contract."""

from collections.abc import Callable

from flask import Response, request

from opendata.domain.contracts import Contract
from opendata.domain.queries import parse
from opendata.stages import query
from opendata.web import corrections, envelope, exports, operations, proofs, records, shapes, totals
from opendata.web.access import opened_to, runtime
from opendata.web.arguments import check_query
from opendata.web.envelope import Question
from opendata.web.json import to_bytes
from opendata.web.links import api_url
from opendata.web.negotiation import FILE_CONTROLS, choices_of, wanted_format
from opendata.web.room import ACCEPT, QUERY, Room, itself
from opendata.web.shapes import Doc
from opendata.web.versions import with_links


def room(contract: Contract) -> Room:
    """Return the routes of one collection, documented with its own fields."""
    name = contract.collection
    published = contract.published
    title = contract.title
    blp = Room(
        name,
        __name__,
        label=f"{title.zh} {title.en}",
        url_prefix="/api/v1",
        description=f"{contract.description.zh} {contract.description.en}",
    )
    views = _Views(contract)
    negotiated = operations.listing(published, negotiated=True)
    as_json = operations.listing(published, negotiated=False)
    files = ",".join(operations.FILES)
    by_itself = itself(QUERY, ACCEPT)
    _add(blp, f"/{name}", by_itself(views.listed), negotiated)
    _add(blp, f"/{name}.json", by_itself(views.listed_as_json), as_json)
    whole = operations.export(published)
    _add(blp, f"/{name}.<any({files}):format_name>", by_itself(views.exported), whole)
    _add_totals(blp, views, published)
    _add(blp, f"/{name}/schema", views.schema, operations.schema(published))
    issues = operations.known_issues(published)
    _add(blp, f"/{name}/known-issues", itself(QUERY)(views.known_issues), issues)
    _add(blp, f"/{name}/<record_id>", views.one, operations.record(published))
    proof = proofs.operation(published)
    _add(blp, f"/{name}/<record_id>/proof", itself(QUERY)(views.proof), proof)
    corrections.add_to(blp, contract)
    return blp


def _add_totals(blp: Room, views: "_Views", published: Contract) -> None:
    path, by_itself = f"/{published.collection}/aggregate", itself(QUERY, ACCEPT)
    negotiated = operations.aggregate(published, negotiated=True)
    as_json = operations.aggregate(published, negotiated=False)
    files = ",".join(operations.FILES)
    _add(blp, path, by_itself(views.totals), negotiated)
    _add(blp, f"{path}.json", by_itself(views.totals_as_json), as_json)
    whole = operations.aggregate_export(published)
    _add(blp, f"{path}.<any({files}):format_name>", by_itself(views.totals_exported), whole)


def _add(blp: Room, path: str, view: Callable[..., Response], operation: Doc) -> None:
    described = blp.doc(**operation)(opened_to()(view))
    blp.route(path, methods=["GET"], endpoint=operation["operationId"])(described)


class _Views:
    """The views of one collection; each reads the request, calls a stage, returns."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def listed(self) -> Response:
        wanted = wanted_format()
        # Whether or not it becomes a file, what is said of its looks has to be right.
        choices = choices_of(wanted)
        if wanted == "json":
            pairs = _without(FILE_CONTROLS)
            return records.page(runtime(), self.contract, _question(), pairs).response
        return exports.file(self.contract, choices, ranges=False)

    def listed_as_json(self) -> Response:
        return records.page(runtime(), self.contract, _question(), _without(())).response

    def exported(self, format_name: str) -> Response:
        return exports.file(self.contract, choices_of(format_name), ranges=True)

    def totals(self) -> Response:
        wanted = wanted_format()
        choices, pairs = choices_of(wanted), _without(FILE_CONTROLS)
        if wanted == "json":
            return totals.listed(runtime(), self.contract, _question(), pairs).response
        return totals.file(runtime(), self.contract, choices, pairs)

    def totals_as_json(self) -> Response:
        return totals.listed(runtime(), self.contract, _question(), _without(())).response

    def totals_exported(self, format_name: str) -> Response:
        choices = choices_of(format_name)
        return totals.file(runtime(), self.contract, choices, _without(FILE_CONTROLS))

    def one(self, record_id: str) -> Response:
        return records.one(runtime(), self.contract, _question(), record_id).response

    def proof(self, record_id: str) -> Response:
        check_query(("release",))
        held = runtime()
        body = proofs.body(held, self.contract, record_id, _without(()), held.now())
        return Response(body, mimetype="application/json")

    def known_issues(self) -> Response:
        held = runtime()
        check_query(("as_of", "release"))
        asked = parse(request.args.items(multi=True), self.contract.published)
        found = query.issues(held.home, self.contract, asked, held.now())
        name = self.contract.collection
        data = [
            {"dataset": each.dataset, "release": each.release,
             "issues": [issue.as_dict() for issue in each.issues]}
            for each in found.releases
        ]  # fmt: skip
        links = {"self": api_url(f"{name}/known-issues", _without(())), "collection": api_url(name)}
        meta = envelope.meta_of(found.view)
        body = envelope.listed([to_bytes(each) for each in data], meta, links)
        return _answer(body, found.view.version, found.view)

    def schema(self) -> Response:
        published = self.contract.published
        return _answer(to_bytes(shapes.schema_body(published)) + b"\n", published.digest)


def _without(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the parameters of the request, in its order, without those named."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in names]


def _question() -> Question:
    return Question(request.environ, runtime().settings.public_url)


def _answer(body: bytes, version: str, view: query.View | None = None) -> Response:
    question = _question()
    tag = question.tag(version)
    same = envelope.unchanged(question, tag, view)
    answer = same or envelope.answer(body, tag, view)
    return (answer if view is None else with_links(answer, question, view)).response
