"""Values written in the one strict notation of their type, whole columns at once.

What reads back as it was written means to the judge's own reader what it means here; nothing is
said of any other text.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

import polars as pl

DIGITS = 38


def plain_values(texts: pl.Series, kind: str) -> pl.Series | None:
    """Return the values of cells in the strict notation of a type, null for all others.

    ``None`` where there is no such notation.
    """
    if kind == "string":
        return where(texts != "", texts)
    cast = _EXACTLY.get(kind)
    return None if cast is None else cast(texts)


def _integers(texts: pl.Series) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    return where(values.cast(pl.String) == texts, values)


def _years(texts: pl.Series) -> pl.Series:
    values = texts.cast(pl.Int32, strict=False)
    return where((values.cast(pl.String) == texts) & values.is_between(1000, 9999), values)


def _dates(texts: pl.Series) -> pl.Series:
    values = texts.str.to_date("%Y-%m-%d", strict=False)
    return where((values.cast(pl.String) == texts) & (values >= date.min), values)


def plain_numbers(texts: pl.Series, places: int) -> pl.Series:
    """Return numbers in plain notation with at most so many places, null for all others."""
    plain = texts.str.contains(_plain_notation(places))
    values = where(plain, texts).cast(pl.Decimal(DIGITS, places), strict=False)
    back = without_idle_zeros(values.cast(pl.String))
    return where(back == without_idle_zeros(texts), values)


def where(holds: pl.Series, values: pl.Series) -> pl.Series:
    """Return the values where something holds, else null."""
    return pl.select(pl.when(holds).then(values)).to_series()


def without_idle_zeros(numbers: pl.Series) -> pl.Series:
    """Take away of numbers in plain notation what does not change them; see ``decimal_text``."""
    fraction = numbers.str.strip_chars_end("0").str.strip_chars_end(".")
    return numbers.zip_with(~numbers.str.contains(".", literal=True), fraction)


@lru_cache
def _plain_notation(places: int) -> str:
    whole = rf"\A-?(?:0|[1-9][0-9]{{0,{max(0, DIGITS - places - 1)}}})"
    return rf"{whole}(?:\.[0-9]{{1,{places}}})?\z" if places else rf"{whole}\z"


# What these give is null where the text is in any other notation.
_EXACTLY: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "integer": _integers,
    "year": _years,
    "date": _dates,
}
