"""Proof: what shows that a record is in a release as it was signed, to whoever has only that.

A record's line, salted, is a leaf under the root that the release's signed manifest tells. With
the salt and a path of some twenty digests anybody computes the root; of the other records nothing
is given but digests salted with what nobody else knows.
"""

import logging
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from opendata.domain import merkle
from opendata.domain.contracts import Contract
from opendata.domain.errors import NotFound, Text
from opendata.stages import query, releases
from opendata.stages.publish import LEAVES, MANIFEST
from opendata.storage.home import Home
from opendata.storage.signing import Jwk
from opendata.storage.tables import ArtefactRow

log = logging.getLogger(__name__)
FORMAT = "opendata-proof/1"
LINES = "data.ndjson"
# A path is made of so many leaves and of the roots over each so many, which are kept.
_HEIGHT = 10
_BLOCK_BYTES = merkle.HASH_BYTES << _HEIGHT


class NoProof(NotFound):
    """The release has no signed manifest that a record could be checked against."""

    code = "no-proof"
    title = Text("没有可供核验的凭证", "No proof")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a record is checked with.

    ``line`` is the record's line of the release's NDJSON; ``path`` leads from its leaf, which is
    number ``index`` of ``size``, to the root in ``manifest``; ``keys`` has the key that signed it.
    """

    line: bytes
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    manifest: bytes
    keys: tuple[Jwk, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The files of a release that a proof is made of."""

    leaves: str
    leaves_size: int
    lines: str
    manifest: str


def proof(
    home: Home,
    contract: Contract,
    record_id: str,
    release: tuple[str, int] | None,
    now: datetime,
) -> Proof:
    """Return the proof of a record in the release that it is in now, or in the one named.

    Raises:
        Gone: the record was public, and is no longer.
        NoSuchRecord: it never was, or not in this release.
        NoSuchRelease: there is no such release in the collection.
        SuspendedRelease: the release is not public.
        NoProof: the release is not signed, or its current edition is being built.
    """
    found = query.record(home, contract, record_id, now, release)
    kept = _kept(home, found.dataset, found.release, now)
    salt = merkle.row_salt(home.secret, found.dataset, found.release, record_id)
    for line in _lines(home, found.line, kept, record_id):
        leaf = merkle.leaf(salt, line)
        index = _index_of(home.vault.path(kept.leaves), leaf)
        if index is not None:
            break
    else:
        raise _damaged(found)
    manifest = home.vault.read(kept.manifest)
    told: dict[str, Any] = orjson.loads(manifest)
    path, size = _path(home, kept, index), kept.leaves_size // merkle.HASH_BYTES
    if not merkle.check(leaf, index, size, path, bytes.fromhex(told["rows_root"]["root"])):
        raise _damaged(found)
    kid = told["signature"]["key"]
    keys = tuple(each for each in home.signer.public_keys if each["kid"] == kid)
    return Proof(line, salt, index, size, tuple(path), manifest, keys)


def _kept(home: Home, dataset: str, number: int, now: datetime) -> _Kept:
    """Return the leaves and lines of a release's first edition, and its current manifest."""
    with home.database.read() as session:
        found = releases.release(session, dataset, number, now)
        # It may have been taken down since the record was looked up.
        releases.check_public(found)
        current = {each.name: each for each in releases.files(session, found)}
        first = (
            select(ArtefactRow)
            .where(ArtefactRow.release_id == found.id, ArtefactRow.name.in_((LEAVES, LINES)))
            .order_by(ArtefactRow.edition.desc())
        )
        rows = {row.name: row for row in session.scalars(first)}
    if LEAVES not in rows or LINES not in rows or MANIFEST not in current:
        raise NoProof(
            f"{dataset} 第 {number} 版没有签名的清单，或其当前版次正在生成。",
            f"Release {number} of {dataset} has no signed manifest, or its current edition is "
            "being built.",
        )
    leaves = rows[LEAVES]
    return _Kept(leaves.sha256, leaves.size, rows[LINES].sha256, current[MANIFEST].sha256)


def _lines(home: Home, shown: bytes, kept: _Kept, record_id: str) -> Iterator[bytes]:
    """Yield what the record's line should be: as it is shown, else as the release's file has it.

    The two are the same as long as the contract is the one that the release was made by.
    """
    yield shown
    begin = f'{{"_id":"{record_id}"'.encode()
    with _mapped(home.vault.path(kept.lines)) as lines:
        # Within a text the quotation marks would be escaped, so that this begins a line.
        at = lines.find(begin)
        if at >= 0:
            end = lines.find(b"\n", at)
            yield lines[at:end]


def _index_of(path: Path, leaf: bytes) -> int | None:
    with _mapped(path) as leaves:
        at = leaves.find(leaf)
        while at % merkle.HASH_BYTES and at >= 0:
            at = leaves.find(leaf, at + 1)
    return None if at < 0 else at // merkle.HASH_BYTES


def _path(home: Home, kept: _Kept, index: int) -> list[bytes]:
    with home.vault.path(kept.leaves).open("rb") as file:
        file.seek((index >> _HEIGHT) * _BLOCK_BYTES)
        block = file.read(_BLOCK_BYTES)
    within = index % (1 << _HEIGHT)
    return merkle.path(block, within) + merkle.path(_tops(home, kept.leaves), index >> _HEIGHT)


def _tops(home: Home, sha256: str) -> bytes:
    """Return the roots over each block of leaves; worked out once in a process."""
    known: bytes | None = home.answers.get((LEAVES, sha256), None)
    if known is not None:
        return known
    tops = bytearray()
    with home.vault.path(sha256).open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            tops += merkle.subtrees(block, _HEIGHT)
    found = bytes(tops)
    home.answers.keep((LEAVES, sha256), None, found, len(found))
    return found


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _damaged(found: query.Record) -> NoProof:
    name = f"{found.dataset}@{found.release}"
    log.error("The leaves of %s do not fit its rows or its manifest; run: opendata verify", name)
    return NoProof(
        f"{name} 的凭证文件已损坏，请告知运行者。",
        f"What {name} is proved with is damaged; tell the operator.",
    )
