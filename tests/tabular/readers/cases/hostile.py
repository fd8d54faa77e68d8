"""Files that are meant to harm, are two things at once, or are no table at all."""

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable

import pyarrow as pa
import xlwt

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import with_cell
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.objects import ndjson, parquet
from tests.tabular.readers.cases.packages import csv_of, package, zipped

CSV, ZIP, OTHER = "csv", "zip", "other"
MIB = 1024 * 1024
CONTENT_TYPES = ("[Content_Types].xml", b"<Types/>")
ODS_TYPE = ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
HTML = "<html><body><table><tr><td>序号</td></tr></table></body></html>"
SPREADSHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
FORMULA = '=HYPERLINK("http://example.org/"&A1,"x")'


def cell(name: str, text: str) -> Callable[[Clean], Clean]:
    """Return the clean table with this text in the first row."""
    return lambda table: with_cell(table, 0, name, text)


def as_csv(change: Callable[[Clean], Clean]) -> Callable[[Clean], bytes]:
    """Write a changed table as CSV."""
    return lambda table: csv_of(change(table))


def patched(content: bytes, at: int, new: bytes) -> bytes:
    """Overwrite bytes."""
    return content[:at] + new + content[at + len(new) :]


def one(table: Clean) -> bytes:
    """Write a ZIP of one CSV."""
    return zipped(("a.csv", csv_of(table)))


def encrypted(table: Clean) -> bytes:
    """Write a ZIP that says its member needs a password."""
    content = one(table)
    flagged = patched(content, 6, b"\x01\x00")
    return patched(flagged, content.rindex(b"PK\x01\x02") + 8, b"\x01\x00")


def overlapping(table: Clean) -> bytes:
    """Write a ZIP two members of which are the same bytes, as better bombs have it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", csv_of(table))
        again = archive.getinfo("a.csv")
        other = zipfile.ZipInfo("b.csv")
        other.header_offset, other.CRC = again.header_offset, again.CRC
        other.file_size = other.compress_size = again.file_size
        archive.filelist.append(other)
    return out.getvalue()


def with_gap(table: Clean) -> bytes:
    """Write a ZIP with bytes between its member and its directory."""
    content = one(table)
    at = content.rindex(b"PK\x01\x02")
    offset = len(content) - 6
    moved = patched(content, offset, struct.pack("<L", at + 100))
    return moved[:at] + b"%PDF-1.7".ljust(100) + moved[at:]


def twice(table: Clean) -> bytes:
    """Write a ZIP with two members of one name."""
    content = zipped(("a.csv", csv_of(table)), ("b.csv", b"x"))
    return content.replace(b"b.csv", b"a.csv")


def other_name(table: Clean) -> bytes:
    """Write a ZIP whose directory calls its member something else than the member itself."""
    return one(table).replace(b"a.csv", b"b.csv", 1)


def lying(table: Clean) -> bytes:
    """Write a ZIP whose directory says less of a member's size than comes out."""
    content = one(table)
    return patched(content, content.rindex(b"PK\x01\x02") + 24, struct.pack("<L", 10))


def ole(stream: str) -> bytes:
    """Write an OLE compound file with a stream of this name."""
    book = xlwt.Workbook()
    book.add_sheet("a")
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    at = content.index("Workbook".encode("utf-16-le"))
    name = stream.encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)
    return patched(content, at, entry)


def deep(levels: int) -> str:
    """Return an array in arrays."""
    return "[" * levels + "]" * levels


def many_rows_of_nothing(_: Clean) -> bytes:
    """Write Parquet of 40 million rows in a few hundred bytes."""
    rows = 40_000_000
    nothing = pa.table({"remark": pa.nulls(rows, pa.null())})
    return parquet(nothing)


def is_not(format_: str, zh: str, en: str, make: Callable[[Clean], bytes], name: str) -> Case:
    """Return the case of a file that is no table, or not one that is read."""
    return Case(en, OTHER, Text(zh, en), make, name, refused=(format_, ("/byte/0",)))


def holding(*members: str) -> Callable[[Clean], bytes]:
    """Write a ZIP with members of these names."""
    return lambda _: zipped(CONTENT_TYPES, *((name, b"<x/>") for name in members))


TEXTS = (
    Case(
        "formulas",
        CSV,
        Text("以等号开头的文字：原样作为文字", "Texts that begin like formulas: taken as text"),
        as_csv(cell("remark", FORMULA)),
        "a.csv",
        cells=cell("remark", FORMULA),
    ),
    Case(
        "a million columns",
        CSV,
        Text("一百万列", "A million columns"),
        lambda _: b"fine_amount,party_no" + b",a" * 1_000_000 + b"\n",
        "a.csv",
        refused=("line-too-long", ("/line/1",)),
    ),
    Case(
        "too many columns",
        CSV,
        Text("两万列", "Twenty thousand columns"),
        lambda _: b"fine_amount,party_no" + b",a" * 20_000 + b"\n",
        "a.csv",
        refused=("too-many-columns", ("/line/1",)),
    ),
    Case(
        "huge cell",
        CSV,
        Text("单元格有 2 MiB 文字", "A cell of 2 MiB"),
        as_csv(cell("remark", "x" * 2 * MIB)),
        "a.csv",
        refused=("line-too-long", ("/line/2",)),
    ),
    Case(
        "NUL",
        CSV,
        Text("文字中有 NUL 字节", "A NUL among the text"),
        as_csv(cell("remark", "a\0b")),
        "a.csv",
        refused=("not-a-table", ("/line/2",)),
    ),
    Case(
        "NUL in a name",
        "ndjson",
        Text("成员名中有 \\u0000", "An escaped NUL in a member's name"),
        lambda _: b'{"remark": "a", "b\\u0000": "c"}',
        "a.ndjson",
        refused=("not-a-table", ("/line/1",)),
    ),
    Case(
        "member without a name",
        "zip",
        Text("压缩包内的文件没有名称", "A member of an archive has no name"),
        lambda table: one(table).replace(b"a.csv", b"\0.csv"),
        "a.zip",
        refused=("damaged-archive", ("/member/",)),
    ),
    Case(
        "NUL",
        "ndjson",
        Text("文字中有 \\u0000", "An escaped NUL"),
        lambda table: ndjson(with_cell(table, 1, "remark", "a\0b")),
        "a.ndjson",
        refused=("not-a-table", ("/line/2",)),
    ),
    Case(
        "huge cell",
        "ndjson",
        Text("单元格有 2 MiB 文字", "A cell of 2 MiB"),
        lambda table: ndjson(with_cell(table, 1, "remark", "x" * 2 * MIB)),
        "a.ndjson",
        refused=("cell-too-large", ("/line/2",)),
    ),
    Case(
        "endless line",
        "ndjson",
        Text("一行有 10 MiB", "A line of 10 MiB"),
        lambda _: b'{"remark": "' + b"x" * 10 * MIB,
        "a.ndjson",
        refused=("too-large-uncompressed", ("/line/1",)),
    ),
    Case(
        "endless string",
        "json",
        Text("一条记录有 10 MiB", "A record of 10 MiB"),
        lambda _: b'[{"remark": "' + b"x" * 10 * MIB,
        "a.json",
        refused=("too-large-uncompressed", ("/row/2",)),
    ),
    Case(
        "too many members",
        "ndjson",
        Text("对象有两万个成员", "An object of twenty thousand members"),
        lambda _: json.dumps({f"m{n}": n for n in range(20_000)}).encode(),
        "a.ndjson",
        refused=("too-many-columns", ("/line/1",)),
    ),
    Case(
        "new members all the time",
        "ndjson",
        Text("每行都有新的成员", "Other members on every line"),
        lambda _: b"\n".join(b'{"party_no": 1, "m%d": 1}' % n for n in range(20_000)),
        "a.ndjson",
        refused=("too-many-columns", ("/line/16384",)),
    ),
    Case(
        "nested deeply",
        "ndjson",
        Text("嵌套一百万层", "Nested a million levels deep"),
        lambda _: f'{{"remark": {deep(1_000_000)}}}'.encode(),
        "a.ndjson",
        refused=("too-deep", ("/line/1",)),
    ),
    Case(
        "nested deeply",
        "json",
        Text("嵌套十万层", "Nested a hundred thousand levels deep"),
        lambda _: f'[{{"remark": {deep(100_000)}}}]'.encode(),
        "a.json",
        refused=("too-deep", ("/row/2",)),
    ),
    Case(
        "rows of nothing",
        "parquet",
        Text("几百字节里有四千万行", "Forty million rows in a few hundred bytes"),
        many_rows_of_nothing,
        "a.parquet",
        refused=("compression-ratio", ("/byte/0",)),
    ),
)
ARCHIVES = (
    Case(
        "bomb",
        ZIP,
        Text("压缩比异常的压缩包", "An archive packed more densely than data can be"),
        lambda _: zipped(("a.csv", b"\0" * 20 * MIB)),
        "a.zip",
        refused=("compression-ratio", ("/member/a.csv",)),
    ),
    Case(
        "nested",
        ZIP,
        Text("压缩包里又是压缩包", "An archive in an archive"),
        lambda table: zipped(("a.zip", one(table))),
        "a.zip",
        refused=("too-deep", ("/member/a.zip",)),
    ),
    Case(
        "nested in a package",
        ZIP,
        Text("Data Package 的资源又是压缩包", "A package in a package"),
        lambda table: package(("b.zip", one(table)), path="b.zip"),
        "a.zip",
        refused=("too-deep", ("/member/b.zip",)),
    ),
    Case(
        "overlapping",
        ZIP,
        Text("成员互相重叠", "Members over one another"),
        overlapping,
        "a.zip",
        refused=("damaged-archive", ("/member/b.csv",)),
    ),
    Case(
        "too many members",
        ZIP,
        Text("五千个成员", "Five thousand members"),
        lambda _: zipped(*((str(n), b"") for n in range(5000)), method=zipfile.ZIP_STORED),
        "a.zip",
        refused=("too-many-members", ()),
    ),
    Case(
        "encrypted",
        ZIP,
        Text("设有密码的压缩包", "An archive with a password"),
        encrypted,
        "a.zip",
        refused=("encrypted-file", ("/member/a.csv",)),
    ),
    Case(
        "other method",
        ZIP,
        Text("不是 deflate 压缩的", "Packed by another method"),
        lambda table: zipped(("a.csv", csv_of(table)), method=zipfile.ZIP_BZIP2),
        "a.zip",
        refused=("unsupported-format", ("/member/a.csv",)),
    ),
    *(
        Case(
            f"path {path}",
            ZIP,
            Text(f"成员名是 {path}", f"A member called {path}"),
            lambda table, path=path: zipped((path, csv_of(table))),  # type: ignore[misc]  # bound now.
            "a.zip",
            refused=(code, (f"/member/{path.replace('/', '~1')}",)),
        )
        for path, code in (
            ("../a.csv", "unsafe-path"),
            ("/tmp/a.csv", "unsafe-path"),  # noqa: S108 - nothing is written there.
            ("a/../../b.csv", "unsafe-path"),
            ("..\\a.csv", "unsafe-path"),
            ("C:\\a.csv", "unsafe-path"),
        )
    ),
    Case(
        "same name twice",
        ZIP,
        Text("两个成员同名", "Two members of one name"),
        twice,
        "a.zip",
        refused=("damaged-archive", ()),
    ),
    Case(
        "two names",
        ZIP,
        Text("目录与成员自身的名称不同", "A member has two names"),
        other_name,
        "a.zip",
        refused=("damaged-archive", ("/member/a.csv",)),
    ),
    Case(
        "lying size",
        ZIP,
        Text("目录所写的大小不实", "The directory lies about a size"),
        lying,
        "a.zip",
        refused=("damaged-archive", ("/member/a.csv",)),
    ),
    Case(
        "cut off",
        ZIP,
        Text("压缩包不完整", "An archive that is cut off"),
        lambda table: one(table)[:-5],
        "a.zip",
        refused=("damaged-archive", ("/byte/0",)),
    ),
)
POLYGLOTS = tuple(
    Case(name, "polyglot", Text(zh, en), make, "a.zip", refused=("polyglot", pointers))
    for name, zh, en, make, pointers in (
        (
            "text before",
            "压缩包之前有 CSV",
            "A CSV before an archive",
            lambda t: csv_of(t) + one(t),
            ("/byte/0",),
        ),
        (
            "PDF before",
            "压缩包之前有 PDF",
            "A PDF before an archive",
            lambda t: b"%PDF-1.7\n" + one(t),
            ("/byte/0",),
        ),
        (
            "two archives",
            "两个压缩包相连",
            "Two archives, one behind the other",
            lambda t: one(t) + one(t),
            (),
        ),
        (
            "text behind",
            "压缩包之后有 CSV",
            "A CSV behind an archive",
            lambda t: one(t) + csv_of(t),
            (),
        ),
        (
            "text between",
            "成员与目录之间有别的内容",
            "Bytes between members and directory",
            with_gap,
            (),
        ),
        (
            "workbook and package",
            "既是 XLSX 又是 Data Package",
            "A workbook that is a Data Package",
            holding("xl/workbook.xml", "datapackage.json"),
            (),
        ),
        (
            "two workbooks",
            "既是 XLSX 又是 ODS",
            "An XLSX that is an ODS",
            lambda _: zipped(
                ODS_TYPE, CONTENT_TYPES, ("content.xml", b""), ("xl/workbook.xml", b"")
            ),
            (),
        ),
    )
)
OTHERS = (
    is_not("not-a-table", "PDF 文件", "a PDF", lambda _: b"%PDF-1.7\n%\xe2\xe3", "a.pdf"),
    is_not("not-a-table", "图片", "an image", lambda _: b"\x89PNG\r\n\x1a\n", "a.png"),
    is_not("not-a-table", "Word 文档", "a Word document", holding("word/document.xml"), "a.docx"),
    is_not("not-a-table", "演示文稿", "a presentation", holding("ppt/presentation.xml"), "a.pptx"),
    is_not(
        "not-a-table",
        "旧版 Word 文档",
        "an old Word document",
        lambda _: ole("WordDocument"),
        "a.doc",
    ),
    is_not(
        "not-a-table",
        "ODT 文档",
        "an OpenDocument text",
        lambda _: zipped(
            ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")
        ),
        "a.odt",
    ),
    is_not("not-a-table", "RTF 文档", "an RTF document", lambda _: b"{\\rtf1 }", "a.rtf"),
    is_not(
        "encrypted-file",
        "加密的 XLSX",
        "an encrypted XLSX",
        lambda _: ole("EncryptedPackage"),
        "a.xlsx",
    ),
    is_not("unsupported-format", "XLSB", "an XLSB", holding("xl/workbook.bin"), "a.xlsb"),
    is_not(
        "unsupported-format",
        "网页另存为 .xls",
        "a web page called .xls",
        lambda _: HTML.encode("gb18030"),
        "a.xls",
    ),
    is_not(
        "unsupported-format",
        "XML 电子表格 2003",
        "an XML Spreadsheet 2003",
        lambda _: SPREADSHEET.encode(),
        "a.xls",
    ),
    is_not(
        "unsupported-format",
        "XML 文件",
        "an XML file",
        lambda _: b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
        "a.xml",
    ),
    is_not(
        "unsupported-format", "MHTML", "a web archive", lambda _: b"MIME-Version: 1.0\r\n", "a.mht"
    ),
    is_not(
        "unsupported-format",
        "gzip 压缩的 CSV",
        "a gzip file",
        lambda table: gzip.compress(csv_of(table)),
        "a.csv.gz",
    ),
    is_not(
        "unsupported-format", "RAR", "a RAR archive", lambda _: b"Rar!\x1a\x07\x01\x00", "a.rar"
    ),
    is_not(
        "unsupported-format", "7z", "a 7z archive", lambda _: b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z"
    ),
    is_not(
        "unsupported-format",
        "SQLite 数据库",
        "an SQLite database",
        lambda _: b"SQLite format 3\0" + bytes(84),
        "a.db",
    ),
)
DECLARATIONS = (
    Case(
        "declared as a workbook",
        CSV,
        Text("声明为 XLSX，内容是 CSV：以内容为准", "Declared as XLSX: the content decides"),
        csv_of,
        "a.xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        notes=("declared-otherwise",),
    ),
    Case(
        "as browsers declare it",
        CSV,
        Text("浏览器把 CSV 声明为 Excel：不算矛盾", "CSV as browsers beside Excel declare it"),
        csv_of,
        "a.csv",
        media_type="application/vnd.ms-excel",
    ),
)
CASES = (*TEXTS, *ARCHIVES, *POLYGLOTS, *OTHERS, *DECLARATIONS)
