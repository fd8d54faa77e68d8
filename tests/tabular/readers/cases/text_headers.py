"""Headers of delimited text, and what stands above and below a table."""

from collections.abc import Callable
from dataclasses import replace

from tests.tabular.readers.cases.clean import column_of, contracts, delimited, titles
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.text_forms import (
    LAST,
    PENALTIES,
    TITLE,
    case,
    names,
    with_row,
    written,
)

NOTE = "注：本表数据来源于行政处罚决定书。"
FIELDS = contracts()[PENALTIES].fields


def renamed(**labels: str) -> Callable[[Clean], list[str]]:
    """Titles as header, but for some columns."""

    def header(table: Clean) -> list[str]:
        pairs = zip(table.names, titles(table), strict=True)
        return [labels.get(name, title) for name, title in pairs]

    return header


def each(change: Callable[[str], str]) -> Callable[[Clean], list[str]]:
    """Titles as header, each changed."""
    return lambda table: [change(title) for title in titles(table)]


def totals(table: Clean) -> str:
    """A row that adds up the fines."""
    cells = ["合 计", *[""] * (len(table.names) - 1)]
    cells[column_of(table, "fine_amount")] = "9.99"
    return ",".join(cells) + "\n"


def full_width(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in name)


HEADERS = (
    case("machine-names", "表头为英文字段名", "Machine names", written(header=names)),
    case(
        "upper-case",
        "英文字段名大写",
        "Machine names in capitals",
        written(header=lambda table: [name.upper() for name in table.names]),
        notes=("tolerant-header",),
    ),
    case(
        "full-width-header",
        "英文字段名为全角",
        "Machine names in full-width letters",
        written(header=lambda table: [full_width(name) for name in table.names]),
        notes=("tolerant-header",),
    ),
    case(
        "unit",
        "表头带单位：罚款金额（万元）",
        "A unit in brackets: 罚款金额（万元）",
        written(
            header=renamed(fine_amount="罚款金额（万元）", confiscated_amount="没收金额[万元]")
        ),
        notes=("tolerant-header",),
    ),
    case(
        "unit-announced",
        "表头带单位：罚款金额(单位：人民币万元)",
        "A unit, announced: 罚款金额(单位：人民币万元)",
        written(header=renamed(fine_amount="罚款金额(单位：人民币万元)")),
        notes=("tolerant-header",),
    ),
    case(
        "other-unit",
        "表头单位与规范不符：罚款金额（元）",
        "A unit that contradicts the contract: 罚款金额（元）",
        written(header=renamed(fine_amount="罚款金额（元）")),
        refused=("unit-contradicts", ("/line/1",)),
    ),
    case(
        "other-units",
        "标题下方的表头有两列单位不符",
        "Two units that contradict, in a header below a title",
        written(
            header=renamed(fine_amount="罚款金额（元）", confiscated_amount="没收金额（亿元）"),
            above=TITLE + "\n",
        ),
        refused=("unit-contradicts", ("/line/2", "/line/2")),
    ),
    case(
        "unit-of-rows",
        "单位由专门的列逐行给出，表头却又写了单位",
        "A unit in the header of a column whose unit stands in each row",
        written(header=renamed(amount_total="合计（元）")),
        collection="budgets",
        refused=("unit-contradicts", ("/line/1",)),
    ),
    case(
        "asterisks",
        "必填列的表头带星号",
        "Asterisks that mark required columns",
        written(header=each(lambda title: "*" + title)),
        notes=("tolerant-header",),
    ),
    case(
        "spaced-header",
        "表头内有空格、换行",
        "Spaces and line breaks in the header",
        written(header=each(lambda title: f" {title[:2]} \n{title[2:]}\u3000")),
        notes=("tolerant-header",),
    ),
    case(
        "alias",
        "表头用所声明的别名",
        "A declared alias",
        written(header=renamed(counterparty_name="被处罚人")),
        aliases={"被处罚人": "counterparty_name"},
        notes=("alias-header",),
    ),
    case(
        "national-codes",
        "表头用全国双公示数据标准的字段代码",
        "The field codes of the national standard, which the contract declares as aliases",
        written(
            header=lambda table: [
                field.aliases[-1] if field.aliases else field.name
                for field in FIELDS
                if field.name in table.names
            ]
        ),
        notes=("alias-header",),
    ),
    case(
        "title-row",
        "表头之上有标题行",
        "A title above the header",
        written(above=f"{TITLE}\n"),
        notes=("title-rows",),
    ),
    case(
        "title-rows",
        "表头之上有标题、填报单位、空行（GBK）",
        "A title, a publisher and a blank line above the header, in GBK",
        written(
            above=f'"{TITLE}\n（汇总）"\n填报单位：某局,,,填报日期：2020年\n\n', encoding="gbk"
        ),
        notes=("title-rows", "encoding-gb18030"),
    ),
    case(
        "title-tab",
        "制表符分隔，表头之上有标题行",
        "Tabs, and a title above the header",
        written("\t", above=f"{TITLE}\n"),
        format="tsv",
        filename="data.tsv",
        notes=("title-rows", "delimiter-tab"),
    ),
    case(
        "blank-lines-above",
        "表头之上有空行",
        "Blank lines above the header",
        written(above="\n\n,,\n"),
    ),
    case(
        "sorted-with-header",
        "表头被排序到了数据中间",
        "A table that was sorted with its header",
        lambda table: delimited(
            table.rows[0], [table.rows[1], titles(table), *table.rows[2:]]
        ).encode(),
        refused=("records-above-header", ("/line/1", "/line/2")),
    ),
    case(
        "two-headers",
        "中英文两行表头",
        "Two headers, one of names and one of titles",
        lambda table: delimited(table.names, [titles(table), *table.rows]).encode(),
        refused=("several-headers", ("/line/1", "/line/2")),
    ),
    case(
        "no-header",
        "没有表头",
        "No header",
        lambda table: delimited(table.rows[0], table.rows[1:]).encode(),
        refused=("no-header", ("/line/1",)),
    ),
    case(
        "header-too-low",
        "表头在第 50 行之后",
        "A header below line 50",
        written(above="说明\n" * 50),
        refused=("no-header", ("/line/1",)),
    ),
    case("empty", "空文件", "An empty file", lambda table: b"", refused=("empty-file", ())),
    case(
        "blank",
        "只有空行",
        "Only blank lines",
        lambda table: b"\r\n,,\r\n",
        refused=("empty-file", ("/line/1",)),
    ),
)
TAILS = (
    case(
        "note",
        "表格下方有说明",
        "A note below the table",
        written(below=f"{NOTE}\n"),
        refused=("trailing-note", (f"/line/{LAST + 1}",)),
    ),
    case(
        "note-stripped",
        "表格下方有说明，规范声明可略去",
        "A note below the table, left out as the contract declares",
        written(below=f"{NOTE}\n"),
        contract_reading=("notes",),
        notes=("notes-stripped",),
    ),
    case(
        "notes-stripped",
        "空行之后有几行说明，规范声明可略去（GBK）",
        "A blank line and several notes, left out as the contract declares, in GBK",
        written(below=f'\n{NOTE},,,\n"填表人：张某\n联系电话：略",\n\n', encoding="gbk"),
        contract_reading=("notes",),
        notes=("notes-stripped", "encoding-gb18030"),
    ),
    case(
        "totals",
        "表格下方有合计行",
        "A row of totals below the table",
        lambda table: written()(table) + totals(table).encode(),
        refused=("totals-row", (f"/line/{LAST + 1}",)),
    ),
    case(
        "totals-stripped",
        "表格下方有合计行，规范声明可略去",
        "A row of totals, left out as the contract declares",
        lambda table: written()(table) + totals(table).encode(),
        contract_reading=("totals",),
        notes=("totals-stripped",),
    ),
    case(
        "totals-and-notes",
        "表格下方有合计行和说明，规范只声明可略去说明",
        "Totals and a note, of which the contract declares only notes",
        lambda table: written(newline="\r\n")(table) + (totals(table) + NOTE).encode(),
        contract_reading=("notes",),
        refused=("totals-row", (f"/line/{LAST + 1}",)),
    ),
    case(
        "totals-and-notes-stripped",
        "合计行和说明都声明可略去（制表符分隔）",
        "Totals and a note, both declared, in tabs",
        lambda table: (
            written("\t")(table) + (totals(table).replace(",", "\t") + "\n" + NOTE).encode()
        ),
        format="tsv",
        filename="data.tsv",
        contract_reading=("notes", "totals"),
        notes=("totals-stripped", "notes-stripped"),
    ),
    case(
        "note-in-the-middle",
        "说明夹在记录中间：不略去，由校验判定",
        "A note between records is never left out; it is for the judge",
        written(cells=with_row(2, (NOTE,))),
        cells=with_row(2, (NOTE,)),
        contract_reading=("notes", "totals"),
    ),
    case(
        "blank-rows-below",
        "表格下方只有空行：保留，由校验判定",
        "Blank rows below the table stay, for the judge",
        written(below="\n" + "," * (len(FIELDS) - 1) + "\n"),
        cells=lambda table: replace(table, rows=(*table.rows, (), ("",) * len(FIELDS))),
        contract_reading=("notes", "totals"),
    ),
)
CASES: tuple[Case, ...] = (*HEADERS, *TAILS)
