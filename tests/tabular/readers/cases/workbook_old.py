"""XLS, the format of Excel up to 2003, which many systems still export."""

from collections.abc import Callable
from datetime import date
from typing import Any

import xlwt

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.sheets import xls


def _case(name: str, zh: str, en: str, make: Callable[[Clean], bytes], **said: Any) -> Case:
    return Case(name, "xls", Text(zh, en), make, "报送.xls", **said)


def _wrote(row: int, column: int, value: Any, shown: str = "General") -> Callable[[Clean], bytes]:
    style = xlwt.easyxf(num_format_str=shown)
    return lambda table: xls(table, lambda _, sheet: sheet.write(row, column, value, style))


def _hidden(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.row(2).hidden = True
    sheet.col(7).hidden = True
    sheet.visibility = 1
    book.add_sheet("说明").write(0, 0, "填表说明")
    book.set_active_sheet(1)


def _merged(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.write_merge(2, 4, 0, 0, "示例市消防救援支队（虚构）")


def _error(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    sheet.row(1).set_cell_error(22, 0x07)


def _from_1904(table: Clean) -> bytes:
    def edit(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
        book.dates_1904 = True
        days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for row, cells in enumerate(table.rows, 1):
            for column, name in enumerate(table.names):
                if name in ("decision_date", "public_until", "status_date"):
                    sheet.write(row, column, date.fromisoformat(cells[column]), days)

    return xls(table, edit)


CASES: tuple[Case, ...] = (
    _case("plain", "一张工作表，首行是列名", "one sheet, the first row names columns", xls),
    _case(
        "hidden",
        "工作表、行和列是隐藏的",
        "the sheet, a row and a column are hidden",
        lambda table: xls(table, _hidden),
        notes=("hidden-sheet", "hidden-rows", "hidden-columns", "sheet-chosen"),
    ),
    _case(
        "merged-rows",
        "几行合并成一格",
        "cells are merged over several rows",
        lambda table: xls(table, _merged),
        refused=("merged-cells", ("/cell/A3",)),
    ),
    _case(
        "error",
        "公式错误值",
        "a cell holds an error",
        lambda table: xls(table, _error),
        refused=("error-value", ("/cell/W2",)),
    ),
    _case("date-1904", "使用 1904 日期系统", "the workbook counts days from 1904", _from_1904),
    _case(
        "serial-date",
        "日期列里是没有日期格式的数字",
        "a number without a date format in a column of dates",
        _wrote(1, 25, 43647),
        refused=("serial-date", ("/cell/Z2",)),
    ),
    _case(
        "code-as-date",
        "编号被改成了日期",
        "a code was turned into a date",
        _wrote(3, 7, date(2024, 3, 5), "m-d"),
        refused=("date-in-text-column", ("/cell/H4",)),
    ),
    _case(
        "long-code",
        "18 位编号存成了数字",
        "a code of 18 digits is stored as a number",
        _wrote(2, 7, 123456789012345678),
        refused=("damaged-identifier", ("/cell/H3",)),
    ),
    _case(
        "percent",
        "百分比格式的数，而该列单位是万元",
        "a number in per cent where the unit is 万元",
        _wrote(1, 22, 0.0345, "0.0%"),
        refused=("percent-cell", ("/cell/W2",)),
    ),
    _case(
        "padded-code",
        "代码存成数字，靠数字格式补零（000006）",
        "a code stored as a number, with zeros from its number format (000006)",
        _wrote(1, 1, 6, "000000"),
        refused=("disguised-number", ("/cell/B2",)),
    ),
    _case(
        "line-breaks",
        "单元格内换行",
        "line breaks within a cell",
        _wrote(1, 18, "一、占道\n二、堆料"),
        cells=lambda table: with_cell(table, 0, "facts", "一、占道\n二、堆料"),
    ),
    _case(
        "cut-off",
        "文件残缺",
        "the file is cut off",
        lambda table: xls(table)[:6000],
        refused=("unreadable-workbook", ("/byte/0",)),
    ),
    _case(
        "garbled",
        "内部记录损坏",
        "records inside are damaged",
        lambda table: xls(table).replace(b"\x09\x08\x10\x00", b"\x09\x08\xff\xff"),
        refused=("unreadable-workbook", ("/byte/0",)),
    ),
)
