"""Marking the findings in an agency's own XLSX, beside merely reading its cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.
from python_calamine import CalamineWorkbook

from benchmarks.measure import Paired, paired, timed
from opendata.tabular.annotate import Outcome, account_of
from opendata.tabular.annotate.patch import patch

COLUMNS = 20
SHEET = "数据"
_LETTERS = "ABCDEFGHIJKLMNOPQRST"


def write(path: Path, rows: int) -> None:
    """Write a workbook of ``rows`` rows of 20 columns: texts and numbers in turn."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        for row in range(rows + 1):
            for column in range(COLUMNS):
                if row == 0 or column % 2 == 0:
                    sheet.write_string(row, column, f"第 {row} 行第 {column} 列的文字")
                else:
                    sheet.write_number(row, column, row * column / 4)


def marking(path: Path, rows: int, findings: int, rounds: int) -> Paired:
    """Time marking ``findings`` cells all over the sheet against reading every cell once."""
    outcome = _outcome(path.name, rows, findings)
    marked = path.with_name("marked.xlsx")

    def ours() -> None:
        with marked.open("wb") as out:
            patch(path, SHEET, account_of(outcome), out)

    def theirs() -> None:
        read = sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).iter_rows())
        if read != rows + 1:
            message = f"the benchmark's workbook has {read} rows"
            raise RuntimeError(message)

    return paired(timed(ours), timed(theirs), rounds)


def _outcome(filename: str, rows: int, findings: int) -> Outcome:
    errors = list(_errors(rows, findings))
    mapping = [{"label": each, "field": each.lower(), "column": each} for each in _LETTERS]
    return Outcome(
        filename=filename,
        valid=False,
        counts={"rows": rows, "errors": len(errors), "by_type": {"type-error": len(errors)}},
        errors=errors,
        cautions=(),
        provenance={"format": "xlsx", "sheet": SHEET, "header_row": 1, "mapping": mapping},
    )


def _errors(rows: int, findings: int) -> Iterator[dict[str, Any]]:
    for number in range(findings):
        row = 2 + number * rows // findings
        cell = f"{_LETTERS[number % COLUMNS]}{row}"
        yield {
            "type": "type-error",
            "rowNumber": row,
            "fieldNumber": number % COLUMNS + 1,
            "cell": "一",
            "source_line": row,
            "source_cell": cell,
            "messages": {
                "zh": f"单元格 {cell}：值“一”不是整数。",
                "en": f"Cell {cell}: no integer.",
            },
        }
