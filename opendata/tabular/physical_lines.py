"""Physical lines of a text file: counted, bounded in length, and refused where they are no text."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from opendata.tabular.refusals import BrokenQuoting, LineTooLong, NotATable, NotUtf8
from opendata.tabular.text_table import SourceLines

MAX_LINE_CHARACTERS = 1024 * 1024
HEAD_BYTES = 4096
_NEWLINES = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}
_SIGNATURES = (
    (b"PK\x03\x04", "ZIP 或 Excel 工作簿（.xlsx）", "a ZIP archive or an Excel workbook (.xlsx)"),
    (b"PK\x05\x06", "ZIP 压缩包", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件（.xls、.doc）", "an old Office file"),
    (b"%PDF-", "PDF 文件", "a PDF"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"\x89PNG", "图片", "an image"),
    (b"\xff\xd8\xff", "图片", "an image"),
    (b"SQLite format 3", "数据库文件", "a database file"),
    (b"PAR1", "Parquet 文件", "a Parquet file"),
)
_RESAVE_ZH = "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后重新上传。"
_RESAVE_EN = "Save it again as “CSV UTF-8 (comma delimited)” and send that."


def open_text(path: Path) -> TextIO:
    """Open the file as UTF-8 text, line ends untouched, after a look at its first bytes.

    Raises:
        NotATable: the first bytes are those of a workbook, an archive, a PDF or an image, or
            of some other binary file.
        NotUtf8: a byte-order mark says UTF-16.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    for signature, zh, en in _SIGNATURES:
        if head.startswith(signature):
            raise NotATable(
                f"这不是文本表格，而是{zh}。{_RESAVE_ZH}",
                f"This is no text table but {en}. {_RESAVE_EN}",
                "/byte/0",
            )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotUtf8(
            f"文件编码是 UTF-16，应为 UTF-8。{_RESAVE_ZH}",
            f"The file is UTF-16 where UTF-8 is expected. {_RESAVE_EN}",
            "/byte/0",
        )
    if b"\x00" in head and not _is_utf8(head):
        # Said before decoding, or a program would be told to be saved in another encoding.
        raise NotATable(
            f"文件开头有 NUL 字节（第 {head.index(0) + 1} 字节），是二进制文件，不是文本表格。"
            f"{_RESAVE_ZH}",
            f"A NUL at byte {head.index(0) + 1} says that the file is binary, no text table. "
            f"{_RESAVE_EN}",
            f"/byte/{head.index(0)}",
        )
    return path.open(encoding="utf-8-sig", newline="")


def _is_utf8(head: bytes) -> bool:
    """Whether the beginning of a file may be UTF-8; a character cut at its end does no harm."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


class PhysicalLines:
    """The lines of a file, for ``csv.reader``; knows where the current record began.

    ``newline`` is ``lf``, ``crlf``, ``cr`` or ``mixed`` (``none`` for a single line), over line
    ends inside quoted cells as well.
    """

    def __init__(self, path: Path, stream: TextIO) -> None:
        """Read from ``stream``; ``path`` is read again only to locate a byte that is no UTF-8."""
        self._path = path
        self._stream = stream
        with path.open("rb") as file:
            self.bom = file.read(3) == codecs.BOM_UTF8
        self.line = 0
        self.record = 1
        self.record_line = 1
        self.multiline_records = 0
        self.shifts = SourceLines()
        self._record_characters = 0
        self._newlines: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        """Iterate over what is left."""
        return self

    def __next__(self) -> str:
        """Return the next line with its end.

        Raises:
            LineTooLong: it has more than ``MAX_LINE_CHARACTERS``.
            BrokenQuoting: the record it belongs to has.
            NotUtf8: it holds a byte sequence that is no UTF-8.
            NotATable: it holds a NUL.
        """
        try:
            line = self._stream.readline(MAX_LINE_CHARACTERS + 2)
        except UnicodeDecodeError as error:
            raise _not_utf8(self._path) from error
        if not line:
            raise StopIteration
        self.line += 1
        self._check(line)
        return line

    def end_record(self) -> None:
        """Say that the lines returned so far complete a record."""
        spanned = self.line - self.record_line
        if spanned > 0:
            self.multiline_records += 1
            self.shifts.shift(self.record + 1, self.line - self.record)
        self.record += 1
        self.record_line = self.line + 1
        self._record_characters = 0

    @property
    def newline(self) -> str:
        """How lines end, as far as the file has been read."""
        if len(self._newlines) > 1:
            return "mixed"
        return next(iter(self._newlines), "none")

    def _check(self, line: str) -> None:
        if len(line) > MAX_LINE_CHARACTERS:
            raise LineTooLong(
                f"第 {self.line} 行超过 {MAX_LINE_CHARACTERS} 个字符，不像表格数据。"
                "请检查文件是否缺少换行。",
                f"Line {self.line} has more than {MAX_LINE_CHARACTERS} characters, which no "
                "table has. Are line ends missing?",
                f"/line/{self.line}",
            )
        self._record_characters += len(line)
        if self._record_characters > MAX_LINE_CHARACTERS:
            raise BrokenQuoting(
                f"第 {self.record_line} 行开始的引号一直没有闭合。",
                f"A quotation mark in the record that begins on line {self.record_line} is "
                "never closed.",
                f"/line/{self.record_line}",
            )
        if "\0" in line:
            raise NotATable(
                f"第 {self.line} 行含有空字节（NUL），文件不是文本表格。{_RESAVE_ZH}",
                f"Line {self.line} holds a NUL byte: the file is no text table. {_RESAVE_EN}",
                f"/line/{self.line}",
            )
        end = line[-2:] if line.endswith("\r\n") else line[-1]
        if end in _NEWLINES:
            self._newlines.add(_NEWLINES[end])


def _not_utf8(path: Path) -> NotUtf8:
    """Find the first byte that is no UTF-8, reading the file once more in small pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = line = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 16):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                offset += error.start - pending
                break
            offset += len(chunk)
            line += chunk.count(b"\n")
        else:  # The file ends in the middle of a character.
            offset -= len(decoder.getstate()[0])
    return NotUtf8(
        f"文件编码不是 UTF-8：第 {line + 1} 行（第 {offset} 字节）起无法解码，"
        f"可能是 GBK 编码。{_RESAVE_ZH}",
        f"The file is not UTF-8: it cannot be decoded from line {line + 1} (byte {offset}) on; "
        f"perhaps it is GBK. {_RESAVE_EN}",
        f"/byte/{offset}",
    )
