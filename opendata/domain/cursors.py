"""Cursors: an opaque, signed place in the paging of one query over one snapshot."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.queries import Query, value_text
from opendata.domain.values import Value

_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: behind ``keys``, the last record's sort keys as text."""

    snapshot: int
    keys: tuple[str | None, ...]


class InvalidCursor(Refusal):
    """The cursor was not made here, or for another query."""

    code = "invalid-cursor"

    def __init__(self) -> None:
        """Say so; there is nothing else to tell."""
        text = Text(
            "cursor 无效，或不属于此查询；请使用上一页给出的链接。",
            "The cursor is not valid for this query; follow the link of the page before.",
        )
        super().__init__(*text, (Fault("?cursor", text, "invalid-cursor"),))


def write(query: Query, snapshot: int, last: Sequence[Value | None], secret: bytes) -> str:
    """Return the cursor behind a record whose sort keys are ``last``."""
    keys = [None if value is None else value_text(value) for value in last]
    body = json.dumps([snapshot, _fingerprint(query), keys], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_sign(body, secret) + body).decode().rstrip("=")


def read(query: Query, cursor: str, secret: bytes) -> Place:
    """Return the place a cursor names, or raise ``InvalidCursor``."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise InvalidCursor from error
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(body, secret)):
        raise InvalidCursor
    snapshot, fingerprint, keys = json.loads(body)
    if fingerprint != _fingerprint(query):
        raise InvalidCursor
    return Place(snapshot, tuple(keys))


def _fingerprint(query: Query) -> str:
    return hashlib.sha256(query.canonical.encode()).hexdigest()[:16]


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"cursor:" + body, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
