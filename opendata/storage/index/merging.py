"""Merging: the records of several shelves in one order, by their values."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from opendata.domain.queries import Sort
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column
from opendata.storage.index.dictionaries import Numbers
from opendata.storage.index.finding import NONE
from opendata.storage.index.shelf import Shelf


class Places:
    """Records in order: the shelf that each is on, and its place there."""

    def __init__(self, shelves: Sequence[Shelf], which: Array, records: Array) -> None:
        """Keep them; ``which`` numbers the shelf of each record, where there are several."""
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
        shelf = int(self._which[-1]) if len(self._which) else 0
        return self._shelves[shelf], int(self._records[-1])

    def check(self, kind: str) -> None:
        """Make sure that their lines can be read.

        Raises:
            OSError: a file is missing, or shorter than it was.
        """
        for at, shelf in enumerate(self._shelves):
            own = self._records[self._which == at] if len(self._which) else self._records
            shelf.segment.store.check(kind, own)

    def lines(self, kind: str) -> list[bytes]:
        """Return their lines.

        Raises:
            OSError: a file is missing, or shorter than it was.
        """
        if not len(self._which):
            return self._shelves[0].segment.store.lines(kind, self._records) if len(self) else []
        found: list[bytes] = [b""] * len(self)
        for at in np.unique(self._which).tolist():
            (places,) = np.nonzero(self._which == at)
            lines = self._shelves[at].segment.store.lines(kind, self._records[places])
            for place, line in zip(places.tolist(), lines, strict=True):
                found[place] = line
        return found


def merged(
    found: Sequence[tuple[Shelf, Array]], sort: Sequence[Sort], need: int | None = None
) -> Places:
    """Return the first records of all shelves; those of each shelf are in order already."""
    some = [(shelf, records) for shelf, records in found if len(records)]
    shelves = [shelf for shelf, _ in some]
    if len(some) < 2:
        return Places(shelves, NONE, some[0][1][:need] if some else NONE)
    which = np.repeat(np.arange(len(some)), [len(records) for _, records in some])
    records = np.concatenate([records for _, records in some])
    order = _order(shelves, which, records, sort, need)
    return Places(shelves, which[order], records[order])


def _order(
    shelves: Sequence[Shelf], which: Array, records: Array, sort: Sequence[Sort], need: int | None
) -> Array:
    """Return in which order to take the records: the first ``need`` of them.

    From key to key, only those are looked at that are equal so far and may be among the first.
    """
    left = np.arange(len(records))
    ranks = np.zeros(len(records), np.int64)
    for key in sort:
        tied = np.bincount(ranks)[ranks] > 1
        if not tied.any():
            break
        own = np.zeros(len(left), np.int64)
        at = left[tied]
        columns = [shelf.segment.column(key.name) for shelf in shelves]
        own[tied] = _ranked(columns, which[at], records[at], key.descending)
        ranks = _dense(ranks * (int(own.max()) + 1) + own)
        if need is not None and need < len(left):
            # What is left out has the greatest ranks, so that those of the others stay dense.
            first = ranks <= np.partition(ranks, need - 1)[need - 1]
            left, ranks = left[first], ranks[first]
    found: Array = left[np.argsort(ranks, kind="stable")][:need]
    return found


def _ranked(columns: Sequence[Column], which: Array, records: Array, descending: bool) -> Array:
    """Return the rank of each record's value among all of them, null last."""
    inside = [(column, which == at) for at, column in enumerate(columns)]
    parts = [(column, here, column.codes[records[here]]) for column, here in inside if here.any()]
    missing = np.zeros(len(records), np.bool_)
    for column, here, codes in parts:
        missing[here] = codes == column.null
    found = _integers(parts, missing)
    distinct, ranks = _texts(parts, missing) if found is None else found
    if descending:
        ranks = distinct - 1 - ranks
    ranks[missing] = distinct
    return ranks


_Part = tuple[Column, Array, Array]
_Ranks = tuple[int, Array]


def _integers(parts: Sequence[_Part], missing: Array) -> _Ranks | None:
    """Rank what is kept as integers; ``None`` where a segment keeps it otherwise."""
    stored = np.zeros(len(missing), np.int64)
    for column, here, codes in parts:
        values = column.values
        if not isinstance(values, Numbers):
            return None
        if len(values):
            stored[here] = values.stored[np.minimum(codes, len(values) - 1)]
    ranks = _dense(stored)
    return int(ranks.max()) + 1, ranks


def _texts(parts: Sequence[_Part], missing: Array) -> _Ranks:
    """Rank what has to be read, each distinct value of a segment once."""
    read: list[tuple[Array, dict[int, Any], list[int]]] = []
    for column, here, found in parts:
        codes = found.tolist()
        value = column.values.at
        read.append((here, {each: value(each) for each in set(codes) - {column.null}}, codes))
    ordered = sorted({value for _, values, _ in read for value in values.values()})
    rank = {value: at for at, value in enumerate(ordered)}
    ranks = np.zeros(len(missing), np.int64)
    for here, values, codes in read:
        own = {code: rank[value] for code, value in values.items()}
        ranks[here] = [own.get(code, 0) for code in codes]
    return len(ordered), ranks


def _dense(values: Array) -> Array:
    """Return the rank of each value among the distinct ones."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    steps = np.zeros(len(values), np.int64)
    np.cumsum(ascending[1:] != ascending[:-1], out=steps[1:])
    ranks = np.empty(len(values), np.int64)
    ranks[order] = steps
    return ranks
