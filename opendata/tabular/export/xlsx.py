"""XLSX for people: text stays text, dates are dates, and a number is one only if it is exact."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import pyarrow as pa
import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.

from opendata.domain.contracts import Field
from opendata.domain.errors import Text, Unprocessable
from opendata.tabular.export.layout import Layout, cell_text

MAX_ROWS = 1_048_575
_MAX_CELL = 32_767
# A double holds any decimal of so many significant digits such that it reads back the same.
_EXACT_DIGITS = 15
# Excel believes that 1900 was a leap year: earlier dates would be off by a day.
_FIRST_DATE = date(1900, 3, 1)
# Workbooks carry their date of making; a fixed one keeps the same records the same file.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - written as it is, into a field without a zone.
_TYPE_LABELS = {
    "string": "文字 text",
    "integer": "整数 integer",
    "number": "数值 number",
    "boolean": "是/否 boolean",
    "date": "日期 date",
    "datetime": "时刻 instant",
    "year": "年份 year",
}

_Put = Callable[[int, int, Any], None]


class TooBigForWorkbook(Unprocessable):
    """A worksheet cannot hold it; nothing is truncated in silence."""

    code = "too-big-for-xlsx"
    title = Text("超出 Excel 的容量", "Too big for Excel")


def write_xlsx(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write records into the sheet 数据, and what they are into the sheet 说明.

    Text is always written as text, so that none of it can be a formula or a link.

    Raises:
        TooBigForWorkbook: there are more than ``MAX_ROWS`` records, or a text is longer than a
            cell holds; what was written so far is of no use.
    """
    with tempfile.TemporaryDirectory(prefix="opendata-xlsx-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(out, options) as workbook:
            workbook.set_properties({"created": _CREATED, "title": layout.contract.title.zh})
            _write_data(workbook, batches, layout)
            _write_notes(workbook, layout)


def _write_data(workbook: Any, batches: Iterable[pa.RecordBatch], layout: Layout) -> None:
    sheet = workbook.add_worksheet("数据")
    sheet.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    puts = [_put(sheet, each, layout.use_labels) for each in layout.fields]
    for number, label in enumerate(layout.header):
        sheet.set_column(number, number, 18)
        sheet.write_string(0, number, label, bold)
    row = 0
    for batch in batches:
        if row + batch.num_rows > MAX_ROWS:
            raise TooBigForWorkbook(
                f"记录超过 Excel 工作表的 {MAX_ROWS} 行，请改用 CSV 下载（.csv）。",
                f"There are more records than the {MAX_ROWS} rows of a worksheet: take the CSV.",
            )
        columns = [batch.column(name).to_pylist() for name in layout.columns]
        for values in zip(*columns, strict=True):
            row += 1
            for number, (put, value) in enumerate(zip(puts, values, strict=True)):
                if value is not None:
                    put(row, number, value)


def _put(sheet: Any, column: Field, use_labels: bool) -> _Put:
    """Return what puts a value of ``column`` into a cell."""
    text = cell_text(column, use_labels)
    put_exact, fits = _exact(
        sheet, "string" if column.type == "boolean" and use_labels else column.type
    )

    def put(row: int, number: int, value: Any) -> None:
        if fits(value):
            put_exact(row, number, value)
        else:
            _put_string(sheet, (row, number), text(value))

    return put


def _exact(sheet: Any, kind: str) -> tuple[_Put, Callable[[Any], bool]]:
    """Return how a worksheet holds a value other than as text, and whether it can do so exactly."""
    if kind in ("integer", "year"):
        return sheet.write_number, lambda value: abs(value) < 10**_EXACT_DIGITS
    if kind == "number":
        return sheet.write_number, lambda value: _significant_digits(value) <= _EXACT_DIGITS
    if kind == "date":
        return sheet.write_datetime, lambda value: value >= _FIRST_DATE
    return sheet.write_boolean, lambda _: kind == "boolean"


def _put_string(sheet: Any, cell: tuple[int, int], text: str, style: Any = None) -> None:
    if len(text.encode("utf-16-le")) // 2 > _MAX_CELL:
        raise TooBigForWorkbook(
            f"第 {cell[0]} 条记录有文字超过 Excel 单元格的 {_MAX_CELL} 个字符，请改用 CSV。",
            f"A text of record {cell[0]} exceeds the {_MAX_CELL} characters of a cell: "
            "take the CSV.",
        )
    sheet.write_string(*cell, text, style)


def _significant_digits(value: Decimal) -> int:
    """Count the digits from the first that is not zero to the last that is not zero."""
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return len(digits)


def _write_notes(workbook: Any, layout: Layout) -> None:
    """Write source, release, licence and the dictionary of columns."""
    sheet = workbook.add_worksheet("说明")
    bold = workbook.add_format({"bold": True})
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 5, 18)
    row = 0
    for key, value in layout.notes.items():
        _put_string(sheet, (row, 0), key, bold)
        _put_string(sheet, (row, 1), str(value))
        row += 1
    row += 1 if layout.notes else 0
    titles = ("字段 Field", "列名 Title", "类型 Type", "单位 Unit", "说明 Description")
    for number, title in enumerate(titles):
        sheet.write_string(row, number, title, bold)
    for field in layout.fields:
        row += 1
        cells = (
            field.name,
            field.title.zh,
            _TYPE_LABELS[field.type],
            field.unit or (f"见 {field.unit_field}" if field.unit_field else ""),
            field.description.zh,
        )
        for number, cell in enumerate(cells):
            _put_string(sheet, (row, number), cell)
