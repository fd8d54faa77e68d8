"""XLSX for people: text stays text, dates are dates, and a number is one only if it is exact.

XlsxWriter makes the workbook with everything but the records; their rows, alike and many, are
written into its sheet whole columns at once.
"""

import io
import re
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.

from opendata.tabular.export.layout import Layout
from opendata.tabular.export.sheet_rows import check_text, write_rows

# Workbooks carry their date of making; a fixed one keeps the same records the same file.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - written as it is, into a field without a zone.
# Half the time of the usual level, for a file a fifth larger.
_LEVEL = 3
_DATA_SHEET = "xl/worksheets/sheet1.xml"
# An example of a date, which says how the workbook calls the style of one.
_EXAMPLE = re.compile(rb'<row r="2"[^>]*><c r="A2"( s="[0-9]+").*?</row>')
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_TYPE_LABELS = {
    "string": "文字 text",
    "integer": "整数 integer",
    "number": "数值 number",
    "boolean": "是/否 boolean",
    "date": "日期 date",
    "datetime": "时刻 instant",
    "year": "年份 year",
}


def write_xlsx(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write records into the sheet 数据, and what they are into the sheet 说明.

    Text is always written as text, so that none of it can be a formula or a link.

    Raises:
        TooBigForWorkbook: there are more records than a sheet has rows, or a text is longer than
            a cell holds; what was written so far is of no use.
    """
    frame = _without_records(layout)
    with (
        ZipFile(frame) as made,
        ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        for each in made.namelist():
            # Opened by its name alone, a part is dated 1980, whenever it is written.
            with archive.open(each, "w") as part:
                if each == _DATA_SHEET:
                    _write_sheet(part, made.read(each), batches, layout)
                else:
                    part.write(made.read(each))


def _write_sheet(
    sheet: IO[bytes], empty: bytes, batches: Iterable[pa.RecordBatch], layout: Layout
) -> None:
    """Write the sheet ``empty`` with the records in the place of its example."""
    example = _EXAMPLE.search(empty)
    assert example is not None  # noqa: S101 - it has been written right here.
    # How far the sheet extends is known behind the last row only; nobody needs to be told.
    sheet.write(_DIMENSION.sub(b"", empty[: example.start()]))
    write_rows(batches, layout, example[1].decode(), sheet)
    sheet.write(empty[example.end() :])


def _without_records(layout: Layout) -> IO[bytes]:
    made = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="opendata-xlsx-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(made, options) as workbook:
            workbook.set_properties({"created": _CREATED, "title": layout.contract.title.zh})
            _write_header(workbook, layout)
            _write_notes(workbook, layout)
    return made


def _write_header(workbook: Any, layout: Layout) -> None:
    sheet = workbook.add_worksheet("数据")
    sheet.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    for number, label in enumerate(layout.header):
        sheet.set_column(number, number, 18)
        sheet.write_string(0, number, label, bold)
    sheet.write_datetime(1, 0, date(2000, 1, 1))


def _put_string(sheet: Any, cell: tuple[int, int], text: str, style: Any = None) -> None:
    check_text(text, cell[0])
    if text.startswith("<r>"):
        # XlsxWriter would take it for its own notation of rich text, and write it as it is.
        text = f" {text}"
    sheet.write_string(*cell, text, style)


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
