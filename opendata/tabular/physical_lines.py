"""Physical lines of a text file: counted, bounded in length, and refused where they are no text."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from opendata.tabular.refusals import BrokenQuoting, LineTooLong, NotATable, NotUtf8
from opendata.tabular.tally import Tally

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
    """The lines of a file from some record on, for ``csv.reader``; says what is no table's line.

    ``lenient`` takes long lines and NULs as they come, as Frictionless does; only bytes that are
    no UTF-8 are refused then.
    """

    def __init__(self, path: Path, stream: TextIO, tally: Tally, *, lenient: bool = False) -> None:
        """Read from ``stream``, which stands where ``tally`` does.

        ``path`` is read again only to locate a byte that is no UTF-8.
        """
        self._path = path
        self._stream = stream
        self._tally = tally
        self._lenient = lenient
        self._line = tally.line - 1
        self._record_characters = 0
        self.bytes = 0

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
            line = self._stream.readline(-1 if self._lenient else MAX_LINE_CHARACTERS + 2)
        except UnicodeDecodeError as error:
            raise not_utf8(self._path) from error
        if not line:
            raise StopIteration
        self._line += 1
        self.bytes += len(line.encode())
        if not self._lenient:
            self._check(line)
        end = line[-2:] if line.endswith("\r\n") else line[-1]
        if end in _NEWLINES:
            self._tally.met([_NEWLINES[end]])
        return line

    @property
    def record_line(self) -> int:
        """The line on which the current record began."""
        return self._tally.line

    def end_record(self) -> None:
        """Say that the lines returned so far complete a record."""
        self._tally.passed(self._line)
        self._record_characters = 0

    def _check(self, line: str) -> None:
        if len(line) > MAX_LINE_CHARACTERS:
            raise LineTooLong(
                f"第 {self._line} 行超过 {MAX_LINE_CHARACTERS} 个字符，不像表格数据。"
                "请检查文件是否缺少换行。",
                f"Line {self._line} has more than {MAX_LINE_CHARACTERS} characters, which no "
                "table has. Are line ends missing?",
                f"/line/{self._line}",
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
                f"第 {self._line} 行含有空字节（NUL），文件不是文本表格。{_RESAVE_ZH}",
                f"Line {self._line} holds a NUL byte: the file is no text table. {_RESAVE_EN}",
                f"/line/{self._line}",
            )


def records(
    lines: PhysicalLines, delimiter: str = ",", *, strict: bool = True
) -> Iterator[list[str]]:
    """Read the remaining records, refusing what ``csv`` would repair silently.

    ``strict`` makes text after a closing quotation mark an error: without it the cell is glued
    together, and a stray mark corrupts the data unseen. Frictionless reads without it.
    """
    # Whoever imports Frictionless has this process-wide limit lifted; the length of a record is
    # bounded by ``PhysicalLines``, where it can be said on which line it began.
    csv.field_size_limit(2**31 - 2)
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenQuoting(
                f"第 {lines.record_line} 行开始的记录引号不配对：引号没有闭合，"
                '或闭合引号之后还有文字。单元格内的引号请写成两个引号（""）。',
                f"The record that begins on line {lines.record_line} has unbalanced quotation "
                "marks: one is never closed, or text follows a closed one. Double the marks "
                'inside a cell ("").',
                f"/line/{lines.record_line}",
            ) from error
        lines.end_record()
        yield cells


def not_utf8(path: Path) -> NotUtf8:
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
