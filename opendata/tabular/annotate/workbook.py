"""The marked workbook: the sender's own where that can be, else a new one."""

import csv
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.tabular.annotate.account import MOST_FINDINGS, Account, Outcome, account_of
from opendata.tabular.annotate.fresh import Copy, Value, numbered, write_fresh
from opendata.tabular.annotate.patch import Unfamiliar, patch
from opendata.tabular.annotate.places import MOST_ROWS, Cell
from opendata.tabular.readers import Declared, Unreadable, open_table

_log = logging.getLogger(__name__)
# Writing so many takes most of a minute; of a larger table only rows with findings are given.
MOST_CELLS = 4_000_000
_MOST_CHARACTERS = 32 * 1024 * 1024
SUFFIXES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}
_DATA = "数据"
_WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
_COPIED = Text(
    "其余工作表是按您报送的文件新做的，单元格内容相同，有问题的加了底色和批注。",
    "The other sheets are made anew from the file you sent in: the same cells, those with findings "
    "coloured and commented on.",
)
_EXCERPT = Text(
    "文件过大，或不能照原样做成工作簿：这里只有有问题的行，第一列是它在原文件中的行。",
    "The file is too large for this, or cannot be made into a workbook as it is: here are only the "
    "rows with findings, in the first column their lines in the file.",
)


class Marked(StrEnum):
    """What a marked workbook is: the sender's own, a copy of all cells, or some rows."""

    OWN = "own"
    COPY = "copy"
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it was received, and the contract it was judged by."""

    path: Path
    contract: Contract
    declared: Declared


def mark(received: Received, outcome: Outcome, out: Path, work: Path) -> tuple[Marked, str]:
    """Write the marked workbook to ``out``.

    Args:
        received: The file.
        outcome: What was found in it; its errors are passed over twice.
        out: The file to be written.
        work: A folder in which files may be written.

    Returns:
        What it is, and how its name ends: a workbook with macros must be called so.
    """
    account = account_of(outcome)
    found = outcome.provenance
    own = "container" not in found and found.get("format") in _WORKBOOKS
    if own and found["format"] == "xlsx":
        suffix = _patched(received.path, account, out)
        if suffix is not None:
            return Marked.OWN, suffix
    if not _is_too_large(outcome) and (own or "mapping" in found):
        try:
            _write(account, _COPIED, _copies(received, account, work), out)
        except (CalamineError, Unreadable) as reason:
            # What is in a container, or refused, need not be read the second time.
            _log.info("Only the rows of the report are given: %s", reason)
        else:
            return Marked.COPY, ".xlsx"
    return Marked.EXCERPT, write_excerpt(outcome, out)


def _copies(received: Received, account: Account, work: Path) -> list[Copy]:
    found = account.outcome.provenance
    if "container" not in found and found.get("format") in _WORKBOOKS:
        return list(_sheets(received.path, str(found["sheet"])))
    return [Copy(_DATA, _table(received, account, work / "given-back.csv"), is_marked=True)]


def _patched(path: Path, account: Account, out: Path) -> str | None:
    """Mark the sender's own workbook; ``None`` where it is put together in an unknown way."""
    try:
        with out.open("w+b") as file:
            return patch(path, account.outcome.provenance["sheet"], account, file)
    except Unfamiliar as reason:
        _log.info("The workbook is made anew: %s", reason)
        return None


def _is_too_large(outcome: Outcome) -> bool:
    rows = int(outcome.counts["rows"])
    return rows >= MOST_ROWS or rows * len(outcome.provenance.get("mapping", ())) > MOST_CELLS


def _write(account: Account, about: Text, copies: Sequence[Copy], out: Path) -> None:
    with out.open("wb") as file:
        write_fresh(account, about, copies, file)


def _sheets(path: Path, marked: str) -> Iterator[Copy]:
    """Yield every sheet with the values that its cells show."""
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        yield Copy(name, numbered(_values(book, name)), is_marked=name == marked)


def _values(book: CalamineWorkbook, name: str) -> Iterator[Sequence[Value]]:
    try:
        sheet = book.get_sheet_by_name(name)
    except CalamineError:
        # A sheet of a chart has no cells.
        return
    blank = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield [*blank, *row]


def _table(
    received: Received, account: Account, work: Path
) -> Iterator[tuple[int, Sequence[Value]]]:
    """Yield the rows of the table as it was judged, each where the findings say that it is."""
    table = open_table(received.path, received.contract, work, received.declared).table()
    layout = account.layout
    # The module's own limit is lower than what the reader took.
    csv.field_size_limit(2**31 - 2)
    yield layout.header_row, [label for label, _ in table.header]
    with table.path.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.reader(file), start=1):
            if number > 1:
                yield layout.row(number, table.lines.line_of(number)), cells


def write_excerpt(outcome: Outcome, out: Path) -> str:
    """Write the rows that the errors quote, for which the file itself is not read again.

    Returns how the name of such a workbook ends.
    """
    account = account_of(outcome)
    layout, found = account.layout, account.outcome.provenance
    taken, places = _quoted_rows(account)
    columns = {at: number for number, at in enumerate(layout.columns, start=2)}
    last = max(layout.columns, default=0)

    def moved(cell: Cell) -> Cell | None:
        row = places.get(cell.row)
        column = columns.get(cell.column)
        if column is None and cell.column > last:
            column = len(columns) + 1 + cell.column - last
        return None if row is None or column is None else Cell(row, column)

    labels = [each["label"] for each in found.get("mapping", ())]
    copies = []
    if labels:
        table = [["行 Line", *labels], *taken]
        copies.append(Copy(_DATA, numbered(table), is_marked=True))
    _write(account.moved(moved), _EXCERPT, copies, out)
    return ".xlsx"


def _quoted_rows(account: Account) -> tuple[list[list[Value]], dict[int, int]]:
    """Return rows as the errors quote them, and where each row of the file now is."""
    layout = account.layout
    places = {layout.header_row: 1}
    taken: list[list[Value]] = []
    characters = 0
    for error in islice(account.outcome.errors, MOST_FINDINGS):
        if "cells" not in error or "rowNumber" not in error:
            continue
        row = layout.row(error["rowNumber"], error.get("source_line"))
        if row in places:
            continue
        characters += sum(map(len, error["cells"]))
        if characters > _MOST_CHARACTERS:
            break
        taken.append([str(error.get("source_line") or row), *error["cells"]])
        places[row] = len(taken) + 1
    return taken, places
