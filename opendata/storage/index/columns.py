"""Columns of a segment: sorted distinct values, a code for each record, records by code."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, overload

import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array, Arrays
from opendata.storage.index.store import Store

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Column:
    """One column of a segment of ``n`` records with ``k`` distinct values.

    On disk, below the field's name: ``codes`` (n: the place of the record's value among the
    sorted distinct ones, k for null; the narrowest unsigned integers that hold k), ``order``
    (n, uint32: records by code, then by place), ``starts`` (k + 2, uint32: records
    ``order[starts[c]:starts[c + 1]]`` have code c), and the distinct values, ascending:

    - ``values`` (k, int64) of integers, years, booleans, dates (days since 1970), instants
      (microseconds since 1970, UTC) and numbers (scaled by the field's decimal places);
    - ``text`` (uint8, UTF-8) with ``ends`` (k, uint64) of short texts, in code-point order;
    - ``first`` (k, uint32), a record that has the value, of long texts: they are read from the
      record itself. Numbers beyond 64 bits are kept so too.
    """

    def __init__(self, arrays: Arrays, field: Field, store: Store) -> None:
        """Look at one column; nothing is read yet."""
        self._arrays = arrays
        self._store = store
        self.field = field

    @cached_property
    def codes(self) -> Array:
        """The code of each record."""
        return self._arrays[f"{self.field.name}/codes"]

    @cached_property
    def order(self) -> Array:
        """The records by code, then by place."""
        return self._arrays[f"{self.field.name}/order"]

    @cached_property
    def starts(self) -> Array:
        """Where in ``order`` the records of each code begin."""
        return self._arrays[f"{self.field.name}/starts"]

    @property
    def null(self) -> int:
        """The code of null: one more than any value's."""
        return len(self.starts) - 2

    @cached_property
    def values(self) -> Sequence[Value]:
        """The distinct values, ascending."""
        name = self.field.name
        if f"{name}/values" in self._arrays:
            return _Numbers(self._arrays[f"{name}/values"], self.field)
        if f"{name}/text" in self._arrays:
            return _Texts(self._arrays[f"{name}/text"], self._arrays[f"{name}/ends"])
        return _Referred(self._arrays[f"{name}/first"], self.field, self._store)

    def value(self, record: int) -> Value | None:
        """Return the value of the record at a place."""
        code = int(self.codes[record])
        return None if code == self.null else self.values[code]


class _Values(Sequence[Value]):
    """Values that are read one at a time."""

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        if isinstance(at, slice):
            return [self._at(each) for each in range(*at.indices(len(self)))]
        return self._at(at)

    def _at(self, at: int) -> Value:
        raise NotImplementedError


class _Numbers(_Values):
    def __init__(self, stored: Array, field: Field) -> None:
        self.stored = stored
        self._kind = field.type
        self._places = field.decimal_places or 0

    def __len__(self) -> int:
        return len(self.stored)

    def _at(self, at: int) -> Value:
        stored = int(self.stored[at])
        if self._kind == "number":
            return Decimal(stored).scaleb(-self._places)
        if self._kind == "date":
            return date.fromordinal(stored + _EPOCH_DAY)
        if self._kind == "datetime":
            return _EPOCH + timedelta(microseconds=stored)
        return bool(stored) if self._kind == "boolean" else stored


class _Texts(_Values):
    def __init__(self, text: Array, ends: Array) -> None:
        self._text = text.data
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def _at(self, at: int) -> Value:
        begin = int(self._ends[at - 1]) if at else 0
        return str(self._text[begin : int(self._ends[at])], "utf-8")


class _Referred(_Values):
    def __init__(self, first: Array, field: Field, store: Store) -> None:
        self._first = first
        self._field = field
        self._store = store

    def __len__(self) -> int:
        return len(self._first)

    def _at(self, at: int) -> Value:
        found = self._store.value(int(self._first[at]), self._field)
        assert found is not None  # noqa: S101 - only values are referred to.
        return found


def narrowest(most: int) -> np.dtype[Any]:
    """Return the narrowest unsigned integers that hold ``most``."""
    return np.min_scalar_type(most)
