"""XLS (BIFF): read by xlrd, which tells errors, dates and what is hidden apart.

Calamine leaves cells that hold errors blank in this format too, and nothing short of a full
reader would find them. No sheet has more than 65,536 rows, so that speed matters less.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from opendata.tabular.readers.archives import BROKEN, damaged
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.refused import Encrypted
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import (
    Area,
    Facts,
    Place,
    Row,
    Sheet,
    Shown,
    Value,
    Workbook,
)
from opendata.tabular.readers.workbooks.parts import shown_by
from opendata.tabular.readers.workbooks.xls_texts import texts_beside

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as Read

# What xlrd calls the kinds of cells ([MS-XLS] 2.4 has the records behind them).
_NUMBER, _DATE, _BOOLEAN, _ERROR = 2, 3, 4, 5
_SPECIAL = frozenset({_DATE, _BOOLEAN, _ERROR})
# The first BIFF version (8.0) whose texts are Unicode; those before it name a code page.
_UNICODE = 80


class XlsWorkbook(Workbook):
    """An open XLS workbook."""

    format = "xls"

    def __init__(self, path: Path, book: "Book") -> None:
        """Take the workbook at ``path`` that xlrd has opened, no sheet of it read yet."""
        self._path = path
        self._book = book

    def sheets(self) -> Iterator[Sheet]:
        """See ``Workbook.sheets``."""
        for at, name in enumerate(self._book.sheet_names()):
            with _guarded(pointer("sheet", name)):
                read = self._book.sheet_by_index(at)
                facts = _facts(read, self._shown())
            yield _XlsSheet(read, self._book.datemode, facts)
            self._book.unload_sheet(at)

    def margins(self) -> Iterator[str]:
        """See ``Workbook.margins``."""
        try:
            yield from texts_beside(self._path, self._book)
        except BROKEN as error:
            raise damaged() from error

    def _shown(self) -> Mapping[int, Shown]:
        book = self._book
        return {
            at: how
            for at, each in enumerate(book.xf_list)
            if (how := shown_by(book.format_map[each.format_key].format_str))
        }


class _XlsSheet(Sheet):
    def __init__(self, read: "Read", mode: Literal[0, 1], facts: Facts) -> None:
        super().__init__(read.name, hidden=read.visibility != 0, facts=facts)
        self._read = read
        self._mode = mode

    def rows(self) -> Iterator[Row]:
        """See ``Sheet.rows``."""
        for row in range(self.facts.rows):
            types = self._read.row_types(row)
            values = self._read.row_values(row)
            if not _SPECIAL.isdisjoint(types):
                yield [
                    self._special(kind, value) for kind, value in zip(types, values, strict=True)
                ]
            else:
                yield values

    def _special(self, kind: int, value: Value) -> Value:
        if kind == _BOOLEAN:
            return bool(value)
        if kind == _DATE and isinstance(value, float):
            return _moment(value, self._mode)
        return "" if kind == _ERROR else value


@contextmanager
def open_xls(path: Path) -> Iterator[Workbook]:
    """Open an XLS workbook.

    Raises:
        Encrypted: it needs a password.
        UnreadableWorkbook: it is damaged, or does not say how its texts are encoded.
    """
    import xlrd  # Loaded for XLS only: most files are none.

    with _guarded("/byte/0"):
        book = xlrd.open_workbook(
            str(path), logfile=io.StringIO(), on_demand=True, formatting_info=True
        )
    with book:
        if book.biff_version < _UNICODE and book.codepage is None:
            # xlrd would take it for Latin-1.
            raise faults.unusual(
                "没有写明文字编码", "its texts are in an unknown encoding", "/byte/0"
            )
        yield XlsWorkbook(path, book)


@contextmanager
def _guarded(where: str = "") -> Iterator[None]:
    """Turn what xlrd raises into a refusal; damage shows as any error of Python's."""
    try:
        yield
    except Exception as error:
        if "encrypted" in str(error):
            raise Encrypted(
                "工作簿设有打开密码。请在 Excel 或 WPS 中取消密码，另存后上传。",
                "The workbook needs a password. Remove it in Excel or WPS and save it again.",
            ) from error
        raise faults.broken(f"{type(error).__name__}: {error}", where) from error


def _facts(read: "Read", shown: Mapping[int, Shown]) -> Facts:
    facts = Facts(
        merged=[
            Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in read.merged_cells
        ]
    )
    for row in range(read.nrows):
        types = read.row_types(row)
        filled = [at for at, value in enumerate(read.row_values(row)) if value != ""]
        if filled:
            facts.reach(row + 1, filled[-1] + 1)
        if _ERROR in types:
            facts.errors += (Place(row, at) for at, kind in enumerate(types) if kind == _ERROR)
        for at in filled if shown else ():
            if types[at] == _NUMBER and (how := shown.get(read.cell_xf_index(row, at))):
                facts.show(how, Place(row, at))
    rows, columns = read.rowinfo_map, read.colinfo_map
    facts.hidden_rows = [at for at in sorted(rows) if rows[at].hidden and at < facts.rows]
    facts.hidden_columns = [
        at for at in sorted(columns) if columns[at].hidden and at < facts.columns
    ]
    return facts


def _moment(days: float, mode: Literal[0, 1]) -> Value:
    """Return a number of days as what it shows: a day, a time of day, or both."""
    from xlrd.xldate import xldate_as_datetime

    try:
        moment: datetime = xldate_as_datetime(days, mode)
    except (OverflowError, ValueError):
        return days  # No day of the calendar: it stays a number, which no date column takes.
    if 0 <= days < 1:
        return moment.time()
    midnight = moment.time() == time() and days == int(days)
    return date(moment.year, moment.month, moment.day) if midnight else moment
