"""The rows of a sheet: those with a finding are written anew, all others pass as they are."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping

from opendata.tabular.annotate.patch.markup import attribute, check
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.places import Cell, cell_name, column_number
from opendata.tabular.rules.model import Severity

Coloured = Callable[[int, Severity], int]
_NUMBER = attribute("s")
_CUSTOM = attribute("customFormat")
_SPANS = attribute("spans")
_MOST_ROW = 1_048_576


class Rows:
    """Passes over rows in ascending order and marks the cells it was told of."""

    def __init__(
        self,
        prefix: bytes,
        wrapper: tuple[bytes, bytes],
        marks: Mapping[Cell, Severity],
        styles: tuple[Coloured, Callable[[int], int]],
    ) -> None:
        """Prepare.

        Args:
            prefix: What the names of the sheet's elements begin with.
            wrapper: What must be around a row for it to be a document.
            marks: The cells to mark.
            styles: What gives a style its coloured twin, and a column its style.
        """
        self._wrapper = wrapper
        self._coloured, self._of_column = styles
        self._prefix = prefix
        p = re.escape(prefix)
        self._row = re.compile(
            rb"""<%srow(?=[\s/>])(?:[^>]*?\sr\s*=\s*["']\s*(\d+)["'])?[^>]*>""" % p
        )
        self._cell = re.compile(rb"<%sc(?=[\s/>])[^>]*?(?:/>|>.*?</%sc\s*>)" % (p, p), re.DOTALL)
        self._name = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)\d+["']""")
        self._marks: dict[int, dict[int, Severity]] = {}
        for cell, severity in sorted(marks.items()):
            self._marks.setdefault(cell.row, {})[cell.column] = severity
        self._awaited = deque(self._marks)
        self._last = 0

    def passed(self, text: bytes) -> Iterator[bytes]:
        """Yield whole rows, those with a finding written anew."""
        at, awaited = 0, self._awaited
        found = self._row.finditer(text)
        for match in found:
            number = int(match[1]) if match[1] else self._last + 1
            if not self._last < number <= _MOST_ROW:
                raise Unfamiliar("rows are out of order")
            self._last = number
            if not awaited or number < awaited[0]:
                continue
            yield text[at : match.start()]
            while awaited and awaited[0] < number:
                yield self._new_row(awaited.popleft())
            at = match.start()
            if awaited and awaited[0] == number:
                end = self._end_of(text, match)
                yield self._marked(text[match.start() : end], match, awaited.popleft())
                at = end
        yield text[at:]

    def rest(self) -> Iterator[bytes]:
        """Yield rows for the cells below the last row."""
        while self._awaited:
            yield self._new_row(self._awaited.popleft())

    def _end_of(self, text: bytes, match: re.Match[bytes]) -> int:
        if match[0].endswith(b"/>"):
            return match.end()
        closing = b"</" + self._prefix + b"row"
        end = text.find(closing, match.end())
        if end < 0:
            raise Unfamiliar("a row does not end")
        return text.index(b">", end) + 1

    def _new_row(self, number: int) -> bytes:
        cells = b"".join(
            self._new_cell(Cell(number, column), self._of_column(column), severity)
            for column, severity in self._marks[number].items()
        )
        name = self._prefix + b"row"
        return b'<%s r="%d">%s</%s>' % (name, number, cells, name)

    def _new_cell(self, cell: Cell, style: int, severity: Severity) -> bytes:
        coloured = self._coloured(style, severity)
        return b'<%sc r="%s" s="%d"/>' % (self._prefix, cell_name(cell).encode(), coloured)

    def _marked(self, row: bytes, match: re.Match[bytes], number: int) -> bytes:
        """Return a row whose cells are marked; those that are not there are inserted."""
        tag = match[0]
        if tag.endswith(b"/>"):
            tag = tag[:-2] + b">"
            row = tag + b"</" + self._prefix + b"row>"
        style = _style_of(tag) if _says_yes(tag, _CUSTOM) else None
        awaited = deque(self._marks[number].items())

        def inserted(before: int) -> Iterator[bytes]:
            while awaited and awaited[0][0] < before:
                column, severity = awaited.popleft()
                base = self._of_column(column) if style is None else style
                yield self._new_cell(Cell(number, column), base, severity)

        # What a row may span is a hint that cells may be added to; without it nothing is wrong.
        pieces = [_SPANS.sub(b"", tag)]
        at = last = len(tag)
        if row[: len(tag)] != tag:
            raise Unfamiliar("a row is written in a way that is not known")
        column = 0
        for cell in self._cell.finditer(row, at):
            column = self._column_of(cell[0], column)
            pieces += (row[last : cell.start()], *inserted(column))
            last = cell.end()
            if awaited and awaited[0][0] == column:
                pieces.append(self._recoloured(cell[0], awaited.popleft()[1]))
            else:
                pieces.append(cell[0])
        pieces += (*inserted(1 << 30), row[last:])
        written = b"".join(pieces)
        check(self._wrapper[0] + written + self._wrapper[1])
        return written

    def _column_of(self, cell: bytes, last: int) -> int:
        named = self._name.search(cell[: cell.index(b">") + 1])
        column = column_number(named[1].decode()) if named else last + 1
        if column <= last:
            raise Unfamiliar("cells are out of order")
        return column

    def _recoloured(self, cell: bytes, severity: Severity) -> bytes:
        end = cell.index(b">") + 1
        tag = cell[:end]
        value = b'"%d"' % self._coloured(_style_of(tag), severity)
        found = _NUMBER.search(tag)
        if found:
            return tag[: found.start(2)] + value + tag[found.end(2) :] + cell[end:]
        # Readers in a hurry expect the reference first.
        at = len(tag) - (2 if tag.endswith(b"/>") else 1)
        return tag[:at] + b" s=" + value + tag[at:] + cell[end:]


def _style_of(tag: bytes) -> int:
    found = _NUMBER.search(tag)
    return int(found[2].strip(b"\"' ")) if found else 0


def _says_yes(tag: bytes, name: re.Pattern[bytes]) -> bool:
    found = name.search(tag)
    return bool(found) and found is not None and found[2].strip(b"\"'") in (b"1", b"true")
