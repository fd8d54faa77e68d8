"""Delimited text in all dialects: delimiters, line ends, quotation marks."""

from tests.tabular.readers.cases.clean import titles
from tests.tabular.readers.cases.model import Case
from tests.tabular.readers.cases.text_forms import (
    BOM,
    LAST,
    SAMPLE,
    case,
    doctored,
    with_one,
    with_row,
    written,
)

CASES: tuple[Case, ...] = (
    case("crlf", "换行为 CRLF", "Lines end in CRLF", written(newline="\r\n")),
    case("cr", "换行为 CR", "Lines end in CR", written(newline="\r")),
    case(
        "mixed-newlines",
        "换行不一致",
        "Lines end differently",
        doctored(written(), lambda data: data.replace(b"\n", b"\r\n", 2)),
    ),
    case(
        "no-last-newline",
        "末行没有换行",
        "No line end at the end",
        doctored(written(), bytes.rstrip),
    ),
    case("semicolon", "分号分隔", "Semicolons", written(";"), notes=("delimiter-semicolon",)),
    case(
        "vertical-bar", "竖线分隔", "Vertical bars", written("|"), notes=("delimiter-vertical-bar",)
    ),
    case(
        "tab",
        "制表符分隔",
        "Tabs",
        written("\t"),
        format="tsv",
        filename="data.tsv",
        notes=("delimiter-tab",),
    ),
    case(
        "tab-gbk",
        "制表符分隔，GBK",
        "Tabs, GBK",
        written("\t", "\r\n", "gbk"),
        format="tsv",
        filename="data.txt",
        notes=("delimiter-tab", "encoding-gb18030"),
    ),
    case(
        "tab-utf-16",
        "制表符分隔，UTF-16（Excel 的“Unicode 文本”）",
        "Tabs, UTF-16 (Excel's “Unicode Text”)",
        doctored(written("\t", "\r\n", "utf-16-le"), lambda data: BOM + data),
        format="tsv",
        filename="data.txt",
        notes=("delimiter-tab", "encoding-utf-16-le"),
    ),
    case(
        "tab-quoted",
        "制表符分隔，单元格内有制表符和换行",
        "Tabs, with tabs and line breaks in cells",
        written("\t", cells=with_one("facts", "甲\t乙\n丙")),
        cells=with_one("facts", "甲\t乙\n丙"),
        format="tsv",
        filename="data.tsv",
    ),
    case(
        "sep-line",
        "首行为 sep=;（Excel 的分隔符声明）",
        "A first line sep=; as Excel takes it",
        written(";", above="sep=;\n"),
        notes=("delimiter-semicolon",),
    ),
    case(
        "semicolon-gbk",
        "分号分隔，GBK",
        "Semicolons, GBK",
        written(";", encoding="gbk"),
        notes=("delimiter-semicolon", "encoding-gb18030"),
    ),
    case(
        "full-width-comma",
        "全角逗号分隔",
        "Full-width commas",
        written("，"),
        refused=("other-delimiter", ("/line/1",)),
    ),
    case(
        "two-delimiters",
        "表头一半以逗号、一半以竖线分隔",
        "A header half in commas, half in vertical bars",
        lambda table: "处罚机关,处罚类别,x|处罚内容|备注\n".encode(),
        refused=("ambiguous-delimiter", ("/line/1", "/line/1")),
    ),
    case(
        "all-quoted",
        "所有单元格都加引号",
        "Every cell in quotation marks",
        lambda table: "\n".join(
            ",".join(f'"{cell}"' for cell in row) for row in [titles(table), *table.rows]
        ).encode(),
    ),
    case(
        "line-breaks",
        "单元格内有换行、逗号、引号",
        "Line breaks, commas and quotation marks in cells",
        written(cells=with_one("facts", '甲,\r\n"乙"\n丙')),
        cells=with_one("facts", '甲,\r\n"乙"\n丙'),
    ),
    case(
        "spaces",
        "单元格首尾有空格",
        "Spaces around a cell",
        written(cells=with_one("remark", "  甲\u3000")),
        cells=with_one("remark", "  甲\u3000"),
    ),
    case(
        "formula",
        "单元格以 = 开头（公式注入）",
        "A cell that begins like a formula stays text",
        written(cells=with_one("remark", "=cmd|' /C calc'!A0")),
        cells=with_one("remark", "=cmd|' /C calc'!A0"),
    ),
    case(
        "leading-zeros",
        "编号有前导零",
        "A code with leading zeros",
        written(cells=with_one("counterparty_reg_no", "000430100001234")),
        cells=with_one("counterparty_reg_no", "000430100001234"),
    ),
    case(
        "full-width-digits",
        "全角数字保持原样，由校验判定",
        "Full-width digits stay as they are, for the judge",
        written(cells=with_one("fine_amount", "３．４５")),
        cells=with_one("fine_amount", "３．４５"),
    ),
    case(
        "open-quote",
        "引号没有闭合",
        "A quotation mark is never closed",
        written(below='"甲,乙\n'),
        refused=("broken-quoting", (f"/line/{LAST + 1}",)),
    ),
    case(
        "text-after-quote",
        "闭合引号之后还有文字",
        "Text after a closed quotation mark",
        written(";", below='"甲"乙;丙\n'),
        refused=("broken-quoting", (f"/line/{LAST + 1}",)),
    ),
    case(
        "ragged",
        "某行少了单元格，由校验判定",
        "A row with cells missing, for the judge",
        written("\t", below="甲\t乙\n"),
        cells=with_row(len(SAMPLE.rows), ("甲", "乙")),
        format="tsv",
        filename="data.tsv",
    ),
    case(
        "rounded-code",
        "统一社会信用代码被改成 9.14403E+17",
        "A credit code that became 9.14403E+17",
        written(cells=with_one("counterparty_uscc", "9.14403E+17")),
        refused=("damaged-identifier", ("/line/3",)),
    ),
    case(
        "rounded-codes",
        "多个编号被改成科学计数（分号分隔）",
        "Several codes that became rounded numbers, in semicolons",
        written(
            ";",
            cells=lambda table: with_one("counterparty_reg_no", "4.3E+14", 3)(
                with_one("authority_uscc", "1.1E+17", 0)(table)
            ),
        ),
        refused=("damaged-identifier", ("/line/2", "/line/5")),
    ),
)
