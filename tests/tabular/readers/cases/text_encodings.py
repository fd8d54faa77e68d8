"""Delimited text in all encodings, declared and not, sound and damaged."""

from collections.abc import Callable
from dataclasses import replace

from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.text_forms import (
    BOM,
    SAMPLE,
    case,
    doctored,
    names,
    with_one,
    written,
)


def ascii_only(name: str, cell: str) -> Callable[[Clean], Clean]:
    """The clean table without any character beyond ASCII, but for one cell."""

    def change(table: Clean) -> Clean:
        rows = [tuple(c if c.isascii() else "x" for c in row) for row in table.rows]
        return with_cell(replace(table, rows=tuple(rows)), 1, name, cell)

    return change


def in_big5(table: Clean) -> Clean:
    """The clean table with characters that Big5 does not have replaced by one it has."""

    def cell(text: str) -> str:
        return "".join(c if c.encode("cp950", "ignore") else "臺" for c in text)

    return replace(table, rows=tuple(tuple(map(cell, row)) for row in table.rows))


def byte(data: bytes, encoding: str) -> str:
    """The pointer of the first byte that cannot be decoded."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return f"/byte/{error.start}"
    raise AssertionError("All of it can be decoded.")


TRADITIONAL = {"處罰機關": "authority_name", "處罰決定日期": "decision_date"}
DAMAGED_UTF8 = doctored(written(), lambda data: data[:3000] + b"\xff" + data[3001:])
CUT_UTF8 = doctored(written(header=names), lambda data: data[: data.rindex("示".encode()) + 2])
DAMAGED_GBK = doctored(written(encoding="gbk"), lambda data: data[:-40] + b"\xff" + data[-39:])
CUT_UTF16 = doctored(written(encoding="utf-16-le"), lambda data: BOM + data[:-1])


CASES: tuple[Case, ...] = (
    case("utf-8", "UTF-8", "UTF-8", written()),
    case(
        "utf-8-bom", "UTF-8，带 BOM", "UTF-8 with a byte-order mark", written(encoding="utf-8-sig")
    ),
    case(
        "ascii",
        "只有 ASCII 字符",
        "ASCII only",
        written(header=names, cells=ascii_only("remark", "x")),
        cells=ascii_only("remark", "x"),
    ),
    case(
        "utf-16-le",
        "UTF-16（小端），带 BOM",
        "UTF-16, little-endian, with a byte-order mark",
        doctored(written(encoding="utf-16-le"), lambda data: BOM + data),
        notes=("encoding-utf-16-le",),
    ),
    case(
        "utf-16-be",
        "UTF-16（大端），带 BOM",
        "UTF-16, big-endian, with a byte-order mark",
        doctored(written(encoding="utf-16-be"), lambda data: b"\xfe\xff" + data),
        notes=("encoding-utf-16-be",),
    ),
    case(
        "utf-16-le-unmarked",
        "UTF-16（小端），无 BOM",
        "UTF-16, little-endian, unmarked",
        written(encoding="utf-16-le"),
        notes=("encoding-utf-16-le",),
    ),
    case(
        "utf-16-be-unmarked",
        "UTF-16（大端），无 BOM",
        "UTF-16, big-endian, unmarked",
        written(encoding="utf-16-be"),
        notes=("encoding-utf-16-be",),
    ),
    case(
        "utf-16-declared",
        "UTF-16，无 BOM，Content-Type 写明 utf-16",
        "UTF-16, unmarked, declared as utf-16",
        written(encoding="utf-16-be"),
        media_type="text/csv; charset=utf-16",
        notes=("encoding-utf-16-be",),
    ),
    case(
        "gbk",
        "GBK，中文表头",
        "GBK under a Chinese header",
        written(encoding="gbk"),
        notes=("encoding-gb18030",),
    ),
    case(
        "gb18030",
        "GB18030，含四字节字",
        "GB18030 with characters of four bytes",
        written(encoding="gb18030", cells=with_one("remark", "𠮷野家㐂")),
        cells=with_one("remark", "𠮷野家㐂"),
        notes=("encoding-gb18030",),
    ),
    case(
        "gb18030-bom",
        "GB18030，带 BOM",
        "GB18030 with a byte-order mark",
        written(encoding="gb18030", above="\ufeff"),
        notes=("encoding-gb18030",),
    ),
    case(
        "gbk-names",
        "GBK，英文表头，按 Big5 无法解码",
        "GBK under machine names, no Big5",
        written(encoding="gbk", header=names),
        notes=("encoding-gb18030",),
    ),
    case(
        "gbk-declared",
        "GBK，Content-Type 写明 gbk",
        "GBK, declared",
        written(encoding="gbk", header=names, cells=ascii_only("remark", "罚款")),
        cells=ascii_only("remark", "罚款"),
        media_type="text/csv; charset=GBK; header=present",
        notes=("encoding-gb18030",),
    ),
    case(
        "utf-8-declared-as-gbk",
        "UTF-8，Content-Type 却写明 gbk",
        "UTF-8, declared as gbk",
        written(header=names),
        media_type="text/csv; charset=gbk",
        refused=("ambiguous-encoding", ()),
    ),
    case(
        "gb2312-declared",
        "GBK，Content-Type 写明 gb2312",
        "GBK, declared as gb2312",
        written(encoding="gbk"),
        media_type='text/csv;charset="gb2312"',
        notes=("encoding-gb18030",),
    ),
    case(
        "big5-declared",
        "Big5，Content-Type 写明 big5",
        "Big5, declared",
        written(encoding="cp950", header=names, cells=in_big5),
        cells=in_big5,
        media_type="text/csv; charset=big5",
        notes=("encoding-big5",),
    ),
    case(
        "big5-header",
        "Big5，表头是所声明的繁体别名",
        "Big5 under a header of declared aliases",
        written(
            encoding="cp950",
            header=lambda table: [
                next((alias for alias, field in TRADITIONAL.items() if field == name), name)
                for name in table.names
            ],
            cells=in_big5,
        ),
        cells=in_big5,
        aliases=TRADITIONAL,
        notes=("encoding-big5", "alias-header"),
    ),
    case(
        "bom-before-charset",
        "BOM 与 Content-Type 的 charset 不一致：以 BOM 为准",
        "A byte-order mark against the declared charset: the mark decides",
        written(encoding="utf-8-sig"),
        media_type="text/csv; charset=gbk",
    ),
    case(
        "gbk-or-big5",
        "英文表头，少量汉字，GBK、Big5 都能解码",
        "Machine names and little Chinese: GBK and Big5 alike",
        written(encoding="gbk", header=names, cells=ascii_only("remark", "罚款")),
        refused=("ambiguous-encoding", ()),
    ),
    case(
        "utf-8-or-gbk",
        "英文表头，只有 é、° 之类的双字节字符，UTF-8、GBK 都能解码",
        "Machine names and only characters like é: UTF-8 and GBK alike",
        written(header=names, cells=ascii_only("remark", "25.3°C")),
        refused=("ambiguous-encoding", ()),
    ),
    case(
        "utf-8-declared-narrow",
        "同上，Content-Type 写明 utf-8",
        "The same, declared as utf-8",
        written(header=names, cells=ascii_only("remark", "25.3°C")),
        cells=ascii_only("remark", "25.3°C"),
        media_type="text/csv; charset=utf-8",
    ),
    case(
        "gbk-declared-as-utf-8",
        "GBK，却声明为 utf-8",
        "GBK, declared as utf-8",
        written(encoding="gbk"),
        media_type="text/csv; charset=utf-8",
        refused=("not-utf8", ("/byte/0",)),
    ),
    case(
        "utf-8-declared-as-ascii",
        "有汉字，却声明为 us-ascii",
        "Chinese, declared as us-ascii",
        written(),
        media_type="text/csv; charset=us-ascii",
        refused=("undecodable", ("/byte/0",)),
    ),
    case(
        "unknown-charset",
        "声明了不支持的编码",
        "A charset that is not read",
        written(),
        media_type="text/csv; charset=iso-8859-1",
        refused=("unknown-charset", ()),
    ),
    case(
        "no-charset",
        "声明了不存在的编码",
        "A charset that does not exist",
        written(),
        media_type="text/csv; charset=chinese\0",
        refused=("unknown-charset", ()),
    ),
    case(
        "damaged-utf-8",
        "UTF-8 中有损坏的字节",
        "UTF-8 with a damaged byte",
        DAMAGED_UTF8,
        refused=("not-utf8", (byte(DAMAGED_UTF8(SAMPLE), "utf-8"),)),
    ),
    case(
        "cut-utf-8",
        "UTF-8，在一个字中间被截断",
        "UTF-8, cut within a character",
        CUT_UTF8,
        refused=("not-utf8", (byte(CUT_UTF8(SAMPLE), "utf-8"),)),
    ),
    case(
        "damaged-gbk",
        "GBK 中有损坏的字节",
        "GBK with a damaged byte",
        DAMAGED_GBK,
        refused=("undecodable", (byte(DAMAGED_GBK(SAMPLE), "gb18030"),)),
    ),
    case(
        "cut-utf-16",
        "UTF-16，在一个字中间被截断",
        "UTF-16, cut within a character",
        CUT_UTF16,
        refused=("undecodable", (byte(CUT_UTF16(SAMPLE), "utf-16-le"),)),
    ),
    case(
        "nul",
        "单元格里有 NUL",
        "A NUL in a cell",
        written(cells=with_one("remark", "a\0b")),
        refused=("not-a-table", ("/line/3",)),
    ),
)
