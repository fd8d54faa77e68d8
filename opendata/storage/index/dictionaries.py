"""Dictionaries: a column's distinct values, ascending, and where a value is or would be."""

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from functools import cached_property
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata.domain.contracts import Field
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.store import Store

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INT64 = range(-(2**63), 2**63)
# So many texts of a column are kept at hand.
_FENCES = 2_048
# The usual context would round to 28 digits.
_EXACT = Context(prec=200)


class Dictionary(Sequence[Value]):
    """Values that are read one at a time."""

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        """Return a value, or several."""
        if isinstance(at, slice):
            return [self.at(each) for each in range(*at.indices(len(self)))]
        return self.at(at)

    @abstractmethod
    def at(self, place: int) -> Value:
        """Return the value at a place."""

    def span(self, value: Any) -> tuple[int, int]:
        """Return how many values are less than ``value``, and how many are not greater."""
        begin = bisect_left(self, value)
        return begin, bisect_right(self, value, begin, min(begin + 1, len(self)))

    def prefixed(self, value: str) -> tuple[int, int]:
        """Return the places between which texts begin with ``value``."""
        begin = bisect_left(self, value)
        return begin, bisect_right(self, value, begin, key=lambda each: str(each)[: len(value)])


class Numbers(Dictionary):
    """What is kept as integers: numbers, dates, instants, truth values."""

    def __init__(self, stored: Array, field: Field) -> None:
        """Look at integers as values of a field."""
        self.stored = stored
        self._kind = field.type
        self._places = field.decimal_places or 0

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self.stored)

    def at(self, place: int) -> Value:
        """Return the value at a place."""
        stored = int(self.stored[place])
        if self._kind == "number":
            return Decimal(stored).scaleb(-self._places, _EXACT)
        if self._kind == "date":
            return date.fromordinal(stored + _EPOCH_DAY)
        if self._kind == "datetime":
            return _EPOCH + timedelta(microseconds=stored)
        return bool(stored) if self._kind == "boolean" else stored

    def span(self, value: Any) -> tuple[int, int]:
        """See ``Dictionary.span``."""
        wanted = self._stored_as(value)
        if wanted not in _INT64:
            place = 0 if wanted < 0 else len(self)
            return place, place
        begin = int(self.stored.searchsorted(wanted))
        found = begin < len(self) and int(self.stored[begin]) == wanted
        return begin, begin + found

    def _stored_as(self, value: Any) -> int:
        if self._kind == "number":
            return int(value.scaleb(self._places, _EXACT))
        if self._kind == "date":
            return int(value.toordinal()) - _EPOCH_DAY
        if self._kind == "datetime":
            return int((value - _EPOCH) // _MICROSECOND)
        return int(value)


class Texts(Dictionary):
    """Short texts, one after another."""

    def __init__(self, text: Array, ends: Array) -> None:
        """Look at texts; ``ends`` says where each of them ends."""
        self._text = text.data
        self._ends = ends.data
        self.arrays = text, ends
        self._step = len(ends) // _FENCES + 1

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self._ends)

    def at(self, place: int) -> Value:
        """Return the value at a place."""
        return self._bytes(place).decode()

    def span(self, value: Any) -> tuple[int, int]:
        """See ``Dictionary.span``; bytes of UTF-8 sort as the texts do."""
        wanted = value.encode()
        begin = self._below(wanted)
        return begin, begin + (begin < len(self) and self._bytes(begin) == wanted)

    def prefixed(self, value: str) -> tuple[int, int]:
        """See ``Dictionary.prefixed``."""
        wanted = value.encode()
        # No byte of UTF-8 is 255, so this is behind everything that begins so.
        return self._below(wanted), self._below(wanted + b"\xff")

    def containing(self, value: str, *, at_the_end: bool = False) -> Array:
        """Return, for each value, whether it contains ``value`` or ends in it."""
        text, ends = self.arrays
        texts = pa.LargeStringArray.from_buffers(
            len(ends), pa.py_buffer(self._bounds.data), pa.py_buffer(text.data)
        )
        find = pc.ends_with if at_the_end else pc.match_substring
        found: Array = find(texts, value).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def _bounds(self) -> Array:
        """Where each text begins and, one further, ends."""
        _, ends = self.arrays
        found = np.zeros(len(ends) + 1, np.int64)
        found[1:] = ends
        return found

    def _below(self, wanted: bytes) -> int:
        step, read = self._step, self._bytes
        # The first look-ups are at always the same texts; those are at hand.
        fence = bisect_left(self._fences, wanted)
        low, high = max(0, (fence - 1) * step), min(len(self), fence * step)
        while low < high:
            middle = (low + high) // 2
            if read(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _fences(self) -> list[bytes]:
        """Every so-manieth text, from the first on."""
        return [self._bytes(each) for each in range(0, len(self._ends), self._step)]

    def _bytes(self, place: int) -> bytes:
        begin = self._ends[place - 1] if place else 0
        return bytes(self._text[begin : self._ends[place]])


class Referred(Dictionary):
    """Values that are kept in the records only: for each, one that has it."""

    def __init__(self, first: Array, field: Field, store: Store) -> None:
        """Look at values of a field in the records that ``first`` numbers."""
        self._first = first
        self._field = field
        self._store = store

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self._first)

    def at(self, place: int) -> Value:
        """Return the value at a place."""
        found = self._store.value(int(self._first[place]), self._field)
        assert found is not None  # noqa: S101 - only values are referred to.
        return found
