"""XLSX: where the table stands in a workbook, and what stands around it."""

from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import titles
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.sheets import Edit, Layout, fill, xlsx

# The first row below the table, from 0.
_BELOW = 6


def _case(name: str, zh: str, en: str, make: Callable[[Clean], bytes], **said: Any) -> Case:
    return Case(name, "xlsx", Text(zh, en), make, "报送.xlsx", **said)


def _laid(**layout: Any) -> Callable[[Clean], bytes]:
    return lambda table: xlsx(table, None, Layout(**layout))


def _edited(edit: Edit, **layout: Any) -> Callable[[Clean], bytes]:
    return lambda table: xlsx(table, edit, Layout(**layout))


def _titled(book: Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("A1:AM1", "2019年7月行政处罚公示表")
    sheet.write("A2", "填报单位：示例市司法局")
    sheet.write("D2", "填报日期：2024年5月1日")


def _filtered(book: Workbook, sheet: Worksheet) -> None:
    sheet.autofilter(0, 0, _BELOW - 1, 38)
    sheet.filter_column(5, "x == 自然人")
    for row in (2, 3):
        sheet.set_row(row, None, None, {"hidden": True})


def _hidden(book: Workbook, sheet: Worksheet) -> None:
    other = book.add_worksheet("说明")
    other.write("A1", "填表说明")
    other.activate()
    sheet.hide()


def _with_others(book: Workbook, sheet: Worksheet) -> None:
    book.add_worksheet("空表")
    book.add_worksheet("说明").write_column("A1", ["填表说明", "每行一份决定书"])
    book.add_chartsheet("图").set_chart(_chart(book))


def _chart(book: Workbook) -> Any:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=行政处罚!$W$2:$W$6"})
    return chart


def _twice(table: Clean) -> bytes:
    return xlsx(table, lambda book, _: fill(book, book.add_worksheet("副本~1"), table))


def _two_rows(table: Clean) -> bytes:
    """Write the header over two rows: some labels above, the others below."""
    labels = titles(table)
    below = ["" if at < 4 else label for at, label in enumerate(labels)]
    above = labels[:4]
    return xlsx(table, lambda _, sheet: sheet.write_row(0, 0, above), Layout(top=1, header=below))


def _merged_header(table: Clean) -> bytes:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:A2", titles(table)[0])
        sheet.merge_range("B1:C1", "编码")

    header = ["", *titles(table)[1:]]
    return xlsx(table, edit, Layout(top=1, header=header))


def _note(book: Workbook, sheet: Worksheet) -> None:
    sheet.merge_range(_BELOW + 1, 0, _BELOW + 1, 5, "注：本表由示例市司法局填报。")


def _total(book: Workbook, sheet: Worksheet) -> None:
    sheet.write(_BELOW, 0, "合 计")
    sheet.write_formula(_BELOW, 22, "=SUM(W2:W6)", None, 16.45)


def _blank_row(table: Clean) -> Clean:
    blank = ("",) * len(table.names)
    return Clean(table.collection, table.names, (*table.rows[:2], blank, *table.rows[2:]))


def _formatted(book: Workbook, sheet: Worksheet) -> None:
    frame = book.add_format({"border": 1})
    for row in range(200):
        for column in range(60):
            if row >= _BELOW or column >= 39:
                sheet.write_blank(row, column, None, frame)


def _longer(table: Clean) -> Clean:
    rows = [(*row, "", "重复") if at == 1 else row for at, row in enumerate(table.rows)]
    return Clean(table.collection, table.names, tuple(rows))


def _relabelled(name: str, label: str) -> Callable[[Clean], bytes]:
    def make(table: Clean) -> bytes:
        labels: Sequence[str] = [
            label if each == name else title
            for each, title in zip(table.names, titles(table), strict=True)
        ]
        return xlsx(table, None, Layout(header=labels))

    return make


CASES: tuple[Case, ...] = (
    _case("plain", "一张工作表，首行是列名", "one sheet, the first row names columns", xlsx),
    _case(
        "machine-names",
        "列名用英文字段名",
        "machine names for column names",
        lambda table: xlsx(table, None, Layout(header=table.names)),
    ),
    _case(
        "title-rows",
        "表头上方有合并的标题行和填报单位",
        "a merged title and a line of particulars above the header",
        _edited(_titled, top=3),
        notes=("title-rows", "merged-cells"),
    ),
    _case(
        "elsewhere",
        "表格从第 10 行、C 列开始",
        "the table begins in row 10 and column C",
        _laid(top=9, left=2),
    ),
    _case(
        "hidden-rows",
        "有隐藏的行",
        "hidden rows",
        _edited(lambda _, sheet: sheet.set_row(3, None, None, {"hidden": True})),
        notes=("hidden-rows",),
    ),
    _case(
        "hidden-columns",
        "有隐藏的列",
        "hidden columns",
        _edited(lambda _, sheet: sheet.set_column("H:L", None, None, {"hidden": True})),
        notes=("hidden-columns",),
    ),
    _case("filtered", "有筛选", "a filter is on", _edited(_filtered), notes=("filtered-rows",)),
    _case(
        "hidden-sheet",
        "表格在隐藏的工作表里",
        "the table is on a hidden sheet",
        _edited(_hidden),
        notes=("hidden-sheet", "sheet-chosen"),
    ),
    _case(
        "other-sheets",
        "还有空表、说明表和图表",
        "there are an empty sheet, one of instructions, and a chart",
        _edited(_with_others),
        notes=("sheet-chosen",),
    ),
    _case(
        "several-sheets",
        "两张工作表都符合数据规范",
        "two sheets fit the contract equally well",
        _twice,
        refused=("several-sheets", ("/sheet/行政处罚", "/sheet/副本~01")),
    ),
    _case(
        "no-header",
        "没有表头",
        "no header",
        lambda table: xlsx(table, None, Layout(header=[])),
        refused=("no-header", ()),
    ),
    _case(
        "stray-cell",
        "表格下方隔一千多个空行还有一个空格",
        "a space far below the table, under more than a thousand blank rows",
        lambda table: xlsx(table, lambda _, sheet: sheet.write_string(1999, 3, " ")),
        refused=("stray-cells", ("/row/2000",)),
    ),
    _case(
        "sorted-with-header",
        "表头被排序到了数据中间",
        "the table was sorted with its header",
        lambda table: xlsx(
            table, lambda _, sheet: sheet.write_row(0, 0, table.rows[0]), Layout(top=1)
        ),
        refused=("records-above-header", ("/row/1",)),
    ),
    _case(
        "header-twice",
        "表头出现两次",
        "the header stands there twice",
        lambda table: xlsx(
            table, lambda _, sheet: sheet.write_row(0, 0, titles(table)), Layout(top=1)
        ),
        refused=("several-headers", ("/row/1", "/row/2")),
    ),
    _case(
        "empty",
        "工作簿是空的",
        "the workbook is empty",
        lambda table: xlsx(Clean(table.collection, (), ())),
        refused=("empty-file", ()),
    ),
    _case(
        "split-header",
        "列名分写在两行",
        "the column names are spread over two rows",
        _two_rows,
        refused=("split-header", ("/row/1", "/row/2")),
    ),
    _case(
        "merged-header",
        "表头有跨行合并的列名",
        "a column name is merged over two rows",
        _merged_header,
        refused=("split-header", ("/cell/A1",)),
    ),
    _case(
        "merged-rows",
        "同一机关的几行合并成一格",
        "the cells of one authority are merged over several rows",
        _edited(lambda _, sheet: sheet.merge_range("A3:A5", "示例市消防救援支队（虚构）")),
        refused=("merged-cells", ("/cell/A3",)),
    ),
    _case(
        "merged-columns",
        "一行里几格合并",
        "cells of one row are merged",
        _edited(lambda _, sheet: sheet.merge_range("AL2:AM2", "公示期届满")),
        refused=("merged-cells", ("/cell/AL2",)),
    ),
    _case(
        "note-below",
        "表格下方有说明，数据规范声明不读",
        "a note below the table, which the contract leaves out",
        _edited(_note),
        contract_reading=("notes",),
        notes=("notes-stripped", "merged-cells"),
    ),
    _case(
        "note-refused",
        "表格下方有说明，数据规范没有声明",
        "a note below the table, of which the contract says nothing",
        _edited(_note),
        refused=("trailing-note", ("/row/8",)),
    ),
    _case(
        "total-below",
        "表格下方有合计行，数据规范声明不读",
        "a row of totals below the table, which the contract leaves out",
        _edited(_total),
        contract_reading=("totals",),
        notes=("totals-stripped",),
    ),
    _case(
        "total-refused",
        "表格下方有合计行，数据规范没有声明",
        "a row of totals below the table, of which the contract says nothing",
        _edited(_total),
        refused=("totals-row", ("/row/7",)),
    ),
    _case(
        "blank-row",
        "表格中间有空行",
        "a blank row within the table",
        lambda table: xlsx(_blank_row(table)),
        cells=_blank_row,
    ),
    _case(
        "formatted-blanks",
        "表格四周有只设了格式的空单元格",
        "blank cells around the table are formatted",
        _edited(_formatted),
    ),
    _case(
        "cell-to-the-right",
        "表头之外的右侧有内容",
        "something stands to the right of the header",
        _edited(lambda _, sheet: sheet.write("AO3", "重复")),
        cells=_longer,
    ),
    _case(
        "cell-to-the-left",
        "表格左侧有内容",
        "something stands to the left of the table",
        _edited(lambda _, sheet: sheet.write("A4", "☆"), left=1),
        refused=("cell-outside-table", ("/cell/A4",)),
    ),
    _case(
        "tolerant-header",
        "列名里有换行、空格和单位",
        "a line break, a space and the unit in a column name",
        _relabelled("fine_amount", "罚款 金额\n（万元）"),
        notes=("tolerant-header",),
    ),
    _case(
        "unit-contradicts",
        "列名里的单位与数据规范不同",
        "the unit in a column name is not the contract's",
        _relabelled("fine_amount", "罚款金额（元）"),
        refused=("unit-contradicts", ("/cell/W1",)),
    ),
)
