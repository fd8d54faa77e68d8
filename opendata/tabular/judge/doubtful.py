"""What is in doubt of the rows of a sound block, looked at column by column and rule by rule."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import polars as pl
from frictionless import Check, errors
from numpy.typing import NDArray

from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.judge.bench import Bench
from opendata.tabular.judge.cautions import Name
from opendata.tabular.judge.log import RANK_OF_CELLS, Said, Sayings, rank_of_check
from opendata.tabular.judge.remembered import Remembered, Texts
from opendata.tabular.text_table import SourceLines

BLANK = "blank"
CELLS, CHECKS, CAUTIONS = range(3)
Places = NDArray[np.int64]
_UNREADABLE = errors.TypeError.type


def doubt_name(kind: int, at: int) -> str:
    """Return the name of the column that says in which rows something is doubted.

    Of ``CELLS`` that is the column at position ``at``, else check or caution number ``at``.
    """
    return f"{kind}.{at}"


class Doubtful:
    """Judges what is doubted of sound blocks.

    Most of what is wrong with a table is wrong in the same way in many rows: what is said of the
    same texts is asked once, and put together with its row when the report is read.
    """

    def __init__(self, bench: Bench, lines: Callable[[], SourceLines]) -> None:
        """Prepare to judge rows; ``lines`` gives the lines on which those read so far begin."""
        plan, judge = bench.plan, bench.judge
        self._bench = bench
        self._lines = lines
        self._remembered = Remembered(bench)
        self._order = [at for at in judge.table.first_looked_at if at in plan.cells]
        required = (at for at, each in enumerate(plan.columns) if each.field.required)
        self._required = next(required, None)
        self._missing = pl.all_horizontal([each.missing for each in plan.columns])
        position = {each.field.name: at for at, each in enumerate(plan.columns)}
        self._seen_by = [
            (kind, at, *_seen_by(checks[at], position))
            for kind, doubts, checks in (
                (CHECKS, plan.checks, judge.checks),
                (CAUTIONS, plan.cautions, bench.kinds.checks),
            )
            for at in doubts.rows
            if not _is_silent(checks[at])
        ]
        self._always = {
            *((CHECKS, at) for at in plan.checks.always),
            *((CAUTIONS, at) for at in plan.cautions.always),
        }

    def see(self, first_row: int, frame: pl.DataFrame, told: pl.DataFrame) -> None:
        """Judge the rows of a block, of which ``told`` says what is doubted."""
        found = Sayings()
        unreadable = self._see_cells(first_row, frame, told, found)
        whole: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for kind, at, positions, needed in self._seen_by:
            places = self._places(told, kind, at)
            for position in needed:
                places = np.setdiff1d(places, unreadable[position], assume_unique=True)
            if not len(places):
                continue
            if not positions:
                for place in places.tolist():
                    whole[place].append((kind, at))
                continue
            texts = _texts(frame, places, positions)
            if kind == CHECKS:
                said = self._remembered.of_check(at, positions, texts)
                found.add(places + first_row, rank_of_check(at), said)
            else:
                kinds = self._remembered.of_caution(at, positions, texts)
                self._meet(at, (places + first_row).tolist(), kinds)
        self._see_whole(first_row, frame, whole, found)
        self._bench.log.of_block(first_row, frame, found, self._lines().line_of)

    def _see_cells(
        self, first_row: int, frame: pl.DataFrame, told: pl.DataFrame, found: Sayings
    ) -> Mapping[int, Places]:
        """Read the doubted cells, but of a blank row Frictionless says only that it is blank.

        Returns where cells are unreadable, by the position of their column.
        """
        unreadable: defaultdict[int, Places] = defaultdict(_nowhere)
        blank = self._blank(frame, told)
        if len(blank):
            found.add(blank + first_row, RANK_OF_CELLS, self._remembered.of_blank(len(blank)))
        for at in self._order:
            places = self._places(told, CELLS, at)
            if len(blank):
                places = np.setdiff1d(places, blank, assume_unique=True)
            if len(places):
                texts = frame[self._bench.plan.columns[at].name].gather(places).to_list()
                said = [*self._remembered.of_cells(at, texts)]
                found.add(places + first_row, RANK_OF_CELLS, said)
                unreadable[at] = places[
                    [bool(each) and each[0].kind == _UNREADABLE for each in said]
                ]
        return unreadable

    def _blank(self, frame: pl.DataFrame, told: pl.DataFrame) -> Places:
        """Return the rows without any value; where a column is required, that one is doubted."""
        if BLANK in told.columns:
            return np.flatnonzero(told[BLANK].to_numpy())
        if self._required is None:
            return _nowhere()
        places = self._places(told, CELLS, self._required)
        if not len(places):
            return places
        blank = frame[places].select(self._missing).to_series()
        return places[np.flatnonzero(blank.to_numpy())]

    def _places(self, told: pl.DataFrame, kind: int, at: int) -> Places:
        if (kind, at) in self._always:
            return np.arange(told.height)
        doubted = told.get_column(doubt_name(kind, at), default=None)
        if doubted is None or not doubted.any():
            return _nowhere()
        return np.flatnonzero(doubted.to_numpy())

    def _meet(self, at: int, rows: Iterable[int], kinds: Iterable[tuple[Name, ...]]) -> None:
        met: defaultdict[tuple[Name, ...], list[int]] = defaultdict(list)
        for row, names in zip(rows, kinds, strict=True):
            met[names].append(row)
        for names, where in met.items():
            self._bench.kinds.met(at, names, where)

    def _see_whole(
        self,
        first_row: int,
        frame: pl.DataFrame,
        asked: Mapping[int, list[tuple[int, int]]],
        found: Sayings,
    ) -> None:
        """Show rows as a whole to those of whom nobody knows which cells they look at."""
        bench = self._bench
        places = sorted(asked)
        for place, cells in zip(places, frame[places].iter_rows() if places else (), strict=True):
            number = first_row + place
            row = bench.judge.quick_row(number, cells)
            for kind, at in asked[place]:
                if kind == CAUTIONS:
                    bench.kinds.see(at, row)
                    continue
                said = [self._said(number, error) for error in bench.judge.check(at, row)]
                found.add(np.array([number]), rank_of_check(at), [said])

    def _said(self, number: int, error: dict[str, Any]) -> Said:
        worded = self._bench.words.add(error, self._lines().line_of(number))
        return Said(error["type"], self._bench.log.keep(orjson.dumps(worded)))


def _nowhere() -> Places:
    return np.empty(0, np.int64)


def _is_silent(check: Check) -> bool:
    return isinstance(check, RuleCheck) and check.lacks_context


def _seen_by(check: Check, position: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the positions of the cells that decide on what a check says; none: perhaps all.

    And of those that must have values, or it says nothing.
    """
    if not isinstance(check, RuleCheck):
        return (), ()
    names = (dict.fromkeys(check.looked_at()), dict.fromkeys(check.needed_fields()))
    seen, needed = ([position[name] for name in each if name in position] for each in names)
    return tuple(seen), tuple(needed)


def _texts(frame: pl.DataFrame, places: Places, positions: Iterable[int]) -> Iterator[Texts]:
    columns = [frame[str(at)].gather(places).to_list() for at in positions]
    return zip(*columns, strict=True)
