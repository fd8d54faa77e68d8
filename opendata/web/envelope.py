"""The envelope of an answer, made of bytes: ``data``, ``meta``, ``links``, and its validators."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from flask import Response
from werkzeug.http import http_date, parse_etags

from opendata.domain.editions import CHINA
from opendata.stages.query import View
from opendata.web.json import to_bytes
from opendata.web.links import API, root_of

Pair = tuple[str, str]

JSON = "application/json"
# Views whose rendered ``meta`` is kept; with thousands of datasets it is long.
_META_KEPT = 16
_VALIDATED = [("Cache-Control", "no-cache"), ("Vary", "Accept, Accept-Encoding")]


class Question:
    """A request for public data, as far as its answer depends on it.

    ``pairs`` are its parameters in their order, ``root`` is the address that links begin with.
    """

    def __init__(self, environ: Mapping[str, Any], public_url: str | None) -> None:
        """Read a request (PEP 3333)."""
        self.root = public_url or root_of(environ)
        self.pairs = parameters(environ)
        self._path: str = environ["PATH_INFO"]
        self._query: str = environ.get("QUERY_STRING", "")
        self._has: str | None = environ.get("HTTP_IF_NONE_MATCH")

    @property
    def is_conditional(self) -> bool:
        """Whether the reader says what it has."""
        return self._has is not None

    def has(self, tag: str) -> bool:
        """Whether the reader has what ``tag`` names.

        ``If-Modified-Since`` is not regarded: a suspension has no place in ``Last-Modified``.
        """
        return self._has is not None and parse_etags(self._has).contains_weak(tag)

    def tag(self, *what: str) -> str:
        """Name the representation that depends on this request and on ``what``."""
        told = "\n".join((*what, self._query, self.root, self._path))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class Addresses:
    """Writes the links of one answer; the request's parameters are encoded once."""

    def __init__(self, question: Question) -> None:
        """Take the parameters of the request, in its order."""
        self.root = question.root + API
        self._own = [(name, _written(name, value)) for name, value in question.pairs]

    def of(self, path: str, without: Collection[str] = (), more: Sequence[Pair] = ()) -> str:
        """Return the address of ``path`` with the request's parameters but ``without`` these."""
        return self.root + path + self.query(without, more)

    def query(self, without: Collection[str] = (), more: Sequence[Pair] = ()) -> str:
        """Return the parameters but ``without`` these, from the question mark on."""
        parts = [written for name, written in self._own if name not in without]
        parts += [_written(name, value) for name, value in more]
        return "?" + "&".join(parts) if parts else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; a reader who has it is told so (304)."""

    status: int
    headers: list[Pair]
    body: bytes = b""

    @property
    def response(self) -> Response:
        """The answer as Flask gives it."""
        if self.status != 200:
            return Response(status=self.status, headers=self.headers)
        return Response(self.body, headers=self.headers, content_type=JSON)


def address(url: str, pairs: Sequence[Pair]) -> str:
    """Return an address with parameters."""
    return url + ("?" + "&".join(_written(name, value) for name, value in pairs) if pairs else "")


def parameters(environ: Mapping[str, Any]) -> list[Pair]:
    """Return the parameters of a request, in their order, as werkzeug reads them."""
    text: str = environ.get("QUERY_STRING", "")
    if not text:
        return []
    read = text if text.isascii() else text.encode("latin-1").decode()
    return parse_qsl(read, keep_blank_values=True, errors="werkzeug.url_quote")


def listed(
    objects: Sequence[bytes], meta: bytes, links: Mapping[str, str], **more: object
) -> bytes:
    """Return the envelope around rendered records; ``more`` are members beside ``data``."""
    return b"".join(
        (b'{"data":[', b",".join(objects), b"]", *_members(more), b',"meta":', meta,
         b',"links":', to_bytes(links), b"}\n")
    )  # fmt: skip


def single(line: bytes, meta: bytes, links: Mapping[str, str], **more: object) -> bytes:
    """Return the envelope around one rendered record; ``more`` are members beside ``data``."""
    return b"".join(
        (b'{"data":', line, *_members(more), b',"meta":', meta,
         b',"links":', to_bytes(links), b"}\n")
    )  # fmt: skip


def meta_of(view: View, **more: object) -> bytes:
    """Return the rendered ``meta`` of a view; ``more`` are members at its end."""
    whole, _, _ = _rendered(view)
    return whole[:-1] + b"".join(_members(more)) + b"}" if more else whole


def meta_of_release(view: View, dataset: str, number: int) -> bytes:
    """Return the rendered ``meta`` of an answer out of one release of a view."""
    _, head, tail = _rendered(view)
    issues = {dataset: view.issues[dataset]} if dataset in view.issues else {}
    return head + to_bytes({"releases": {dataset: number}, "known_issues": issues})[1:-1] + tail


def answer(body: bytes, tag: str, view: View | None = None) -> Answer:
    """Answer with a rendered body under its strong validator."""
    return Answer(200, _validators(tag, view), body)


def unchanged(question: Question, tag: str, view: View | None = None) -> Answer | None:
    """Return the answer to a reader who has what ``tag`` names, ``None`` if this one has not.

    The tag names all that an answer depends on, so this is known before there is an answer.
    """
    return Answer(304, _validators(tag, view)) if question.has(tag) else None


def _validators(tag: str, view: View | None) -> list[Pair]:
    headers = [("ETag", f'"{tag}"'), *_VALIDATED]
    changed = None if view is None else _changed(view)
    if changed is not None:
        headers.append(("Last-Modified", changed))
    return headers


def _written(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"


def _members(more: Mapping[str, object]) -> Iterable[bytes]:
    for name, value in more.items():
        yield b',"%b":' % name.encode()
        yield to_bytes(value)


@lru_cache(maxsize=_META_KEPT)
def _rendered(view: View) -> tuple[bytes, bytes, bytes]:
    """Return the whole ``meta``, and what stands before and behind the releases in it."""
    before: dict[str, Any] = {
        "collection": view.contract.collection,
        "contract": view.contract.name,
        "snapshot": None if view.snapshot is None else str(view.snapshot.id),
        "edition": view.edition,
        "digest": view.digest,
        "published_at": view.published_at,
    }
    head = to_bytes(before)[:-1] + b","
    tail = b"," + to_bytes({"licence": view.contract.licence.name})[1:]
    shown: dict[str, Any] = {"releases": dict(view.releases), "known_issues": dict(view.issues)}
    if view.taken_down:
        shown["taken_down"] = view.taken_down
    return head + to_bytes(shown)[1:-1] + tail, head, tail


@lru_cache(maxsize=_META_KEPT)
def _changed(view: View) -> str | None:
    """Say when the view became what it is: by a release, or at the midnight of its edition."""
    if view.published_at is None or view.edition is None:
        return None
    midnight = datetime.combine(view.edition, time(), CHINA)
    return http_date(max(view.published_at, midnight))
