"""Merging: the records of several shelves in one order, by their values."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice

import numpy as np

from opendata.domain.queries import Sort
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.finding import NONE
from opendata.storage.index.shelf import Shelf


class Places:
    """Records in order: the shelf that each is on, and its place there."""

    def __init__(self, shelves: Sequence[Shelf], which: Sequence[int], records: Array) -> None:
        """Keep them; ``which`` numbers the shelf of each record, unless there is only one."""
        self._shelves = shelves
        self._which = which
        self._records = records

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._records)

    def cut(self, begin: int, end: int) -> "Places":
        """Return those from ``begin`` to ``end``."""
        return Places(self._shelves, self._which[begin:end], self._records[begin:end])

    def last(self) -> tuple[Shelf, int] | None:
        """Return the last of them."""
        if not len(self):
            return None
        return self._shelves[self._which[-1] if self._which else 0], int(self._records[-1])

    def lines(self, kind: str) -> list[bytes]:
        """Return their lines.

        Raises:
            OSError: a file is missing, or shorter than it was.
        """
        if not self._which:
            return self._shelves[0].segment.store.lines(kind, self._records) if len(self) else []
        which = np.array(self._which)
        lines = [
            iter(shelf.segment.store.lines(kind, self._records[which == at]))
            for at, shelf in enumerate(self._shelves)
        ]
        return [next(lines[at]) for at in self._which]


def merged(
    found: Sequence[tuple[Shelf, Array]], sort: Sequence[Sort], need: int | None = None
) -> Places:
    """Return the first records of all shelves; those of each shelf are in order already."""
    some = [(shelf, records) for shelf, records in found if len(records)]
    shelves = [shelf for shelf, _ in some]
    if len(some) < 2:
        return Places(shelves, (), some[0][1][:need] if some else NONE)
    order = _Order(sort)
    streams = [order.of(at, shelf, records.tolist()) for at, (shelf, records) in enumerate(some)]
    first = list(islice(merge(*streams), need))
    return Places(shelves, [each.at for each in first], np.array([each.record for each in first]))


class _Order:
    """Sort keys that are shared by the records to be merged."""

    def __init__(self, sort: Sequence[Sort]) -> None:
        self.descending = [each.descending for each in sort]
        self._names = [each.name for each in sort]

    def of(self, at: int, shelf: Shelf, records: Iterable[int]) -> "Iterator[_Entry]":
        columns = [shelf.segment.column(name) for name in self._names]
        return (_Entry(self.descending, at, columns, record) for record in records)


class _Entry:
    """One record; its values are read when they decide."""

    __slots__ = ("_columns", "_descending", "_values", "at", "record")

    def __init__(self, descending: list[bool], at: int, columns: list[Column], record: int) -> None:
        self._descending = descending
        self._columns = columns
        self._values: list[Value | None] = []
        self.at = at
        self.record = record

    def __lt__(self, other: "_Entry") -> bool:
        """Whether this record comes first."""
        for depth, descending in enumerate(self._descending):
            mine, its = self._value(depth), other._value(depth)
            if mine == its:
                continue
            if mine is None or its is None:
                return its is None
            # Values of one column are of one type.
            less: bool = mine < its  # type: ignore[operator]
            return less is not descending
        return self.at < other.at

    def _value(self, depth: int) -> Value | None:
        values = self._values
        if depth == len(values):
            values.append(self._columns[depth].value(self.record))
        return values[depth]
