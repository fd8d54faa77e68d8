"""Records as workbooks, as clerks keep them: numbers and days are cells of their own kind."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.
import xlwt  # type: ignore[import-untyped] # Nor has xlwt any.

from datasets.build.formats.model import File, Table
from datasets.build.formats.packages import zipped

Cell = str | float | date
_SHEET = "数据"
_DAYS = "yyyy-mm-dd"
_TITLE = "示例数据：转录自公开资料"
# The one day on which every workbook is made, so that the same records give the same bytes.
_MADE = datetime(2024, 5, 1, tzinfo=UTC).replace(tzinfo=None)
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def native(field: Mapping[str, Any], cell: str) -> Cell:
    """Return a cell as a clerk enters it."""
    if not cell or field["type"] not in ("number", "integer", "year", "date"):
        return cell
    return date.fromisoformat(cell) if field["type"] == "date" else float(cell)


def _rows(table: Table) -> Iterator[list[Cell]]:
    for row in table.rows:
        yield [native(field, cell) for field, cell in zip(table.fields, row, strict=True)]


def _xlsx(table: Table) -> bytes:
    """Write a title, merged over the table, and the table below it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet(_SHEET)
        days = book.add_format({"num_format": _DAYS})
        sheet.merge_range(0, 0, 0, len(table.names) - 1, _TITLE)
        sheet.write_row(2, 0, table.titles)
        for at, row in enumerate(_rows(table), 3):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, days)
                elif isinstance(cell, float):
                    sheet.write_number(at, column, cell)
                elif cell:
                    sheet.write_string(at, column, cell)
    return out.getvalue()


def _xls(table: Table) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(_SHEET)
    days = xlwt.easyxf(num_format_str=_DAYS)
    for column, title in enumerate(table.titles):
        sheet.write(0, column, title)
    for at, row in enumerate(_rows(table), 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(at, column, cell, days)
            elif cell != "":
                sheet.write(at, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(table: Table) -> bytes:
    rows = [ods_row(table.titles), *map(ods_row, _rows(table))]
    return ods(rows, _SHEET)


def ods(
    rows: Sequence[str], name: str, before: str = "", head: tuple[str, str] = ("", "")
) -> bytes:
    """Pack rows of XML as an ODS workbook.

    Args:
        rows: The XML of the sheet's rows.
        name: What the sheet is called; its style is ``ta1``.
        before: The XML of other sheets.
        head: What follows the XML declaration, and styles.
    """
    prolog, styles = head
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}'
        f'<office:document-content {_NAMESPACES} office:version="1.3"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{before}"
        f'<table:table table:name={quoteattr(name)} table:style-name="ta1">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "content.xml": content.encode()}
    return zipped(parts, zipfile.ZIP_DEFLATED)


def ods_row(cells: Sequence[Cell]) -> str:
    """Return the XML of a row."""
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_cell(value: Cell, attributes: str = "") -> str:
    """Return the XML of a cell, with more attributes if given."""
    if value == "":
        return f"<table:table-cell{attributes}/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value}"'
    elif isinstance(value, float):
        kind = f'office:value-type="float" office:value="{value!r}"'
    else:
        kind = 'office:value-type="string"'
    text = "".join(map(_paragraph, str(value).split("\n")))
    return f"<table:table-cell{attributes} {kind}>{text}</table:table-cell>"


def _paragraph(line: str) -> str:
    """Return the XML of a line; white space is written as elements, as LibreOffice does."""
    marked = escape(line, {"\r": "&#13;"}).replace("\t", "<text:tab/>").replace(" ", "<text:s/>")
    return f"<text:p>{marked}</text:p>"


FILES = (
    File("budgets-2016", "title-row.xlsx", _xlsx),
    File("disclosure-statistics-2018", "xls", _xls),
    File("disclosure-statistics-2020", "ods", _ods),
    File("project-approvals-transcribed", "xlsx", _xlsx),
)
