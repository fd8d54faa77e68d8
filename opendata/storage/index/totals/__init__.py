"""Totals of the records that were found in an index, computed on codes.

Every answer is exact and the one the engine gives; what cannot be so is declined.
"""

from collections.abc import Sequence

import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.queries.adding import Demand
from opendata.domain.queries.aggregates import Aggregation, Measuring, Metric
from opendata.domain.queries.columns import names
from opendata.domain.values import Value
from opendata.storage.engines import Groups
from opendata.storage.index.arrays import Array
from opendata.storage.index.conditions import Declined
from opendata.storage.index.totals.blocks import Found, number_of
from opendata.storage.index.totals.coded import coded
from opendata.storage.index.totals.computed import Computed, of_codes, of_integers, order
from opendata.storage.index.totals.demanding import Demanded
from opendata.storage.index.totals.grouping import Grouping
from opendata.storage.index.totals.measuring import Measured

__all__ = ["Found", "totals"]


def totals(found: Found, aggregation: Aggregation, demands: Sequence[Demand] = ()) -> Groups | None:
    """Return what is asked of groups of the records found; ``None`` where it is declined.

    Args:
        found: Of each segment the records: their numbers ascending, a mask, or ``None`` for all.
        aggregation: What is asked; its query is answered by ``found`` already.
        demands: What has to hold in every group; see ``Engine.totals``.
    """
    some = [each for each in found if number_of([each])] or found[:1]
    if not some:
        return None
    try:
        return _Totals(some, aggregation).groups(demands)
    except Declined:
        return None


class _Totals:
    """One question being answered."""

    def __init__(self, found: Found, asked: Aggregation) -> None:
        self._asked = asked
        self._keys = [coded(found, key.field, key) for key in asked.keys]
        self._grouping = Grouping(found, self._keys)
        self._measured = {
            each.name: Measured(self._grouping, each, asked_of)
            for each, asked_of in _by_field(asked.metrics)
        }

    def groups(self, demands: Sequence[Demand]) -> Groups:
        demanded = [Demanded(self._grouping, each) for each in demands]
        counts = self._take([*self._measured.values(), *demanded])
        present = np.flatnonzero(counts) if self._keys else np.zeros(1, np.intp)
        columns = [
            of_codes(codes, key)
            for codes, key in zip(self._grouping.codes(present), self._keys, strict=True)
        ]
        columns += [self._computed(each, counts, present) for each in self._asked.metrics]
        named = names(self._asked)
        places = order(dict(zip(named, columns, strict=True)), self._asked.sort)
        shown = np.arange(len(present)) if places is None else places
        rows: list[tuple[Value | None, ...]] = [
            tuple(each.at(place) for each in columns)
            for place in shown[: self._asked.limit].tolist()
        ]
        mixed = [each.mixed() for each in demanded]
        return Groups(named, rows, len(present), tuple(each for each in mixed if each is not None))

    def _take(self, takers: Sequence[Measured | Demanded]) -> Array:
        """Let all of them look at all records; return how many each group has."""
        known = self._grouping.counts
        if known is not None and not takers:
            return known
        counts = np.zeros(self._grouping.size, np.int64)
        for taken in self._grouping.taken():
            counts += taken.counts
            for each in takers:
                each.take(taken)
        return counts

    def _computed(self, metric: Metric, counts: Array, present: Array) -> Computed:
        if metric.field is None:
            return of_integers(counts[present])
        return self._measured[metric.field.name].computed(metric, present)


def _by_field(metrics: Sequence[Metric]) -> list[tuple[Field, list[Measuring]]]:
    fields = {each.field.name: each.field for each in metrics if each.field is not None}
    return [
        (field, [each.measuring for each in metrics if each.field and each.field.name == name])
        for name, field in fields.items()
    ]
