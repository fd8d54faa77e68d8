"""Looking for a term in a segment's records."""

from bisect import bisect_right
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
        begin, end = self._starts[slot : slot + 2]
        return self._postings[begin:end]

    def text(self, block: int) -> bytes:
        """Return the text of a block."""
        begin = self._text_ends[block - 1] if block else 0
        frame = self._text[begin : self._text_ends[block]]
        return zstandard.ZstdDecompressor().decompress(frame)

    def record_ends(self, block: int) -> list[int]:
        """Return where each record of a block ends in its text."""
        return self._record_ends[block * BLOCK : (block + 1) * BLOCK].tolist()

    @cached_property
    def _text(self) -> memoryview:
        return self.arrays["grams/text"].data

    @cached_property
    def _text_ends(self) -> memoryview:
        return self.arrays["grams/text_ends"].data

    @cached_property
    def _record_ends(self) -> memoryview:
        return self.arrays["grams/record_ends"].data

    @cached_property
    def _postings(self) -> Array:
        return self.arrays["grams/postings"]

    @cached_property
    def _starts(self) -> memoryview:
        return self.arrays["grams/starts"].data


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
                yield np.array(found, np.uint32) + np.uint32(block * BLOCK)

    def test(self, records: Array) -> Array:
        """Return which of these records match, as booleans, in the order given."""
        numbers = np.asarray(records, np.int64)
        found = np.zeros(len(numbers), np.bool_)
        places = np.flatnonzero(self._may_have[numbers // BLOCK])
        inside: dict[int, list[int]] = {}
        for place, number in zip(places.tolist(), numbers[places].tolist(), strict=True):
            block, record = divmod(number, BLOCK)
            matching = inside.get(block)
            if matching is None:
                matching = inside[block] = self._within(block)
            found[place] = record in matching
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
        """Return which records of one block have the term, by their places in it."""
        text, ends, term = self._kept.text(block), self._kept.record_ends(block), self._term
        found: list[int] = []
        at = text.find(term)
        while 0 <= at < len(text):
            record = bisect_right(ends, at)
            found.append(record)
            at = text.find(term, ends[record])
        return found
