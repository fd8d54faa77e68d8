"""The proof that records are sound: that ``csv.reader`` and Polars must read them alike.

Number the quotation marks from nought. If all is well, those with an even number open a cell or
are the second of a pair inside one, and those with an odd number close a cell or are the first of
a pair. So an even one must follow a delimiter, a record's end or a quotation mark, an odd one
must precede one of these, and what has an odd number of them before it is inside a cell. By
induction both readers then see the same cells, and never a mark that they would have to interpret.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opendata.tabular.physical_lines import MAX_LINE_CHARACTERS
from opendata.tabular.scan.marks import CR, LF, NUL, QUOTE, Marks
from opendata.tabular.scan.model import Layout

_Indexes = NDArray[np.int64]
_Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven of some bytes that begin at a record.

    The first ``records`` of them, which take ``end`` bytes, are sound but for their encoding.
    ``faulty`` says that the next is not; else more bytes must tell. ``which`` of the sound
    records (from 0) hold line ends in a cell, and ``breaks`` is how many each of those holds.
    """

    records: int
    end: int
    faulty: bool
    which: _Indexes
    breaks: _Indexes
    newlines: frozenset[str]


def prove(marks: Marks, size: int, layout: Layout, *, last: bool) -> Proof:
    """Say what the marks of ``size`` bytes prove; ``last``: the file ends with them."""
    view = _View(marks.ended(size) if last else marks, size, layout, last)
    ends = view.ends()
    sound = view.well_formed(ends)
    fault = view.first_fault()
    if fault is not None:
        sound = min(sound, int(np.searchsorted(ends, fault)))
    end = min(int(ends[sound - 1]) + 1, size) if sound else 0
    which, breaks = view.breaks(ends[:sound])
    return Proof(
        records=sound,
        end=end,
        faulty=fault is not None or sound < ends.size or (last and end < size),
        which=which,
        breaks=breaks,
        newlines=view.newlines(end),
    )


class _View:
    """The marks of some bytes, and which of them are inside quoted cells."""

    def __init__(self, marks: Marks, size: int, layout: Layout, last: bool) -> None:
        self._at, self._kind = marks.at, marks.kind
        self._size = size
        self._last = last
        self._width = layout.width
        self._delimiter = ord(layout.delimiter)
        quotes = self._kind == QUOTE
        self._quotes = np.flatnonzero(quotes)
        # A sum that overflows keeps its parity.
        parity = np.cumsum(quotes, dtype=np.uint8) & 1 if self._quotes.size else None
        self._outside: _Truths | None = None if parity is None else parity == 0
        self._ending = self._are(LF)

    def ends(self) -> _Indexes:
        """Return the offsets of the line feeds that end records."""
        return self._at[np.flatnonzero(self._ending)]

    def well_formed(self, ends: _Indexes) -> int:
        """Return how many records have the right number of cells, and are neither blank nor long.

        Where every record has it, every so manieth delimiter or record's end is an end.
        """
        structure = self._are(self._delimiter)
        structure |= self._ending
        found = np.flatnonzero(self._kind[structure] == LF)
        wrong = found != np.arange(1, found.size + 1) * self._width - 1
        lengths = np.diff(ends, prepend=-1)
        wrong |= lengths > MAX_LINE_CHARACTERS
        if self._width == 1:
            wrong |= lengths == 1
            wrong |= (lengths == 2) & self._follow(np.flatnonzero(self._ending), CR)
        return int(np.argmax(wrong)) if wrong.any() else int(ends.size)

    def first_fault(self) -> int | None:
        """Return the first offset where something is that no sound record holds."""
        faults = [
            self._at[found[0]]
            for found in (
                np.flatnonzero(self._kind == NUL),
                self._stray_returns(),
                *self._stray_quotes(),
            )
            if found.size
        ]
        return int(min(faults)) if faults else None

    def breaks(self, ends: _Indexes) -> tuple[_Indexes, _Indexes]:
        """Return which of the records that end at ``ends`` hold line ends, and how many."""
        if self._outside is None or not ends.size:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = self._kind == LF
        returns = np.flatnonzero(self._kind == CR)
        found[returns[~self._precede(returns, LF)]] = True
        found &= ~self._outside
        at = self._at[found]
        which, breaks = np.unique(np.searchsorted(ends, at[at < ends[-1]]), return_counts=True)
        return which, breaks

    def newlines(self, end: int) -> frozenset[str]:
        """Return the kinds of line end before offset ``end``."""
        count = int(np.searchsorted(self._at, end))
        feeds = int(np.count_nonzero(self._kind[:count] == LF))
        returns = np.flatnonzero(self._kind[:count] == CR)
        pairs = int(np.count_nonzero(self._precede(returns, LF)))
        kinds = (("crlf", pairs), ("cr", returns.size - pairs), ("lf", feeds - pairs))
        return frozenset(name for name, number in kinds if number)

    def _stray_returns(self) -> _Indexes:
        """Return the carriage returns that are neither in a cell nor before a line feed."""
        returns = np.flatnonzero(self._are(CR))
        return returns[~(self._precede(returns, LF) | self._undecided(returns))]

    def _stray_quotes(self) -> tuple[_Indexes, _Indexes]:
        """Return the quotation marks that cannot be what their number says they are."""
        even, odd = self._quotes[0::2], self._quotes[1::2]
        opening = self._follow(even, LF, self._delimiter, QUOTE) | (self._at[even] == 0)
        closing = self._precede(odd, LF, CR, self._delimiter, QUOTE) | self._undecided(odd)
        # At the end of a file the mark that ``Marks.ended`` has added follows.
        return even[~opening], odd[~closing]

    def _are(self, kind: int) -> _Truths:
        """Which marks are of this kind, and in no quoted cell."""
        found: _Truths = self._kind == kind
        if self._outside is not None:
            found &= self._outside
        return found

    def _follow(self, which: _Indexes, *kinds: int) -> _Truths:
        """Which of these marks directly follow a mark of one of these kinds."""
        before = np.maximum(which - 1, 0)
        adjacent: _Truths = self._at[before] == self._at[which] - 1
        return adjacent & _among(kinds)[self._kind[before]]

    def _precede(self, which: _Indexes, *kinds: int) -> _Truths:
        """Which of these marks directly precede a mark of one of these kinds."""
        after = np.minimum(which + 1, self._at.size - 1)
        adjacent: _Truths = self._at[after] == self._at[which] + 1
        return adjacent & _among(kinds)[self._kind[after]]

    def _undecided(self, which: _Indexes) -> _Truths:
        """Which of these marks are the last byte so far, so that the next is unknown."""
        undecided: _Truths = self._at[which] == self._size - 1
        return undecided & (not self._last)


def _among(kinds: tuple[int, ...]) -> _Truths:
    """Return a table that says of each byte whether it is one of these."""
    table = np.zeros(256, np.bool_)
    table[list(kinds)] = True
    return table
