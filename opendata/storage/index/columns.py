"""Columns of a segment: sorted distinct values, a code for each record, records by code."""

from functools import cached_property
from typing import Any

import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array, Arrays
from opendata.storage.index.dictionaries import Dictionary, Numbers, Referred, Texts
from opendata.storage.index.store import Store


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

    @cached_property
    def null(self) -> int:
        """The code of null: one more than any value's."""
        return len(self.starts) - 2

    @cached_property
    def values(self) -> Dictionary:
        """The distinct values, ascending."""
        name = self.field.name
        if f"{name}/values" in self._arrays:
            return Numbers(self._arrays[f"{name}/values"], self.field)
        if f"{name}/text" in self._arrays:
            return Texts(self._arrays[f"{name}/text"], self._arrays[f"{name}/ends"])
        return Referred(self._arrays[f"{name}/first"], self.field, self._store)

    def value(self, record: int) -> Value | None:
        """Return the value of the record at a place."""
        code = int(self.codes[record])
        return None if code == self.null else self.values[code]


def narrowest(most: int) -> np.dtype[Any]:
    """Return the narrowest unsigned integers that hold ``most``."""
    return np.min_scalar_type(most)
