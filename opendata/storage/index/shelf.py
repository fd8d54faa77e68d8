"""Shelf: one segment as a view shows it, with its order, and which of its records are live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opendata.domain.editions import Scope
from opendata.domain.queries import Sort
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.roll import Part
from opendata.storage.index.segment import Segment


@dataclass(frozen=True, slots=True)
class Key:
    """A sort key of one segment: its records sort by the *ranks* of their codes, null last."""

    column: Column
    descending: bool

    def ranks(self, where: Array) -> Array:
        """Return the ranks of the records at these places."""
        codes = self.column.codes[where]
        if not self.descending:
            return codes
        null = self.column.null
        # Of unsigned integers, what is less than nothing is more than anything: null stays last.
        top = codes.dtype.type((null - 1) % (1 << 8 * codes.dtype.itemsize))
        found: Array = np.minimum(top - codes, codes.dtype.type(null))
        return found

    def rank(self, record: int) -> int:
        """Return the rank of one record."""
        code, null = int(self.column.codes[record]), self.column.null
        return null - 1 - code if self.descending and code < null else code

    def codes_of(self, begin: int, end: int) -> tuple[int, int]:
        """Return which codes have the ranks from ``begin`` to ``end``; null is not among others."""
        null = self.column.null
        return (null - end, null - begin) if self.descending and begin < null else (begin, end)

    def span(self, value: Value | None) -> tuple[int, int]:
        """Return the rank that a value has, and the next; twice the same if it does not occur."""
        null = self.column.null
        if value is None:
            return null, null + 1
        begin, end = self.column.values.span(value)
        return (null - end, null - begin) if self.descending else (begin, end)


@dataclass(frozen=True, slots=True)
class Behind:
    """A place in an order: the ranks of the leading keys that equal it, as spans.

    Of the records that have all these ranks, those from ``row`` on are behind it.
    """

    spans: tuple[tuple[int, int], ...]
    row: int


class Shelf:
    """One segment in one view: ``live`` says of each record whether it shows, ``None`` if all do.

    ``count`` of them do. ``order`` are the keys of the order the records are in.
    """

    def __init__(
        self, segment: Segment, scope: Scope, releases: Mapping[str, int], order: Iterable[Sort]
    ) -> None:
        """Find out which records are live: their release shows, and their window has not ended."""
        self.segment = segment
        self.order = self.keys(order)
        self._window: Column | None = None
        self._first_open = 0
        if scope.window_field is not None and scope.on is not None:
            self._window = segment.column(scope.window_field)
            self._first_open = self._window.values.span(scope.on)[0]
        self.live = self._live(releases)
        live = self.live
        self.count = segment.rows if live is None else int(np.count_nonzero(live))

    def keys(self, sort: Iterable[Sort]) -> tuple[Key, ...]:
        """Return sort keys as this segment's."""
        return tuple(Key(self.segment.column(each.name), each.descending) for each in sort)

    def is_shown(self, record: int) -> bool:
        """Whether a record is live."""
        return self.live is None or bool(self.live[record])

    def is_open(self, record: int) -> bool:
        """Whether the window of a record has not ended; where there are windows, it needs one."""
        if self._window is None:
            return True
        return self._first_open <= int(self._window.codes[record]) < self._window.null

    def part(self, record: int) -> Part:
        """Return the release of a record."""
        return self.segment.parts[int(self.segment.store.part[record])].part

    def values(self, record: int, sort: Sequence[Sort]) -> list[Value | None]:
        """Return what a record sorts by."""
        return [self.segment.column(each.name).value(record) for each in sort]

    def begin_behind(self, values: Sequence[Value | None]) -> int:
        """Return the first record behind one that has these values of the default order's keys."""
        low, high = 0, self.segment.rows
        for key, value in zip(self.order, values, strict=True):
            begin, end = key.span(value)
            low, high = _first(key, begin, low, high), _first(key, end, low, high)
            if low == high:
                break
        return high

    def _live(self, releases: Mapping[str, int]) -> Array | None:
        shown = [releases.get(each.part[0]) == each.part[1] for each in self.segment.parts]
        found = None if all(shown) else np.array(shown, np.bool_)[self.segment.store.part]
        window, begin = self._window, self._first_open
        if window is None or (begin == 0 and int(window.starts[window.null]) == self.segment.rows):
            return found
        codes = window.codes
        is_open = (codes >= begin) & (codes < window.null)
        return is_open if found is None else found & is_open


def _first(key: Key, rank: int, low: int, high: int) -> int:
    """Return the first of the records, whose ranks ascend, that has ``rank`` or a later one."""
    while low < high:
        middle = (low + high) // 2
        if key.rank(middle) < rank:
            low = middle + 1
        else:
            high = middle
    return low
