"""Sealing: what belongs to a person is kept apart from the facts, enciphered, and may be erased.

Source: AES-256-GCM (NIST SP 800-38D) under a key derived from the home's secret (RFC 5869); a copy
of the vault, or the disks of who stores it, tell nothing without that secret.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from opendata.storage.home import Home

# What is recorded without a person of the platform behind it.
ANONYMOUS = "anonymous"
CODE_BYTES = 16
NONCE_BYTES = 12
_PURPOSE = b"opendata sealing"
# What follows is a nonce, and what was enciphered with it. Older seals are JSON as it is.
_MAGIC = b"sealed1:"


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
        draft.write(_sealed(home.secret, content))
        yield draft.sha256
        draft.keep()


def unsealed(home: Home, sha256: str) -> dict[str, Any]:
    """Return what was sealed; nothing where who sent it was never answered.

    The process was killed then before the bytes had their name.

    Raises:
        InvalidTag: the home's secret is another one than they were sealed with.
    """
    try:
        kept = home.vault.read(sha256)
    except FileNotFoundError:
        return {}
    content: dict[str, Any] = orjson.loads(_opened(home.secret, kept))
    content.pop("nonce", None)
    return content


def _sealed(secret: bytes, content: Mapping[str, Any]) -> bytes:
    """Return content as it is kept: no two are the same bytes, so that none betrays another."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _MAGIC + nonce + AESGCM(_key(secret)).encrypt(nonce, orjson.dumps(content), _MAGIC)


def _opened(secret: bytes, kept: bytes) -> bytes:
    if not kept.startswith(_MAGIC):
        return kept
    sealed = kept[len(_MAGIC) :]
    nonce, words = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_key(secret)).decrypt(nonce, words, _MAGIC)


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret)
