"""Answers that a process keeps: whole, public, and good for as long as the facts stay so."""

import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.http import parse_etags

from opendata.domain.editions import local_day
from opendata.runtime import Runtime
from opendata.web.edge.codings import PLAIN, tag_of
from opendata.web.links import is_addressed

log = logging.getLogger(__name__)
API = "/api/v1/"
# Of what lies below the API's root and is no collection, what follows from the facts alone.
FROM_FACTS = frozenset({"datasets", "openapi.json", "compliance", "agencies"})
# An answer to any of these is not simply the one that others get.
PARTICULAR = frozenset(
    {
        "HTTP_AUTHORIZATION",
        "HTTP_RANGE",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_UNMODIFIED_SINCE",
    }
)
# What a kept answer may depend on: the key has it, or such a request is not looked up at all.
_KNOWN_TO_VARY = frozenset({"accept", "accept-encoding", "authorization"})
# What an answer without a body says nothing about.
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-type"})
# What keeping an answer costs beyond its body and address.
_OVERHEAD = 2_000

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered by what was answered before, and while what holds."""

    key: tuple[str, ...]
    holds_for: Hashable


@dataclass(frozen=True, slots=True)
class Kept:
    """A successful answer as it is sent; ``tag`` is that of the plain representation."""

    headers: list[Header]
    body: bytes
    tag: str
    coding: str

    @property
    def weight(self) -> int:
        """What it takes of memory, in bytes, more or less."""
        return len(self.body) + _OVERHEAD

    def sent(
        self, environ: Mapping[str, Any], start_response: Any, more: list[Header]
    ) -> Iterable[bytes]:
        """Answer with it, or with 304 where the reader has it."""
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted is not None:
            tag = self._known_as(wanted)
            if tag is not None:
                start_response("304 NOT MODIFIED", [*self._without_body(tag), *more])
                return ()
        start_response("200 OK", [*self.headers, *more])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.body,)

    def _known_as(self, if_none_match: str) -> str | None:
        own = tag_of(self.tag, self.coding)
        if if_none_match in (own, self.tag):
            return if_none_match
        known = parse_etags(if_none_match)
        return next((each for each in (own, self.tag) if known.contains_weak(each[1:-1])), None)

    def _without_body(self, tag: str) -> Iterable[Header]:
        for name, value in self.headers:
            lower = name.lower()
            if lower not in _OF_THE_BODY:
                yield name, tag if lower == "etag" else value


def asked(environ: Mapping[str, Any], held: Runtime, coding: str) -> Asked | None:
    """Return what a request is remembered by; ``None`` if it has to be answered by itself."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not PARTICULAR.isdisjoint(environ):
        return None
    # Links below a prefix lead below it, and the key has none: whoever names one, if only in a
    # header that the server believes, must not have a part in what others are answered.
    if environ.get("SCRIPT_NAME") or not is_addressed(environ, held.settings.public_url):
        return None
    path: str = environ["PATH_INFO"]
    collection = None
    if path.startswith(API):
        collection = path[len(API) :].partition("/")[0].removesuffix(".json")
        if collection not in held.contracts:
            if collection not in FROM_FACTS:
                return None
            collection = None
    elif not _is_page(path, held):
        return None
    try:
        state = held.home.database.watch.state()
    except Exception:
        # The application will meet the same failure, and answers it as it answers everything.
        log.exception("The state of the facts could not be read.")
        return None
    facts = state.of_everything() if collection is None else state.of(collection)
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    key = (
        path,
        environ.get("QUERY_STRING", ""),
        environ["wsgi.url_scheme"],
        host,
        environ.get("HTTP_ACCEPT", ""),
        coding,
    )
    return Asked(key, (facts, local_day(held.now())))


def keepable(headers: Mapping[str, str]) -> bool:
    """Whether what these headers (by their names in lower case) say of an answer lets it be kept.

    It is nobody's own, has a strong tag, and depends on nothing that its key does not have.
    """
    control = headers.get("cache-control", "")
    depends_on = {each.strip().lower() for each in headers.get("vary", "").split(",")} - {""}
    return (
        "private" not in control
        and "no-store" not in control
        and "set-cookie" not in headers
        and headers.get("etag", PLAIN).startswith('"')
        and depends_on <= _KNOWN_TO_VARY
    )


def _is_page(path: str, held: Runtime) -> bool:
    first = path[1:].partition("/")[0]
    return first in held.contracts or first in ("", "datasets", "about", "problems")
