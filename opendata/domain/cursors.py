"""Cursors: an opaque, signed place in the paging of one query over one snapshot."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.queries import Query

_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: behind the record ``record_id`` of a snapshot.

    The record is named rather than its sort keys, which may be texts longer than an address.
    """

    snapshot: int
    record_id: str


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


def write(query: Query, place: Place, secret: bytes) -> str:
    """Return the cursor of a place in the paging of ``query``."""
    body = json.dumps([place.snapshot, _fingerprint(query), place.record_id]).encode()
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
    snapshot, fingerprint, record_id = json.loads(body)
    if fingerprint != _fingerprint(query):
        raise InvalidCursor
    return Place(snapshot, record_id)


def _fingerprint(query: Query) -> str:
    return hashlib.sha256(query.canonical.encode()).hexdigest()[:16]


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"cursor:" + body, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
