"""The identifier of a record: the same record has the same one in every release."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from opendata.domain.contracts import Contract
from opendata.domain.values import decimal_text

KeyValue = str | int | bool | Decimal | date | datetime


def record_id(collection: str, key: Sequence[KeyValue], secret: bytes | None = None) -> str:
    """Return the ``_id`` of the record whose primary key has the values ``key``.

    The values are typed, as the contract reads them: the integer written ``007`` is the integer
    written ``7``, the string ``"7"`` is neither. The encoding that is hashed is a JSON array, so
    that no two keys can be written alike.

    Args:
        collection: Slug of the collection; primary keys are unique within it.
        key: Values of the primary key's columns in the order the contract names them.
        secret: The home's secret where a key column is personal: without it the digest of a name
            or a number could be guessed by trying them all.

    Returns:
        52 characters of lower-case base32 (RFC 4648) without padding.

    >>> record_id("budgets", ["某局", 2020]) == record_id("budgets", ["某局", int("02020")])
    True
    >>> record_id("budgets", ["1", "2"]) == record_id("budgets", ["12", ""])
    False
    """
    parts = [collection, *(_canonical(value) for value in key)]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    digest = (
        hashlib.sha256(text).digest()
        if secret is None
        else hmac.new(secret, text, hashlib.sha256).digest()
    )
    return base64.b32encode(digest).decode().rstrip("=").lower()


def key_secret(contract: Contract, secret: bytes | None) -> bytes | None:
    """Return ``secret`` where a column of the contract's key is personal, else ``None``.

    Ids of records without personal keys can be computed by anyone who knows the key.
    """
    return secret if any(name in contract.personal for name in contract.primary_key) else None


def _canonical(value: KeyValue) -> list[str]:
    """Write one typed value as a pair of its kind and its one canonical text."""
    if isinstance(value, str):
        return ["string", value]
    if isinstance(value, bool):
        return ["boolean", "true" if value else "false"]
    if isinstance(value, int):
        return ["integer", str(value)]
    if isinstance(value, Decimal):
        return ["number", decimal_text(value)]
    return ["datetime" if isinstance(value, datetime) else "date", value.isoformat()]
