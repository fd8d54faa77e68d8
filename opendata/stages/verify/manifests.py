"""Manifests: whether one is whole, in its canonical form, and signed; and what it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
import orjson

from opendata.domain.errors import Text
from opendata.stages.publish.manifests import FORMAT
from opendata.stages.verify.keys import Trust
from opendata.stages.verify.model import NOWHERE, Inspection, Place
from opendata.stages.verify.reading import MOST_TRIED_BYTES, first_difference, turned_bit
from opendata.storage.signing import SIGNATURE, canonical, signed_by

# Releases of early versions have a manifest that nobody signed.
UNSIGNED = "opendata-manifest/1"
# Checking one signature takes a tenth of a millisecond; so many bits are tried one by one.
MOST_SIGNED_BYTES = MOST_TRIED_BYTES // 2

Hex = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")]


class NamedFile(msgspec.Struct, frozen=True):
    """A file of a release."""

    name: FileName
    sha256: Hex
    size: Count


class LakeFile(msgspec.Struct, frozen=True):
    """A file of the lake, by its path within it; of some only a keyed digest is told."""

    path: str
    sha256: Hex | None = None
    size: Count | None = None
    hmac_sha256: Hex | None = None


class Root(msgspec.Struct, frozen=True):
    """The root over the rows as they were released."""

    algorithm: str
    size: Count
    root: Hex


class Head(msgspec.Struct, frozen=True):
    """The last line of the audit log when the manifest was made."""

    seq: Count
    hash: Hex


class Told(msgspec.Struct, frozen=True):
    """What of a manifest is checked against something else."""

    format: str
    dataset: str
    release: Count
    released_at: Annotated[datetime, msgspec.Meta(tz=True)]
    edition: str
    rows: Count
    rows_public: Count
    artefacts: tuple[NamedFile, ...]
    lake: tuple[LakeFile, ...]
    rows_root: Root | None
    audit: Head
    previous: Hex | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that could be read: its bytes, all that it says, and the part with a shape."""

    content: bytes
    body: dict[str, Any]
    told: Told

    @property
    def name(self) -> str:
        """What the release is called."""
        return f"{self.told.dataset}@{self.told.release}"


def parsed(content: bytes, what: str, inspection: Inspection) -> dict[str, Any] | None:
    """Return a JSON object, or record that it is none and where that shows."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        at = len(error.doc[: error.pos].encode()) if error.doc else _not_utf8(content)
        text = Text(f"第 {at} 字节处不是 JSON。", f"At byte {at} it is no JSON.")
        inspection.wrong("unreadable", what, text, Place(byte=at))
        return None
    if not isinstance(body, dict):
        inspection.wrong("unreadable", what, Text("不是 JSON 对象。", "It is no JSON object."))
        return None
    return body


def manifest_of(content: bytes, what: str, inspection: Inspection) -> Manifest | None:
    """Read a manifest, or record what is wrong with its form or its shape."""
    body = parsed(content, what, inspection)
    if body is None or not _is_canonical(content, body, what, inspection):
        return None
    try:
        told = msgspec.convert(body, Told)
    except msgspec.ValidationError as error:
        text = Text(f"缺少或不是应有的内容：{error}", f"It lacks what it has to say: {error}")
        inspection.wrong("manifest-shape", what, text)
        return None
    if told.format != FORMAT:
        text = Text(f"格式 {told.format} 未知。", f"The format {told.format} is not known.")
        inspection.wrong("manifest-shape", what, text, Place(pointer="/format"))
        return None
    inspection.counts["manifests"] += 1
    return Manifest(content, body, told)


def check_signature(
    manifest: Manifest, what: str, trust: Trust, inspection: Inspection, *, search: bool = True
) -> None:
    """Record that a manifest is not signed by one of the keys, and why if that can be told.

    ``search`` for the one bit that may have been turned over, which takes seconds.
    """
    if not trust.keys:
        return
    said = manifest.body.get(SIGNATURE)
    kid = said.get("key") if isinstance(said, dict) else None
    if trust.holds(manifest.body):
        inspection.counts["signatures"] += 1
    elif not trust.knows(kid):
        text = Text(
            f"由不在公钥之列的密钥 {kid} 签名。",
            f"It is signed with the key {kid}, which is not among the public keys.",
        )
        inspection.wrong("unknown-key", what, text, Place(pointer="/signature/key"))
    else:
        at = _turned_in(manifest, trust) if search else None
        text = Text("签名与内容不符。", "The signature does not fit what it says.")
        if at is not None:
            text = Text(
                f"{text.zh}第 {at} 字节的一个比特被改动。",
                f"{text.en} One bit of byte {at} was turned over.",
            )
        inspection.wrong("signature-invalid", what, text, Place(byte=at))


def _turned_in(manifest: Manifest, trust: Trust) -> int | None:
    """Find the bit without which the signature holds; no other text would have it hold."""
    signed = canonical({name: each for name, each in manifest.body.items() if name != SIGNATURE})
    if len(signed) > MOST_SIGNED_BYTES:
        return None
    at = turned_bit(signed, signed_by(manifest.body[SIGNATURE], trust.keys))
    if at is None:
        return None
    # The signature stands somewhere in the middle of what it is over.
    begun = first_difference(manifest.content, signed) or 0
    return at if at < begun else at + len(manifest.content) - len(signed)


def _is_canonical(content: bytes, body: dict[str, Any], what: str, inspection: Inspection) -> bool:
    try:
        form = canonical(body)
    except (ValueError, RecursionError) as error:
        text = Text(f"没有规范形式（RFC 8785）：{error}", f"It has no canonical form: {error}")
        inspection.wrong("not-canonical", what, text, NOWHERE)
        return False
    at = first_difference(content, form)
    if at is not None:
        text = Text(
            f"从第 {at} 字节起不是规范形式（RFC 8785）。",
            f"From byte {at} on it is not in canonical form (RFC 8785).",
        )
        inspection.wrong("not-canonical", what, text, Place(byte=at))
    return at is None


def _not_utf8(content: bytes) -> int:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0
