"""The records of a collection over HTTP: one blueprint a contract."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, request, send_file
from flask_smorest import Blueprint

from opendata.domain.contracts import Contract
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery, parse
from opendata.stages import export, query
from opendata.web import shapes
from opendata.web.access import opened_to, runtime
from opendata.web.json import to_bytes
from opendata.web.links import api_url
from opendata.web.negotiation import CSV_CONTROLS, MEDIA_TYPES, choices_of, wanted_format

PAGED = ("limit", "cursor", "count")


def blueprint(contract: Contract) -> Blueprint:
    """Return the routes of one collection, documented with its own fields."""
    name = contract.collection
    published = contract.published
    blp = Blueprint(
        name,
        __name__,
        url_prefix="/api/v1",
        description=f"{contract.title.zh} {contract.title.en}",
    )
    views = _Views(contract)
    _add(blp, f"/{name}", views.listed, shapes.list_operation(published))
    for each in MEDIA_TYPES:
        operation = shapes.export_operation(published, each, MEDIA_TYPES[each])
        _add(blp, f"/{name}.{each}", views.in_format(each), operation)
    _add(blp, f"/{name}/schema", views.schema, shapes.schema_operation(published))
    _add(blp, f"/{name}/<record_id>", views.one, shapes.record_operation(published))
    return blp


def _add(
    blp: Blueprint, path: str, view: Callable[..., Response], operation: dict[str, Any]
) -> None:
    named = opened_to()(view)
    named.__doc__ = operation.pop("summary")
    endpoint = operation["operationId"].replace(".", "_")
    blp.route(path, methods=["GET"], endpoint=endpoint)(blp.doc(**operation)(named))


class _Views:
    """The views of one collection; each reads the request, calls a stage, returns."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def listed(self) -> Response:
        wanted = wanted_format()
        return self._page() if wanted == "json" else self._file(wanted)

    def in_format(self, name: str) -> Callable[[], Response]:
        def view() -> Response:
            return self._page() if name == "json" else self._file(name)

        return view

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

    def schema(self) -> Response:
        published = self.contract.published
        return _answer(shapes.schema_body(published), published.digest)

    def _page(self) -> Response:
        held = runtime()
        asked = parse(_without(CSV_CONTROLS), self.contract.published)
        found = query.page(held.home, self.contract, asked, held.now())
        meta = _meta(found.view)
        if found.total is not None:
            meta["total"] = found.total
        body = {"data": found.records, "meta": meta, "links": self._links(found)}
        return _answer(body, found.view.version + asked.canonical + request.full_path)

    def _file(self, name: str) -> Response:
        held = runtime()
        for each in PAGED:
            if each in request.args:
                text = Text(
                    f"导出总是完整的，不能使用 {each}。",
                    f"An export is whole; {each} is not for it.",
                )
                raise BadQuery(*text, (Fault(f"?{each}", text, "not-for-exports"),))
        asked = parse(_without(CSV_CONTROLS), self.contract.published)
        choices = choices_of(name)
        spooled = export.spool(held.home, self.contract, asked, choices, held.now())
        response = send_file(
            spooled,
            mimetype=MEDIA_TYPES[name],
            as_attachment=True,
            download_name=f"{self.contract.collection}.{name}",
            etag=False,
            conditional=False,
        )
        response.vary.update(("Accept", "Accept-Encoding"))
        return response

    def _links(self, found: query.Page) -> dict[str, str]:
        name, kept = self.contract.collection, _without(("cursor", "as_of"))
        links = {"self": api_url(name, _without(()))}
        if found.next_cursor is not None:
            again = [pair for pair in kept if pair[0] != "as_of"]
            links["next"] = api_url(name, [*again, ("cursor", found.next_cursor)])
        if found.view.snapshot is not None:
            pin = ("as_of", str(found.view.snapshot.id))
            links["cite"] = api_url(name, [*kept, pin])
        whole = [pair for pair in _without(PAGED) if pair[0] not in PAGED]
        for each in export.FORMATS:
            links[each] = api_url(f"{name}.{each}", whole)
        links["schema"] = api_url(f"{name}/schema")
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
