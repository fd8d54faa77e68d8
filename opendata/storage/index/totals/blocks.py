"""Blocks: the records found, some at a time, so that nothing long is ever written to memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from opendata.storage.index.arrays import Array
from opendata.storage.index.segment import Segment

# Of each segment the records that were found: their numbers ascending, a mask, ``None`` for all.
Found = Sequence[tuple[Segment, Array | None]]
# Arrays of so many integers stay in the processor's cache, and are not given back to the system.
BLOCK = 32_768


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of the segment that has this place among those found; at least one."""

    place: int
    where: slice | Array


def blocks(found: Found, most: int = BLOCK) -> Iterator[Block]:
    """Yield the records found, at most so many at a time."""
    for place in range(len(found)):
        yield from blocks_of(found, place, most)


def blocks_of(found: Found, place: int, most: int = BLOCK) -> Iterator[Block]:
    """Yield the records found in one segment."""
    segment, rows = found[place]
    length = segment.rows if rows is None or rows.dtype == np.bool_ else len(rows)
    for begin in range(0, length, most):
        end = min(begin + most, length)
        where = slice(begin, end) if rows is None else _where(rows, begin, end)
        if isinstance(where, slice) or len(where):
            yield Block(place, where)


def _where(rows: Array, begin: int, end: int) -> slice | Array:
    """Return which records a piece of a mask or of a list of records means.

    Neighbours are told as a slice, which is read several times faster.
    """
    piece = rows[begin:end]
    if rows.dtype == np.bool_:
        if piece.all():
            return slice(begin, end)
        return np.flatnonzero(piece) + begin
    first, last = int(piece[0]), int(piece[-1])
    return slice(first, last + 1) if last - first == end - begin - 1 else piece.astype(np.intp)


def number_of(found: Found) -> int:
    """Return how many records were found."""
    return sum(
        segment.rows
        if rows is None
        else int(np.count_nonzero(rows))
        if rows.dtype == np.bool_
        else len(rows)
        for segment, rows in found
    )
