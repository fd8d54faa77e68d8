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
    is_mask = rows is not None and rows.dtype == np.bool_
    length = segment.rows if rows is None or is_mask else len(rows)
    for begin in range(0, length, most):
        if rows is None:
            yield Block(place, slice(begin, min(begin + most, length)))
            continue
        where = rows[begin : begin + most]
        if is_mask:
            where = np.flatnonzero(where) + begin
        if len(where):
            yield Block(place, where)


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
