"""Physical lines of a text file: counted, bounded in length, and refused where they are no text."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from opendata.tabular.refusals import (
    BrokenQuoting,
    LineTooLong,
    NotATable,
    NotUtf8,
    Undecodable,
    Unreadable,
)
from opendata.tabular.tally import Tally

MAX_LINE_CHARACTERS = 1024 * 1024
_NEWLINES = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}
_RESAVE_ZH = "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后重新上传。"
_RESAVE_EN = "Save it again as “CSV UTF-8 (comma delimited)” and send that."


def open_text(path: Path, encoding: str = "utf-8", mark: int = 0, errors: str = "strict") -> TextIO:
    """Open the file as text behind its byte-order mark of ``mark`` bytes, line ends untouched."""
    file = path.open("rb")
    file.seek(mark)
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")


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
            NotUtf8, Undecodable: it holds bytes that are not in the file's encoding.
            NotATable: it holds a NUL.
        """
        try:
            line = self._stream.readline(-1 if self._lenient else MAX_LINE_CHARACTERS + 2)
        except UnicodeDecodeError as error:
            raise undecodable(self._path, self._stream.encoding) from error
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


def undecodable(path: Path, encoding: str) -> Unreadable:
    """Find the first byte that is not in this encoding, reading the file once more in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = line = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 16):
            pending = len(decoder.getstate()[0])
            try:
                line += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "replace").count("\n")
                offset += error.start - pending
                break
            offset += len(chunk)
        else:  # The file ends in the middle of a character.
            offset -= len(decoder.getstate()[0])
    where = f"/byte/{offset}"
    if encoding == "utf-8":
        return NotUtf8(
            f"文件编码不是 UTF-8：第 {line + 1} 行（第 {offset} 字节）起无法解码，"
            f"可能是 GBK 编码，或文件已损坏。{_RESAVE_ZH}",
            f"The file is not UTF-8: it cannot be decoded from line {line + 1} (byte {offset}) "
            f"on; perhaps it is GBK, or damaged. {_RESAVE_EN}",
            where,
        )
    # Python's name for what the sender declared as Big5.
    name = "big5" if encoding == "cp950" else encoding
    return Undecodable(
        f"文件不全是 {name} 编码：第 {line + 1} 行（第 {offset} 字节）起无法解码。{_RESAVE_ZH}",
        f"Not all of the file is {name}: it cannot be decoded from line {line + 1} "
        f"(byte {offset}) on. {_RESAVE_EN}",
        where,
    )


def not_utf8(path: Path) -> Unreadable:
    """Find the first byte that is no UTF-8."""
    return undecodable(path, "utf-8")
