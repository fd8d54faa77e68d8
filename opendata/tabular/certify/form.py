"""How the common, canonical texts of a type are told from the rest; one ``Form`` a column."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

# An upper bound, a lower bound; each with or without the limit itself.
LOWER = frozenset({"minimum", "exclusiveMinimum"})
BOUNDS: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}

# Given the name of a bound and its typed limit: which canonical cells surely keep it; ``None``
# where that cannot be said.
Bound = Callable[[str, Any], pl.Expr | None]
# Given ``minLength`` or ``maxLength`` and a limit: which canonical cells keep it.
Length = Callable[[str, int], pl.Expr]
# No cell is longer, and Polars counts in 32 bits.
_LONGEST = 2**32 - 1
_MOST_BYTES_OF_A_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class Form:
    """What is known of the canonical texts of one field, before constraints.

    ``canonical`` is ``None`` where every text is one. ``value`` and ``key`` are as in ``Column``
    and hold for canonical texts.
    """

    canonical: pl.Expr | None
    value: pl.Expr | None = None
    key: pl.Expr | None = None
    bound: Bound | None = None
    length: Length | None = None


def text_bound(text: pl.Expr, write: Callable[[Any], str | None]) -> Bound:
    """Bound a form whose texts sort as its values do; ``write`` gives a limit's text."""

    def bound(name: str, limit: Any) -> pl.Expr | None:
        written = write(limit)
        return None if written is None else BOUNDS[name](text, pl.lit(written))

    return bound


def writable(text: str) -> bool:
    """Whether a text can stand in a file at all: half of a surrogate pair, as JSON can, cannot."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


def is_one_of(text: pl.Expr, values: Iterable[Any]) -> pl.Expr:
    """Whether a text is one of ``values``; what cannot stand in a file is none."""
    able = sorted({each for each in values if isinstance(each, str) and writable(each)})
    if not able:
        return pl.lit(False)
    return text == pl.lit(able[0]) if len(able) == 1 else text.is_in(able)


def text_length(text: pl.Expr) -> Length:
    """Compare the number of characters, and count them only where the bytes leave it open."""
    size = text.str.len_bytes()

    def length(name: str, limit: int) -> pl.Expr:
        if name == "minLength":
            unsure = pl.when(size < _size(limit * _MOST_BYTES_OF_A_CHARACTER)).then(text)
            return (unsure.str.len_chars() >= _size(limit)).fill_null(True)
        if limit < 0:
            return pl.lit(False)
        unsure = pl.when(size > _size(limit)).then(text)
        return (unsure.str.len_chars() <= _size(limit)).fill_null(True)

    return length


def count_length(count: pl.Expr) -> Length:
    """Compare a count that is there anyway, and is never zero."""

    def length(name: str, limit: int) -> pl.Expr:
        if name == "minLength":
            return count >= _size(limit)
        return count <= _size(limit)

    return length


def _size(limit: int) -> pl.Expr:
    return pl.lit(max(0, min(limit, _LONGEST)), dtype=pl.UInt32)
