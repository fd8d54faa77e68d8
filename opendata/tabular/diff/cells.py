"""Cells: which of them changed, some columns at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from opendata.tabular.diff.abreast import abreast
from opendata.tabular.diff.sides import BLOCK_BYTES, Match, Side
from opendata.tabular.diff.waiting import Waiting
from opendata.tabular.diff.writing import members
from opendata.tabular.plain import where


@dataclass(frozen=True, slots=True)
class _Pass:
    """What is in memory at once of the earlier file: some columns of some records."""

    columns: tuple[str, ...]
    begin: int
    end: int


def changed_cells(match: Match, waiting: Waiting) -> tuple[dict[str, int], int]:
    """Return how many cells of each column changed, and in how many records.

    The cells themselves are put down in ``waiting``.
    """
    counts = Counter[str]()
    touched = np.zeros(match.new.rows, np.bool_)
    for each in _passes(match):
        if match.kept[each.begin : each.end].any():
            held = match.old.held(each.columns, each.begin, each.end)
            comparing = _Comparing(match, waiting, each, held)
            for found in abreast(comparing.of_slice, match.new.slices()):
                counts.update(found.counts)
                touched[found.rows] = True
    return {name: counts[name] for name in match.shared if counts[name]}, int(touched.sum())


@dataclass(frozen=True, slots=True)
class _Found:
    """How many cells of each column changed, and in which of the later records."""

    counts: dict[str, int]
    rows: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Compares slices of the later file with what is in memory of the earlier one."""

    match: Match
    waiting: Waiting
    wanted: _Pass
    held: pl.DataFrame

    def of_slice(self, begin: int, end: int) -> _Found:
        """Return what changed in a slice, after putting its cells down."""
        places = self.match.places[begin:end]
        here = (places >= self.wanted.begin) & (places < self.wanted.end)
        if not here.any():
            return _Found({}, np.empty(0, np.int64))
        new = self.match.new.frame(self.wanted.columns, begin, end)
        if not here.all():
            new, places = new.filter(pl.Series(here)), places[here]
        old = _taken(self.held, places - self.wanted.begin)
        differs = self._differs(old, new)
        touched = differs.select(pl.any_horizontal(pl.all())).to_series()
        rows: npt.NDArray[np.int64] = (np.flatnonzero(here) + begin)[touched.to_numpy()]
        if len(rows) and self.waiting.is_wanted:
            differs, old, new = (each.filter(touched) for each in (differs, old, new))
            before = _joined(self.match.old, old, differs)
            after = _joined(self.match.new, new, differs)
            row = pl.Series(rows, dtype=pl.Int64)
            self.waiting.put(begin, pl.DataFrame({"row": row, "before": before, "after": after}))
        return _Found({each.name: int(each.sum()) for each in differs}, rows)

    def _differs(self, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        """Say of each cell whether it is another one."""
        return pl.DataFrame({name: self._another(name, old, new) for name in old.columns})

    def _another(self, name: str, old: pl.DataFrame, new: pl.DataFrame) -> pl.Series:
        before, after = old[name], new[name]
        if before.dtype != after.dtype:
            before = _written(self.match.old, old.select(name))
            after = _written(self.match.new, new.select(name))
        return before.ne_missing(after)


def _joined(side: Side, frame: pl.DataFrame, differs: pl.DataFrame) -> pl.Series:
    """Return the cells that differ as members of JSON objects, one behind the other."""
    told = [
        _written(side, frame.select(each.name).filter(each)).gather(where(each, each.cum_sum() - 1))
        for each in differs
        if each.any()
    ]
    joined = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
    return pl.DataFrame(told).select(joined).to_series()


def _taken(frame: pl.DataFrame, places: npt.NDArray[np.int32]) -> pl.DataFrame:
    first, count = int(places[0]), len(places)
    if (np.diff(places) == 1).all():
        return frame.slice(first, count)
    return frame[places]


def _written(side: Side, frame: pl.DataFrame) -> pl.Series:
    return members(frame, side.layout)[0]


def _passes(match: Match) -> Iterator[_Pass]:
    """Yield the columns in groups that fit into memory; one too large for it, in blocks.

    They are in their own order, in which the cells of a record are put together.
    """
    if not match.kept.any():
        return
    rows, sizes = match.old.rows, match.old.sizes()
    group: list[str] = []
    for name in match.shared:
        if group and sum(sizes[each] for each in (*group, name)) > BLOCK_BYTES:
            yield _Pass(tuple(group), 0, rows)
            group = []
        if sizes[name] > BLOCK_BYTES:
            yield from _blocks((name,), rows, -(-sizes[name] // BLOCK_BYTES))
        else:
            group.append(name)
    if group:
        yield _Pass(tuple(group), 0, rows)


def _blocks(columns: Sequence[str], rows: int, count: int) -> Iterator[_Pass]:
    step = -(-rows // count)
    for begin in range(0, rows, step):
        yield _Pass(tuple(columns), begin, min(begin + step, rows))
