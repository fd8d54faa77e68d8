"""Certify fast, judge slowly: one pass in which only what is in doubt is looked at by the judge."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl
from frictionless.table import Row

from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.comparison import Comparison
from opendata.tabular.judge.gathered import Gathered
from opendata.tabular.judge.integrity import Key
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.plan import Plan
from opendata.tabular.judge.references import Referring
from opendata.tabular.judge.rows import RowJudge
from opendata.tabular.judge.words import Words
from opendata.tabular.scan import Block, Layout, frame_of, records_of
from opendata.tabular.text_table import SourceLines

_BLANK = "blank"
# A file made to be wrong in ever other ways must not fill the memory.
_MOST_SEEN = 4096
_CELLS, _CHECKS, _CAUTIONS = range(3)
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


@dataclass(frozen=True, slots=True)
class Bench:
    """Those who judge a row, and where what they find is kept."""

    plan: Plan
    judge: RowJudge
    kinds: CautionKinds
    log: ErrorLog
    words: Words
    folder: Path | None


class Pass:
    """One judging of one table, block by block."""

    def __init__(self, bench: Bench, source: Source) -> None:
        """Prepare to judge ``source``."""
        plan, table = bench.plan, bench.judge.table
        self.bench = bench
        self._source = source
        self._index: list[_Place] = []
        columns = {each.field.name: each for each in plan.columns}
        keys: list[tuple[str, ...]] = [(name,) for name in table.unique]
        keys += [table.primary_key] if table.primary_key else []
        self._referring = [Referring(each, columns) for each in table.references]
        self._ties: list[Key | Referring] = [
            *(Key([columns[name] for name in key], bench.folder) for key in keys),
            *self._referring,
        ]
        kinds = (plan.cells, plan.checks.where, plan.cautions.where)
        self._doubts = [(kind, at) for kind, doubts in enumerate(kinds) for at in doubts]
        self._names = [f"{kind}.{at}" for kind, at in self._doubts]
        self._told = [*self._expressions(expr for doubts in kinds for expr in doubts.values())]
        self._always = ((), plan.checks.always, plan.cautions.always)
        self._seen: dict[bytes, Doubted] = {}
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
        for number, cells in self._again(np.unique(np.concatenate(suspects)).tolist()):
            found, looked_at = comparison.compare(bench.judge.quick_row(number, cells))
            if found:
                said = [*bench.judge.errors_of(number, cells, looked_at), *found]
                heard = [each for each in said if each["type"] in bench.judge.scope]
                bench.log.replace_row(number, map(self.worded, heard))

    def _expressions(self, doubts: Iterable[pl.Expr]) -> Iterator[pl.Expr]:
        plan = self.bench.plan
        for name, doubt in zip(self._names, doubts, strict=True):
            yield doubt.alias(name)
        for at, (_, finding) in enumerate(plan.cautions.counted):
            yield finding.when.alias(f"counted.{at}")
        for at, tie in enumerate(self._ties):
            yield from tie.expressions(f"tie.{at}")
        if plan.blank is not None:
            yield plan.blank.alias(_BLANK)
        # Whatever else is asked, the answer has as many rows as the block.
        yield pl.int_range(pl.len()).alias("at")

    def _see_sound(self, first_row: int, frame: pl.DataFrame) -> None:
        told = frame.lazy().select(self._told).collect()
        bench = self.bench
        for at, (check, finding) in enumerate(bench.plan.cautions.counted):
            rows = np.flatnonzero(told[f"counted.{at}"].to_numpy())
            if len(rows):
                first = bench.judge.quick_row(first_row + int(rows[0]), frame.row(int(rows[0])))
                bench.kinds.counted(check, finding, first, (rows + first_row).tolist())
        doubted = self._doubted(told)
        if len(doubted):
            self._see_doubted(first_row, frame[doubted], doubted, told[doubted])
        for at, tie in enumerate(self._ties):
            tie.see(first_row, told, f"tie.{at}")
        self.gathered.add(first_row, frame)

    def _doubted(self, told: pl.DataFrame) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """Return the places of the rows that the judge must look at."""
        plan = self.bench.plan
        if any(self._always):
            return np.arange(told.height)
        names = [*self._names, *([_BLANK] if plan.blank is not None else [])]
        if not names:
            return np.empty(0, np.int64)
        return np.flatnonzero(told.select(pl.any_horizontal(names)).to_series().to_numpy())

    def _see_doubted(
        self,
        first_row: int,
        frame: pl.DataFrame,
        places: "np.ndarray[Any, np.dtype[np.int64]]",
        told: pl.DataFrame,
    ) -> None:
        if self._names:
            flags = np.packbits(told.select(self._names).to_numpy(), axis=1)
        else:
            flags = np.zeros((told.height, 1), np.uint8)
        unsure = [~told[f"tie.{at}.sure"].to_numpy() for at in range(len(self._ties))]
        values: list[dict[int, Sequence[Any]]] = [{} for _ in self._ties]
        for at, cells in enumerate(frame.iter_rows()):
            number = first_row + int(places[at])
            self._judge(number, cells, self._doubts_by(flags[at]))
            for which, asked in enumerate(unsure):
                if asked[at]:
                    values[which][number] = self._values(number, cells, self._ties[which])
        for tie, found in zip(self._ties, values, strict=True):
            tie.see_values(found)

    def _see_damaged(self, first_row: int, records: Sequence[Sequence[str]]) -> None:
        plan = self.bench.plan
        width = len(plan.columns)
        every = (tuple(range(width)), plan.checks.rows, plan.cautions.rows)
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
        return self.bench.words.add(error, line)

    def _doubts_by(self, flags: "np.ndarray[Any, np.dtype[np.uint8]]") -> Doubted:
        """Read the flags of one row; few different ones occur."""
        packed = flags.tobytes()
        if packed not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            bits = np.unpackbits(flags, count=len(self._doubts))
            raised = [doubt for doubt, bit in zip(self._doubts, bits, strict=True) if bit]
            self._seen[packed] = (
                self._numbers(raised, _CELLS),
                self._numbers(raised, _CHECKS),
                self._numbers(raised, _CAUTIONS),
            )
        return self._seen[packed]

    def _numbers(self, raised: Sequence[tuple[int, int]], kind: int) -> tuple[int, ...]:
        return tuple(sorted({*self._always[kind], *(at for each, at in raised if each == kind)}))

    def _again(self, numbers: Sequence[int]) -> Iterator[tuple[int, Sequence[str]]]:
        """Read some rows once more, in order, block by block."""
        wanted = np.array(numbers)
        for place in self._index:
            last = place.first_row + place.rows
            here = wanted[(wanted >= place.first_row) & (wanted < last)] - place.first_row
            if not len(here):
                continue
            data = self._source.reread(place.offset, place.length)
            if place.sound:
                found: Sequence[Sequence[str]] = frame_of(data, self._source.layout)[here].rows()
            else:
                records = records_of(data, self._source.layout)
                found = [records[at] for at in here]
            yield from zip((here + place.first_row).tolist(), found, strict=True)
