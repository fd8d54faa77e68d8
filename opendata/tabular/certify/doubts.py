"""Where rules over one row must look themselves: too many rows rather than too few.

All of it holds for proven cells only; the others are looked at anyway.
"""

from collections.abc import Sequence

import polars as pl

from opendata.tabular.certify.model import Column

_FIGURE = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
DAYS_A_MONTH = 32
# A fine as most texts write it; what follows may not go on with its smaller units.
_FINE = (
    r"罚款(?:人民币)?([0-9]{1,9}(?:\.[0-9]{1,4})?)(万?)元"
    r"(?:[^零壹贰叁肆伍陆柒捌玖一二三四五六七八九]|$)"
)


def may_hold(column: Column, equals: Sequence[object], contains: str | None) -> pl.Expr:
    """Say where a condition on a column may hold; of texts it is known."""
    if column.field.type != "string":
        return ~column.missing
    text = pl.col(column.name)
    if contains is not None:
        return text.str.contains(contains, literal=True).fill_null(value=False)
    return text.is_in([each for each in equals if isinstance(each, str)]).fill_null(value=False)


def months_apart(later: Column, earlier: Column) -> pl.Expr | None:
    """Return a number that is over 32 n exactly where ``later`` is over n months after ``earlier``.

    Null where one of the dates is not there; ``None`` where dates cannot be had. A date is told
    as months times 32 and the day: as no month has 32 days, a month's last day is before any
    day that the month does not have.
    """
    if later.value is None or earlier.value is None:
        return None
    return _day(later) - _day(earlier)


def _day(column: Column) -> pl.Expr:
    text = pl.when(~column.missing).then(column.value)
    year, month, day = (
        text.str.slice(at, length).cast(pl.Int32, strict=False)
        for at, length in ((0, 4), (5, 2), (8, 2))
    )
    return (year * 12 + month) * DAYS_A_MONTH + day


def _figure(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    plain = pl.when(text.str.contains(_FIGURE)).then(text)
    return plain.str.to_decimal(scale=6).cast(pl.Decimal(38, 6))


def other_fine(text: Column, amount: Column, scale: int) -> pl.Expr:
    """Say where a text speaks of a fine and its first is not plainly the amount of its column."""
    words = pl.col(text.name)
    found = words.str.extract_groups(_FINE)
    figures = found.struct.field("1").str.to_decimal(scale=4).cast(pl.Decimal(38, 6))
    myriads = found.struct.field("2") == "万"
    stated = pl.when(myriads).then(figures * 10000).otherwise(figures)
    agrees = (stated == _figure(amount) * scale).fill_null(value=False)
    speaks = words.str.contains("罚款", literal=True).fill_null(value=False)
    return speaks & ~amount.missing & ~agrees
