"""Exports over HTTP: everything that a question finds, as a file."""

from dataclasses import replace
from datetime import datetime

from flask import Response, request

from opendata.domain.contracts import Contract
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery, Query, parse
from opendata.stages import export, query
from opendata.web.access import runtime
from opendata.web.downloads import Sending, send, unless_known
from opendata.web.filters import PAGING
from opendata.web.negotiation import FILE_CONTROLS, MEDIA_TYPES
from opendata.web.pinned import headers_of_file

# Whoever says nothing else asks for all there is, in whatever order is soonest.
_NO_CONDITION = ("as_of", "digest", *FILE_CONTROLS)


def file(contract: Contract, choices: export.Choices, *, ranges: bool) -> Response:
    """Answer the question of this request with a file.

    All of a collection comes as CSV or NDJSON by dataset, then by row; see ``export.whole``.
    """
    check_not_paged()
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in FILE_CONTROLS]
    asked = parse(pairs, contract.published)
    held = runtime()
    now = held.now()
    view = query.view_for(held.home, contract, asked, now)
    query.check_cited(view, asked)
    how = sending(contract.collection, choices, ranges=ranges)
    response = _sent((view, asked), choices, how, now)
    response.headers.extend(headers_of_file(held, asked, view))
    return response


def _sent(
    wanted: tuple[query.View, Query], choices: export.Choices, how: Sending, now: datetime
) -> Response:
    held, (view, asked) = runtime(), wanted
    if choices.format in export.JOINED and all(name in _NO_CONDITION for name in request.args):
        asked = replace(asked, sort=export.BY_DATASET)
        joined = export.whole(held.home, view, choices, now)
        if joined is not None:
            return send([joined], how)
    tag = export.tag(view, asked.canonical, choices, now)
    return unless_known(tag, lambda: export.spool(held.home, view, asked, choices, now), how)


def sending(name: str, choices: export.Choices, *, ranges: bool) -> Sending:
    """Return how an export is sent; only where the address is a file's are there parts of it."""
    media_type = MEDIA_TYPES[choices.format]
    return Sending(f"{name}.{choices.format}", media_type, ranges=ranges, negotiated=True)


def check_not_paged() -> None:
    """Refuse what is said of pages.

    Raises:
        BadQuery: the request has a parameter of paging.
    """
    for each in PAGING:
        if each in request.args:
            text = Text(
                f"导出总是完整的，不能使用 {each}。",
                f"An export is whole; {each} is not for it.",
            )
            raise BadQuery(*text, (Fault(f"?{each}", text, "not-for-exports"),))
