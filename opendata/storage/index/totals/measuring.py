"""Metrics of groups, exact: whatever 64 bits or a double cannot hold is left to the engine."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.queries.aggregates import Measuring, Metric
from opendata.domain.queries.columns import AVG_PLACES, decimal_places, of_scaled, scaled
from opendata.storage.index.arrays import Array
from opendata.storage.index.conditions import Declined
from opendata.storage.index.dictionaries import Numbers
from opendata.storage.index.totals.coded import Coded
from opendata.storage.index.totals.computed import Computed, of_codes, of_integers
from opendata.storage.index.totals.grouping import Grouping, Taken

# Integers up to here are exact in a double, and so are sums that stay below it.
_DOUBLE_BITS = 53
_INT64_BITS = 63
# The approximate sum of magnitudes errs by far less than what this leaves to spare.
_SPARE = 1.001
# Values that are sorted are all held at once, in eight bytes each and as many again.
_MOST_JOINED = 4_000_000
_ADDED = frozenset({Measuring.SUM, Measuring.AVG})
_RANKED = frozenset({Measuring.COUNT_DISTINCT, Measuring.MEDIAN, Measuring.P90})

# The values of columns as doubles, null as 0; kept as long as the column is.
_WEIGHTS: WeakKeyDictionary[Numbers, Array] = WeakKeyDictionary()


class Measured:
    """One column's values, gathered group by group; nulls are left out."""

    def __init__(self, grouping: Grouping, field: Field, measurings: Collection[Measuring]) -> None:
        """Prepare for what is asked of the column.

        Raises:
            Declined: it cannot be computed exactly here.
        """
        self._size = grouping.size
        self._field = field
        self._column: Coded = grouping.column(field)
        self._steps: list[Callable[[Taken], None]] = []
        self._counts = np.zeros(self._size, np.int64)
        self._joined: list[Array] = []
        self._most = 0.0
        asked = frozenset(measurings)
        if asked & _ADDED:
            self._sums = np.zeros(self._size, np.int64)
            self._weights = _weights(self._column.stored)
            self._largest = (
                float(np.abs(self._weights[[0, -2]]).max()) if self._column.null else 0.0
            )
            self._steps.append(self._add)
        if Measuring.MIN in asked:
            self._least = np.full(self._size, self._column.null, np.int64)
            self._steps.append(self._lower)
        if Measuring.MAX in asked:
            self._greatest = np.full(self._size, -1, np.int64)
            self._steps.append(self._raise)
        if asked & _RANKED:
            self._check_joinable(grouping)
            self._steps.append(self._join)
        if asked - {Measuring.MIN, Measuring.MAX}:
            self._steps.append(self._count)

    def take(self, taken: Taken) -> None:
        """Take some more records in."""
        for each in self._steps:
            each(taken)

    def computed(self, metric: Metric, present: Array) -> Computed:
        """Return one metric of each of these groups, once all records were taken in.

        Raises:
            Declined: it cannot be computed exactly here.
        """
        return _METRICS[metric.measuring](self, metric, present)

    def _count(self, taken: Taken) -> None:
        known = taken.valued(self._field)
        self._counts += taken.counts
        if known is not None:
            self._counts -= np.bincount(taken.groups[~known], minlength=self._size)

    def _add(self, taken: Taken) -> None:
        codes = taken.codes(self._field)
        weights = self._weights[codes]
        most = self._largest * len(codes)
        if most >= 2**_DOUBLE_BITS:
            most = float(np.abs(weights).sum()) * _SPARE
        self._most += most
        if self._most >= 2**_INT64_BITS:
            raise Declined
        if most < 2**_DOUBLE_BITS:
            self._sums += self._summed(taken.groups, weights)
            return
        low_bits = _DOUBLE_BITS - len(codes).bit_length()
        if low_bits < _INT64_BITS - _DOUBLE_BITS:
            raise Declined
        values = np.append(self._column.stored.stored, 0)[codes]
        low = self._summed(taken.groups, (values & ((1 << low_bits) - 1)).astype(np.float64))
        high = self._summed(taken.groups, (values >> low_bits).astype(np.float64))
        self._sums += (high << low_bits) + low

    def _summed(self, groups: Array, weights: Array) -> Array:
        return np.bincount(groups, weights, self._size).astype(np.int64)

    def _lower(self, taken: Taken) -> None:
        # Null is the greatest code, so it stays only where there is nothing else.
        np.minimum.at(self._least, taken.groups, taken.codes(self._field).astype(np.int64))

    def _raise(self, taken: Taken) -> None:
        codes = taken.codes(self._field).astype(np.int64)
        codes[codes == self._column.null] = -1
        np.maximum.at(self._greatest, taken.groups, codes)

    def _check_joinable(self, grouping: Grouping) -> None:
        span = self._column.null + 1
        if grouping.records > _MOST_JOINED or self._size * span >= 1 << _INT64_BITS:
            raise Declined

    def _join(self, taken: Taken) -> None:
        known, codes, groups = taken.valued(self._field), taken.codes(self._field), taken.groups
        if known is not None:
            codes, groups = codes[known], groups[known]
        self._joined.append(groups * (self._column.null + 1) + codes)

    @cached_property
    def _sorted(self) -> Array:
        """Groups and codes of all values as one integer each, ascending."""
        return np.sort(np.concatenate([np.zeros(0, np.int64), *self._joined]))

    def _ranked(self, rank: Array, present: Array) -> Array:
        """Return the code that has a rank, from 0, in each group; null in groups without any."""
        before = (np.cumsum(self._counts) - self._counts)[present]
        some = self._counts[present] > 0
        found = np.full(len(present), self._column.null, np.int64)
        found[some] = self._sorted[(before + rank)[some]] % (self._column.null + 1)
        return found

    def _count_distinct(self, _: Metric, present: Array) -> Computed:
        joined = self._sorted
        fresh = joined[np.append(True, joined[1:] != joined[:-1])[: len(joined)]]
        groups = fresh // (self._column.null + 1)
        return of_integers(np.bincount(groups, minlength=self._size)[present])

    def _sum(self, _: Metric, present: Array) -> Computed:
        sums, places = self._sums[present], decimal_places(self._field)
        nothing = self._counts[present] == 0
        return Computed(sums, nothing, lambda place: scaled(int(sums[place]), places))

    def _average(self, metric: Metric, present: Array) -> Computed:
        counts = self._counts[present]
        units = [
            _half_even(total * 10**AVG_PLACES, count) if count else 0
            for total, count in zip(self._sums[present].tolist(), counts.tolist(), strict=True)
        ]
        ranks = {each: rank for rank, each in enumerate(sorted(set(units)))}
        ranked = np.array([ranks[each] for each in units], np.int64)
        return Computed(ranked, counts == 0, lambda place: of_scaled(metric, units[place]))

    def _lowest(self, _: Metric, present: Array) -> Computed:
        return of_codes(self._least[present], self._column)

    def _highest(self, _: Metric, present: Array) -> Computed:
        found = self._greatest[present]
        return of_codes(np.where(found < 0, self._column.null, found), self._column)

    def _median(self, metric: Metric, present: Array) -> Computed:
        counts, stored = self._counts[present], self._column.stored.stored
        if len(stored) and max(abs(int(stored[0])), abs(int(stored[-1]))) >= 1 << 62:
            raise Declined
        stored = np.append(stored, 0)
        low = stored[self._ranked((counts - 1) // 2, present)]
        doubled = low + stored[self._ranked(counts // 2, present)]
        return Computed(doubled, counts == 0, lambda at: of_scaled(metric, int(doubled[at])))

    def _p90(self, _: Metric, present: Array) -> Computed:
        rank = (9 * self._counts[present] + 9) // 10 - 1
        return of_codes(self._ranked(rank, present), self._column)


_METRICS: Mapping[Measuring, Callable[[Measured, Metric, Array], Computed]] = {
    Measuring.COUNT_DISTINCT: Measured._count_distinct,
    Measuring.SUM: Measured._sum,
    Measuring.AVG: Measured._average,
    Measuring.MIN: Measured._lowest,
    Measuring.MAX: Measured._highest,
    Measuring.MEDIAN: Measured._median,
    Measuring.P90: Measured._p90,
}


def _weights(values: Numbers) -> Array:
    found = _WEIGHTS.get(values)
    if found is None:
        found = _WEIGHTS[values] = np.append(values.stored, 0).astype(np.float64)
    return found


def _half_even(total: int, count: int) -> int:
    """Return the quotient rounded to the nearest integer, of two the even one.

    >>> _half_even(5, 2), _half_even(7, 2), _half_even(-5, 2), _half_even(-1, 3)
    (2, 4, -2, 0)
    """
    quotient, rest = divmod(total, count)
    return quotient + (2 * rest > count or (2 * rest == count and quotient % 2 == 1))
