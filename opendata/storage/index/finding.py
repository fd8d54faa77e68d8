"""Finding: which records of a shelf fulfil all conditions of a query."""

from collections.abc import Iterator, Sequence

import numpy as np

from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.conditions import Condition, Ranged, Read, Sought
from opendata.storage.index.shelf import Shelf

# What it takes, in nanoseconds, to test one record among its neighbours, and one anywhere.
NEAR, FAR = 1.0, 8.0
# What it takes to put one of many records into its place.
SORTED = 25.0
# What it takes to look into the text of a record.
_SLOW = 5_000.0
# What it takes to begin.
CALL = 10_000.0
NONE = np.zeros(0, np.intp)


class Finding:
    """The live records of a shelf that fulfil all conditions."""

    def __init__(self, shelf: Shelf, conditions: Sequence[Condition]) -> None:
        """Prepare; the rarest is tested first, and slow ones on what is left."""
        self.shelf = shelf
        self.rows = shelf.segment.rows
        by_rows = sorted(conditions, key=lambda each: each.rows)
        self.quick = [each for each in by_rows if not isinstance(each, Read | Sought)]
        self.slow = [each for each in by_rows if isinstance(each, Read | Sought)]
        self.conditions = [*self.quick, *self.slow]
        self.empty = not shelf.count or any(not each.rows for each in conditions)
        for each in self.slow:
            if isinstance(each, Read) and not self.empty:
                each.left = min(each.left, self.found())

    def all(self) -> Array:
        """Return all records that pass, ascending."""
        if self.empty:
            return NONE
        return np.flatnonzero(self._mask()) if self._scans() else self._sought()

    def matching(self) -> Array | None:
        """Return all records that pass: ascending numbers, or a mask, or ``None`` for every one."""
        if self.empty:
            return NONE
        if not self.conditions:
            return self.shelf.live
        return self._mask() if self._scans() else self._sought()

    def count(self) -> int:
        """Return how many records pass."""
        found = self.matching()
        if found is None:
            return self.rows
        if not self.conditions:
            return self.shelf.count
        return int(np.count_nonzero(found)) if found.dtype == np.bool_ else len(found)

    def passing(self, records: Array, but: Condition | None = None) -> Array:
        """Return those of some records that pass; ``but`` is known to hold."""
        rows = records.astype(np.intp, copy=False)
        live = self.shelf.live
        if live is not None:
            rows = rows[live[rows]]
        for each in self.conditions:
            if each is not but and len(rows):
                rows = rows[each.passes(rows)]
        return rows

    def among(self, begin: int, end: int) -> Array:
        """Return the records from ``begin`` to ``end`` that pass."""
        where = slice(begin, end)
        found = None if self.shelf.live is None else self.shelf.live[where]
        for each in self.quick:
            passes = each.passes(where)
            found = passes if found is None else passes & found
        rows = np.arange(begin, end) if found is None else np.flatnonzero(found) + begin
        for each in self.slow:
            rows = rows[each.passes(rows)]
        return rows

    def on(self, column: Column) -> Ranged | None:
        """Return the condition on the ranges of a column."""
        return next((each for each in self.ranged() if each.column is column), None)

    def ranged(self) -> Iterator[Ranged]:
        """Yield the conditions whose records are listed, the rarest first."""
        return (each for each in self.quick if isinstance(each, Ranged))

    def without(self, condition: Condition | None) -> "Finding":
        """Return what is to be found with one condition less."""
        if condition is None:
            return self
        return Finding(self.shelf, [each for each in self.conditions if each is not condition])

    def with_one(self, condition: Condition) -> "Finding":
        """Return what is to be found with one condition more."""
        return Finding(self.shelf, [*self.conditions, condition])

    def looked(self, need: float) -> float:
        """Estimate how many records to look at until ``need`` of them pass.

        Conditions are taken to have nothing to do with one another.
        """
        return min(self.rows, need / self._share(self.conditions))

    def price(self, records: float, each: float) -> float:
        """Estimate what it takes to test so many records."""
        tests = len(self.quick) + (self.shelf.live is not None)
        slow = self._share(self.quick) * _SLOW if self.slow else 0.0
        return CALL + records * (tests * each + slow + 0.1)

    def price_of_all(self) -> float:
        """Estimate what it takes to find all."""
        rarest = next(self.ranged(), None)
        whole = self.price(self.rows, NEAR)
        return whole if rarest is None else min(whole, self._price_by_list(rarest))

    def found(self) -> float:
        """Estimate how many records pass."""
        return self.rows * self._share(self.conditions)

    def _share(self, conditions: Sequence[Condition]) -> float:
        """Estimate how many of all records pass; it is never nothing."""
        share = self.shelf.count / self.rows
        for each in conditions:
            share *= each.rows / self.rows
        return max(share, 1 / self.rows)

    def _scans(self) -> bool:
        """Whether testing every record is less work than to begin with the rarest condition's."""
        if self.slow:
            return False
        rarest = next(self.ranged(), None)
        return rarest is None or self._price_by_list(rarest) > self.price(self.rows, NEAR)

    def _price_by_list(self, condition: Ranged) -> float:
        sorting = 0.0 if condition.code is not None else condition.rows * SORTED
        return self.price(condition.rows, FAR) + sorting

    def _mask(self) -> Array:
        """Return of each record whether it passes the quick conditions."""
        found = self.shelf.live
        for each in self.quick:
            passes = each.passes(slice(None))
            found = passes if found is None else passes & found
        return np.ones(self.rows, np.bool_) if found is None else found

    def _sought(self) -> Array:
        """Take the records of the rarest condition and test the others on them."""
        listed = [each for each in self.conditions if isinstance(each, Ranged | Sought)]
        rarest = min(listed, key=lambda each: each.rows, default=None)
        if rarest is None:
            return self.among(0, self.rows)
        if isinstance(rarest, Ranged):
            return self.passing(rarest.records(), but=rarest)
        return self.passing(np.concatenate([NONE, *rarest.streams()]), but=rarest)
