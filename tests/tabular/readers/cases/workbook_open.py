"""ODS, the format of LibreOffice."""

from collections.abc import Callable
from typing import Any

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.sheets import (
    ods,
    ods_cell,
    ods_rows,
    packed,
    repacked,
    unpacked,
)

_SHEET = "/sheet/行政处罚"
_CONTENT = "/member/content.xml"
_MANY_BLANK = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
_HIDDEN_STYLE = (
    '<style:style style:name="ta1" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def _case(name: str, zh: str, en: str, make: Callable[[Clean], bytes], **said: Any) -> Case:
    return Case(name, "ods", Text(zh, en), make, "报送.ods", **said)


def _plain(table: Clean) -> bytes:
    return ods(ods_rows(table))


def _changed(old: str, new: str) -> Callable[[Clean], bytes]:
    """Replace XML in the table's rows, once."""

    def make(table: Clean) -> bytes:
        rows = "".join(ods_rows(table))
        assert old in rows, old
        return ods([rows.replace(old, new, 1)])

    return make


def _fact(cell: str) -> Callable[[Clean], bytes]:
    def make(table: Clean) -> bytes:
        old = ods_cell(table.rows[0][table.names.index("facts")])
        return ods(["".join(ods_rows(table)).replace(old, cell, 1)])

    return make


def _facts(text: str) -> Callable[[Clean], Clean]:
    return lambda table: with_cell(table, 0, "facts", text)


def _float(value: str, kind: str = "float", attributes: str = "") -> str:
    return (
        f'<table:table-cell{attributes} office:value-type="{kind}" office:value="{value}">'
        "<text:p>…</text:p></table:table-cell>"
    )


def _repeated(table: Clean) -> bytes:
    """Write equal rows and cells once, with how often they stand there."""
    rows = ods_rows(_thrice(table))
    again = rows[1].replace("<table:table-row>", '<table:table-row table:number-rows-repeated="3">')
    blank = "<table:table-cell/>"
    for times in (6, 5, 4, 3, 2):
        again = again.replace(
            blank * times, f'<table:table-cell table:number-columns-repeated="{times}"/>'
        )
    return ods([rows[0], again, *rows[4:]])


def _thrice(table: Clean) -> Clean:
    rows = (table.rows[0], table.rows[0], table.rows[0], *table.rows[3:])
    return Clean(table.collection, table.names, rows)


def _hidden(table: Clean) -> bytes:
    columns = (
        '<table:table-column table:number-columns-repeated="7"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    )
    header, first, *rows = ods_rows(table)
    first = first.replace("<table:table-row>", '<table:table-row table:visibility="filter">')
    other = '<table:table table:name="说明"><table:table-row>'
    other += f"{ods_cell('填表说明')}</table:table-row></table:table>"
    return ods([columns, header, first, *rows], other, _HIDDEN_STYLE)


def _encrypted(table: Clean) -> bytes:
    manifest = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    return packed({**unpacked(_plain(table)), "META-INF/manifest.xml": manifest})


CASES: tuple[Case, ...] = (
    _case("plain", "一张工作表，首行是列名", "one sheet, the first row names columns", _plain),
    _case(
        "blank-end",
        "表格下方有百万个空行",
        "a million blank rows below the table",
        lambda table: ods([*ods_rows(table), _MANY_BLANK]),
    ),
    _case(
        "repeated",
        "相同的行和单元格只写一次",
        "equal rows and cells are written once",
        _repeated,
        cells=_thrice,
    ),
    _case(
        "hidden",
        "工作表和列是隐藏的，行被筛选",
        "the sheet and columns are hidden, a row is filtered out",
        _hidden,
        notes=("hidden-sheet", "hidden-columns", "filtered-rows", "sheet-chosen"),
    ),
    _case(
        "white-space",
        "单元格内有空格、制表符和换行",
        "spaces, a tab and line breaks within a cell",
        _fact(
            '<table:table-cell office:value-type="string"><text:p>一<text:s text:c="3"/>'
            "<text:span>二</text:span><text:tab/>三\n  四<text:line-break/>五</text:p>"
            "<text:p>六</text:p></table:table-cell>"
        ),
        cells=_facts("一   二\t三 四\n五\n六"),
    ),
    _case(
        "padded-code",
        "代码存成数字，显示时补零（000006）",
        "a code stored as a number, and shown with zeros before it (000006)",
        _fact(_float("6").replace("…", "000006")),
        refused=("disguised-number", ("/cell/S2",)),
    ),
    _case(
        "annotation",
        "单元格有批注",
        "a cell has a comment",
        _fact(
            '<table:table-cell office:value-type="string"><office:annotation>'
            "<dc:date>2024-05-01</dc:date><text:p>请核对</text:p></office:annotation>"
            "<text:p>占道</text:p></table:table-cell>"
        ),
        cells=_facts("占道"),
    ),
    _case(
        "date-with-midnight",
        "日期带零点时刻",
        "a date with its midnight",
        _changed('office:date-value="2019-07-01"', 'office:date-value="2019-07-01T00:00:00"'),
    ),
    _case(
        "old-date",
        "1900 年 3 月以前的日期（ODS 写明年月日）",
        "a date before March 1900, which ODS writes out",
        _changed('office:date-value="2019-07-01"', 'office:date-value="1899-12-31"'),
        cells=lambda table: with_cell(table, 0, "decision_date", "1899-12-31"),
    ),
    _case(
        "merged",
        "有合并单元格",
        "merged cells",
        _fact(
            '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
            "<text:p>占道</text:p></table:table-cell>"
        ),
        refused=("merged-cells", ("/cell/S2",)),
    ),
    _case(
        "error",
        "公式错误值",
        "a cell holds an error",
        _changed(
            _float("3.45").replace("…", "3.45"),
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
            'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
            "</table:table-cell>",
        ),
        refused=("error-value", ("/cell/W2",)),
    ),
    _case(
        "uncalculated",
        "公式没有计算结果",
        "a formula without a result",
        _changed(
            _float("3.45").replace("…", "3.45"), '<table:table-cell table:formula="of:=1+1"/>'
        ),
        refused=("uncalculated-formula", ("/cell/W2",)),
    ),
    _case(
        "percent",
        "百分比格式的数，而该列单位是万元",
        "a number in per cent where the unit is 万元",
        _changed(_float("3.45").replace("…", "3.45"), _float("0.0345", "percentage")),
        refused=("percent-cell", ("/cell/W2",)),
    ),
    _case(
        "truth",
        "文本列里的逻辑值",
        "a truth value in a column of text",
        _fact(
            '<table:table-cell office:value-type="boolean" office:boolean-value="true">'
            "<text:p>TRUE</text:p></table:table-cell>"
        ),
        cells=_facts("TRUE"),
    ),
    _case(
        "currency",
        "货币格式",
        "an amount of money",
        _changed(_float("3.45").replace("…", "3.45"), _float("3.45", "currency")),
    ),
    _case(
        "long-code",
        "18 位编号存成了数字",
        "a code of 18 digits is stored as a number",
        _fact(_float("123456789012345678")),
        refused=("damaged-identifier", ("/cell/S2",)),
    ),
    _case(
        "not-a-value",
        "数字单元格没有数值",
        "a number cell without a number",
        _changed('office:value="3.45"', 'office:value="三"'),
        refused=("unreadable-workbook", ("/cell/W2",)),
    ),
    _case(
        "billion-rows",
        "同一行重复十亿次",
        "a row that stands there a billion times",
        lambda table: ods(
            [
                *ods_rows(table),
                '<table:table-row table:number-rows-repeated="1000000000">'
                f"{ods_cell('x')}</table:table-row>",
            ]
        ),
        refused=("too-many-cells", (_SHEET,)),
    ),
    _case(
        "million-columns",
        "同一单元格重复百万次",
        "a cell that stands there a million times",
        _fact(ods_cell("x", ' table:number-columns-repeated="1000000"')),
        refused=("too-many-columns", (_SHEET,)),
    ),
    _case(
        "entities",
        "声明 XML 实体（十亿笑）",
        "it declares entities (a billion laughs)",
        lambda table: ods(
            ods_rows(table), prolog='<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]>'
        ),
        refused=("xml-entities", (_CONTENT,)),
    ),
    _case(
        "broken-xml",
        "XML 残缺",
        "the XML is cut off",
        lambda table: repacked(_plain(table), "content.xml", lambda xml: xml[:-100]),
        refused=("unreadable-workbook", (_CONTENT,)),
    ),
    _case(
        "encrypted",
        "设有打开密码",
        "a password is needed",
        _encrypted,
        refused=("encrypted-file", ()),
    ),
)
