"""XLSX: what cells hold, and how it is read as what their columns are."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.sheets import Edit, Layout, repacked, xlsx


def _case(name: str, zh: str, en: str, make: Callable[[Clean], bytes], **said: Any) -> Case:
    return Case(name, "xlsx", Text(zh, en), make, "报送.xlsx", **said)


def _edited(edit: Edit, **layout: Any) -> Callable[[Clean], bytes]:
    return lambda table: xlsx(table, edit, Layout(**layout))


def _now(name: str, cell: str) -> Callable[[Clean], Clean]:
    """Say that the first row then has another cell."""
    return lambda table: with_cell(table, 0, name, cell)


def _shown_as(cell: str, value: float, shown: str) -> Callable[[Clean], bytes]:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_number(cell, value, book.add_format({"num_format": shown}))

    return _edited(edit)


def _at(cell: str, moment: date, shown: str = "yyyy-mm-dd") -> Callable[[Clean], bytes]:
    def edit(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime(cell, moment, book.add_format({"num_format": shown}))

    return _edited(edit)


def _text(cell: str, text: str) -> Callable[[Clean], bytes]:
    return _edited(lambda _, sheet: sheet.write_string(cell, text))


def _number(cell: str, number: float) -> Callable[[Clean], bytes]:
    return _edited(lambda _, sheet: sheet.write_number(cell, number))


def _arithmetic(table: Clean) -> bytes:
    """Write what Excel writes for 1.1 + 2.2; XlsxWriter would round it."""
    return repacked(
        xlsx(table),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v>3.45</v>", b"<v>3.3000000000000003</v>"),
    )


def _rich(book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_rich_string("S2", "在人行道", bold, "堆放物料", "39平方米")


def _formulas(book: Workbook, sheet: Worksheet) -> None:
    sheet.write_formula("W2", "=1.2+2.25", None, 3.45)
    sheet.write_formula("AJ2", '="exp"&"ired"', None, "expired")
    sheet.write_formula("Z2", "=DATE(2019,7,1)", book.add_format({"num_format": 14}), 43647)


def _uncalculated(table: Clean) -> bytes:
    """Let openpyxl write formulas: it does not calculate."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(table)))
    book.active["W2"] = "=1.2+2.25"
    book.active["W4"] = "=SUM(W2:W3)"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _errors(book: Workbook, sheet: Worksheet) -> None:
    sheet.write_formula("W3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("A5", "=#REF!", None, "#REF!")


def _error_above(book: Workbook, sheet: Worksheet) -> None:
    sheet.write_formula("A1", "=#REF!", None, "#REF!")
    sheet.write("B1", "行政处罚公示表")


CASES: tuple[Case, ...] = (
    _case(
        "all-text",
        "数字和日期都以文本存储",
        "numbers and dates are stored as text",
        lambda table: xlsx(table, None, Layout(as_text=True)),
    ),
    _case(
        "zeros-as-text",
        "以文本存储的数字带前导零",
        "a number stored as text begins with zeros",
        _text("D2", "0001"),
        cells=_now("party_no", "0001"),
    ),
    _case(
        "arithmetic",
        "公式的尾差：0.1+0.2",
        "what arithmetic leaves behind: 0.1 + 0.2",
        _arithmetic,
        cells=_now("fine_amount", "3.3"),
        notes=("fifteen-digits",),
    ),
    _case(
        "sixteen-digits",
        "确有 16 位有效数字的数",
        "a number that really has 16 digits",
        _number("W2", 1234567890123.456),
        cells=_now("fine_amount", "1234567890123.456"),
    ),
    _case(
        "tiny-number",
        "极小的数不用科学记数法",
        "a tiny number is read without an exponent",
        _number("W2", 0.000000125),
        cells=_now("fine_amount", "0.000000125"),
    ),
    _case(
        "digits-as-number",
        "文本列里的 15 位以内的编号存成了数字",
        "a code of up to 15 digits is stored as a number",
        _number("H2", 110108001234567),
        cells=_now("counterparty_reg_no", "110108001234567"),
    ),
    _case(
        "long-code",
        "18 位编号存成了数字（1.23E+17）",
        "a code of 18 digits is stored as a number (1.23E+17)",
        _number("H3", 123456789012345678),
        refused=("damaged-identifier", ("/cell/H3",)),
    ),
    _case(
        "long-integer",
        "整数列里的数超过 15 位，已失真",
        "an integer has more digits than a spreadsheet keeps",
        _number("D2", 12345678901234567),
        refused=("damaged-identifier", ("/cell/D2",)),
    ),
    _case(
        "chinese-date",
        "日期显示为“2019年7月1日”",
        "a date shown in Chinese",
        _at("Z2", date(2019, 7, 1), 'yyyy"年"m"月"d"日"'),
    ),
    _case(
        "short-date",
        "日期只显示月和日",
        "a date shows month and day only",
        _at("Z2", date(2019, 7, 1), "m-d"),
    ),
    _case(
        "date-1904",
        "使用 1904 日期系统",
        "the workbook counts days from 1904",
        lambda table: xlsx(table, None, Layout(options={"date_1904": True})),
    ),
    _case(
        "date-as-text",
        "日期以文本存储，写法不同",
        "a date stored as text, written differently",
        _text("Z2", "2019/7/1"),
        cells=_now("decision_date", "2019/7/1"),
    ),
    _case(
        "date-with-time",
        "日期列里还有时刻",
        "a date with a time of day",
        _at("Z2", datetime(2019, 7, 1, 9, 30), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001 - as entered.
        cells=_now("decision_date", "2019-07-01T09:30:00"),
    ),
    _case(
        "serial-date",
        "日期列里是没有日期格式的数字",
        "a number without a date format in a column of dates",
        _number("Z2", 43647),
        refused=("serial-date", ("/cell/Z2",)),
    ),
    _case(
        "date-of-1900",
        "1900 年 3 月以前的日期",
        "a date before March 1900",
        _shown_as("Z2", 60, "yyyy-mm-dd"),
        refused=("serial-date", ("/cell/Z2",)),
    ),
    _case(
        "code-as-date",
        "编号“3-5”被 Excel 改成了日期",
        'the code "3-5" was turned into a date',
        _at("H4", date(2024, 3, 5), 'm"月"d"日"'),
        refused=("date-in-text-column", ("/cell/H4",)),
    ),
    _case(
        "truth",
        "文本列里的逻辑值",
        "a truth value in a column of text",
        _edited(lambda _, sheet: sheet.write_boolean("AM2", True)),
        cells=_now("remark", "TRUE"),
    ),
    _case(
        "padded-code",
        "代码存成数字，靠数字格式补零（000006）",
        "a code stored as a number, with zeros from its number format (000006)",
        _shown_as("B2", 6, "000000"),
        refused=("disguised-number", ("/cell/B2",)),
    ),
    _case(
        "padded-number",
        "数字列靠数字格式补零",
        "zeros before a number, from its number format",
        _shown_as("W2", 3.45, "000.00"),
        cells=_now("fine_amount", "3.45"),
    ),
    _case(
        "scaled-number",
        "以万为单位显示的数（数字格式 0!.0000）",
        "a number shown in ten thousands (number format 0!.0000)",
        _shown_as("W2", 34500, "0!.0000"),
        refused=("disguised-number", ("/cell/W2",)),
    ),
    _case(
        "unit-in-format",
        "数字格式带单位：3.45万元",
        "a unit in the number format: 3.45万元",
        _shown_as("W2", 3.45, '0.00"万元"'),
        cells=_now("fine_amount", "3.45"),
    ),
    _case(
        "percent",
        "百分比格式的数，而该列单位是万元",
        "a number in per cent where the unit is 万元",
        _shown_as("W2", 0.0345, "0.0%"),
        refused=("percent-cell", ("/cell/W2",)),
    ),
    _case(
        "percent-sign",
        "数字格式里的百分号只是文字",
        "the per cent sign of a number format is only text",
        _shown_as("W2", 3.45, '0.00"%"'),
    ),
    _case(
        "currency",
        "货币和千分位格式",
        "currency and thousands separators",
        _shown_as("W2", 12345.5, "¥#,##0.00"),
        cells=_now("fine_amount", "12345.5"),
    ),
    _case("formulas", "公式，有计算结果", "formulas with results", _edited(_formulas)),
    _case(
        "uncalculated",
        "公式没有计算结果（由程序生成）",
        "formulas without results, as programs write them",
        _uncalculated,
        refused=("uncalculated-formula", ("/cell/W2", "/cell/W4")),
    ),
    _case(
        "errors",
        "公式错误值：#DIV/0!、#REF!",
        "errors: #DIV/0!, #REF!",
        _edited(_errors),
        refused=("error-value", ("/cell/W3", "/cell/A5")),
    ),
    _case(
        "error-above",
        "标题行里的公式错误值",
        "an error in a row above the header",
        _edited(_error_above, top=1),
        notes=("title-rows",),
    ),
    _case("rich-text", "一格内有几种字体", "several fonts in a cell", _edited(_rich)),
    _case(
        "line-breaks",
        "单元格内换行",
        "line breaks within a cell",
        _text("S2", "一、占道\n二、堆料\r\n三、其他"),
        cells=_now("facts", "一、占道\n二、堆料\r\n三、其他"),
    ),
    _case(
        "spaces",
        "首尾空格、全角数字原样保留",
        "spaces at the ends and full-width digits stay as they are",
        _text("S2", "　 ３９ 平方米 "),
        cells=_now("facts", "　 ３９ 平方米 "),
    ),
    _case(
        "looks-like-an-escape",
        "文字里有 _x000D_ 字样",
        "text that looks like an escape of XLSX",
        _text("S2", "_x000D_"),
        cells=_now("facts", "_x000D_"),
    ),
    _case(
        "formula-like-text",
        "以等号开头的文字不是公式",
        "text that begins with an equals sign is no formula",
        _text("S2", "=1+1"),
        cells=_now("facts", "=1+1"),
    ),
    _case(
        "long-cell",
        "Excel 允许的最长单元格",
        "the longest cell that Excel allows",
        _text("S2", "长" * 32767),
        cells=_now("facts", "长" * 32767),
    ),
)
