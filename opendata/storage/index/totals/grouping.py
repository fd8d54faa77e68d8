"""Groups: which group each record found belongs to, as one integer."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import prod

import numpy as np

from opendata.domain.contracts import Field
from opendata.storage.index.arrays import Array
from opendata.storage.index.conditions import Declined
from opendata.storage.index.totals.blocks import BLOCK, Block, Found, blocks, number_of
from opendata.storage.index.totals.coded import Coded, coded

# Combinations of values are counted in an array that may have so many places more than records.
_SPARE = 65_536
_INT64 = 2**63


class Grouping:
    """Records by the values of some columns, the keys; without keys there is one group.

    A group is a number below ``size``, ascending as the keys' values do, nulls last. ``records``
    is how many there are in all groups.
    """

    def __init__(self, found: Found, keys: Sequence[Coded]) -> None:
        """Number the groups of the records found.

        Raises:
            Declined: the keys have more combinations than there are integers.
        """
        self._found = found
        self._keys = keys
        self._spans = [each.null + 1 for each in keys]
        self._combined: Array | None = None
        self._columns: dict[str, Coded] = {}
        self.size = prod(self._spans)
        if self.size >= _INT64:
            raise Declined
        self.records = number_of(found)
        if self.size > 4 * self.records + _SPARE:
            # Where no record is found there is no block either.
            numbers = [np.zeros(0, np.intp), *(self._numbers(each) for each in blocks(found))]
            self._combined = np.unique(np.concatenate(numbers))
            self.size = len(self._combined)

    def column(self, field: Field) -> Coded:
        """Return a column of the records found."""
        if field.name not in self._columns:
            self._columns[field.name] = coded(self._found, field)
        return self._columns[field.name]

    def taken(self) -> "Iterator[Taken]":
        """Yield the records found, some at a time: at least as many as there are groups."""
        for block in blocks(self._found, max(BLOCK, 2 * self.size)):
            yield Taken(block, self)

    def of(self, block: Block) -> Array:
        """Return the group of each of some records."""
        numbers = self._numbers(block)
        return numbers if self._combined is None else self._combined.searchsorted(numbers)

    @property
    def counts(self) -> Array | None:
        """How many records each group has, where that is known beforehand."""
        if len(self._keys) == 1 and self._combined is None:
            return self._keys[0].counts
        return None

    def codes(self, groups: Array) -> list[Array]:
        """Return, for each key, the codes of its values in these groups."""
        rest = groups if self._combined is None else self._combined[groups]
        found = []
        for span in reversed(self._spans):
            rest, codes = np.divmod(rest, span)
            found.append(codes)
        return found[::-1]

    def _numbers(self, block: Block) -> Array:
        if not self._keys:
            where = block.where
            length = where.stop - where.start if isinstance(where, slice) else len(where)
            return np.zeros(length, np.intp)
        numbers = self._keys[0].of(block).astype(np.intp)
        for key, span in zip(self._keys[1:], self._spans[1:], strict=True):
            numbers *= span
            numbers += key.of(block)
        return numbers


class Taken:
    """Some records while they are looked at: everything is read once."""

    def __init__(self, block: Block, grouping: Grouping) -> None:
        """Look at the records of a block."""
        self._block = block
        self._grouping = grouping
        self._codes: dict[str, Array] = {}
        self._known: dict[str, Array | None] = {}

    @cached_property
    def groups(self) -> Array:
        """The group of each record."""
        return self._grouping.of(self._block)

    @cached_property
    def counts(self) -> Array:
        """How many of the records each group has."""
        return np.bincount(self.groups, minlength=self._grouping.size)

    def codes(self, field: Field) -> Array:
        """Return the codes of a column."""
        if field.name not in self._codes:
            self._codes[field.name] = self._grouping.column(field).of(self._block)
        return self._codes[field.name]

    def valued(self, field: Field) -> Array | None:
        """Return which records have a value; ``None`` where all have."""
        if field.name not in self._known:
            known = self.codes(field) != self._grouping.column(field).null
            self._known[field.name] = None if known.all() else known
        return self._known[field.name]
