"""Walking: the first records in an order, without finding all that there are.

To *seek* is to find all records that pass and to sort them; to *walk* is to go through the
records in the order asked for until enough of them pass. Whichever is estimated to be less work
is done; a walk that gets longer than the seek would have been is given up for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from opendata.storage.index.arrays import Array
from opendata.storage.index.conditions import Ranged, Sought
from opendata.storage.index.finding import CALL, FAR, NEAR, NONE, SORTED, Finding
from opendata.storage.index.ordering import behind, in_order, top
from opendata.storage.index.shelf import Behind, Key

_LEAST, _MOST = 128, 65_536
_MARGIN = 1.2
# How much longer than the seek a walk may get.
_PATIENCE = 2.0
# A group of this many steps is walked by itself.
_LARGE = 4
# What it takes to look for a text in what may have it.
_STREAMED = 500.0


def first(finding: Finding, keys: Sequence[Key], place: Behind | None, need: int) -> Array:
    """Return the first ``need`` records behind a place, by keys, then by their own places."""
    if finding.empty:
        return NONE
    if not keys:
        return _by_place(finding, place.row if place else 0, need)
    seek = finding.price_of_all() + finding.found() * SORTED
    if finding.price(finding.looked(need), FAR) < seek:
        walked = _Walk(finding, keys, need, seek * _PATIENCE).run(place)
        if walked is not None:
            return walked
    return top(behind(finding.all(), keys, place), keys, need)


def _by_place(finding: Finding, begin: int, need: int) -> Array:
    """Return the first records from a place on, by whichever way looks at the fewest."""
    begin, end, rest = _clipped(finding, begin)
    span = begin, end
    ways = [_near(rest, span, need), (rest.price_of_all(), _from_all(rest, span))]
    ways += [_listed(rest, each, span, need) for each in rest.ranged() if each.code is not None]
    ways += [_streamed(rest, each, span) for each in rest.slow if isinstance(each, Sought)]
    _, way = min(ways, key=lambda each: each[0])
    return _enough(way, need)


def _enough(pieces: Iterable[Array], need: int) -> Array:
    found, count = [NONE], 0
    for each in pieces:
        found.append(each)
        count += len(each)
        if count >= need:
            break
    return np.concatenate(found)[:need] if len(found) > 2 else found[-1][:need]


def _clipped(finding: Finding, begin: int) -> tuple[int, int, Finding]:
    """Leave out what the column leaves out that the records are sorted by first."""
    key = finding.shelf.order[0]
    own, null = finding.on(key.column), key.column.null
    if own is None or len(own.ranges) != 1 or (key.descending and own.ranges[0][1] > null):
        return begin, finding.rows, finding
    starts, (first_code, end_code) = key.column.starts, own.ranges[0]
    at = int(starts[first_code])
    if key.descending:
        at = int(starts[null]) - int(starts[end_code])
    return max(begin, at), at + own.rows, finding.without(own)


_Way = tuple[float, Iterator[Array]]


def _near(finding: Finding, span: tuple[int, int], need: int) -> _Way:
    """Look at neighbours."""
    price = finding.price(min(span[1] - span[0], finding.looked(need)), NEAR)
    patience = np.inf if finding.slow else _PATIENCE * max(price, finding.price_of_all())
    return price, _neighbours(finding, span, need, patience)


def _neighbours(
    finding: Finding, span: tuple[int, int], need: int, patience: float
) -> Iterator[Array]:
    (begin, end), step = span, _step(finding, need)
    while begin < end:
        if patience < 0:
            yield from _from_all(finding, (begin, end))
            return
        yield finding.among(begin, min(begin + step, end))
        patience -= finding.price(step, NEAR)
        begin, step = begin + step, min(2 * step, _MOST)


def _from_all(finding: Finding, span: tuple[int, int]) -> Iterator[Array]:
    found = finding.all()
    yield found[found.searchsorted(span[0]) : found.searchsorted(span[1])]


def _listed(finding: Finding, only: Ranged, span: tuple[int, int], need: int) -> _Way:
    """Look at the records of one code."""
    rest = finding.without(only)
    looked = min(only.rows, rest.looked(need))
    return rest.price(looked, FAR), _through_list(rest, only.records(), span, need)


def _through_list(
    finding: Finding, records: Array, span: tuple[int, int], need: int
) -> Iterator[Array]:
    # Of another type, a border would have the whole list converted.
    begin, end = (int(records.searchsorted(np.uint32(each))) for each in span)
    step = _step(finding, need)
    while begin < end:
        yield finding.passing(records[begin : min(begin + step, end)])
        begin, step = begin + step, min(2 * step, _MOST)


def _streamed(finding: Finding, sought: Sought, span: tuple[int, int]) -> _Way:
    """Look at the records that have a text."""
    rest = finding.without(sought)
    inside = (rows[(rows >= span[0]) & (rows < span[1])] for rows in sought.streams())
    return CALL + sought.rows * _STREAMED, (rest.passing(rows) for rows in inside)


def _step(finding: Finding, need: int) -> int:
    """Return how many records to look at first, so that probably enough of them pass."""
    return int(min(max(_LEAST, _MARGIN * finding.looked(need)), _MOST))


class _Walk:
    """Going through a finding's records by keys, from group to group of the first key's ranks."""

    def __init__(self, finding: Finding, keys: Sequence[Key], need: int, patience: float) -> None:
        """Prepare; ``patience`` is the price at which to give up."""
        self._key, self._keys, self._rest = keys[0], keys, keys[1:]
        self._own = finding.on(self._key.column)
        self._others = finding.without(self._own)
        self._missing = need
        self._step = _step(self._others, need)
        self._patience = patience
        self._found: list[Array] = [NONE]

    def run(self, place: Behind | None) -> Array | None:
        """Return the first records behind a place; ``None`` where it was given up."""
        begin, need = 0, self._missing
        if place is not None:
            low, begin = place.spans[0]
            if low < begin and self._has(low):
                self._add(self._group(low, Behind(place.spans[1:], place.row)))
        for low, high in self._spans(begin):
            while low < high and self._missing > 0:
                if self._patience < 0:
                    return None
                end = self._end(low, high)
                self._add(self._between(low, end))
                low, self._step = end, min(2 * self._step, _MOST)
        return np.concatenate(self._found)[:need]

    def _add(self, records: Array) -> None:
        self._found.append(records)
        self._missing -= len(records)

    def _spans(self, begin: int) -> Iterator[tuple[int, int]]:
        """Yield which ranks from ``begin`` on the conditions leave, ascending; null's by itself."""
        null = self._key.column.null
        ranges = ((0, null + 1),) if self._own is None else self._own.ranges
        known = [(low, min(high, null)) for low, high in ranges if low < null]
        ranked = [self._key.codes_of(*each) for each in known]
        missing = [(null, null + 1)] if ranges and ranges[-1][1] > null else []
        for low, high in chain(sorted(ranked), missing):
            if high > begin:
                yield max(low, begin), high

    def _has(self, rank: int) -> bool:
        return any(low <= rank < high for low, high in self._spans(rank))

    def _end(self, low: int, high: int) -> int:
        """Return up to which rank there are about as many records as are to be looked at."""
        starts, (begin, end) = self._key.column.starts, self._key.codes_of(low, high)
        if not self._key.descending or low >= self._key.column.null:
            limit = np.uint32(int(starts[low]) + self._step)
            found = int(starts.searchsorted(limit, side="right")) - 1
        else:
            limit = np.uint32(max(0, int(starts[end]) - self._step))
            found = high - (int(starts.searchsorted(limit)) - begin)
        return min(max(found, low + 1), high)

    def _between(self, low: int, end: int) -> Array:
        """Return the records of some groups that pass, in order."""
        starts, (begin, stop) = self._key.column.starts, self._key.codes_of(low, end)
        first_place, end_place = int(starts[begin]), int(starts[stop])
        size = end_place - first_place
        if end == low + 1 and size > _LARGE * self._step:
            self._patience -= self._others.price(size, NEAR)
            return self._group(low, None)
        self._patience -= self._others.price(size, FAR)
        records = self._others.passing(self._key.column.order[first_place:end_place])
        return in_order(np.sort(records), self._keys)

    def _group(self, rank: int, place: Behind | None) -> Array:
        """Return the first records of one group, which the other keys order."""
        codes = self._key.codes_of(rank, rank + 1)
        group = self._others.with_one(Ranged(self._key.column, [codes]))
        return first(group, self._rest, place, self._missing)
