"""Keys: whose signature counts, and whether the reader named them or they only came along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from opendata.stages.verify.model import Inspection, Unusable
from opendata.storage.signing import ALGORITHM, Jwk, from_base64url, holds, thumbprint

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Trust:
    """Public keys that count; ``pinned`` where the reader brought them."""

    keys: tuple[Jwk, ...]
    pinned: bool

    def knows(self, kid: object) -> bool:
        """Whether a key of this name is among them."""
        return any(each["kid"] == kid for each in self.keys)

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether one of the keys signed a document."""
        return holds(document, self.keys)

    def say(self, inspection: Inspection) -> None:
        """Tell what a signature shows where nobody named the keys."""
        if not self.keys:
            inspection.note(
                "没有公钥，签名未核验。", "There is no key; signatures were not checked."
            )
        elif not self.pinned:
            inspection.note(
                "没有用 --keys 指定公钥：签名只说明内容与随附的公钥一致，不说明公钥属于谁。",
                "No keys were given with --keys: a signature shows agreement with the key that "
                "came along, not whose key it is.",
            )


def keys_of(content: bytes, name: str) -> tuple[Jwk, ...]:
    """Return the Ed25519 keys of a JWK Set (RFC 7517, RFC 8037), named by their thumbprint.

    What a key calls itself is not regarded, so that none can stand under another one's name.

    Raises:
        Unusable: the text is no such set, or has no such key.
    """
    try:
        listed = orjson.loads(content)["keys"]
        found = tuple(_key(each["x"]) for each in listed if each.get("crv") == ALGORITHM)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(name) from error
    if not found:
        raise _unusable(name)
    return found


def _key(x: str) -> Jwk:
    if len(from_base64url(x)) != KEY_BYTES:
        message = f"An Ed25519 key has {KEY_BYTES} bytes."
        raise ValueError(message)
    told = {"crv": ALGORITHM, "kty": "OKP", "x": x}
    return {**told, "kid": thumbprint(told)}


def _unusable(name: str) -> Unusable:
    return Unusable(
        f"{name} 不是含 Ed25519 公钥的 JWK Set。", f"{name} is no JWK Set with an Ed25519 key."
    )
