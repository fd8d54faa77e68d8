"""Computed columns of an answer: how the groups are ordered by them, and what is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendata.domain.queries import Sort
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.totals.coded import Coded


@dataclass(frozen=True, slots=True)
class Computed:
    """One column, a place for each group: ``ranks`` sort as the values do, nulls are flagged.

    ``value`` returns the value at a place that is not null.
    """

    ranks: Array
    nulls: Array | None
    value: Callable[[int], Any]

    def at(self, place: int) -> Value | None:
        """Return the value of one group."""
        if self.nulls is not None and self.nulls[place]:
            return None
        found: Value = self.value(place)
        return found


def of_codes(codes: Array, column: Coded) -> Computed:
    """Return codes of a column's values, one for each group, as values."""
    values = column.values
    return Computed(
        codes.astype(np.int64), codes == column.null, lambda place: values[int(codes[place])]
    )


def of_integers(counts: Array) -> Computed:
    """Return counts as values."""
    return Computed(counts, None, lambda place: int(counts[place]))


def order(columns: Mapping[str, Computed], sort: Sequence[Sort]) -> Array | None:
    """Return the groups' places in the order asked for; ``None`` where they are in it."""
    names = [each.name for each in sort]
    if names == list(columns)[: len(sort)] and not any(each.descending for each in sort):
        # Groups are numbered in the order of their keys, which come first.
        return None
    keys = []
    for each in sort:
        column = columns[each.name]
        ranks = -column.ranks if each.descending else column.ranks
        if column.nulls is not None:
            keys.append(column.nulls)
            ranks = np.where(column.nulls, 0, ranks)
        keys.append(ranks)
    found: Array = np.lexsort(keys[::-1])
    return found
