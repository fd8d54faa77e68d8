"""Rows: whether every line of a release is the one that its leaf was made of, and in its place.

The root in the signed manifest speaks for the leaves, the leaves for the lines; where the lines
depart from the leaves, it says which of the two was changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opendata.domain import merkle
from opendata.domain.errors import Text
from opendata.stages.verify.manifests import Root
from opendata.stages.verify.model import Inspection, Place
from opendata.stages.verify.reading import first_difference

_HEIGHT = 12
_BLOCK = 1 << _HEIGHT
# No record is as long; what has no line breaks is read in such pieces, and does not fit.
_LONGEST_LINE = 64 * 1024 * 1024
_ID = re.compile(rb'\{"_id":"([a-z2-7]{52})"')
_NO_LEAF = bytes(merkle.HASH_BYTES)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a release as they were released: their file, their leaves, what salts them."""

    dataset: str
    number: int
    lines: Path
    leaves: Path
    secret: bytes


@dataclass(frozen=True, slots=True)
class Departure:
    """The first line, from 0, whose leaf is not the kept one, and where it begins.

    ``within`` is the first byte of the kept leaf that differs.
    """

    index: int
    offset: int
    within: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing lines and leaves."""

    lines: int
    leaves: int
    departs: Departure | None
    root_of_lines: str
    root_of_leaves: str


def compare(rows: Rows, inspection: Inspection, what: str) -> Compared:
    """Read lines and leaves side by side, some thousands at a time."""
    made, kept, departs = bytearray(), bytearray(), None
    count = offset = 0
    with rows.leaves.open("rb") as leaves:
        for block in _blocks(rows.lines):
            inspection.watch(what, sum(map(len, block)))
            own = b"".join(_leaf(rows, line) for line in block)
            theirs = leaves.read(_BLOCK * merkle.HASH_BYTES)
            if departs is None and own != theirs:
                departs = _first(block, own, theirs, Departure(count, offset))
            made += merkle.subtrees(own, _HEIGHT)
            kept += merkle.subtrees(_whole(theirs), _HEIGHT)
            count += len(block)
            offset += sum(map(len, block))
        while rest := leaves.read(_BLOCK * merkle.HASH_BYTES):
            kept += merkle.subtrees(_whole(rest), _HEIGHT)
        size = leaves.tell() // merkle.HASH_BYTES
    if departs is None and size > count:
        departs = Departure(count, offset)
    roots = merkle.root(bytes(made)).hex(), merkle.root(bytes(kept)).hex()
    return Compared(count, size, departs, *roots)


def check_rows(rows: Rows, told: Root, inspection: Inspection, what: str) -> Place | None:
    """Record where lines, leaves and the signed root part; return where the lines do so.

    Whether the lines' own bytes are those of the release, their digest says to the caller.
    """
    found = compare(rows, inspection, f"{what} data.ndjson")
    inspection.counts["rows"] += found.lines
    lines_fit = (found.root_of_lines, found.lines) == (told.root, told.size)
    leaves_fit = (found.root_of_leaves, found.leaves) == (told.root, told.size)
    at = found.departs
    if not leaves_fit and at is not None:
        # What leaves should be is certain only where the lines are those of the signed root.
        byte = at.index * merkle.HASH_BYTES + (at.within if lines_fit else 0)
        text = Text(
            f"第 {at.index + 1} 个叶散列与其记录不符（第 {byte} 字节）。",
            f"Leaf {at.index + 1} is not that of its row, at byte {byte}.",
        )
        inspection.wrong("leaves-differ", f"{what} leaves", text, Place(at.index + 1, byte))
    elif not leaves_fit and not lines_fit:
        text = Text(
            "由全部记录算出的 Merkle 根与清单所载不同。",
            "The Merkle root over all rows is not the one that the manifest tells.",
        )
        place = Place(pointer="/rows_root/root")
        inspection.wrong("root-differs", f"{what} manifest.json", text, place)
    return None if lines_fit or at is None else Place(at.index + 1, at.offset)


def _leaf(rows: Rows, line: bytes) -> bytes:
    found = _ID.match(line)
    if found is None or not line.endswith(b"\n"):
        return _NO_LEAF
    salt = merkle.row_salt(rows.secret, rows.dataset, rows.number, found[1].decode())
    return merkle.leaf(salt, line[:-1])


def _blocks(path: Path) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            block.append(line)
            if len(block) == _BLOCK:
                yield block
                block = []
    if block:
        yield block


def _first(block: list[bytes], own: bytes, theirs: bytes, begun: Departure) -> Departure:
    """Find the first of a block whose leaf differs."""
    offset = begun.offset
    for at, line in enumerate(block):
        place = slice(at * merkle.HASH_BYTES, (at + 1) * merkle.HASH_BYTES)
        within = first_difference(own[place], theirs[place])
        if within is not None:
            return Departure(begun.index + at, offset, within)
        offset += len(line)
    return Departure(begun.index + len(block), offset)


def _whole(leaves: bytes) -> bytes:
    """Leave out what is left of a leaf that was cut off."""
    return leaves[: len(leaves) // merkle.HASH_BYTES * merkle.HASH_BYTES]
