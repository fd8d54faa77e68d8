"""Delimited text as old systems and spreadsheets write it."""

import csv
import io
from collections.abc import Sequence

from datasets.build.formats.model import File, Table


def _delimited(header: Sequence[str], table: Table, delimiter: str, newline: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerows([header, *table.rows])
    return out.getvalue()


def _from_an_old_system(table: Table) -> bytes:
    """Return GBK, Chinese titles, CRLF."""
    return _delimited(table.titles, table, ",", "\r\n").encode("gb18030")


def _unicode_text(table: Table) -> bytes:
    """Return what Excel calls Unicode text: UTF-16 with a byte-order mark, tabs, CRLF."""
    return b"\xff\xfe" + _delimited(table.titles, table, "\t", "\r\n").encode("utf-16-le")


def _with_a_title(table: Table) -> bytes:
    """Return semicolons, a title above the header, and asterisks at required columns."""
    header = [
        field["title"] + ("*" if field.get("constraints", {}).get("required") else "")
        for field in table.fields
    ]
    title = f"{table.descriptor['title']}\n\n"
    return (title + _delimited(header, table, ";", "\n")).encode("utf-8-sig")


def _vertical_bars(table: Table) -> bytes:
    """Return vertical bars, machine names."""
    return _delimited(table.names, table, "|", "\n").encode()


FILES = (
    File("budgets-2020", "gb18030.csv", _from_an_old_system),
    File("disclosure-statistics-2017", "unicode.txt", _unicode_text),
    File("project-approvals-transcribed", "title-row.csv", _with_a_title),
    File("budgets-2021", "vertical-bars.csv", _vertical_bars),
)
