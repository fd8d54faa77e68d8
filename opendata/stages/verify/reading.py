"""Reading files of any size, a piece at a time, and what a digest tells about where they differ."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from opendata.domain.errors import Text
from opendata.stages.verify.model import Inspection, Place, unwatched

PIECE_BYTES = 1024 * 1024
# Of a text so short every bit is turned over, to find the one that makes it fit again.
MOST_TRIED_BYTES = 16 * 1024
DOCUMENT_BYTES = 64 * 1024 * 1024
Sha = str
# Whether a digest is the one that a file should have.
Fits = Callable[[Sha], bool]


@dataclass(frozen=True, slots=True)
class Read:
    """The digest and the size in bytes of what was read, and of its first ``expected`` bytes."""

    sha256: Sha
    size: int
    head: Sha


def pieces(
    path: Path, watch: Callable[[str, int], None] = unwatched, what: str = ""
) -> Iterator[bytes]:
    """Yield a file's bytes in order."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            watch(what, len(piece))
            yield piece


def read_through(path: Path, expected: int, inspection: Inspection, what: str) -> Read:
    """Hash a file whole, and its first ``expected`` bytes apart."""
    whole, head, size = hashlib.sha256(), hashlib.sha256(), 0
    for piece in pieces(path, inspection.watch, what):
        whole.update(piece)
        head.update(piece[: max(0, expected - size)])
        size += len(piece)
    return Read(whole.hexdigest(), size, head.hexdigest())


def turned_bit(content: bytes, fits: Callable[[bytes], bool]) -> int | None:
    """Return the byte in which one bit was turned over, ``None`` if that alone explains nothing.

    >>> turned_bit(b"abd", lambda text: text == b"abe")
    2
    """
    trial = bytearray(content)
    for at in range(len(content)):
        for bit in range(8):
            trial[at] ^= 1 << bit
            if fits(bytes(trial)):
                return at
            trial[at] ^= 1 << bit
    return None


def turned_bit_of(content: bytes, sha256: Sha) -> int | None:
    """Return the byte in which one bit was turned over since a digest was taken; see above."""
    if len(content) > MOST_TRIED_BYTES:
        return None
    wanted, begun = bytes.fromhex(sha256), hashlib.sha256()
    for at, byte in enumerate(content):
        rest = content[at + 1 :]
        for bit in range(8):
            trial = begun.copy()
            trial.update(bytes((byte ^ 1 << bit,)))
            trial.update(rest)
            if trial.digest() == wanted:
                return at
        begun.update(bytes((byte,)))
    return None


def where_changed(path: Path, found: Read, sha256: Sha, size: int) -> tuple[Text, Place]:
    """Say how a file departs from the digest and size it should have, as far as those tell."""
    if found.size > size and found.head == sha256:
        more = found.size - size
        text = Text(f"末尾多出 {more} 字节。", f"It has {more} bytes too many at its end.")
        return text, Place(byte=size)
    if found.size < size:
        text = Text(
            f"在第 {found.size} 字节处结束，应有 {size} 字节。",
            f"It ends at byte {found.size} and should have {size}.",
        )
        return text, Place(byte=found.size)
    if found.size == size and size <= MOST_TRIED_BYTES:
        at = turned_bit_of(path.read_bytes(), sha256)
        if at is not None:
            text = Text(f"第 {at} 字节的一个比特被改动。", f"One bit of byte {at} was turned over.")
            return text, Place(byte=at)
    text = Text(
        "内容与摘要不符；从哪个字节起，无从得知。",
        "Its bytes do not have the digest they should have; which byte is the first that differs "
        "cannot be told.",
    )
    return text, Place()


def first_difference(one: bytes, other: bytes) -> int | None:
    """Return the first byte in which two texts differ, ``None`` if they are the same.

    >>> first_difference(b"abc", b"abd"), first_difference(b"ab", b"abc")
    (2, 2)
    """
    if one == other:
        return None
    shared = min(len(one), len(other))
    low, high = 0, shared
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def departure(path: Path, made: Iterable[bytes], fits: Fits) -> int | None:
    """Return the first byte in which a file departs from what was ``made`` in its place.

    ``None`` if that has not the digest which the file should have, or the file is just that.
    """
    digest, at, found = hashlib.sha256(), 0, None
    with path.open("rb") as file:
        for piece in _joined(made):
            digest.update(piece)
            if found is None:
                own = file.read(len(piece))
                if own != piece:
                    found = at + (first_difference(own, piece) or 0)
                at += len(piece)
        if found is None and file.read(1):
            found = at
    return found if fits(digest.hexdigest()) else None


def _joined(made: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for each in made:
        waiting += each
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
