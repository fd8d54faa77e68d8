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

    The first ``records`` of them, which take ``end`` bytes, are sound but for their encoding, and
    for the number of cells in each unless these were counted. If every record has as many as it
    should, their cells hold ``content`` bytes together. ``faulty`` says that the next record is
    not sound; else more bytes must tell. ``which`` of the sound records (from 0) hold line ends
    in a cell, and ``breaks`` is how many each of those holds.
    """

    records: int
    end: int
    content: int
    faulty: bool
    which: _Indexes
    breaks: _Indexes
    newlines: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some bytes of a file from the beginning of a record on; ``last``: it ends with them."""

    data: memoryview
    marks: Marks
    last: bool


def prove(stretch: Stretch, layout: Layout, *, count: bool) -> Proof:
    """Say what the marks of a stretch prove; ``count``: the cells of each record as well."""
    view = _View(stretch, layout)
    size = len(stretch.data)
    ends = view.ends()
    sound = view.well_formed(ends, count=count)
    fault = view.first_fault()
    if fault is not None:
        sound = min(sound, int(np.searchsorted(ends, fault)))
    end = min(int(ends[sound - 1]) + 1, size) if sound else 0
    which, breaks = view.breaks(ends[:sound])
    return Proof(
        records=sound,
        end=end,
        content=view.content(sound, end),
        faulty=fault is not None or sound < ends.size or (stretch.last and end < size),
        which=which,
        breaks=breaks,
        newlines=view.newlines(end),
    )


class _View:
    """The marks of some bytes, and which of them are inside quoted cells."""

    def __init__(self, stretch: Stretch, layout: Layout) -> None:
        self._at, self._kind = stretch.marks.at, stretch.marks.kind
        self._codes = np.frombuffer(stretch.data, np.uint8)
        self._size = len(stretch.data)
        self._last = stretch.last
        self._width = layout.width
        self._delimiter = ord(layout.delimiter)
        quotes = self._kind == QUOTE
        self._quotes = self._at[quotes]
        # A sum that overflows keeps its parity.
        parity = np.cumsum(quotes, dtype=np.uint8) & 1 if self._quotes.size else None
        self._outside: _Truths | None = None if parity is None else parity == 0
        self._feeds = self._at[self._are(LF)]
        # The end of a file also ends a line.
        self._is_cut = self._last and self._size > 0 and self._codes[-1] not in (LF, CR)

    def ends(self) -> _Indexes:
        """Return where records end: at line feeds, and at the end of the file."""
        if self._is_cut and not self._quotes.size & 1:
            return np.append(self._feeds, self._size)
        return self._feeds

    def well_formed(self, ends: _Indexes, *, count: bool) -> int:
        """Return how many records are neither blank nor too long, nor, if counted, ragged."""
        lengths = np.diff(ends, prepend=-1)
        wrong = lengths > MAX_LINE_CHARACTERS
        if self._width == 1:
            wrong |= lengths == 1
            wrong |= (lengths == 2) & (self._codes[ends - 1] == CR)
        if count:
            found = np.searchsorted(self._delimiters(), ends)
            wrong |= np.diff(found, prepend=0) != self._width - 1
        return int(np.argmax(wrong)) if wrong.any() else int(ends.size)

    def content(self, records: int, end: int) -> int:
        """Return how many bytes the cells of the first records hold, if none of them is ragged.

        What is not theirs are delimiters, line ends, and quotation marks: all but one of each
        pair inside a cell.
        """
        quotes = self._quotes[: int(np.searchsorted(self._quotes, end))]
        pairs = int(np.count_nonzero(self._precede(quotes[1::2], QUOTE)))
        feeds = int(np.searchsorted(self._feeds, end))
        returns = int(np.searchsorted(self._at[self._are(CR)], end))
        delimiters = records * (self._width - 1)
        return end - int(quotes.size - pairs) - feeds - returns - delimiters

    def first_fault(self) -> int | None:
        """Return the first offset where something is that no sound record holds."""
        faults = [
            found[0]
            for found in (
                self._at[self._kind == NUL],
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
        found[returns[~self._precede(self._at[returns], LF)]] = True
        found &= ~self._outside
        at = self._at[found]
        which, breaks = np.unique(np.searchsorted(ends, at[at < ends[-1]]), return_counts=True)
        return which, breaks

    def newlines(self, end: int) -> frozenset[str]:
        """Return the kinds of line end before offset ``end``."""
        count = int(np.searchsorted(self._at, end))
        feeds = int(np.count_nonzero(self._kind[:count] == LF))
        returns = self._at[:count][self._kind[:count] == CR]
        pairs = int(np.count_nonzero(self._precede(returns, LF)))
        kinds = (("crlf", pairs), ("cr", returns.size - pairs), ("lf", feeds - pairs))
        return frozenset(name for name, number in kinds if number)

    def _delimiters(self) -> _Indexes:
        """Return where cells end that are not their record's last."""
        found: _Indexes = np.flatnonzero(self._codes == self._delimiter)
        if self._quotes.size:
            found = found[np.searchsorted(self._quotes, found) & 1 == 0]
        return found

    def _stray_returns(self) -> _Indexes:
        """Return the carriage returns that are neither in a cell nor before a line feed."""
        returns = self._at[self._are(CR)]
        return returns[~(self._precede(returns, LF) | self._undecided(returns))]

    def _stray_quotes(self) -> tuple[_Indexes, _Indexes]:
        """Return the quotation marks that cannot be what their number says they are."""
        even, odd = self._quotes[0::2], self._quotes[1::2]
        opening = self._follow(even, LF, self._delimiter, QUOTE) | (even == 0)
        closing = self._precede(odd, LF, CR, self._delimiter, QUOTE) | (odd == self._size - 1)
        return even[~opening], odd[~closing]

    def _are(self, kind: int) -> _Truths:
        """Which marks are of this kind, and in no quoted cell."""
        found: _Truths = self._kind == kind
        if self._outside is not None:
            found &= self._outside
        return found

    def _follow(self, at: _Indexes, *kinds: int) -> _Truths:
        """At which of these offsets the byte before is one of these."""
        return (at > 0) & _among(kinds)[self._codes[np.maximum(at - 1, 0)]]

    def _precede(self, at: _Indexes, *kinds: int) -> _Truths:
        """At which of these offsets the byte after is there, and one of these."""
        after = at + 1
        return (after < self._size) & _among(kinds)[self._codes[np.minimum(after, self._size - 1)]]

    def _undecided(self, at: _Indexes) -> _Truths:
        """Which of these offsets are the last so far, so that the next byte is unknown."""
        undecided: _Truths = at == self._size - 1
        return undecided & (not self._last)


def _among(kinds: tuple[int, ...]) -> _Truths:
    """Return a table that says of each byte whether it is one of these."""
    table = np.zeros(256, np.bool_)
    table[list(kinds)] = True
    return table
