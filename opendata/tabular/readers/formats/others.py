"""Files that are something else: what they are, and what to do about it."""

import codecs
import re
from typing import NamedTuple

from opendata.domain.errors import Text
from opendata.tabular.readers.refused import Encrypted, UnsupportedFormat
from opendata.tabular.refusals import NotATable, Unreadable


class _Kind(NamedTuple):
    """A kind of file that is refused: what it is called, and what to send instead."""

    name: Text
    instead: Text
    refusal: type[Unreadable] = NotATable


_SEND_TABLE = Text(
    "请上传表格文件：CSV、XLSX、XLS、ODS、NDJSON、JSON、Parquet 或 Data Package。",
    "Send a table: CSV, XLSX, XLS, ODS, NDJSON, JSON, Parquet or a Data Package.",
)
_UNPACK = Text("请先解压，再上传其中的表格文件。", "Unpack it and send the table inside.")
RESAVE = Text(
    "请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”后上传。",
    "Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and send that.",
)
_IMAGE = _Kind(Text("图片", "an image"), _SEND_TABLE)
_SIGNATURES = (
    (b"%PDF-", _Kind(Text("PDF 文件", "a PDF"), _SEND_TABLE)),
    (b"{\\rtf", _Kind(Text("RTF 文档", "an RTF document"), _SEND_TABLE)),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"RIFF", _Kind(Text("图片或音视频文件", "an image, a sound or a film"), _SEND_TABLE)),
    (b"Rar!", _Kind(Text("RAR 压缩包", "a RAR archive"), _UNPACK, UnsupportedFormat)),
    (b"7z\xbc\xaf\x27\x1c", _Kind(Text("7z 压缩包", "a 7z archive"), _UNPACK, UnsupportedFormat)),
    (b"\x1f\x8b", _Kind(Text("gzip 压缩文件", "a gzip file"), _UNPACK, UnsupportedFormat)),
    (b"BZh", _Kind(Text("bzip2 压缩文件", "a bzip2 file"), _UNPACK, UnsupportedFormat)),
    (b"\xfd7zXZ\x00", _Kind(Text("xz 压缩文件", "an xz file"), _UNPACK, UnsupportedFormat)),
    (b"\x28\xb5\x2f\xfd", _Kind(Text("zstd 压缩文件", "a zstd file"), _UNPACK, UnsupportedFormat)),
    (
        b"SQLite format 3\x00",
        _Kind(
            Text("SQLite 数据库", "an SQLite database"),
            Text("请把其中的表导出为 CSV 后上传。", "Export its table as CSV and send that."),
            UnsupportedFormat,
        ),
    ),
    (
        b"PARE",
        _Kind(
            Text("加密的 Parquet 文件", "an encrypted Parquet file"),
            Text("请不加密保存后上传。", "Save it without encryption."),
            Encrypted,
        ),
    ),
    (b"ARROW1", _Kind(Text("Arrow 文件", "an Arrow file"), _SEND_TABLE, UnsupportedFormat)),
)
_MARKUP = (
    (
        re.compile(r"<\?xml[^>]*>.*?urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL),
        Text("XML 电子表格 2003", "an XML Spreadsheet 2003"),
    ),
    (
        re.compile(
            r"(<!--.*?-->\s*)*<(!doctype\s+html|html|head|meta|body|table|style|div)\b", re.S
        ),
        Text("网页（HTML），只是扩展名像表格", "a web page (HTML) under a table's name"),
    ),
    (
        re.compile(r"<\?xml[^>]*>.*?urn:oasis:names:tc:opendocument", re.DOTALL),
        Text("单文件 OpenDocument（.fods）", "a flat OpenDocument file (.fods)"),
    ),
    (re.compile(r"<\?xml\b"), Text("XML 文件", "an XML file")),
    (
        re.compile(r"(from: <saved by|mime-version:)"),
        Text("单文件网页（MHTML）", "a web archive (MHTML)"),
    ),
)
_ENCODINGS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def refusal(kind: type[Unreadable], name: Text, instead: Text, where: str) -> Unreadable:
    """Say that a file is ``name`` and what to do ``instead``."""
    return kind(
        f"此文件是{name.zh}，平台不读取。{instead.zh}",
        f"This is {name.en}, which is not read here. {instead.en}",
        where,
    )


def check_is_taken(head: bytes) -> None:
    """Refuse what the first bytes show to be something else.

    Raises:
        NotATable, UnsupportedFormat, Encrypted: it is.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and not _may_be_text(signature, head):
            raise refusal(kind.refusal, kind.name, kind.instead, "/byte/0")


def check_is_no_markup(head: bytes) -> None:
    """Refuse web pages and XML; systems export them under names that end in .xls.

    Raises:
        UnsupportedFormat: it is one.
    """
    text = _text(head).lstrip("\ufeff \t\r\n").lower()
    for pattern, name in _MARKUP:
        if pattern.match(text):
            raise refusal(UnsupportedFormat, name, RESAVE, "/byte/0")


def _may_be_text(signature: bytes, head: bytes) -> bool:
    """Whether the bytes may be a header's after all: a column may be called BZh, or RIFF."""
    return signature.isalnum() and head.isascii() and b"\x00" not in head


def _text(head: bytes) -> str:
    for mark, encoding in _ENCODINGS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode("utf-8", "replace")
