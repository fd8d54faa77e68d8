"""Lists of facts over HTTP: queried, exported and documented like the records of collections."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import Response, request

from opendata.domain.editions import local_day
from opendata.domain.listings import Listing, Partly, Row, listed, selected
from opendata.domain.people import Role
from opendata.domain.queries import Query, parse_listing
from opendata.domain.queries.model import value_text
from opendata.stages import export
from opendata.web import envelope, exports, listing_docs
from opendata.web.access import opened_to, runtime
from opendata.web.downloads import send
from opendata.web.envelope import Addresses, Pair, Question
from opendata.web.filters import PAGING
from opendata.web.json import to_bytes
from opendata.web.links import API
from opendata.web.negotiation import FILE_CONTROLS, choices_of, wanted_format
from opendata.web.records import MAX_LINK_HEADER
from opendata.web.room import ACCEPT, QUERY, Room, itself
from opendata.web.shapes import Doc

Rows = Callable[..., Iterable[Row]]


def add_listing(blp: Room, path: str, listing: Listing, rows: Rows, *roles: Role) -> None:
    """Add ``GET path``, and the same list as files, to a room.

    ``rows`` gives all there is to list. It is called within the request, so that it may ask
    ``actor()`` and ``runtime()``; it checks scope, and is handed the steps of the path and the
    listing's parameters by name (``None`` where one is not given). Filters, order, pages, totals
    and files are made here. Lists opened to some ``roles`` only are kept by no cache.

    The operations are ``list_NAME``, ``list_NAME_as_json`` and ``export_NAME``, where NAME is the
    listing's name with underscores.
    """
    views = _Views(listing, rows, is_protected=bool(roles))
    blp.listings.append(listing)
    by_itself = itself(QUERY, ACCEPT)
    files = ",".join(export.FORMATS)
    for suffix, view, operation in (
        ("", views.negotiated, listing_docs.page(listing, path, negotiated=True)),
        (".json", views.as_json, listing_docs.page(listing, path, negotiated=False)),
        (f".<any({files}):format_name>", views.exported, listing_docs.export(listing, path)),
    ):
        _add(blp, f"{path}{suffix}", opened_to(*roles)(by_itself(view)), operation)


def _add(blp: Room, path: str, view: Callable[..., Response], operation: Doc) -> None:
    described = blp.doc(**operation)(view)
    blp.route(path, methods=["GET"], endpoint=operation["operationId"])(described)


@dataclass(frozen=True, slots=True)
class _Views:
    """The views of one list; each reads the request, asks for the rows, returns."""

    listing: Listing
    rows: Rows
    is_protected: bool

    def negotiated(self, **steps: Any) -> Response:
        wanted = wanted_format()
        # Whether or not it becomes a file, what is said of its looks has to be right.
        choices = choices_of(wanted)
        if wanted == "json":
            return self._page(request.path, steps, FILE_CONTROLS)
        return self._file(request.path, steps, choices)

    def as_json(self, **steps: Any) -> Response:
        return self._page(request.path.removesuffix(".json"), steps, ())

    def exported(self, format_name: str, **steps: Any) -> Response:
        path = request.path.removesuffix(f".{format_name}")
        return self._file(path, steps, choices_of(format_name))

    def _page(self, path: str, steps: dict[str, Any], without: tuple[str, ...]) -> Response:
        held = runtime()
        asked, given = self._asked(path, without)
        rows = self.rows(**steps, **given)
        found = listed(self.listing, rows, asked, held.home.secret)
        meta: dict[str, Any] = {"listing": self.listing.name, "day": local_day(held.now())}
        meta |= {} if found.total is None else {"total": found.total}
        meta |= {"facets": found.facets} if asked.facets else {}
        if isinstance(rows, Partly) and rows.left_out:
            meta["left_out"] = list(rows.left_out)
        links = _links(path, found.next_cursor)
        lines = [to_bytes(each) for each in found.rows]
        body = envelope.listed(lines, to_bytes(meta), links)
        response = Response(body, content_type=envelope.JSON)
        following = links.get("next", "")
        if 0 < len(following) <= MAX_LINK_HEADER:
            response.headers.add("Link", f'<{following}>; rel="next"')
        return self._sealed(response)

    def _file(self, path: str, steps: dict[str, Any], choices: export.Choices) -> Response:
        exports.check_not_paged()
        held = runtime()
        asked, given = self._asked(path, FILE_CONTROLS)
        rows = self.rows(**steps, **given)
        left_out = rows.left_out if isinstance(rows, Partly) else ()
        found = Partly(selected(rows, asked), left_out)
        content = export.spool_rows(held.home, (self.listing, asked), found, choices, held.now())
        how = exports.sending(self.listing.name, choices, ranges=False)
        return self._sealed(send([content], how))

    def _asked(self, path: str, without: tuple[str, ...]) -> tuple[Query, dict[str, Any]]:
        """Read the query; a cursor belongs to the path, and to the parameters of the rows."""
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in without]
        contract = self.listing.contract
        asked, given = parse_listing(pairs, contract, self.listing.parameters)
        values = [(name, value_text(each)) for name, each in given.items() if each is not None]
        return replace(asked, collection=envelope.address(path, values)), given

    def _sealed(self, response: Response) -> Response:
        if self.is_protected:
            response.headers["Cache-Control"] = "no-store"
            # See ``room``: nobody asks for it anew, and a digest outlives what is erased.
            response.headers.pop("ETag", None)
        return response


def _links(path: str, cursor: str | None) -> dict[str, str]:
    given = Addresses(Question(request.environ, runtime().settings.public_url))
    address = quote(path.removeprefix(API))
    links = {"self": given.of(address)}
    if cursor is not None:
        following: list[Pair] = [("cursor", cursor)]
        links["next"] = given.of(address, ("cursor",), following)
    whole = given.query(PAGING)
    for each in export.FORMATS:
        links[each] = f"{given.root}{address}.{each}{whole}"
    return links
