"""Columns of the records that were found, as codes of values that are the same in all segments."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.queries.aggregates import Key, Part
from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.columns import Column, narrowest
from opendata.storage.index.conditions import Declined
from opendata.storage.index.dictionaries import Numbers, Referred
from opendata.storage.index.totals.blocks import Block, Found, blocks_of
from opendata.storage.index.totals.keeping import Kept, weight
from opendata.storage.index.totals.parts import parted

# More values than this are not put in order one by one; a column engine is faster.
_MOST_MERGED = 50_000
_MOST_NUMBERS = 1_000_000
# A value that is kept in the records only takes a look into a file.
_MOST_READ = 500
# Values ascending, and of each segment what its codes become, null's too.
_Merged = tuple[Sequence[Value], Sequence[Array]]
# Room for the most numbers that are brought together, eight times: an eighth is 12 bytes of each.
_KEPT: Kept[_Merged] = Kept(96 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A column of one segment: its own codes, and what they become; ``values`` are its own."""

    codes: Array
    table: Array | None
    values: Sequence[Value]

    def of(self, block: Block) -> Array:
        codes: Array = self.codes[block.where]
        return codes if self.table is None else self.table[codes]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of the records found: its codes are places in ``values``, which ascend.

    Null is the code behind the last. There may be values that no record found has. ``counts``
    says how many records have each code, where that is known beforehand.
    """

    pieces: Sequence[_Piece]
    values: Sequence[Value]
    counts: Array | None = None

    def of(self, block: Block) -> Array:
        """Return the codes of some records."""
        return self.pieces[block.place].of(block)

    @property
    def null(self) -> int:
        """The code of null."""
        return len(self.values)

    @property
    def stored(self) -> Numbers:
        """The values, kept as integers in units of the field's last digit.

        Raises:
            Declined: they do not fit into 64 bits.
        """
        if isinstance(self.values, Numbers):
            return self.values
        raise Declined

    def code_of(self, value: Value) -> int | None:
        """Return the code of a value; ``None`` where no record has it."""
        values: Sequence[Any] = self.values
        at = bisect_left(values, value)
        return at if at < len(values) and values[at] == value else None


def coded(found: Found, field: Field, key: Key | None = None) -> Coded:
    """Return a column, or what ``key`` takes of its values, of the records found.

    Raises:
        Declined: bringing the segments' values together would take too long.
    """
    part = key if key is not None and key.part is not Part.WHOLE else None
    columns = [segment.column(field.name) for segment, _ in found]
    pieces = [_piece(each, part) for each in columns]
    if len(pieces) == 1:
        counts = np.diff(columns[0].starts) if part is None and found[0][1] is None else None
        return Coded(pieces, pieces[0].values, counts)
    dictionaries = [each.values for each in columns]
    same = (field.name, None if part is None else part.name)
    merged = _KEPT.get(dictionaries, same)
    if merged is None and _is_cheap(pieces):
        everything = [np.arange(len(each.values)) for each in pieces]
        merged = _merged(pieces, everything, field)
        _KEPT.keep(dictionaries, same, merged, weight(*merged))
    if merged is None:
        occurring = [_occurring(found, place, each) for place, each in enumerate(pieces)]
        _check_mergeable(pieces, occurring)
        merged = _merged(pieces, occurring, field)
    values, tables = merged
    return Coded([_recoded(*each) for each in zip(pieces, tables, strict=True)], values)


def _piece(column: Column, part: Key | None) -> _Piece:
    if part is None:
        return _Piece(column.codes, None, column.values)
    found = parted(column.values, part)
    return _Piece(column.codes, found.codes, found.values)


def _is_cheap(pieces: Sequence[_Piece]) -> bool:
    """Whether all values are brought together in a moment, once, whichever occur."""
    distinct = sum(len(each.values) for each in pieces)
    if all(isinstance(each.values, Numbers) for each in pieces):
        return distinct <= _MOST_NUMBERS
    return distinct <= _MOST_MERGED and not any(
        isinstance(each.values, Referred) for each in pieces
    )


def _merged(pieces: Sequence[_Piece], occurring: Sequence[Array], field: Field) -> _Merged:
    """Bring values of a column together; of each piece say what its codes become."""
    if all(isinstance(each.values, Numbers) for each in pieces):
        stored = [
            each.values.stored[codes]
            for each, codes in zip(pieces, occurring, strict=True)
            if isinstance(each.values, Numbers)
        ]
        union = np.unique(np.concatenate(stored))
        places = [union.searchsorted(each) for each in stored]
        values: Sequence[Any] = Numbers(union, field)
    else:
        texts: list[list[Any]] = [
            [each.values[int(code)] for code in codes]
            for each, codes in zip(pieces, occurring, strict=True)
        ]
        values = sorted({value for each in texts for value in each})
        place_of = {value: at for at, value in enumerate(values)}
        places = [np.array([place_of[value] for value in each], np.int64) for each in texts]
    return values, [
        _table(len(each.values), old, new, len(values))
        for each, old, new in zip(pieces, occurring, places, strict=True)
    ]


def _table(size: int, old: Array, new: Array, null: int) -> Array:
    table = np.full(size + 1, null, narrowest(null))
    table[old] = new
    return table


def _recoded(piece: _Piece, table: Array) -> _Piece:
    both = table if piece.table is None else table[piece.table]
    return _Piece(piece.codes, both, piece.values)


def _occurring(found: Found, place: int, piece: _Piece) -> Array:
    """Return the codes that occur, ascending and without null."""
    if found[place][1] is None:
        return np.arange(len(piece.values))
    seen = np.zeros(len(piece.values) + 1, np.bool_)
    for block in blocks_of(found, place):
        seen[piece.of(block)] = True
    return np.flatnonzero(seen[:-1])


def _check_mergeable(pieces: Sequence[_Piece], occurring: Sequence[Array]) -> None:
    merged = sum(map(len, occurring))
    read = sum(
        len(codes)
        for each, codes in zip(pieces, occurring, strict=True)
        if isinstance(each.values, Referred)
    )
    if merged > _MOST_MERGED or read > _MOST_READ:
        raise Declined
