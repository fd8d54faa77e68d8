"""Merging: the records of several shelves in one order, by their values."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from opendata.domain.queries import Sort
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.shelf import Shelf

# A record, and the shelf it is on.
Place = tuple[Shelf, int]


def merged(found: Sequence[tuple[Shelf, Array]], sort: Sequence[Sort]) -> Iterator[Place]:
    """Yield the records of all shelves in order; those of each shelf are in order already."""
    some = [(shelf, records.tolist()) for shelf, records in found if len(records)]
    if len(some) < 2:
        return iter([(shelf, each) for shelf, records in some for each in records])
    order = _Order(sort)
    streams = [order.of(at, shelf, records) for at, (shelf, records) in enumerate(some)]
    return ((each.shelf, each.record) for each in merge(*streams))


def lines_of(places: Sequence[Place], kind: str) -> list[bytes]:
    """Return the lines of records, in the order given.

    Raises:
        OSError: a file is missing, or shorter than it was.
    """
    shelves = {shelf for shelf, _ in places}
    lines = {
        shelf: iter(shelf.segment.store.lines(kind, [at for own, at in places if own is shelf]))
        for shelf in shelves
    }
    return [next(lines[shelf]) for shelf, _ in places]


class _Order:
    """Sort keys that are shared by the records to be merged."""

    def __init__(self, sort: Sequence[Sort]) -> None:
        self.descending = [each.descending for each in sort]
        self._names = [each.name for each in sort]

    def of(self, at: int, shelf: Shelf, records: Iterable[int]) -> "Iterator[_Entry]":
        columns = [shelf.segment.column(name) for name in self._names]
        return (_Entry(self.descending, at, (shelf, columns), record) for record in records)


class _Entry:
    """One record; its values are read when they decide."""

    __slots__ = ("_at", "_columns", "_descending", "_values", "record", "shelf")

    def __init__(
        self, descending: list[bool], at: int, home: tuple[Shelf, list[Column]], record: int
    ) -> None:
        self._descending = descending
        self._at = at
        self.shelf, self._columns = home
        self.record = record
        self._values: list[Value | None] = []

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
        return self._at < other._at

    def _value(self, depth: int) -> Value | None:
        values = self._values
        if depth == len(values):
            values.append(self._columns[depth].value(self.record))
        return values[depth]
