"""What a workbook is refused for; each names the cells, rows or sheets."""

from opendata.domain.errors import Text
from opendata.tabular.refusals import Unreadable


class SeveralSheets(Unreadable):
    """Two sheets of a workbook have the contract's columns equally well."""

    code = "several-sheets"
    title = Text("不止一张工作表符合", "Several sheets would do")


class SplitHeader(Unreadable):
    """The header takes more than one row, or one of its cells is merged."""

    code = "split-header"
    title = Text("表头分成几行或有合并单元格", "The header is split or merged")


class MergedCells(Unreadable):
    """Cells within the table are merged: one value stands for several cells."""

    code = "merged-cells"
    title = Text("表格内有合并单元格", "There are merged cells in the table")


class CellOutsideTable(Unreadable):
    """A cell to the left of the table is filled, and no header says what it is."""

    code = "cell-outside-table"
    title = Text("表格左侧有内容", "Something stands beside the table")


class StrayCells(Unreadable):
    """Far below the table, under more blank rows than any table has, something stands."""

    code = "stray-cells"
    title = Text("表格下方很远处有内容", "Something stands far below the table")


class ErrorValue(Unreadable):
    """A formula has no result but an error such as ``#REF!``."""

    code = "error-value"
    title = Text("单元格是公式错误值", "A cell holds an error")


class UncalculatedFormula(Unreadable):
    """A formula was never calculated: the workbook says what to do, not what comes out."""

    code = "uncalculated-formula"
    title = Text("公式没有计算结果", "A formula has no result")


class SerialDate(Unreadable):
    """A number stands where a date should: which day it means depends on what is not written."""

    code = "serial-date"
    title = Text("日期列里是数字", "A number stands where a date should")


class DateInTextColumn(Unreadable):
    """A date stands where a code or text should: a spreadsheet may have made it of ``3-5``."""

    code = "date-in-text-column"
    title = Text("文本列里是日期", "A date stands where text should")


class PercentCell(Unreadable):
    """A cell shows per cent where the contract's column is in another unit."""

    code = "percent-cell"
    title = Text("单元格是百分比", "A cell is in per cent")


class DisguisedNumber(Unreadable):
    """A number format shows other digits than the cell holds: zeros, a prefix, thousands."""

    code = "disguised-number"
    title = Text("显示的数与存储的数不同", "A cell shows another number than it holds")


class XmlEntities(Unreadable):
    """A part of a workbook declares a document type: entities, maybe files of other machines."""

    code = "xml-entities"
    title = Text("工作簿内含 XML 实体声明", "The workbook declares XML entities")
