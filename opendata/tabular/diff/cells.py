"""Cells: which of them changed, some columns at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from opendata.tabular.diff.sides import BLOCK_BYTES, Match, Side
from opendata.tabular.diff.waiting import Waiting
from opendata.tabular.diff.writing import members


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
    counts = dict.fromkeys(match.shared, 0)
    touched = np.zeros(match.new.rows, np.bool_)
    if match.old.rows and match.shared:
        for each in _passes(match):
            held = match.old.frame(each.columns, each.begin, each.end).rechunk()
            for begin, end in match.new.slices():
                found = _Slice.of(match, each, held, begin, end)
                if found is not None:
                    for name in each.columns:
                        rows = found.compare(name, match, waiting)
                        counts[name] += len(rows)
                        touched[rows] = True
    return {name: count for name, count in counts.items() if count}, int(touched.sum())


@dataclass(frozen=True, slots=True)
class _Slice:
    """Records that both sides have, one beside the other; ``rows`` numbers the later ones."""

    begin: int
    rows: npt.NDArray[np.int64]
    old: pl.DataFrame
    new: pl.DataFrame

    @classmethod
    def of(
        cls, match: Match, wanted: _Pass, held: pl.DataFrame, begin: int, end: int
    ) -> "_Slice | None":
        """Put the records of a slice beside those in memory, if any of them are there."""
        places = match.places[begin:end]
        here = (places >= wanted.begin) & (places < wanted.end)
        if not here.any():
            return None
        new = match.new.frame(wanted.columns, begin, end)
        if not here.all():
            new, places = new.filter(pl.Series(here)), places[here]
        rows = np.flatnonzero(here) + begin
        return cls(begin, rows, _taken(held, places - wanted.begin), new)

    def compare(self, name: str, match: Match, waiting: Waiting) -> npt.NDArray[np.int64]:
        """Return the rows whose cell in a column differs, after putting the cells down."""
        old, new = self.old.select(name), self.new.select(name)
        if old.dtypes == new.dtypes:
            differs = old[name].ne_missing(new[name])
        else:
            differs = _written(match.old, old).ne_missing(_written(match.new, new))
        if not differs.any():
            return self.rows[:0]
        rows: npt.NDArray[np.int64] = self.rows[differs.to_numpy()]
        if waiting.is_wanted:
            cells = {
                "row": pl.Series(rows, dtype=pl.Int64),
                "column": pl.repeat(
                    match.shared.index(name), len(rows), dtype=pl.Int32, eager=True
                ),
                "before": _written(match.old, old.filter(differs)),
                "after": _written(match.new, new.filter(differs)),
            }
            waiting.put(self.begin, pl.DataFrame(cells))
        return rows


def _taken(frame: pl.DataFrame, places: npt.NDArray[np.int32]) -> pl.DataFrame:
    first, count = int(places[0]), len(places)
    if (np.diff(places) == 1).all():
        return frame.slice(first, count)
    return frame[places]


def _written(side: Side, frame: pl.DataFrame) -> pl.Series:
    return members(frame, side.layout)[0]


def _passes(match: Match) -> Iterator[_Pass]:
    """Yield the columns in groups that fit into memory; one too large for it, in blocks."""
    rows, sizes = match.old.rows, match.old.sizes()
    group: list[str] = []
    for name in match.shared:
        if sizes[name] > BLOCK_BYTES:
            yield from _blocks((name,), rows, -(-sizes[name] // BLOCK_BYTES))
        elif sum(sizes[each] for each in (*group, name)) > BLOCK_BYTES:
            yield _Pass(tuple(group), 0, rows)
            group = [name]
        else:
            group.append(name)
    if group:
        yield _Pass(tuple(group), 0, rows)


def _blocks(columns: Sequence[str], rows: int, count: int) -> Iterator[_Pass]:
    step = -(-rows // count)
    for begin in range(0, rows, step):
        yield _Pass(tuple(columns), begin, min(begin + step, rows))
