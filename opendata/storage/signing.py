"""Signing: what the platform says for good is signed with its Ed25519 key (RFC 8032).

Documents are signed in their canonical form (RFC 8785), so that the same statement has the same
bytes whoever writes it down. Public keys are told as JSON Web Keys (RFC 7517, RFC 8037), named by
their thumbprint (RFC 7638); one that was used stays told for good.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from opendata.settings import NotInitialised
from opendata.storage.files import sync

ALGORITHM = "Ed25519"
SIGNATURE = "signature"
Jwk = dict[str, str]


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with the key in ``file``, as it is at that moment.

    ``retired`` is the file of the public keys that were used before it.
    """

    file: Path
    retired: Path

    @property
    def public_key(self) -> Jwk:
        """The key that signs now.

        Raises:
            NotInitialised: there is none, or the file is damaged.
        """
        return _jwk(_read(self.file))

    @property
    def public_keys(self) -> list[Jwk]:
        """Every key that ever signed, the one that signs now first; raises as ``public_key``."""
        current = self.public_key
        return [current, *(each for each in _retired(self.retired) if each != current)]

    def sign(self, body: Mapping[str, Any]) -> bytes:
        """Return a document with its signature, in canonical form.

        ``body`` holds texts, whole numbers below 2^53, lists and objects, and no signature yet.

        Raises:
            NotInitialised: there is no key, or the file is damaged.
        """
        key = _read(self.file)
        value = base64url(key.sign(canonical(body)))
        said = {"algorithm": ALGORITHM, "key": _jwk(key)["kid"], "value": value}
        return canonical({**body, SIGNATURE: said})

    def rotate(self) -> Jwk:
        """Begin to sign with a fresh key and return it; the one before stays told.

        It is written down as retired first: killed in between, the platform goes on signing with
        it, and rotating again does no harm.
        """
        keys = json.dumps({"keys": self.public_keys}, indent=2) + "\n"
        _replace(self.retired, keys.encode())
        fresh = Ed25519PrivateKey.generate()
        _replace(self.file, _pem(fresh))
        return _jwk(fresh)


def make_key(file: Path) -> None:
    """Make the key of a home; one that is there stays."""
    if file.exists():
        return
    fresh = _written(file, _pem(Ed25519PrivateKey.generate()))
    try:
        os.link(fresh, file)
    except FileExistsError:
        # Two first starts at once: the one whose link succeeded decided for both.
        return
    finally:
        fresh.unlink()
    sync(file.parent)


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the one form of a document that is signed (JCS, RFC 8785).

    >>> canonical({"b": 1, "a": "版"}).decode()
    '{"a":"版","b":1}'
    """
    return rfc8785.dumps(dict(body))


def holds(document: Mapping[str, Any], keys: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a document is signed by one of ``keys``, over what it says."""
    said = {name: each for name, each in document.items() if name != SIGNATURE}
    return signed_by(document.get(SIGNATURE), keys)(canonical(said))


def signed_by(told: object, keys: Iterable[Mapping[str, Any]]) -> Callable[[bytes], bool]:
    """Return what says whether a signature, as a document tells it, is over some bytes."""
    if not isinstance(told, Mapping) or told.get("algorithm") != ALGORITHM:
        return _unsigned
    key = next((each for each in keys if each.get("kid") == told.get("key")), None)
    if key is None or thumbprint(key) != key["kid"]:
        return _unsigned
    try:
        public = Ed25519PublicKey.from_public_bytes(from_base64url(key["x"]))
        signature = from_base64url(told["value"])
    except (ValueError, KeyError, TypeError):
        return _unsigned
    return partial(_is_over, public, signature)


def _unsigned(_said: bytes) -> bool:
    return False


def _is_over(public: Ed25519PublicKey, signature: bytes, said: bytes) -> bool:
    try:
        public.verify(signature, said)
    except InvalidSignature:
        return False
    return True


def thumbprint(key: Mapping[str, Any]) -> str:
    """Return the name of a public key: its SHA-256 thumbprint (RFC 7638; RFC 8037, 2).

    >>> x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8037, A.3.
    >>> thumbprint({"kty": "OKP", "crv": "Ed25519", "x": x})
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    needed = {name: key.get(name) for name in ("crv", "kty", "x")}
    return base64url(hashlib.sha256(canonical(needed)).digest())


def base64url(content: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read bytes back; raises ``ValueError`` unless the text is what ``base64url`` writes."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    if base64url(content) != text:
        message = "Not canonical base64url."
        raise ValueError(message)
    return content


def _jwk(key: Ed25519PrivateKey) -> Jwk:
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    told = {"crv": ALGORITHM, "kty": "OKP", "x": base64url(public)}
    return {**told, "kid": thumbprint(told), "use": "sig"}


def _read(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        message = f"{file} is missing; run: opendata init"
        raise NotInitialised(message)
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{file} is damaged: put it back from a backup, or run: opendata signing-key"
        raise NotInitialised(message)
    return key


def _retired(file: Path) -> list[Jwk]:
    if not file.exists():
        return []
    found: list[Jwk] = json.loads(file.read_bytes())["keys"]
    return found


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _written(beside: Path, content: bytes) -> Path:
    """Write a durable file, for its owner alone, beside the one that it is to become."""
    fresh = beside.with_name(f"{beside.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _replace(path: Path, content: bytes) -> None:
    _written(path, content).replace(path)
    sync(path.parent)
