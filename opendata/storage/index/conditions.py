"""Conditions: a filter as codes of a segment's column, which are compared as integers.

A missing value equals nothing: it passes ``not``, ``notin``, ``notcontains`` and ``isnull`` only.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from opendata.domain.queries import Filter, Op, Query
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.dictionaries import Texts
from opendata.storage.index.segment import Segment

# Codes from the first up to, but without, the second.
Range = tuple[int, int]
# More ranges than this are found by their borders.
_FEW = 4
# More records than this are not read one by one: on a cold disk that takes a second.
MOST_READ = 2_000
# After so many in vain, where many are left, it is to be expected that it becomes too many.
TRIED = 300


class Declined(Exception):
    """The index does not answer this; the Parquet files do."""


class Condition(ABC):
    """What records must fulfil; at most ``rows`` of the segment's do, live or not."""

    rows: int

    @abstractmethod
    def passes(self, where: Any) -> Array:
        """Return which of the records at these places, an array or a slice, pass."""


class Ranged(Condition):
    """A column's code is within one of some ascending, separate ranges."""

    def __init__(self, column: Column, ranges: Sequence[Range]) -> None:
        """Prepare, and count how many records have such a code."""
        self.column = column
        self.ranges = tuple(ranges)
        starts = column.starts
        self.rows = sum(int(starts[end]) - int(starts[begin]) for begin, end in ranges)

    def passes(self, where: Any) -> Array:
        """See ``Condition.passes``."""
        codes = self.column.codes[where]
        if not 0 < len(self.ranges) <= _FEW:
            borders = np.array(self.ranges, np.int64).ravel()
            inside: Array = (borders.searchsorted(codes, side="right") & 1).astype(np.bool_)
            return inside
        found = _within(codes, self.ranges[0], self.column.null)
        for each in self.ranges[1:]:
            found |= _within(codes, each, self.column.null)
        return found

    @property
    def code(self) -> int | None:
        """The only code that passes, if there is only one."""
        if len(self.ranges) == 1 and self.ranges[0][1] - self.ranges[0][0] == 1:
            return self.ranges[0][0]
        return None

    def records(self) -> Array:
        """Return the records that pass, ascending."""
        starts, order = self.column.starts, self.column.order
        found = [order[int(starts[begin]) : int(starts[end])] for begin, end in self.ranges]
        if self.code is not None:
            return found[0]
        return np.sort(np.concatenate(found))


class Tabled(Condition):
    """A table says of each code whether it passes."""

    def __init__(self, column: Column, table: Array) -> None:
        """Prepare, and count how many records have such a code."""
        self._column = column
        self._table = table
        self.rows = int(np.diff(column.starts)[table].sum())

    def passes(self, where: Any) -> Array:
        """See ``Condition.passes``."""
        found: Array = self._table[self._column.codes[where]]
        return found


class Read(Condition):
    """The text itself is looked at, in the record: it is long and kept nowhere else."""

    def __init__(self, segment: Segment, column: Column, holds: Callable[[Any], bool]) -> None:
        """Prepare; a missing text is not asked about."""
        self._segment = segment
        self._column = column
        self._holds = holds
        self._read = self._passed = 0
        # About how many records are to be read at the most, as far as that is known.
        self.left = inf
        self.rows = segment.rows

    def passes(self, where: Any) -> Array:
        """See ``Condition.passes``.

        Raises:
            Declined: it has become too many records.
        """
        rows = np.arange(self._segment.rows)[where] if isinstance(where, slice) else where
        in_vain = self.left > MOST_READ and self._read >= TRIED and not self._passed
        self._read += len(rows)
        if in_vain or self._read > MOST_READ:
            raise Declined
        value, holds = self._column.value, self._holds
        found = np.fromiter((holds(value(each)) for each in rows.tolist()), np.bool_, len(rows))
        self._passed += int(np.count_nonzero(found))
        return found


class Sought(Condition):
    """A text occurs in one of the searchable columns, without regard to case."""

    def __init__(self, segment: Segment, text: str) -> None:
        """Look up where it can be.

        Raises:
            Declined: nothing is kept for search.
        """
        if segment.search is None:
            raise Declined
        self._search = segment.search.term(text)
        self._rows = segment.rows
        self.rows = self._search.most

    def passes(self, where: Any) -> Array:
        """See ``Condition.passes``."""
        rows = np.arange(self._rows)[where] if isinstance(where, slice) else where
        return self._search.test(rows)

    def streams(self) -> Iterable[Array]:
        """Yield the records that pass, ascending, some at a time."""
        return self._search.records()


def conditions(segment: Segment, query: Query) -> list[Condition]:
    """Return what the query asks of a segment's records; what always holds is left out.

    One that no record fulfils is returned by itself: nothing else needs to be worked out.

    Raises:
        Declined: the segment cannot tell.
    """
    found: list[Condition] = []
    for each in _in_turn(segment, query):
        if not each.rows:
            return [each]
        if each.rows < segment.rows or not isinstance(each, Ranged):
            found.append(each)
    return found


def _in_turn(segment: Segment, query: Query) -> Iterator[Condition]:
    """Yield the conditions, those first that are looked up."""
    ranged: dict[str, list[Range]] = {}
    for each in query.filters:
        if each.op in _RANGES:
            name = each.field.name
            ranges = _RANGES[each.op](segment.column(name), each.values)
            ranged[name] = _both(ranged[name], ranges) if name in ranged else ranges
    yield from (Ranged(segment.column(name), ranges) for name, ranges in ranged.items())
    for each in query.filters:
        if each.op not in _RANGES:
            yield _by_text(segment, segment.column(each.field.name), each)
    if query.search is not None:
        yield Sought(segment, query.search)


def _by_text(segment: Segment, column: Column, asked: Filter) -> Condition:
    text, op = asked.values[0], asked.op
    if isinstance(column.values, Texts):
        has = column.values.containing(str(text), at_the_end=op is Op.ENDSWITH)
        table = np.append(has, False)
        return Tabled(column, ~table if op is Op.NOTCONTAINS else table)
    holds: Mapping[Op, Callable[[Any], bool]] = {
        Op.CONTAINS: lambda value: value is not None and text in value,
        Op.NOTCONTAINS: lambda value: value is None or text not in value,
        Op.ENDSWITH: lambda value: value is not None and value.endswith(text),
    }
    return Read(segment, column, holds[op])


def _spans(column: Column, values: Sequence[Value]) -> list[Range]:
    """Return the codes of the values that occur, ascending and joined where they touch."""
    found: list[Range] = []
    for begin, end in sorted({column.values.span(each) for each in values}):
        if begin < end and found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        elif begin < end:
            found.append((begin, end))
    return found


def _others(column: Column, values: Sequence[Value]) -> list[Range]:
    """Return the codes of all other values, and null's."""
    borders = [0, *(border for span in _spans(column, values) for border in span), column.null + 1]
    return _real(zip(borders[::2], borders[1::2], strict=True))


def _real(ranges: Iterable[Range]) -> list[Range]:
    return [(begin, end) for begin, end in ranges if begin < end]


def _both(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    """Return the codes that are in both."""
    found, at, to = [], 0, 0
    while at < len(one) and to < len(other):
        (begin, end), (low, high) = one[at], other[to]
        found.append((max(begin, low), min(end, high)))
        at, to = (at + 1, to) if end < high else (at, to + 1)
    return _real(found)


def _within(codes: Array, span: Range, null: int) -> Array:
    """Return which codes are in a range, by as few comparisons as will do."""
    begin, end = span
    if end - begin == 1:
        found: Array = codes == begin
    elif begin == 0:
        found = codes < end
    elif end > null:
        found = codes >= begin
    else:
        found = (codes >= begin) & (codes < end)
    return found


_Values = Sequence[Value]
_RANGES: Mapping[Op, Callable[[Column, _Values], list[Range]]] = {
    Op.EXACT: _spans,
    Op.IN: _spans,
    Op.NOT: _others,
    Op.NOTIN: _others,
    Op.GT: lambda column, of: _real([(column.values.span(of[0])[1], column.null)]),
    Op.GTE: lambda column, of: _real([(column.values.span(of[0])[0], column.null)]),
    Op.LT: lambda column, of: _real([(0, column.values.span(of[0])[0])]),
    Op.LTE: lambda column, of: _real([(0, column.values.span(of[0])[1])]),
    Op.BETWEEN: lambda column, of: _real(
        [(column.values.span(of[0])[0], column.values.span(of[1])[1])]
    ),
    Op.STARTSWITH: lambda column, of: _real([column.values.prefixed(str(of[0]))]),
    Op.ISNULL: lambda column, _: [(column.null, column.null + 1)],
    Op.NOTNULL: lambda column, _: _real([(0, column.null)]),
}
