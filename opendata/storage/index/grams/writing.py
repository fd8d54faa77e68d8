"""Writing what substring search needs of a segment's records."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import zstandard

from opendata.storage.index.arrays import Array, ArrayWriter
from opendata.storage.index.columns import narrowest
from opendata.storage.index.grams.slots import SEPARATOR, SLOTS, code_points, slots

# Records of one block: fewer make more lists, more make more to look through.
BLOCK = 32
# Blocks that are worked on at once.
_BATCH = 256
_LEVEL = 1


class Texts(Protocol):
    """A column of texts that need not all be in memory: an Arrow array is one."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def slice(self, offset: int, length: int) -> "pa.Array[Any] | pa.ChunkedArray[Any]":
        """Return at most so many."""
        ...


def write_grams(writer: ArrayWriter, columns: Sequence[Texts]) -> None:
    """Write search over texts: columns of equal length, nulls included, in record order.

    ``grams/text`` (uint8) holds the blocks' lower-cased texts, each a zstd frame that ends at
    ``grams/text_ends`` (uint64); ``grams/record_ends`` (uint32, one a record) says where a
    record's text ends in its block. ``grams/postings`` holds, slot by slot, the ascending
    numbers of the blocks that have it; ``grams/starts`` (``SLOTS`` + 1, uint64) where each slot's
    begin.
    """
    blocks = -(-len(columns[0]) // BLOCK) if columns else 0
    frames: list[bytes] = []
    ends: list[Array] = []
    met: list[tuple[Array, Array]] = []
    for points, lengths in _batches(columns):
        ends.append(_pack(points, lengths, frames))
        met.append(_postings(points, lengths))
    writer.add("grams/text", np.frombuffer(b"".join(frames), np.uint8))
    writer.add("grams/text_ends", np.cumsum([len(each) for each in frames], dtype=np.uint64))
    writer.add("grams/record_ends", np.concatenate([np.zeros(0, np.uint32), *ends]))
    postings, starts = _assembled(met, blocks)
    writer.add("grams/postings", postings)
    writer.add("grams/starts", starts)


def _batches(columns: Sequence[Texts]) -> Iterator[tuple[Array, Array]]:
    """Yield the code points of some blocks at a time, and how many each record has."""
    size = BLOCK * _BATCH
    for begin in range(0, len(columns[0]) if columns else 0, size):
        parts = [each.slice(begin, size).to_pylist() for each in columns]
        texts = [_record(each) for each in zip(*parts, strict=True)]
        yield code_points("".join(texts)), np.array([len(each) for each in texts])


def _record(values: tuple[Any, ...]) -> str:
    """Return what is searched of a record; each value ends in a separator."""
    return "".join([(each or "") + SEPARATOR for each in values])


def _pack(points: Array, lengths: Array, frames: list[bytes]) -> Array:
    """Append the blocks' texts to ``frames``; return where records end, each in its own block."""
    packer = zstandard.ZstdCompressor(level=_LEVEL)
    for begin, end in pairwise([0, *_borders(lengths)]):
        text = points[begin:end].tobytes().decode("utf-32-le")
        frames.append(packer.compress(text.encode()))
    # UTF-8 takes one byte more from each of these code points on.
    widths = sum((points >= each).view(np.uint8) for each in (0x80, 0x800, 0x10000))
    begins = np.cumsum(lengths) - lengths
    sizes = lengths + np.add.reduceat(np.asarray(widths), begins, dtype=np.int64)
    padded = np.zeros(-(-len(sizes) // BLOCK) * BLOCK, np.int64)
    padded[: len(sizes)] = sizes
    ends = padded.reshape(-1, BLOCK).cumsum(axis=1).ravel()[: len(sizes)]
    return ends.astype(np.uint32)


def _borders(lengths: Array) -> list[int]:
    """Return where blocks end among the code points."""
    ends = np.cumsum(lengths)
    last = np.minimum(np.arange(BLOCK - 1, len(ends) + BLOCK - 1, BLOCK), len(ends) - 1)
    found: list[int] = ends[last].tolist()
    return found


def _postings(points: Array, lengths: Array) -> tuple[Array, Array]:
    """Return how many of these blocks have each slot, and which, slot by slot."""
    found, begins = slots(points)
    sizes = np.diff([0, *_borders(lengths)])
    block = np.repeat(np.arange(len(sizes)), sizes)
    has = np.zeros((SLOTS, len(sizes)), np.bool_)
    has[found, block[begins]] = True
    which = np.flatnonzero(has)
    return has.sum(axis=1, dtype=np.uint32), (which % len(sizes)).astype(np.uint16)


def _assembled(met: list[tuple[Array, Array]], blocks: int) -> tuple[Array, Array]:
    """Join what each batch met, slot by slot."""
    totals = np.zeros(SLOTS, np.uint64)
    for counts, _ in met:
        totals += counts
    starts = np.concatenate([np.zeros(1, np.uint64), np.cumsum(totals, dtype=np.uint64)])
    postings = np.zeros(int(starts[-1]), narrowest(max(blocks - 1, 0)))
    place = starts[:-1].astype(np.int64)
    for number, (counts, which) in enumerate(met):
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[:-1], dtype=np.int64)])
        target = np.repeat(place - before, counts) + np.arange(len(which))
        postings[target] = which + np.uint32(number * _BATCH)
        place += counts
    return postings, starts
