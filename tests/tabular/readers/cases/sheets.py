"""Workbooks of clean tables: XLSX by XlsxWriter, XLS by xlwt, ODS as plain XML."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import xlsxwriter
import xlwt
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from datasets.build.formats import workbooks
from datasets.build.formats.packages import zipped
from datasets.build.formats.workbooks import ods_cell, ods_row
from tests.tabular.readers.cases.clean import contracts, titles
from tests.tabular.readers.cases.model import Clean


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table stands: its first row and column, and its header if not the titles."""

    top: int = 0
    left: int = 0
    header: Sequence[str] | None = None
    as_text: bool = False
    sheet: str = "行政处罚"
    options: Mapping[str, Any] = field(default_factory=dict)


__all__ = ["ods_cell"]

# Numbers and days that read back as they were written.
NUMBER = re.compile(
    r"(?!-0$)-?((0|[1-9][0-9]{0,8})(\.[0-9]{0,5}[1-9])?|[1-9][0-9]{0,14})", re.ASCII
)
DAY = re.compile(r"(19[1-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])", re.ASCII)
PLAIN = Layout()
Edit = Callable[[Workbook, Worksheet], object]


@cache
def types(collection: str) -> dict[str, str]:
    """Return the types of a collection's columns; one that was made up has simple ones."""
    if collection not in contracts():
        return {"amount": "number", "count": "integer", "day": "date"}
    return {each.name: each.type for each in contracts()[collection].fields}


def native(table: Clean, name: str, cell: str) -> str | float | date:
    """Return a cell as a clerk would enter it: what looks like a number or a day, as such."""
    kind = types(table.collection).get(name, "string")
    if kind == "string" or not (DAY if kind == "date" else NUMBER).fullmatch(cell):
        return cell
    return workbooks.native({"type": kind}, cell)


def xlsx(table: Clean, edit: Edit | None = None, layout: Layout = PLAIN) -> bytes:
    """Write a table as XLSX; ``edit`` then changes the sheet, or adds others."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **layout.options})
    sheet = book.add_worksheet(layout.sheet)
    fill(book, sheet, table, layout)
    if edit is not None:
        edit(book, sheet)
    book.close()
    return out.getvalue()


def fill(book: Workbook, sheet: Worksheet, table: Clean, layout: Layout = PLAIN) -> None:
    """Write a table into a sheet."""
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    header = titles(table) if layout.header is None else layout.header
    for at, label in enumerate(header):
        sheet.write_string(layout.top, layout.left + at, label)
    for down, row in enumerate(table.rows, layout.top + 1):
        for at, (name, cell) in enumerate(zip(table.names, row, strict=True), layout.left):
            value = cell if layout.as_text else native(table, name, cell)
            if value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(down, at, value)
            elif isinstance(value, date):
                sheet.write_datetime(down, at, value, days)
            else:
                sheet.write_number(down, at, value)


def xls(
    table: Clean,
    edit: Callable[[xlwt.Workbook, xlwt.Worksheet], object] | None = None,
    header: Sequence[str] | None = None,
) -> bytes:
    """Write a table as XLS."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("行政处罚", cell_overwrite_ok=True)
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, label in enumerate(titles(table) if header is None else header):
        sheet.write(0, at, label)
    for down, row in enumerate(table.rows, 1):
        for at, (name, cell) in enumerate(zip(table.names, row, strict=True)):
            value = native(table, name, cell)
            if isinstance(value, date):
                sheet.write(down, at, value, days)
            elif value != "":
                sheet.write(down, at, value)
    if edit is not None:
        edit(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods_rows(table: Clean, header: Sequence[str] | None = None) -> list[str]:
    """Return the XML of a table's rows, the header first."""
    rows = (
        [native(table, name, cell) for name, cell in zip(table.names, row, strict=True)]
        for row in table.rows
    )
    return [ods_row(titles(table) if header is None else header), *map(ods_row, rows)]


def ods(rows: Sequence[str], before: str = "", styles: str = "", prolog: str = "") -> bytes:
    """Pack rows of XML as an ODS workbook of one sheet; ``before`` are other sheets."""
    return workbooks.ods(rows, "行政处罚", before, (prolog, styles))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts as a ZIP file."""
    return zipped(parts, zipfile.ZIP_DEFLATED)


def unpacked(workbook: bytes) -> dict[str, bytes]:
    """Return the parts of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(workbook: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one part of a workbook."""
    parts = unpacked(workbook)
    return packed({**parts, part: change(parts[part])})
