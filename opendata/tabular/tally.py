"""How far a file has been read: rows, lines, and how its lines end."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from opendata.tabular.text_table import SourceLines


class Tally:
    """Counts the records of a file, one by one or many at a time.

    ``row`` is the number of the record that comes next and ``line`` the line on which it begins;
    both count from 1, and the header is row 1.
    """

    def __init__(self) -> None:
        """Begin before the first record."""
        self.row = 1
        self.line = 1
        self.multiline_records = 0
        self.lines = SourceLines()
        self._newlines: set[str] = set()

    @property
    def newline(self) -> str:
        """How lines end so far: ``lf``, ``crlf``, ``cr``, ``mixed``, or ``none`` for one line.

        Line ends inside quoted cells count as well.
        """
        if len(self._newlines) > 1:
            return "mixed"
        return next(iter(self._newlines), "none")

    def met(self, newlines: Iterable[str]) -> None:
        """Say which kinds of line end were met."""
        self._newlines.update(newlines)

    def begin(self) -> None:
        """Say that what was passed so far precedes the table: the header comes next."""
        self.row = 1
        self.multiline_records = 0
        self.lines = SourceLines()
        if self.line > 1:
            self.lines.shift(1, self.line - 1)

    def passed(self, last_line: int) -> None:
        """Say that the next record is read, and that it ended on ``last_line``."""
        if last_line > self.line:
            self.multiline_records += 1
            self.lines.shift(self.row + 1, last_line - self.row)
        self.row += 1
        self.line = last_line + 1

    def passed_many(
        self, records: int, which: NDArray[np.int64], breaks: NDArray[np.int64]
    ) -> None:
        """Say that ``records`` records are read.

        Args:
            records: How many.
            which: Those of them (from 0, ascending) that hold line ends in a cell.
            breaks: How many line ends each of those holds.
        """
        if which.size:
            self.multiline_records += int(which.size)
            shifts = np.cumsum(breaks) + (self.line - self.row)
            self.lines.shift_many(which + (self.row + 1), shifts)
        self.line += records + int(breaks.sum())
        self.row += records
