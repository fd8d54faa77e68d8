"""Sealing: what belongs to a person is kept apart from the facts, and may be erased."""

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from opendata.storage.home import Home

# What is recorded without a person of the platform behind it.
ANONYMOUS = "anonymous"
CODE_BYTES = 16
NONCE_BYTES = 16


def tracking_code() -> str:
    """Return a fresh code by which somebody without a key follows what they sent in."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=").lower()


@contextmanager
def sealing(home: Home, content: Mapping[str, Any] | None) -> Iterator[str | None]:
    """Write ``content`` into the vault while its fact is recorded; lend its digest, if any.

    The bytes are written first and get their name last: whoever is killed in between leaves a
    draft, which is swept, and never a person's data that no fact knows of.
    """
    if content is None:
        yield None
        return
    with home.vault.draft() as draft:
        draft.write(_sealed(content))
        yield draft.sha256
        draft.keep()


def unsealed(home: Home, sha256: str) -> dict[str, Any]:
    """Return what was sealed; nothing where who sent it was never answered.

    The process was killed then before the bytes had their name.
    """
    try:
        content: dict[str, Any] = orjson.loads(home.vault.read(sha256))
    except FileNotFoundError:
        return {}
    del content["nonce"]
    return content


def _sealed(content: Mapping[str, Any]) -> bytes:
    """Return content as it is kept: no two are the same bytes, so that none betrays another."""
    return orjson.dumps({**content, "nonce": secrets.token_hex(NONCE_BYTES)})
