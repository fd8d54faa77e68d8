"""Parts of values, by which records are grouped: worked out once for each distinct value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opendata.domain.official_time import official_offsets
from opendata.domain.queries.aggregates import Key, Part
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import narrowest
from opendata.storage.index.conditions import Declined
from opendata.storage.index.dictionaries import Dictionary, Numbers, Texts
from opendata.storage.index.totals.keeping import Kept, weight

# Texts are cut one by one, and every beginning is held as a text of its own; where there are
# more, or they are longer in all, a column engine is faster and leaves nothing behind.
_MOST_CUT = 50_000
_MOST_TEXT_BYTES = 4_000_000
# Room for what is the most of one column, eight times.
_MOST_BYTES_KEPT = 64 * 1024 * 1024
_MONTHS_A_YEAR, _MONTHS_A_QUARTER = 12, 3
_FIRST_YEAR = 1970
# Bytes of UTF-8 that begin no character have these bits.
_CONTINUING, _MASK = 0x80, 0xC0


@dataclass(frozen=True, slots=True)
class Parted:
    """Of each code of a column, null's too, the code of its part; and the parts, ascending."""

    codes: Array
    values: Sequence[Value]


_KEPT: Kept[Parted] = Kept(_MOST_BYTES_KEPT)


def parted(values: Dictionary, key: Key) -> Parted:
    """Return the parts of a column's values; kept as long as the column is and there is room.

    Raises:
        Declined: the values would have to be read from the records, or cutting takes too long.
    """
    same = key.part, key.length
    found = _KEPT.get([values], same)
    if found is None:
        found = _prefixes(values, key.length) if key.part is Part.PREFIX else _dates(values, key)
        _KEPT.keep([values], same, found, weight(found.values, [found.codes]))
    return found


def _dates(values: Dictionary, key: Key) -> Parted:
    if not isinstance(values, Numbers):
        raise Declined
    stored = values.stored
    if key.field.type == "datetime":
        dates = _official(stored).view("datetime64[us]").astype("datetime64[M]")
    else:
        dates = stored.astype("datetime64[D]").astype("datetime64[M]")
    length, name = _NAMES[key.part]
    # Months since 1970, rounded down, then named by the year and what is left.
    spans = np.floor_divide(dates.astype(np.int64), length)
    distinct, codes = np.unique(spans, return_inverse=True)
    months = [divmod(int(each) * length, _MONTHS_A_YEAR) for each in distinct]
    return Parted(
        _with_null(codes, len(distinct)),
        [name(year + _FIRST_YEAR, month) for year, month in months],
    )


def _official(stored: Array) -> Array:
    """Return instants, microseconds since 1970, as the local time in China."""
    since = np.array([each[0] for each in official_offsets()])
    ahead = np.array([each[1] for each in official_offsets()])
    at = since.searchsorted(stored, side="right") - 1
    shifted: Array = stored + ahead[np.maximum(at, 0)]
    return shifted


_NAMES: Mapping[Part, tuple[int, Callable[[int, int], Value]]] = {
    Part.YEAR: (_MONTHS_A_YEAR, lambda year, _: year),
    Part.QUARTER: (
        _MONTHS_A_QUARTER,
        lambda year, month: f"{year:04d}-Q{month // _MONTHS_A_QUARTER + 1}",
    ),
    Part.MONTH: (1, lambda year, month: f"{year:04d}-{month + 1:02d}"),
}


def _prefixes(values: Dictionary, length: int) -> Parted:
    """Cut texts; they ascend, so that those of one beginning stand side by side."""
    if not isinstance(values, Texts):
        raise Declined
    if len(values) > _MOST_CUT or len(values.arrays[0]) > _MOST_TEXT_BYTES:
        raise Declined
    text, ends = values.arrays[0], values.arrays[1].astype(np.int64)
    begins = np.append(0, ends)[:-1]
    characters = np.flatnonzero((text & _MASK) != _CONTINUING)
    # Behind the last character the text ends, and an empty text may begin there.
    characters = np.append(characters, np.full(length + 1, len(text)))
    cut = np.minimum(ends, characters[characters.searchsorted(begins) + length])
    cuts = list(zip(begins.tolist(), cut.tolist(), strict=True))
    data = text.data
    distinct: list[bytes] = []
    codes = np.empty(len(cuts), np.int64)
    for at, (begin, end) in enumerate(cuts):
        piece = bytes(data[begin:end])
        if not distinct or distinct[-1] != piece:
            distinct.append(piece)
        codes[at] = len(distinct) - 1
    return Parted(_with_null(codes, len(distinct)), [each.decode() for each in distinct])


def _with_null(codes: Array, null: int) -> Array:
    return np.append(codes, null).astype(narrowest(null))
