"""The records of a collection over HTTP: one room a contract."""

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request, send_file

from opendata.domain.contracts import Contract
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery, parse
from opendata.stages import export, query
from opendata.web import operations, shapes
from opendata.web.access import opened_to, runtime
from opendata.web.arguments import check_query
from opendata.web.filters import PAGING
from opendata.web.json import to_bytes
from opendata.web.links import api_url
from opendata.web.negotiation import FILE_CONTROLS, MEDIA_TYPES, choices_of, wanted_format
from opendata.web.room import ACCEPT, QUERY, Room, itself
from opendata.web.shapes import Doc

# Proxies hold the headers of an answer in a few kilobytes; the body has every link.
MAX_LINK_HEADER = 2_000


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
    _add(blp, f"/{name}/schema", views.schema, operations.schema(published))
    issues = operations.known_issues(published)
    _add(blp, f"/{name}/known-issues", itself(QUERY)(views.known_issues), issues)
    _add(blp, f"/{name}/<record_id>", views.one, operations.record(published))
    return blp


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
        return self._page(_without(FILE_CONTROLS)) if wanted == "json" else self._file(choices)

    def listed_as_json(self) -> Response:
        return self._page(request.args.items(multi=True))

    def exported(self, format_name: str) -> Response:
        return self._file(choices_of(format_name))

    def one(self, record_id: str) -> Response:
        held = runtime()
        found = query.record(held.home, self.contract, record_id, held.now())
        body = {
            "data": found.values,
            "history": found.history,
            "meta": _meta(found.view),
            "links": {
                "self": api_url(f"{self.contract.collection}/{record_id}"),
                "dataset": api_url(f"datasets/{found.values['_dataset']}"),
                "collection": api_url(self.contract.collection),
            },
        }
        return _answer(body, found.view.version + record_id)

    def known_issues(self) -> Response:
        held = runtime()
        check_query(("as_of",))
        asked = parse(request.args.items(multi=True), self.contract.published)
        found = query.issues(held.home, self.contract, asked, held.now())
        name = self.contract.collection
        data = [
            {"dataset": each.dataset, "release": each.release,
             "issues": [issue.as_dict() for issue in each.issues]}
            for each in found.releases
        ]  # fmt: skip
        links = {"self": api_url(f"{name}/known-issues", _without(())), "collection": api_url(name)}
        body = {"data": data, "meta": _meta(found.view), "links": links}
        return _answer(body, found.view.version + request.full_path)

    def schema(self) -> Response:
        published = self.contract.published
        return _answer(shapes.schema_body(published), published.digest)

    def _page(self, pairs: Iterable[tuple[str, str]]) -> Response:
        held = runtime()
        asked = parse(pairs, self.contract.published)
        found = query.page(held.home, self.contract, asked, held.now())
        meta = _meta(found.view)
        if found.total is not None:
            meta["total"] = found.total
        links = self._links(found)
        body = {"data": found.records, "meta": meta, "links": links}
        response = _answer(body, found.view.version + asked.canonical + request.full_path)
        following = links.get("next", "")
        if 0 < len(following) <= MAX_LINK_HEADER:
            response.headers.add("Link", f'<{following}>; rel="next"')
        return response

    def _file(self, choices: export.Choices) -> Response:
        held = runtime()
        for each in PAGING:
            if each in request.args:
                text = Text(
                    f"导出总是完整的，不能使用 {each}。",
                    f"An export is whole; {each} is not for it.",
                )
                raise BadQuery(*text, (Fault(f"?{each}", text, "not-for-exports"),))
        asked = parse(_without(FILE_CONTROLS), self.contract.published)
        name = choices.format
        spooled = export.spool(held.home, self.contract, asked, choices, held.now())
        length = spooled.seek(0, os.SEEK_END)
        spooled.seek(0)
        response = send_file(
            spooled,
            mimetype=MEDIA_TYPES[name],
            as_attachment=True,
            download_name=f"{self.contract.collection}.{name}",
            etag=False,
            conditional=False,
        )
        response.content_length = length
        response.vary.update(("Accept", "Accept-Encoding"))
        return response

    def _links(self, found: query.Page) -> dict[str, str]:
        name, kept = self.contract.collection, _without(("cursor", "as_of"))
        links = {"self": api_url(name, _without(()))}
        if found.next_cursor is not None:
            again = [pair for pair in kept if pair[0] != "as_of"]
            links["next"] = api_url(name, [*again, ("cursor", found.next_cursor)])
        pinned = []
        if found.view.snapshot is not None:
            pinned = [("as_of", str(found.view.snapshot.id))]
            links["cite"] = api_url(name, [*kept, *pinned])
        whole = _without(PAGING)
        for each in export.FORMATS:
            links[each] = api_url(f"{name}.{each}", whole)
        links["schema"] = api_url(f"{name}/schema")
        links["known_issues"] = api_url(f"{name}/known-issues", pinned)
        return links


def _without(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the parameters of the request, in its order, without those named."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in names]


def _meta(view: query.View) -> dict[str, Any]:
    return {
        "collection": view.contract.collection,
        "contract": view.contract.name,
        "snapshot": None if view.snapshot is None else str(view.snapshot.id),
        "edition": view.edition,
        "published_at": view.published_at,
        "releases": dict(view.releases),
        "known_issues": dict(view.issues),
        "licence": view.contract.licence.name,
    }


def _answer(body: dict[str, Any], version: str) -> Response:
    """Answer with a strong validator over everything the answer depends on."""
    response = Response(to_bytes(body) + b"\n", mimetype="application/json")
    tag = hashlib.sha256(f"{version}\n{request.base_url}".encode()).hexdigest()[:32]
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    response.make_conditional(request)
    return response
