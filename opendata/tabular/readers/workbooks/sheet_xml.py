"""What the XML of a worksheet says beside values, found without building a tree of it.

Calamine gives the values of cells; it is silent on errors (it leaves such cells blank), on what
is hidden, on percentages and on formulas that were never calculated, and it makes room for every
cell between the outermost ones. All that is looked for here first, in bytes, many cells at a
time. Taken is the form in which all common programs write worksheets: each cell begins with its
reference (``<c r="A1"``), and they come in order. Whatever else could be read in two ways is
refused.

Source: ECMA-376 part 1, 18.3.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import IO

import numpy as np
from numpy.typing import NDArray

from opendata.tabular.readers.limits import LIMITS, MIB, check_cell, check_extent, check_size
from opendata.tabular.readers.markup import SIGN
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.margins import beside_values, margins_of
from opendata.tabular.readers.workbooks.model import Area, Facts, Shown, place

_PIECE = MIB
_MOST_CELL = 32 * MIB
_MOST_HEAD = 32 * MIB
_DATA, _DATA_END = b"<sheetData", b"</sheetData"
_BEFORE_REFERENCE = b'<c r="'
_NAME_ENDS = tuple(b" \t\r\n/>")
_CONTENTS = tuple(b"vif")
# The first byte of the sign that every level has, and what a number for it has.
_MAY_MARK = (SIGN.encode()[0], ord("#"))
_Bytes = NDArray[np.uint8]
_Numbers = NDArray[np.int64]
# A reference is at most three letters and seven digits; more bytes may be looked at than are there.
_LETTERS, _DIGITS = 3, 7
_MARGIN = bytes(64)
_COLUMNS = 1 << 15
_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet\b")
_COL = re.compile(rb"<col\b[^>]*>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true|on)["']""")
_MIN_MAX = re.compile(rb"""\b(min|max)\s*=\s*["'](\d{1,5})["']""")
_HIDDEN_ROW = re.compile(
    rb"""<row\b(?=[^>]*\bhidden\s*=\s*["'](?:1|true)["'])[^>]*\br="(\d{1,7})\""""
)
_ERROR = re.compile(rb"""<c r="([A-Z]+\d+)"[^>]*\bt\s*=\s*["']e["']""")
_NO_RESULT = re.compile(
    rb"""<c r="([A-Z]+\d+)"([^>]*)><f(?:[^>]*/>|(?:[^>]*[^/>])?>[^<]*</f>)"""
    rb"""(?:<v\s*/>|<v></v>|(?=</c>))"""
)
_NO_INDEX = re.compile(rb"""\bt="s"[^>]*><v>(?![0-9]*</v>)""")
_TEXT_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_MERGED = re.compile(
    rb"""<mergeCell\b[^>]*\bref\s*=\s*["']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})["']"""
)


class SheetXml:
    """Reads the XML of one worksheet once."""

    def __init__(self, where: str, shown: Mapping[int, Shown]) -> None:
        """Begin.

        Args:
            where: Its place in a fault.
            shown: Cell formats, by number, that show a number otherwise than it is.
        """
        self.facts = Facts()
        self._beside: dict[str, None] = {}
        self._where = where
        self._last = -1
        self._shown = shown
        self._styled: re.Pattern[bytes] | None = None
        if shown:
            styles = b"|".join(str(each).encode() for each in sorted(shown))
            self._styled = re.compile(
                rb'<c r="([A-Z]+\d+)"[^>]*\bs\s*=\s*["\'](' + styles + rb")[\"']"
            )

    def read(self, stream: IO[bytes]) -> Facts:
        """Return what the worksheet says.

        Raises:
            Unreadable: it is out of bounds, or could be read in two ways.
        """
        pieces = self._pieces(stream)
        self._before(next(pieces))
        for piece in pieces:
            if piece.startswith(_DATA_END):
                self._after(piece)
            else:
                self._cells(piece)
        facts = self.facts
        facts.margins = list(self._beside)
        facts.hidden_rows = [each for each in facts.hidden_rows if each < facts.rows]
        facts.hidden_columns = [each for each in facts.hidden_columns if each < facts.columns]
        return facts

    def _pieces(self, stream: IO[bytes]) -> Iterator[bytes]:
        """Yield what precedes the cells, then cells (none is cut), then what follows them."""
        plain = _Plain(stream, self._where)
        yield plain.until(_DATA)
        rest = b""
        for piece in plain:
            rest += piece
            if (end := rest.find(_DATA_END)) >= 0:
                yield rest[:end]
                yield rest[end:] + b"".join(plain)
                return
            cut = rest.rfind(b"<c ")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            check_cell(max(0, len(rest) - _MOST_CELL), self._where)
        yield rest

    def _before(self, head: bytes) -> None:
        self._beside |= dict.fromkeys(margins_of(head))
        for column in _COL.findall(head):
            if _HIDDEN.search(column):
                span = {name: int(number) for name, number in _MIN_MAX.findall(column)}
                first, last = span.get(b"min", 1), span.get(b"max", 0)
                self.facts.hidden_columns += range(first - 1, min(last, LIMITS.columns))

    def _after(self, tail: bytes) -> None:
        facts = self.facts
        for first, last in _MERGED.findall(tail):
            facts.merged.append(Area(*place(first.decode()), *place(last.decode())))
        facts.filtered = b"<filterColumn" in tail
        self._beside |= dict.fromkeys(margins_of(tail))

    def _cells(self, piece: bytes) -> None:
        data = np.frombuffer(piece + _MARGIN, np.uint8)
        tags = np.flatnonzero(data == ord("<"))
        names = data[tags + 1]
        is_cell = (names == ord("c")) & np.isin(data[tags + 2], _NAME_ENDS)
        cells = tags[is_cell]
        if not cells.size:
            return
        rows, columns = self._references(data, cells)
        keys = rows * _COLUMNS + columns
        if keys[0] <= self._last or (np.diff(keys) <= 0).any():
            zh, en = "单元格次序颠倒或重复", "cells out of order, or given twice"
            raise faults.unusual(zh, en, self._where)
        self._last = int(keys[-1])
        # What has no content is formatted only; it counts for nothing here nor in Calamine.
        filled = np.isin(np.append(names[1:], 0)[is_cell], _CONTENTS)
        if filled.any():
            self.facts.reach(int(rows[filled][-1]), int(columns[filled].max()))
            check_extent(self.facts.rows, self.facts.columns, self._where)
        begins = data[tags[names == ord("v")] + len(b"<v>")]
        # Calamine takes what is no number for the first of the shared texts.
        if (begins - np.uint8(ord("0")) > 9).any() and _NO_INDEX.search(piece):
            zh, en = "共享文字的编号不是数字", "shared texts referred to by no number"
            raise faults.unusual(zh, en, self._where)
        formulas = bool((names == ord("f")).any())
        self._rarities(piece, formulas=formulas)
        # Many times as fast as a search for the sign itself.
        if (formulas or (names == ord("t")).any()) and _has_any(data, _MAY_MARK):
            self._beside |= dict.fromkeys(beside_values(piece))

    def _references(self, data: _Bytes, cells: _Numbers) -> tuple[_Numbers, _Numbers]:
        """Return rows and columns, from 1, of the cells whose tags begin at ``cells``."""
        sound = np.ones(cells.size, np.bool_)
        for offset, byte in enumerate(_BEFORE_REFERENCE):
            sound &= data[cells + offset] == byte
        at = cells + len(_BEFORE_REFERENCE)
        columns, at = _number(data, at, (ord("A"), 26, 1), _LETTERS)
        rows, at = _number(data, at, (ord("0"), 10, 0), _DIGITS)
        sound &= (columns > 0) & (rows > 0) & (data[at] == ord('"'))
        if not sound.all():
            zh, en = "单元格没有按常规写明位置", "cells without an ordinary reference"
            raise faults.unusual(zh, en, self._where)
        return rows, columns

    def _rarities(self, piece: bytes, *, formulas: bool) -> None:
        """Look for what few sheets have, each by a search for a few bytes first."""
        facts = self.facts
        if b"hidden" in piece:
            facts.hidden_rows += (int(row) - 1 for row in _HIDDEN_ROW.findall(piece))
        if b'"e"' in piece or b"'e'" in piece:
            facts.errors += (place(cell.decode()) for cell in _ERROR.findall(piece))
        if formulas:
            for cell, attributes in _NO_RESULT.findall(piece):
                if not _TEXT_RESULT.search(attributes):
                    facts.uncalculated.append(place(cell.decode()))
        if self._styled:
            for cell, style in self._styled.findall(piece):
                facts.show(self._shown[int(style)], place(cell.decode()))


class _Plain:
    """Gives the bytes of a worksheet, cut between tags only, without namespace prefixes."""

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream = stream
        self._where = where
        self._rest = b""
        self._prefix = b""

    def until(self, mark: bytes) -> bytes:
        """Return what comes before ``mark``, or everything where it never comes."""
        head = b""
        for piece in self:
            head += piece
            if not self._prefix and (root := _ROOT.search(head)) and root[1]:
                self._prefix = root[1] + b":"
                head = self._without(head)
            if (found := head.find(mark)) >= 0:
                self._rest = head[found:] + self._rest
                return head[:found]
            check_size(len(head), _MOST_HEAD, self._where)
        return head

    def __iter__(self) -> Iterator[bytes]:
        while read := self._stream.read(_PIECE):
            self._rest += read
            cut = self._rest.rfind(b"<")
            if cut > 0:
                whole, self._rest = self._rest[:cut], self._rest[cut:]
                yield self._checked(whole)
        whole, self._rest = self._rest, b""
        if whole:
            yield self._checked(whole)

    def _checked(self, whole: bytes) -> bytes:
        if b"<!" in whole:
            if b"<!DOCTYPE" in whole:
                raise faults.entities(self._where)
            raise faults.unusual("含 XML 注释或 CDATA", "XML comments or CDATA", self._where)
        return self._without(whole)

    def _without(self, whole: bytes) -> bytes:
        if not self._prefix:
            return whole
        return whole.replace(b"<" + self._prefix, b"<").replace(b"</" + self._prefix, b"</")


def _has_any(data: _Bytes, wanted: tuple[int, ...]) -> bool:
    return any(bool((data == each).any()) for each in wanted)


def _number(
    data: _Bytes, at: _Numbers, digits: tuple[int, int, int], most: int
) -> tuple[_Numbers, _Numbers]:
    """Read numbers of up to ``most`` digits; return them and where they end.

    ``digits`` are the byte of the lowest digit, how many there are, and what the lowest counts.
    """
    lowest, base, worth = digits
    number = np.zeros(at.size, np.int64)
    going = np.ones(at.size, np.bool_)
    for _ in range(most):
        digit = data[at] - np.uint8(lowest)
        going &= digit < base
        number = np.where(going, number * base + digit + worth, number)
        at = at + going
    return number, at
