"""The edge: what every request passes on its way in, and every answer on its way out.

It counts requests, answers again what was answered before while nothing changed, packs what is
worth it, and says what every answer says. It knows nothing of what is asked and answered.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from opendata.runtime import Runtime
from opendata.web.access import ALLOWANCE
from opendata.web.edge import codings
from opendata.web.edge.answers import Asked, Header, Kept, asked, keepable
from opendata.web.edge.limits import ReadLimits
from opendata.web.envelope import JSON, Answer
from opendata.web.headers import finishing

# What werkzeug and the direct way make of a body that is in memory; a file is none of these.
_WHOLE = (ClosingIterator, tuple)
# Such an answer is a file, which comes packed or is not packed at all.
_OF_FILES = frozenset({"accept-ranges", "content-disposition", "content-encoding"})

__all__ = ["Edge"]


Direct = Callable[[Mapping[str, Any], Runtime], Answer | None]


def _nothing_is_direct(_environ: Mapping[str, Any], _held: Runtime) -> None:
    """Leave everything to the application."""


class Edge:
    """WSGI middleware around the whole application (PEP 3333)."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        app: Flask,
        direct: Direct = _nothing_is_direct,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wrap ``application``, which is that of ``app``.

        ``direct`` answers what needs no application around it; ``clock`` tells seconds.
        """
        self._application = application
        self._direct = direct
        self._extensions = app.extensions
        self._limits = ReadLimits(self._held.settings, clock)

    @property
    def _held(self) -> Runtime:
        held: Runtime = self._extensions["opendata"]
        return held

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        held = self._held
        allowance = self._limits.spend(environ) if self._limits.is_on else None
        environ[ALLOWANCE] = allowance
        coding = codings.chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
        same = None
        if allowance is None or not allowance.is_exceeded:
            same = asked(environ, held, coding)
            kept: Kept | None = held.home.answers.get(same.key, same.holds_for) if same else None
            if kept is not None:
                more = [] if allowance is None else allowance.headers
                return kept.sent(environ, start_response, more)
        answer = _Outgoing(environ, coding)
        answer.take(self._answering(held, same), whole=same is not None)
        if "HTTP_AUTHORIZATION" in environ and self._limits.is_on:
            self._limits.believe(environ)
        answer.headers += finishing(environ, held.settings.public_url, answer.headers)
        if same is not None:
            _keep(held, same, answer)
        # The application may have counted it otherwise: what is written has a limit of its own.
        allowance = environ[ALLOWANCE]
        more = [] if allowance is None else allowance.headers
        start_response(answer.status, answer.headers + more)
        return answer.body

    def _answering(self, held: Runtime, same: Asked | None) -> Callable[..., Iterable[bytes]]:
        """Return what answers: the direct way where it can, else the application."""
        if same is None:
            return self._application

        def answering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            answer = self._direct(environ, held)
            if answer is None:
                return self._application(environ, start_response)
            return _started(answer, environ, start_response)

        return answering


def _started(answer: Answer, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the application would."""
    if answer.status != 200:
        start_response("304 NOT MODIFIED", answer.headers)
        return ()
    length = ("Content-Length", str(len(answer.body)))
    start_response("200 OK", [("Content-Type", JSON), length, *answer.headers])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (answer.body,)


class _Outgoing:
    """What the application answers, as it becomes what is sent."""

    def __init__(self, environ: dict[str, Any], coding: str) -> None:
        self._environ = environ
        self._coding = coding
        self.status = ""
        self.headers: list[Header] = []
        self.body: Iterable[bytes] = ()
        # The body in one piece, where it is one.
        self.whole: bytes | None = None
        self.tag = ""
        self.coding = codings.PLAIN

    def take(self, application: Callable[..., Iterable[bytes]], *, whole: bool) -> None:
        """Ask the application; a body that may be kept (``whole``) is taken in one piece."""
        environ = self._environ
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match is not None:
            environ["HTTP_IF_NONE_MATCH"] = codings.with_plain_tags(if_none_match)
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        if is_head and whole and self._coding:
            # How long it is in a coding is known only once it is made.
            environ = {**environ, "REQUEST_METHOD": "GET"}
        self.body = application(environ, self._start)
        named = {name.lower(): value for name, value in self.headers}
        self.tag = named.get("etag", "")
        if self.status.startswith("304"):
            self._say_known_tag(if_none_match or "")
        elif self.status.startswith("200") and isinstance(self.body, _WHOLE):
            self._dress(named, whole=whole and environ["REQUEST_METHOD"] == "GET")
        if is_head:
            _close(self.body)
            self.body = ()

    def _start(self, status: str, headers: list[Header], _exc_info: Any = None) -> Any:
        self.status, self.headers = status, headers
        return _write_nothing

    def _dress(self, named: dict[str, str], *, whole: bool) -> None:
        """Take the body in one piece where it is to be kept or packed, and pack it."""
        length = int(named.get("content-length") or -1)
        kind = named.get("content-type", "").partition(";")[0]
        is_textual = kind in codings.TEXTUAL and _OF_FILES.isdisjoint(named)
        if not 0 <= length <= codings.MOST_BYTES:
            return
        if is_textual:
            self._vary(named)
        if is_textual and self._coding and length >= codings.LEAST_BYTES:
            self.coding = self._coding
        if whole or self.coding:
            self.whole = b"".join(self.body)
            _close(self.body)
            self._pack(is_made=len(self.whole) == length)
            self.body = (self.whole,)

    def _pack(self, *, is_made: bool) -> None:
        """Put the body into its coding; how long that is, HEAD does not know (RFC 9110, 8.6)."""
        if not self.coding:
            return
        assert self.whole is not None  # noqa: S101 - only what is whole is packed.
        self._set("Content-Length", None)
        if is_made:
            self.whole = codings.packed(self.whole, self.coding)
            self._set("Content-Length", str(len(self.whole)))
        self._set("Content-Encoding", self.coding)
        if self.tag:
            self._set("ETag", codings.tag_of(self.tag, self.coding))

    def _vary(self, named: dict[str, str]) -> None:
        varies = named.get("vary", "")
        if "accept-encoding" not in varies.lower():
            self._set("Vary", f"{varies}, Accept-Encoding" if varies else "Accept-Encoding")

    def _say_known_tag(self, if_none_match: str) -> None:
        """Name the tag that the reader has, which may be that of the answer in a coding."""
        for coding in codings.CODINGS:
            if codings.tag_of(self.tag, coding) in if_none_match and self.tag not in if_none_match:
                self._set("ETag", codings.tag_of(self.tag, coding))

    def _set(self, name: str, value: str | None) -> None:
        lower = name.lower()
        self.headers = [each for each in self.headers if each[0].lower() != lower]
        if value is not None:
            self.headers.append((name, value))


def _keep(held: Runtime, same: Asked, answer: _Outgoing) -> None:
    if answer.whole is None or not keepable({n.lower(): v for n, v in answer.headers}):
        return
    kept = Kept(answer.headers, answer.whole, answer.tag, answer.coding)
    weight = kept.weight + sum(map(len, same.key))
    held.home.answers.keep(same.key, same.holds_for, kept, weight)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _write_nothing(_data: bytes) -> None:
    """Stand in for PEP 3333's ``write``, which nothing here uses."""
