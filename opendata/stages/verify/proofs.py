"""Proofs: whether one record is in a release as it was signed, from the proof alone."""

import json
from collections import Counter
from functools import partial
from typing import Annotated, Any

import msgspec
import orjson

from opendata.domain import merkle
from opendata.domain.errors import Text
from opendata.stages.proof import FORMAT
from opendata.stages.verify.keys import Trust, keys_of
from opendata.stages.verify.manifests import (
    Count,
    Hex,
    Manifest,
    check_signature,
    manifest_of,
    parsed,
)
from opendata.stages.verify.model import Inspection, Place, Unusable
from opendata.stages.verify.reading import turned_bit
from opendata.storage.signing import canonical

WHAT = "proof"
# So many leaves are tried as the place of a record whose own place does not fit.
_MOST_TRIED = 4_096
_MOST_TRIED_BYTES = 2_048
_LONGEST_NAME = 60


class Told(msgspec.Struct, frozen=True):
    """What a proof says."""

    format: str
    record: str
    salt: Hex
    index: Count
    size: Count
    path: Annotated[tuple[Hex, ...], msgspec.Meta(max_length=64)]
    manifest: dict[str, Any]


class Named(msgspec.Struct, frozen=True):
    """Where a record says that it is."""

    id: str = msgspec.field(name="_id")
    dataset: str = msgspec.field(name="_dataset")
    release: int = msgspec.field(name="_release")


def check_proof(content: bytes, trust: Trust | None, inspection: Inspection) -> Manifest | None:
    """Check a proof: the manifest's signature, then the way from the record to the signed root.

    Without keys given, those that the proof brings along are used.

    Raises:
        Unusable: it is no proof.
    """
    body = parsed(content, WHAT, Inspection())
    _refuse_twice(content)
    try:
        told = msgspec.convert(body, Told)
    except msgspec.ValidationError as error:
        raise _unusable(str(error)) from error
    if body is None or told.format != FORMAT:
        raise _unusable(f"format {told.format}")
    trust = trust or _trust_in(body)
    trust.say(inspection)
    inspection.record = told.record
    manifest = _manifest(told, trust, inspection)
    if manifest is not None:
        _check_root(told, manifest, inspection)
        _check_named(told, manifest, inspection)
        inspection.counts["rows"] += 1
    return manifest


def _refuse_twice(content: bytes) -> None:
    """Refuse a text that says something twice: readers would disagree which of the two it says."""
    try:
        json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _unusable(str(error)) from error


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        (name, _), *_ = Counter(name for name, _ in members).most_common(1)
        message = f"{name[:_LONGEST_NAME]} twice"
        raise ValueError(message)
    return found


def _trust_in(body: dict[str, Any]) -> Trust:
    keys = body.get("keys")
    return Trust(() if keys is None else keys_of(orjson.dumps(keys), WHAT), pinned=False)


def _manifest(told: Told, trust: Trust, inspection: Inspection) -> Manifest | None:
    """Check the manifest, which may have been laid out anew: what is signed is what it says."""
    try:
        form = canonical(told.manifest)
    except (ValueError, RecursionError) as error:
        raise _unusable(str(error)) from error
    name = f"{WHAT} manifest"
    manifest = manifest_of(form, name, inspection)
    if manifest is not None:
        check_signature(manifest, name, trust, inspection)
    return manifest


def _check_root(told: Told, manifest: Manifest, inspection: Inspection) -> None:
    root = manifest.told.rows_root
    if root is None:
        text = Text("清单没有 Merkle 根。", "The manifest tells of no Merkle root.")
        inspection.wrong("manifest-shape", f"{WHAT} manifest", text, Place(pointer="/rows_root"))
    elif root.algorithm != merkle.ALGORITHM:
        text = Text(f"算法 {root.algorithm} 未知。", f"{root.algorithm} is no known algorithm.")
        inspection.wrong("manifest-shape", f"{WHAT} manifest", text)
    elif told.size != root.size:
        text = Text(
            f"叶数 {told.size} 与清单所载 {root.size} 不同。",
            f"It tells of {told.size} leaves, the manifest of {root.size}.",
        )
        inspection.wrong("size-differs", WHAT, text, Place(pointer="/size"))
    elif not _leads(told, told.record.encode(), told.index, root.root):
        inspection.wrong(*_why(told, root.root))


def _check_named(told: Told, manifest: Manifest, inspection: Inspection) -> None:
    try:
        named = msgspec.json.decode(told.record, type=Named)
    except msgspec.DecodeError as error:
        text = Text(f"记录无法读取：{error}", f"The record cannot be read: {error}")
        inspection.wrong("record-changed", WHAT, text, Place(pointer="/record"))
        return
    if (named.dataset, named.release) != (manifest.told.dataset, manifest.told.release):
        text = Text(
            f"记录属于 {named.dataset}@{named.release}，清单却是 {manifest.name} 的。",
            f"The record is of {named.dataset}@{named.release}, the manifest of {manifest.name}.",
        )
        inspection.wrong("other-release", WHAT, text, Place(pointer="/manifest/release"))


def _leads(told: Told, line: bytes, index: int, root: str) -> bool:
    leaf = merkle.leaf(bytes.fromhex(told.salt), line)
    path = [bytes.fromhex(each) for each in told.path]
    return merkle.check(leaf, index, told.size, path, bytes.fromhex(root))


def _why(told: Told, root: str) -> tuple[str, str, Text, Place]:
    """Say which part was changed, as far as putting it right again tells."""
    line = told.record.encode()
    for index in range(min(told.size, _MOST_TRIED)):
        if _leads(told, line, index, root):
            text = Text(
                f"序号 {told.index} 不对：路径是第 {index} 个叶的。",
                f"The index is not {told.index}: the path is that of leaf {index}.",
            )
            return "index-differs", WHAT, text, Place(pointer="/index")
    for part, found in _parts(told):
        at = turned_bit(found, partial(_leads_with, told, root, part))
        if at is not None:
            text = Text(
                f"{part} 第 {at} 字节的一个比特被改动。",
                f"One bit of byte {at} of {part} was turned over.",
            )
            return f"{part.split('/')[0]}-changed", WHAT, text, Place(None, at, f"/{part}")
    text = Text(
        "由记录、盐和路径算不出所签名的根：三者之一被改动。",
        "Record, salt and path do not lead to the signed root: one of them was changed.",
    )
    return "record-not-in-release", WHAT, text, Place(pointer="/record")


def _parts(told: Told) -> list[tuple[str, bytes]]:
    line = told.record.encode()
    parts = [("record", line)] if len(line) <= _MOST_TRIED_BYTES else []
    parts.append(("salt", bytes.fromhex(told.salt)))
    return parts + [(f"path/{at}", bytes.fromhex(each)) for at, each in enumerate(told.path)]


def _leads_with(told: Told, root: str, part: str, tried: bytes) -> bool:
    """Whether the way leads to the root once a part of the proof is ``tried`` instead."""
    name, _, number = part.partition("/")
    line, changed = told.record.encode(), told
    if name == "record":
        line = tried
    elif name == "salt":
        changed = msgspec.structs.replace(told, salt=tried.hex())
    else:
        path = list(told.path)
        path[int(number)] = tried.hex()
        changed = msgspec.structs.replace(told, path=tuple(path))
    return _leads(changed, line, told.index, root)


def _unusable(why: str) -> Unusable:
    return Unusable(f"这不是一份凭证（{FORMAT}）：{why}", f"This is no proof ({FORMAT}): {why}")
