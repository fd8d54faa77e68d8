"""The penalties once more as XLSX: numbers and days as cells of their own kind."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.

from benchmarks import alone, penalties
from benchmarks.validation import Files
from opendata.tabular.contract import load


def files(folder: Path, rows: int, times: int) -> Files:
    """Write a workbook of ``rows`` rows, and one of a ``times``-th of them."""
    found = Files(folder / f"{rows}.xlsx", folder / f"{rows}-part.xlsx", times, valid=True)
    _write(found.whole, rows)
    _write(found.part, rows // times)
    return found


def _write(path: Path, rows: int) -> None:
    """Write as text what is text, under machine names: Frictionless knows no others.

    Texts go into the shared table, as Excel writes them; XlsxWriter has all of them in memory.
    """
    text = path.with_suffix(".csv")
    penalties.write(text, rows)
    with (
        text.open(encoding="utf-8", newline="") as stream,
        xlsxwriter.Workbook(path) as book,
    ):
        sheet = book.add_worksheet("行政处罚")
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        names, *records = csv.reader(stream)
        sheet.write_row(0, 0, names)
        kinds = _kinds(names)
        for at, record in enumerate(records, 1):
            for column, (kind, cell) in enumerate(zip(kinds, record, strict=True)):
                if cell and kind in ("number", "integer"):
                    sheet.write_number(at, column, float(cell))
                elif cell and kind == "date":
                    sheet.write_datetime(at, column, date.fromisoformat(cell), days)
                elif cell:
                    sheet.write_string(at, column, cell)
    text.unlink()


def _kinds(names: Sequence[str]) -> list[str]:
    contract = load(alone.CONTRACT)
    return [field.type for field in map(contract.field, names) if field]
