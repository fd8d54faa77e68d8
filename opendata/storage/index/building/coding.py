"""Coding a column: its distinct values in order, and for each record the place of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.storage.index.arrays import Array
from opendata.storage.index.building.texts import Collected, ranked, viewed
from opendata.storage.index.columns import narrowest

# Texts longer than this on average, most of them different, are read from the records themselves.
_SHORT_BYTES = 40
# Integers within so narrow a span are counted rather than sorted.
_NARROW = 65_536
_OWN = frozenset(each.name for each in SYSTEM_FIELDS)


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of which each record has a code: 0 to ``distinct`` - 1, and ``distinct`` for null.

    ``kept`` are the arrays that hold the distinct values, by the end of their name; there is none
    where a record that has the value is referred to.
    """

    codes: Array
    distinct: int
    kept: Mapping[str, Array]


def coded(batches: "Iterable[pa.Array[Any]]", field: Field) -> Coded:
    """Code the values of a column."""
    code = _CODERS.get(field.type, _whole_numbers)
    return code(batches, field)


def _texts(batches: "Iterable[pa.Array[Any]]", field: Field) -> Coded:
    collected = Collected()
    for batch in batches:
        collected.add(batch)
    texts, rows = collected.all(), collected.rows()
    ranks, examples = ranked(texts)
    count = len(examples)
    codes = _narrow(np.append(ranks, count)[rows], count)
    sizes = np.diff(viewed(texts.buffers()[1], np.int64, len(texts) + 1))[examples]
    size = int(sizes.sum())
    # Who looks for a record by its identifier should not have to read others on the way.
    if field.name not in _OWN and size > _SHORT_BYTES * count and 2 * count > len(rows):
        return Coded(codes, count, {})
    text = viewed(texts.take(examples).buffers()[2], np.uint8, size)
    ends = np.cumsum(sizes).astype(np.uint32 if size < 2**32 else np.uint64)
    return Coded(codes, count, {"text": text, "ends": ends})


def _whole_numbers(batches: "Iterable[pa.Array[Any]]", _field: Field) -> Coded:
    columns = [(_int64(each), _present(each)) for each in batches]
    return _coded_integers(*_joined(columns))


def _decimals(batches: "Iterable[pa.Array[Any]]", _field: Field) -> Coded:
    halves = [_halves(each) for each in batches]
    low, present = _joined([(each[0], each[2]) for each in halves])
    high, _ = _joined([(each[1], each[2]) for each in halves])
    if not np.any((high != low >> 63) & present):
        return _coded_integers(low, present)
    low, high = low[present].view(np.uint64), high[present]
    order = np.lexsort((low, high))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.cumsum(begins) - 1
    return _with_nulls(ranks, int(begins.sum()), present, {})


def _coded_integers(values: Array, present: Array) -> Coded:
    kept = values[present]
    if not len(kept):
        return _with_nulls(kept, 0, present, {"values": kept})
    low, high = int(kept.min()), int(kept.max())
    if high - low < max(_NARROW, 4 * len(kept)):
        seen = np.zeros(high - low + 1, np.bool_)
        seen[kept - low] = True
        distinct, ranks = np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[kept - low]
    else:
        distinct, ranks = np.unique(kept, return_inverse=True)
    return _with_nulls(ranks, len(distinct), present, {"values": distinct})


def _with_nulls(ranks: Array, distinct: int, present: Array, kept: Mapping[str, Array]) -> Coded:
    codes = np.full(len(present), distinct, narrowest(distinct))
    codes[present] = ranks
    return Coded(codes, distinct, kept)


def _narrow(codes: Array, most: int) -> Array:
    return codes.astype(narrowest(most))


def _joined(columns: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    values = [np.zeros(0, np.int64), *(each for each, _ in columns)]
    present = [np.zeros(0, np.bool_), *(each for _, each in columns)]
    return np.concatenate(values), np.concatenate(present)


def _present(batch: "pa.Array[Any]") -> Array:
    found: Array = batch.is_valid().to_numpy(zero_copy_only=False)
    return found


def _int64(batch: "pa.Array[Any]") -> Array:
    if pa.types.is_date32(batch.type):
        batch = batch.view(pa.int32())
    found: Array = batch.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return found


def _halves(batch: "pa.Array[Any]") -> tuple[Array, Array, Array]:
    """Return the lower and the upper 64 bits of decimals, and which of them are not null."""
    words = viewed(batch.buffers()[1], np.int64, 2 * (batch.offset + len(batch)))[
        2 * batch.offset :
    ]
    return words[::2], words[1::2], _present(batch)


_CODERS: Mapping[str, Callable[["Iterable[pa.Array[Any]]", Field], Coded]] = {
    "string": _texts,
    "number": _decimals,
}
