"""Texts of a column: collected, each once where that pays, and put in code-point order."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata.storage.index.arrays import Array

# So many of a batch tell whether its texts come again.
_SAMPLE = 1_000
# Texts that are compared at once.
_BLOCK = 65_536


class Collected:
    """The texts of a column in one growing piece of memory, and which of them each row has."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bytes = bytearray()
        self._ends: list[Array] = [np.zeros(1, np.int64)]
        self._count = 0
        self._rows: list[Array] = []

    def add(self, batch: "pa.Array[Any]") -> None:
        """Take some rows."""
        sample = batch.slice(0, _SAMPLE)
        if 2 * pc.count_distinct(sample).as_py() > len(sample):
            self._add(_numbered(batch), batch.drop_null())
        else:
            encoded = batch.dictionary_encode()
            self._add(encoded.indices.fill_null(-1).to_numpy(), encoded.dictionary)

    def all(self) -> "pa.Array[Any]":
        """Return every text, as large strings; some may be there again, from another batch."""
        ends = np.concatenate(self._ends)
        return pa.LargeStringArray.from_buffers(
            self._count, pa.py_buffer(ends.data), pa.py_buffer(self._bytes)
        )

    def rows(self) -> Array:
        """Return for each row the place of its text, -1 for null."""
        return np.concatenate([np.zeros(0, np.int64), *self._rows])

    def _add(self, places: Array, texts: "pa.Array[Any]") -> None:
        self._rows.append(np.where(places < 0, -1, places + self._count))
        whole = texts.cast(pa.large_string())
        _, ends, data = whole.buffers()
        if len(whole):
            bounds = viewed(ends, np.int64, whole.offset + len(whole) + 1)[whole.offset :]
            self._ends.append(bounds[1:] - bounds[0] + len(self._bytes))
            if data is not None:
                self._bytes += memoryview(data)[bounds[0] : bounds[-1]]
        self._count += len(whole)


class Ordered:
    """A column's texts in another order, taken some at a time."""

    def __init__(self, batches: "Iterable[pa.Array[Any]]", order: Array) -> None:
        """Read the texts; ``order`` are their places."""
        collected = Collected()
        for each in batches:
            collected.add(each)
        self._all = collected.all()
        self._rows = collected.rows()[order]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def slice(self, offset: int, length: int) -> "pa.Array[Any]":
        """Return at most so many texts, nulls included."""
        rows = self._rows[offset : offset + length]
        return self._all.take(pa.array(rows, pa.int64(), mask=rows < 0))


def ranked(texts: "pa.Array[Any]") -> tuple[Array, Array]:
    """Return each text's rank among the distinct ones, and where one of each is, ascending.

    UTF-8 sorts as its code points do.
    """
    order = pc.sort_indices(texts).to_numpy()
    begins = np.ones(len(order), np.bool_)
    for begin in range(0, len(order) - 1, _BLOCK):
        block = texts.take(order[begin : begin + _BLOCK + 1])
        differ = pc.not_equal(block.slice(1), block.slice(0, len(block) - 1))
        begins[begin + 1 : begin + len(block)] = differ.to_numpy(zero_copy_only=False)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.cumsum(begins) - 1
    return ranks, order[begins]


def viewed(buffer: pa.Buffer | None, kind: type[np.generic], count: int) -> Array:
    """Return the first numbers of a buffer, which may be missing where there are none."""
    if buffer is None or not count:
        return np.zeros(count, kind)
    return np.frombuffer(memoryview(buffer), kind, count)


def _numbered(batch: "pa.Array[Any]") -> Array:
    """Return the place of each row's text among those that are not null, -1 for null."""
    present = batch.is_valid().to_numpy(zero_copy_only=False)
    return np.where(present, np.cumsum(present) - 1, -1)
