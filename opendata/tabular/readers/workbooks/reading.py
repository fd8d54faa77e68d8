"""The rows of a sheet become the canonical table."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from opendata.domain.contracts import Contract
from opendata.tabular.readers.canonical import CanonicalWriter
from opendata.tabular.readers.headers import Matched, check_above, match
from opendata.tabular.readers.model import Origin
from opendata.tabular.readers.table import OpenTable, converted
from opendata.tabular.readers.tails import MOST_ROWS, Tail
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.choice import Chosen
from opendata.tabular.readers.workbooks.model import Place, Row, letters
from opendata.tabular.readers.workbooks.said import notes_on
from opendata.tabular.readers.workbooks.texts import Column, Trouble

# Few enough to stay in the processor's cache, and for the garbage collector not to care.
_CHUNK = 256
# So many rows at the end may be remarks below the table, and one more shows that they are not.
_TAIL = MOST_ROWS + 1
# Each blank row is an error of its own; a cell at the end of a sheet would make a million.
_MOST_BLANK = 1000
_Cells = Sequence[str]


def read_sheet(chosen: Chosen, contract: Contract, work: Path, kind: str) -> OpenTable:
    """Write the canonical table of a sheet to ``work`` and return it.

    Raises:
        Unreadable: cells cannot be read as what their columns are, or stand where none may.
    """
    _check_results(chosen)
    matched = match(chosen.labels, contract, lambda at: Place(chosen.row, chosen.left + at).pointer)
    check_above(chosen.above, matched, contract, lambda at: f"/row/{at + 1}")
    rows = _Rows(chosen, matched, contract)
    tail = Tail(matched, contract, lambda line: f"/row/{line}")
    with CanonicalWriter(work, matched.header, chosen.row + 1) as writer:
        last = _write(rows, tail, writer)
    rows.trouble.check()
    _check_merged(chosen, last, {each["line"] for each in tail.stripped})
    notes = (*matched.notes, *notes_on(chosen, rows.trouble), *tail.notes())
    columns = tuple(letters(chosen.left + at) for at in range(len(matched.header)))
    found = {
        "format": kind,
        **_found(chosen),
        "mapping": [
            {**each, "column": column}
            for each, column in zip(matched.mapping, columns, strict=True)
        ],
        "stripped": tail.stripped,
        "notes": list(notes),
    }
    beside = (*chosen.beside, *tail.beside)
    return converted(work, Origin(matched.header, found, columns, writer.lines, beside=beside))


def _write(rows: "_Rows", tail: Tail, writer: CanonicalWriter) -> int:
    """Write all rows but those that are left out at the end; return the last one's line."""
    held: list[_Cells] = []
    line = rows.line
    for some in _without_blank_end(rows):
        held += some
        if (sure := len(held) - _TAIL) > 0:
            writer.write_many(held[:sure], line)
            del held[:sure]
            line += sure
    last = line - 1
    end = ((cells, line + at, rows.is_wide(line + at)) for at, cells in enumerate(held))
    for cells, at in tail.without(end):
        writer.write(cells, at)
        last = at
    return last


def _without_blank_end(rows: "_Rows") -> Iterator[list[_Cells]]:
    """Yield the rows up to the last one with any text: cells below may be formatted only.

    Raises:
        StrayCells: something stands so far below that it is no record of the table.
    """
    blank, line = 0, rows.line
    for some in rows.texts():
        filled = len(some)
        while filled and not any(some[filled - 1]):
            filled -= 1
        if filled:
            if blank > _MOST_BLANK:
                first = next(at for at, each in enumerate(some) if any(each))
                raise faults.stray_cells(line + first, blank + first)
            if blank:
                yield [rows.blank] * blank
            yield some[:filled]
            blank = 0
        blank += len(some) - filled
        line += len(some)


class _Rows:
    """The rows below a header as text."""

    def __init__(self, chosen: Chosen, matched: Matched, contract: Contract) -> None:
        """Prepare to read each column as what the contract says it is."""
        self.trouble = Trouble()
        self.line = chosen.row + 2
        self.blank = ("",) * len(matched.header)
        self._sheet = chosen.sheet
        self._left = chosen.left
        self._right = chosen.left + len(matched.header)
        self._columns = [
            Column(chosen.left + at, contract.field(name), chosen.sheet.facts, self.trouble)
            for at, (_, name) in enumerate(matched.header)
        ]

    def is_wide(self, line: int) -> bool:
        """Whether a row has a cell that spans several columns."""
        merged = self._sheet.facts.merged
        return any(each.top == line - 1 and each.right > each.left for each in merged)

    def texts(self) -> Iterator[list[_Cells]]:
        """Yield the rows, many at a time, each as wide as the header or wider."""
        top = self.line - 1
        rows = islice(self._sheet.rows(), top, None)
        while some := list(islice(rows, _CHUNK)):
            yield self._texts(some, top)
            top += len(some)

    def _texts(self, rows: Sequence[Row], top: int) -> list[_Cells]:
        columns = list(zip(*rows, strict=True))
        for at, column in enumerate(columns[: self._left]):
            if any(each != "" for each in column):
                raise faults.outside(
                    [Place(top + row, at) for row, each in enumerate(column) if each != ""]
                )
        days = self._sheet.counts_days
        texts = [
            column.texts(values, top, counts_days=days)
            for column, values in zip(self._columns, columns[self._left : self._right], strict=True)
        ]
        extra = [
            Column(self._right + at, None, self._sheet.facts, self.trouble).texts(
                values, top, counts_days=days
            )
            for at, values in enumerate(columns[self._right :])
        ]
        cells = list(zip(*texts, strict=True))
        if any(any(each) for each in extra):
            more = zip(*extra, strict=True)
            return [row + _trimmed(beyond) for row, beyond in zip(cells, more, strict=True)]
        return list(cells)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return cells up to the last filled one."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _check_results(chosen: Chosen) -> None:
    """Refuse errors and formulas without results, but for those above the header."""
    facts = chosen.sheet.facts
    if errors := [each for each in facts.errors if each.row >= chosen.row]:
        raise faults.error_values(errors)
    if unknown := [each for each in facts.uncalculated if each.row >= chosen.row]:
        raise faults.uncalculated(unknown)


def _check_merged(chosen: Chosen, last: int, stripped: set[object]) -> None:
    """Refuse merged cells among the rows of the table, which ends on line ``last``."""
    areas = [
        each
        for each in chosen.sheet.facts.merged
        if each.top > chosen.row
        and each.top < last
        and not all(row + 1 in stripped for row in range(each.top, each.bottom + 1))
    ]
    if areas:
        raise faults.merged_cells(sorted(areas))


def _found(chosen: Chosen) -> Mapping[str, Any]:
    facts = chosen.sheet.facts
    return {
        "sheet": chosen.sheet.name,
        "sheets": chosen.sheets,
        "hidden_rows": len(facts.hidden_rows),
        "hidden_columns": [letters(each) for each in facts.hidden_columns],
        "merged_cells": len(facts.merged),
        "header_row": chosen.row + 1,
        "title_rows": chosen.titles,
    }
