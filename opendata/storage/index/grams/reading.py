"""Looking for a term in a segment's records."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import zstandard

from opendata.storage.index.arrays import Array, Arrays
from opendata.storage.index.grams.slots import lower, slots
from opendata.storage.index.grams.writing import BLOCK


class Searchable:
    """What is kept of a segment's records for substring search; see ``write_grams``."""

    def __init__(self, arrays: Arrays, rows: int) -> None:
        """Look at a segment of so many records; nothing is read yet."""
        self.arrays = arrays
        self.rows = rows

    @cached_property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.arrays["grams/text_ends"])

    def term(self, text: str) -> "Search":
        """Begin the search for a text, which may not be empty."""
        return Search(self, text)

    def postings(self, slot: int) -> Array:
        """Return the blocks that have a slot."""
        starts = self.arrays["grams/starts"]
        return self.arrays["grams/postings"][int(starts[slot]) : int(starts[slot + 1])]

    def text(self, block: int) -> bytes:
        """Return the text of a block."""
        ends = self.arrays["grams/text_ends"]
        begin = int(ends[block - 1]) if block else 0
        frame = self.arrays["grams/text"][begin : int(ends[block])]
        return zstandard.ZstdDecompressor().decompress(frame.data)

    def record_ends(self, block: int) -> Array:
        """Return where each record of a block ends in its text."""
        return self.arrays["grams/record_ends"][block * BLOCK : (block + 1) * BLOCK]


class Search:
    """One term in one segment: the blocks that may have it, and the records that do."""

    def __init__(self, kept: Searchable, text: str) -> None:
        """Find the blocks that have every gram of ``text``."""
        self._kept = kept
        term = "".join(map(lower, text))
        self._term = term.encode()
        points = np.frombuffer(term.encode("utf-32-le"), np.uint32)
        self.blocks = self._candidates(np.unique(slots(points)[0]))

    @property
    def most(self) -> int:
        """How many records can match at most."""
        return min(len(self.blocks) * BLOCK, self._kept.rows)

    def records(self) -> Iterator[Array]:
        """Yield the records that match, ascending, some at a time."""
        for block in self.blocks.tolist():
            found = self._within(block)
            if found:
                yield np.array(found, np.uint32)

    def test(self, records: Array) -> Array:
        """Return which of these records match, as booleans, in the order given."""
        numbers = np.asarray(records, np.int64)
        found = np.zeros(len(numbers), np.bool_)
        own = numbers // BLOCK
        places = np.flatnonzero(self._may_have[own])
        places = places[np.argsort(own[places], kind="stable")]
        borders = np.flatnonzero(np.diff(own[places])) + 1
        for group in np.split(places, borders) if len(places) else ():
            found[group] = np.isin(numbers[group], self._within(int(own[group[0]])))
        return found

    @cached_property
    def _may_have(self) -> Array:
        """Of each block whether it may have the term."""
        found = np.zeros(self._kept.blocks, np.bool_)
        found[self.blocks] = True
        return found

    def _candidates(self, grams: Array) -> Array:
        every = np.arange(self._kept.blocks)
        lists = sorted((self._kept.postings(int(each)) for each in grams), key=len)
        # A gram that every block has tells nothing.
        telling = [each for each in lists if len(each) < len(every)]
        found = telling[0].astype(np.int64) if telling else every
        for each in telling[1:]:
            if len(found):
                at = np.minimum(np.searchsorted(each, found), len(each) - 1)
                found = found[each[at] == found]
        return found

    def _within(self, block: int) -> list[int]:
        """Return the records of one block that have the term."""
        text, ends = self._kept.text(block), self._kept.record_ends(block)
        found: list[int] = []
        at = text.find(self._term)
        while 0 <= at < len(text):
            record = int(np.searchsorted(ends, at, side="right"))
            found.append(block * BLOCK + record)
            at = text.find(self._term, int(ends[record]))
        return found
