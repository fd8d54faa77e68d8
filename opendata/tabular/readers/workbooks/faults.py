"""The words for what a workbook is refused for, and the places."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from opendata.domain.errors import Text
from opendata.tabular.readers.refused import UnreadableWorkbook
from opendata.tabular.readers.workbooks.model import Area, Place, Sheet
from opendata.tabular.readers.workbooks.refused import (
    CellOutsideTable,
    DateInTextColumn,
    DisguisedNumber,
    ErrorValue,
    MergedCells,
    PercentCell,
    SerialDate,
    SeveralSheets,
    SplitHeader,
    StrayCells,
    UncalculatedFormula,
    XmlEntities,
)
from opendata.tabular.refusals import DamagedIdentifier, Unreadable

_SHOWN = 5
_Kind = TypeVar("_Kind", bound=Unreadable)


def broken(detail: str = "", where: str = "") -> UnreadableWorkbook:
    """Return the refusal of a damaged workbook; ``detail`` is a library's, for whoever looks."""
    more = f" ({detail})" if detail else ""
    return UnreadableWorkbook(
        "工作簿已损坏，无法读取。请用 Excel 或 WPS 打开后另存为 XLSX，再上传。",
        f"The workbook is damaged and cannot be read{more}. Open it and save it anew as XLSX.",
        where,
    )


def unusual(zh: str, en: str, where: str) -> UnreadableWorkbook:
    """Return the refusal of a workbook that two programs would read as two tables, or none."""
    return UnreadableWorkbook(
        f"工作簿的写法特殊（{zh}），不同程序会读出不同内容。"
        "请用 Excel 或 WPS 打开后另存为 XLSX，再上传。",
        f"The workbook is written in an unusual way ({en}), which programs read differently. "
        "Open it and save it anew as XLSX.",
        where,
    )


def entities(where: str) -> XmlEntities:
    """Return the refusal of XML that declares a document type."""
    return XmlEntities(
        "工作簿的 XML 中有文档类型或实体声明，可能有害，未予读取。请用 Excel 或 WPS 另存后上传。",
        "The workbook's XML declares a document type or entities, which may do harm; it was not "
        "read. Save it anew.",
        where,
    )


def several_sheets(sheets: Sequence[Sheet]) -> SeveralSheets:
    """Return the refusal of a workbook two sheets of which fit equally well."""
    names = [each.name for each in sheets]
    return SeveralSheets(
        f"有 {len(names)} 张工作表同样符合数据规范（{_listed(names, '、')}），无法判断以哪张为准。"
        "请只保留要报送的那一张。",
        f"{len(names)} sheets fit the contract equally well ({_listed(names, ', ')}). "
        "Keep only the one that is meant.",
        [each.pointer for each in sheets],
    )


def split_header(names: Sequence[str], where: Sequence[str]) -> SplitHeader:
    """Return the refusal of a header that is more than one row of single cells."""
    listed = f"（{_listed(names, '、')}）" if names else ""
    listed_en = f" ({_listed(names, ', ')})" if names else ""
    return SplitHeader(
        f"表头分成了几行，或有合并单元格{listed}。请取消合并，把列名写在同一行，每列一格。",
        f"The header takes several rows or has merged cells{listed_en}. Unmerge it and write the "
        "column names into one row, one cell each.",
        where,
    )


def merged_cells(areas: Sequence[Area]) -> MergedCells:
    """Return the refusal of merged cells within the table."""
    names = [each.name for each in areas]
    return MergedCells(
        f"表格内有合并单元格（{_listed(names, '、')}）：一个值对应几格，平台不作猜测。"
        "请取消合并，并逐格填写。",
        f"There are merged cells in the table ({_listed(names, ', ')}): one value for several "
        "cells, and nothing is guessed. Unmerge them and fill each cell.",
        [
            (
                Place(each.top, each.left).pointer,
                Text(f"{each.name} 是合并单元格。", f"{each.name} is merged."),
            )
            for each in areas
        ],
    )


def error_values(cells: Sequence[Place]) -> ErrorValue:
    """Return the refusal of cells that hold errors."""
    return _cells(
        ErrorValue,
        cells,
        Text(
            "是公式错误值（如 #REF!、#N/A、#DIV/0!），不是数据。请更正公式，或填入正确的值。",
            "holds an error (such as #REF!, #N/A, #DIV/0!) and no data. "
            "Mend the formula or enter the value.",
        ),
    )


def uncalculated(cells: Sequence[Place]) -> UncalculatedFormula:
    """Return the refusal of formulas without results."""
    return _cells(
        UncalculatedFormula,
        cells,
        Text(
            "是没有计算结果的公式。请用 Excel 或 WPS 打开工作簿、重新计算并保存后上传。",
            "is a formula without a result. Open the workbook in a spreadsheet program, let it "
            "calculate, and save it.",
        ),
    )


def outside(cells: Sequence[Place]) -> CellOutsideTable:
    """Return the refusal of cells to the left of the header."""
    return _cells(
        CellOutsideTable,
        cells,
        Text(
            "在表格左侧，其上没有列名。请补上列名，或删去表格以外的内容。",
            "stands to the left of the table, under no column name. "
            "Name the column, or remove what is beside the table.",
        ),
    )


def stray_cells(line: int, blank: int) -> StrayCells:
    """Return the refusal of what stands on a line under so many blank rows."""
    return StrayCells(
        f"隔了 {blank} 个空行，第 {line} 行还有内容（可能只是空格）。"
        "请删去该行，或删去其上的空行。",
        f"Under {blank} blank rows something stands in row {line}, maybe a space only. "
        "Remove it, or the blank rows.",
        f"/row/{line}",
    )


def damaged_identifiers(cells: Sequence[Place]) -> DamagedIdentifier:
    """Return the refusal of codes that have become rounded numbers."""
    return _cells(
        DamagedIdentifier,
        cells,
        Text(
            "超过 15 位，被存成了数字，Excel 已丢失其末尾几位。"
            "请把该列设为“文本”格式，再重新填写原来的代码。",
            "has more than 15 digits and was stored as a number: its last digits are lost. "
            "Format the column as text and enter the original again.",
        ),
    )


def serial_dates(cells: Sequence[Place]) -> SerialDate:
    """Return the refusal of numbers where dates should be, and of dates that mean two days."""
    return _cells(
        SerialDate,
        cells,
        Text(
            "在日期列里却是数字，或早于 1900 年 3 月 1 日，无法确定是哪一天。"
            "请把单元格设为“日期”格式，或以文本填写，如 2024-05-01。",
            "is a number in a column of dates, or before March 1900: which day it means is not "
            "certain. Format the cell as a date, or write the date as text, such as 2024-05-01.",
        ),
    )


def dates_in_text(cells: Sequence[Place]) -> DateInTextColumn:
    """Return the refusal of dates where text should be."""
    return _cells(
        DateInTextColumn,
        cells,
        Text(
            "在文本列里却是日期：Excel 可能把“3-5”之类的编号改成了日期。"
            "请把该列设为“文本”格式，再重新填写原来的内容。",
            'is a date in a column of text: a code such as "3-5" may have been turned into it. '
            "Format the column as text and enter the original again.",
        ),
    )


def percent_cells(cells: Sequence[Place]) -> PercentCell:
    """Return the refusal of percentages in columns of another unit."""
    return _cells(
        PercentCell,
        cells,
        Text(
            "显示为百分比，而数据规范的该列不以 % 为单位。请按数据规范的单位填写，并改用常规格式。",
            "shows per cent, which is not the unit of its column. "
            "Enter it in the contract's unit and in a plain number format.",
        ),
    )


def disguised_numbers(cells: Sequence[Place]) -> DisguisedNumber:
    """Return the refusal of numbers that are shown by other digits than they have."""
    return _cells(
        DisguisedNumber,
        cells,
        Text(
            "显示的与存储的不是同一个数（数字格式补零、加前缀或以千、万缩放，如 000000、0!.0,），"
            "无法确定以哪个为准。代码请设为“文本”格式并重新填写；金额请用常规格式按规范的单位填写。",
            "shows another number than it holds (its format adds zeros or digits, or scales it, "
            "such as 000000 or 0!.0,): which is meant is not certain. Enter codes as text, and "
            "amounts in a plain format in the contract's unit.",
        ),
    )


def _cells(kind: type[_Kind], cells: Iterable[Place], words: Text) -> _Kind:
    places = sorted(cells)
    names = [each.name for each in places]
    return kind(
        f"单元格 {_listed(names, '、')} {words.zh}",
        f"Cell {_listed(names, ', ')} {words.en}",
        [
            (each.pointer, Text(f"{each.name} {words.zh}", f"{each.name} {words.en}"))
            for each in places
        ],
    )


def _listed(names: Sequence[str], comma: str) -> str:
    return comma.join(names[:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
