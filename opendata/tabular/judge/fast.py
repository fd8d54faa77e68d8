"""Certify fast, judge slowly: one pass in which only what is in doubt is looked at by the judge."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np
import polars as pl
from frictionless.table import Row

from opendata.tabular.judge.bench import Bench
from opendata.tabular.judge.comparison import Comparison
from opendata.tabular.judge.doubtful import BLANK, CAUTIONS, CELLS, CHECKS, Doubtful, doubt_name
from opendata.tabular.judge.gathered import Gathered
from opendata.tabular.judge.integrity import Key
from opendata.tabular.judge.references import Referring
from opendata.tabular.judge.words import locate
from opendata.tabular.scan import Block, Layout, frame_of, records_of
from opendata.tabular.text_table import SourceLines

# What is asked twice is told apart in the basis already.
_NONE = pl.QueryOptFlags.none()
# To prove so many takes as long as to judge them.
FEW_ROWS = 24
# What is doubted of one row: positions of cells, numbers of checks, numbers of cautions.
Doubted = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


class Source(Protocol):
    """A file that is read once from end to end, and again in parts."""

    @property
    def layout(self) -> Layout:
        """How its records are written."""

    @property
    def lines(self) -> SourceLines:
        """Where the rows read so far begin."""

    def blocks(self) -> Generator[Block]:
        """Yield all records after the header, once."""

    def reread(self, offset: int, length: int) -> bytes:
        """Return the bytes of a block once more."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block is, to read it once more."""

    first_row: int
    rows: int
    offset: int
    length: int
    sound: bool


class Pass:
    """One judging of one table, block by block."""

    def __init__(self, bench: Bench, source: Source) -> None:
        """Prepare to judge ``source``."""
        plan, table = bench.plan, bench.judge.table
        self.bench = bench
        self._source = source
        self._index: list[_Place] = []
        columns = {each.field.name: each for each in plan.staged}
        keys: list[tuple[str, ...]] = [(name,) for name in table.unique]
        keys += [table.primary_key] if table.primary_key else []
        self._referring = [Referring(each, columns) for each in table.references]
        self._ties: list[Key | Referring] = [
            *(Key([columns[name] for name in key], bench.folder) for key in keys),
            *self._referring,
        ]
        self._told = [*self._expressions()]
        self._basis = plan.basis.read_by(self._told)
        self._doubtful = Doubtful(bench, lambda: source.lines)
        self._columns = {name: each.name for name, each in columns.items()}
        named = {columns[name].name: name for name in plan.gathered if name in columns}
        self.gathered = Gathered(named, bench.folder)

    def see(self, block: Block) -> None:
        """Judge the rows of one block."""
        sound = block.frame is not None
        self._index.append(_Place(block.first_row, block.rows, block.offset, block.length, sound))
        if block.frame is not None:
            self._see_sound(block.first_row, block.frame)
        elif block.records is not None:
            self._see_damaged(block.first_row, block.records)

    def compare(self) -> None:
        """Say which rows share a key, once all have been seen."""
        bench, table = self.bench, self.bench.judge.table
        suspects = [each.suspects() for each in self._ties]
        if not any(len(each) for each in suspects):
            return
        gone = [set(each.tolist()) for each in suspects[len(suspects) - len(self._referring) :]]
        references = list(zip(table.references, gone, strict=True))
        comparison = Comparison(table.unique, table.primary_key, references)
        bench.log.rows_are_told()
        for number, cells in self._again(np.unique(np.concatenate(suspects)).tolist()):
            found, looked_at = comparison.compare(bench.judge.quick_row(number, cells))
            if not found:
                continue
            # The log has what the cells say in the order of looking at all of the keys first.
            again = looked_at < len(table.tied)
            told = bench.judge.errors_of(number, cells, looked_at) if again else ()
            heard = (each for each in (*told, *found) if each["type"] in bench.judge.scope)
            worded = map(self.worded, heard)
            if again:
                bench.log.replace_row(number, worded)
            else:
                bench.log.add_to_row(number, worded)

    def _expressions(self) -> Iterator[pl.Expr]:
        plan = self.bench.plan
        doubts = {CELLS: plan.cells, CHECKS: plan.checks.where, CAUTIONS: plan.cautions.where}
        for kind, where in doubts.items():
            for at, doubt in where.items():
                yield doubt.alias(doubt_name(kind, at))
        for at, (_, finding) in enumerate(plan.cautions.counted):
            yield finding.when.alias(f"counted.{at}")
        for at, tie in enumerate(self._ties):
            yield from tie.expressions(f"tie.{at}")
        if plan.blank is not None:
            yield plan.blank.alias(BLANK)
        # Whatever else is asked, the answer has as many rows as the block.
        yield pl.int_range(pl.len()).alias("at")

    def _see_sound(self, first_row: int, frame: pl.DataFrame) -> None:
        lazy = frame.lazy()
        for exprs in self._basis:
            lazy = lazy.with_columns(exprs)
        told = lazy.select(self._told).collect(optimizations=_NONE)
        bench = self.bench
        for at, (check, finding) in enumerate(bench.plan.cautions.counted):
            rows = np.flatnonzero(told[f"counted.{at}"].to_numpy())
            if len(rows):
                first = bench.judge.quick_row(first_row + int(rows[0]), frame.row(int(rows[0])))
                bench.kinds.counted(check, finding, first, (rows + first_row).tolist())
        self._doubtful.see(first_row, frame, told)
        for at, tie in enumerate(self._ties):
            tie.see(first_row, told, f"tie.{at}")
            tie.see_values(self._unsure(first_row, frame, told, at))
        self.gathered.add(first_row, frame)

    def _unsure(
        self, first_row: int, frame: pl.DataFrame, told: pl.DataFrame, at: int
    ) -> dict[int, Sequence[Any]]:
        """Read, by row number, the keys of a tie of which the texts do not tell enough."""
        places = np.flatnonzero(~told[f"tie.{at}.sure"].to_numpy())
        if not len(places):
            return {}
        judge, names = self.bench.judge, self._ties[at].names
        columns = [
            [judge.value(name, text) for text in frame[self._columns[name]].gather(places)]
            for name in names
        ]
        return dict(zip((places + first_row).tolist(), zip(*columns, strict=True), strict=True))

    def _see_damaged(self, first_row: int, records: Sequence[Sequence[str]]) -> None:
        """Take apart what was read record by record: what is whole can be proven all the same."""
        width = len(self.bench.plan.columns)
        for whole, run in groupby(records, lambda cells: len(cells) == width):
            rows = list(run)
            if whole and len(rows) > FEW_ROWS:
                schema = dict.fromkeys(self.bench.plan.names, pl.String)
                self._see_sound(first_row, pl.DataFrame(rows, schema=schema, orient="row"))
            else:
                self._see_slowly(first_row, rows)
            first_row += len(rows)

    def _see_slowly(self, first_row: int, records: Sequence[Sequence[str]]) -> None:
        plan = self.bench.plan
        width = len(plan.columns)
        every = (self.bench.judge.table.first_looked_at, plan.checks.rows, plan.cautions.rows)
        values: list[dict[int, Sequence[Any]]] = [{} for _ in self._ties]
        for number, cells in enumerate(records, start=first_row):
            self._judge(number, cells, every)
            for at, tie in enumerate(self._ties):
                values[at][number] = self._values(number, cells, tie)
        for tie, found in zip(self._ties, values, strict=True):
            tie.see_values(found)
        padded = [(*cells[:width], *[None] * (width - len(cells))) for cells in records]
        schema = dict.fromkeys(self.bench.plan.names, pl.String)
        self.gathered.add(first_row, pl.DataFrame(padded, schema=schema, orient="row"))

    def _judge(self, number: int, cells: Sequence[str], doubts: Doubted) -> None:
        """Let Frictionless's readers and checks look at what is in doubt of one row."""
        bench = self.bench
        positions, checks, cautions = doubts
        row: Row
        if len(cells) == len(bench.plan.columns):
            row = quick = bench.judge.quick_row(number, cells)
            found = bench.judge.cells(quick, cells, positions)
        else:
            row = bench.judge.row(number, cells)
            found = bench.judge.ragged(row)
        for error in found:
            if error["type"] in bench.judge.scope:
                bench.log.of_cells(number, self.worded(error))
        for at in checks:
            for error in bench.judge.check(at, row):
                bench.log.of_check(number, at, self.worded(error))
        for at in cautions:
            bench.kinds.see(at, row)

    def _values(self, number: int, cells: Sequence[str], tie: Key | Referring) -> list[Any]:
        row = self.bench.judge.quick_row(number, cells)
        return [row[name] for name in tie.names]

    def worded(self, error: dict[str, Any]) -> dict[str, Any]:
        """Add to an error where it is in the file and what it means."""
        number = error.get("rowNumber")
        line = None if number is None else self._source.lines.line_of(number)
        locate(error, self._source.lines.line_of)
        return self.bench.words.add(error, line)

    def _again(self, numbers: Sequence[int]) -> Iterator[tuple[int, Sequence[str]]]:
        """Return to some rows, in order; most have something wrong, and their cells are kept."""
        wanted = np.array(numbers)
        for place in self._index:
            last = place.first_row + place.rows
            here = wanted[(wanted >= place.first_row) & (wanted < last)]
            found: list[Sequence[str]] = []
            for number in here.tolist():
                cells = self.bench.log.cells_of(number)
                if cells is None:
                    found = self._reread(place, here - place.first_row)
                    break
                found.append(cells)
            yield from zip(here.tolist(), found, strict=True)

    def _reread(self, place: _Place, rows: "np.ndarray[Any, Any]") -> list[Sequence[str]]:
        data = self._source.reread(place.offset, place.length)
        if place.sound:
            return [*frame_of(data, self._source.layout)[rows].iter_rows()]
        records = records_of(data, self._source.layout)
        return [records[at] for at in rows]
