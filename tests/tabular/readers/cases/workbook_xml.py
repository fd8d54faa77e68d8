"""XLSX as other programs write it, and as attackers do."""

import re
from collections.abc import Callable
from typing import Any

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.sheets import packed, repacked, unpacked, xlsx

_SHEET = "xl/worksheets/sheet1.xml"
_IN_SHEET = "/member/xl~1worksheets~1sheet1.xml"
_STRINGS = "xl/sharedStrings.xml"


def _case(name: str, zh: str, en: str, make: Callable[[Clean], bytes], **said: Any) -> Case:
    return Case(name, "xlsx", Text(zh, en), make, "报送.xlsx", **said)


def _replaced(part: str, *changes: tuple[bytes, bytes]) -> Callable[[Clean], bytes]:
    def change(xml: bytes) -> bytes:
        for old, new in changes:
            assert old in xml, old
            xml = xml.replace(old, new)
        return xml

    return lambda table: repacked(xlsx(table), part, change)


def _in_sheet(old: bytes, new: bytes) -> Callable[[Clean], bytes]:
    return _replaced(_SHEET, (old, new))


def _remark(cell: str) -> Callable[[Clean], bytes]:
    """Replace the XML of the first row's last cell."""
    old = re.compile(rb'<c r="AM2" t="s"><v>\d+</v></c>')
    return lambda table: repacked(xlsx(table), _SHEET, lambda xml: old.sub(cell.encode(), xml))


def _prefixed(xml: bytes) -> bytes:
    """Write every element with a namespace prefix, as the Open XML SDK does."""
    return (
        xml.replace(b"</", b"</\0")
        .replace(b"<", b"<x:")
        .replace(b"<x:/\0", b"</x:")
        .replace(b"<x:?", b"<?")
        .replace(b"xmlns=", b"xmlns:x=")
    )


def _without(part: str) -> Callable[[Clean], bytes]:
    def make(table: Clean) -> bytes:
        parts = unpacked(xlsx(table))
        del parts[part]
        return packed(parts)

    return make


def _twice_named(table: Clean) -> bytes:
    parts = unpacked(xlsx(table))
    return packed({**parts, "xl/worksheets/SHEET1.xml": parts[_SHEET]})


def _bomb(part: str) -> Callable[[Clean], bytes]:
    lol = b"".join(
        b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    declared = b'<!DOCTYPE bomb [<!ENTITY l0 "lol">' + lol + b"]>"

    def change(xml: bytes) -> bytes:
        prolog, _, rest = xml.partition(b"?>")
        return prolog + b"?>" + declared + rest

    return lambda table: repacked(xlsx(table), part, change)


def _far(cell: bytes) -> Callable[[Clean], bytes]:
    row = cell.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    added = b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (row, cell)
    return _in_sheet(b"</sheetData>", added)


def _phonetic(table: Clean) -> bytes:
    """Add a reading aid to a shared string, as East Asian editions of Excel do."""
    fact = table.rows[0][table.names.index("facts")].encode()
    aid = b'<rPh sb="0" eb="1"><t>ZAI</t></rPh><phoneticPr fontId="1"/>'
    return repacked(
        xlsx(table), _STRINGS, lambda xml: xml.replace(fact + b"</t>", fact + b"</t>" + aid)
    )


def _giant(table: Clean) -> bytes:
    fact = table.rows[0][table.names.index("facts")].encode()
    return repacked(xlsx(table), _STRINGS, lambda xml: xml.replace(fact, fact + b"x" * 1024 * 1024))


CASES: tuple[Case, ...] = (
    _case(
        "prefixed",
        "XML 元素带命名空间前缀（ClosedXML 等程序）",
        "elements with a namespace prefix (as ClosedXML writes them)",
        lambda table: repacked(xlsx(table), _SHEET, _prefixed),
    ),
    _case(
        "phonetic",
        "单元格带拼音注音",
        "a cell with a phonetic guide",
        _phonetic,
    ),
    _case(
        "inline-text",
        "文本直接写在单元格里",
        "text within the cell instead of the shared table",
        _remark('<c r="AM2" t="inlineStr"><is><t>备注</t></is></c>'),
        cells=lambda table: with_cell(table, 0, "remark", "备注"),
    ),
    _case(
        "negative-index",
        "单元格所指的共享文字编号是负数",
        "a cell refers to a shared text by a negative number",
        _remark('<c r="AM2" t="s"><v>-1</v></c>'),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "no-references",
        "单元格不写明位置",
        "cells that do not say where they are",
        _in_sheet(b'<c r="A2"', b"<c"),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "cell-twice",
        "同一单元格出现两次",
        "a cell is given twice",
        _in_sheet(b'<c r="D2"><v>1</v></c>', b'<c r="D2"><v>1</v></c><c r="D2"><v>2</v></c>'),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "cell-out-of-order",
        "单元格写在别的行里",
        "a cell stands in another row than it says",
        _in_sheet(b'<c r="D2"><v>1</v></c>', b'<c r="D9"><v>1</v></c>'),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "comments",
        "工作表 XML 里有注释",
        "XML comments in a sheet",
        _in_sheet(b"<v>3.45</v>", b"<v>3<!-- x -->.45</v>"),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "not-a-number",
        "数字单元格写着 NaN",
        "a number cell says NaN",
        _in_sheet(b"<v>3.45</v>", b"<v>NaN</v>"),
        refused=("error-value", ("/cell/W2",)),
    ),
    _case(
        "broken-xml",
        "工作表 XML 残缺",
        "the XML of a sheet is cut off",
        lambda table: repacked(xlsx(table), _SHEET, lambda xml: xml[: len(xml) // 2]),
        refused=("unreadable-workbook", ("/sheet/行政处罚",)),
    ),
    _case(
        "missing-string",
        "引用的文本不存在",
        "a cell refers to a text that is not there",
        _remark('<c r="AM2" t="s"><v>99999</v></c>'),
        refused=("unreadable-workbook", ("/sheet/行政处罚",)),
    ),
    _case(
        "missing-sheet",
        "缺少工作表部件",
        "the part of a sheet is missing",
        _without(_SHEET),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "part-twice",
        "两个部件只有大小写不同",
        "two parts differ in capitals only",
        _twice_named,
        refused=("unreadable-workbook", ("/member/xl~1workbook.xml",)),
    ),
    _case(
        "other-encoding",
        "XML 不是 UTF-8",
        "XML in another encoding",
        _replaced(_STRINGS, (b'encoding="UTF-8"', b'encoding="GBK"')),
        refused=("unreadable-workbook", ("/member/xl~1sharedStrings.xml",)),
    ),
    _case(
        "entities-in-sheet",
        "工作表声明 XML 实体（十亿笑）",
        "a sheet declares entities (a billion laughs)",
        _bomb(_SHEET),
        refused=("xml-entities", (_IN_SHEET,)),
    ),
    _case(
        "entities-in-strings",
        "共享文本声明 XML 实体",
        "the shared texts declare entities",
        _bomb(_STRINGS),
        refused=("xml-entities", ("/member/xl~1sharedStrings.xml",)),
    ),
    _case(
        "entities-in-workbook",
        "工作簿部件声明外部实体",
        "the workbook part declares an external entity",
        _replaced(
            "xl/workbook.xml",
            (b"<workbook", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook'),
        ),
        refused=("xml-entities", ("/member/xl~1workbook.xml",)),
    ),
    _case(
        "far-cell",
        "表格之外极远处有一格有内容",
        "a single filled cell far outside the table",
        _far(b"XFD1048576"),
        refused=("too-many-cells", (_IN_SHEET,)),
    ),
    _case(
        "too-wide",
        "列数超过 16384",
        "more than 16,384 columns",
        _far(b"ZZZ9"),
        refused=("too-many-columns", (_IN_SHEET,)),
    ),
    _case(
        "billion-rows",
        "声明有十亿行",
        "a sheet that claims a billion rows",
        _far(b"A1000000000"),
        refused=("unreadable-workbook", (_IN_SHEET,)),
    ),
    _case(
        "declared-billion-rows",
        "只在 dimension 里声明极大范围",
        "a vast range is declared in the dimension only",
        _in_sheet(b'ref="A1:AM6"', b'ref="A1:XFD999999999"'),
    ),
    _case(
        "giant-cell",
        "一格内容超过 1 MiB",
        "a cell of more than a mebibyte",
        _giant,
        refused=("cell-too-large", ("/row/2",)),
    ),
)
