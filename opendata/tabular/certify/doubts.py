"""Where rules over one row must look themselves: too many rows rather than too few.

All of it holds for proven cells only; the others are looked at anyway.
"""

from collections.abc import Sequence

import polars as pl

from opendata.tabular.certify.days import DAYS_A_MONTH, day_numbers
from opendata.tabular.certify.form import is_one_of
from opendata.tabular.certify.model import Column

__all__ = ["DAYS_A_MONTH", "may_hold", "months_apart", "other_fine"]
_NUMBERS = ("integer", "number")

# Numbers of so many digits are told apart by their doubles, and differ by more than is rounded.
_MOST_UNITS = 1e15
_ROUNDING = 4e-16
# A fine is stated in 元 with so many places at most.
_UNITS = 10_000.0
_MYRIAD = 10_000.0
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
        return column.once(text.str.contains(contains, literal=True))
    return column.once(is_one_of(text, equals))


def months_apart(later: Column, earlier: Column) -> pl.Expr | None:
    """Return a number that is over 32 n exactly where ``later`` is over n months after ``earlier``.

    Null where one of the dates is not there; ``None`` where dates cannot be had. See
    ``day_numbers`` for how a date is told.
    """
    if any(each.field.type != "date" or each.value is None for each in (later, earlier)):
        return None
    there = ~later.missing & ~earlier.missing
    return pl.when(there).then(_day(later) - _day(earlier))


def _day(column: Column) -> pl.Expr:
    text = pl.col(column.name) if column.value is None else column.value
    days = text.map_batches(day_numbers, return_dtype=pl.Int32, is_elementwise=True)
    return column.once(days, day_numbers)


def other_fine(text: Column, amount: Column, scale: int) -> pl.Expr:
    """Say where a text speaks of a fine and its first is not plainly the amount of its column."""
    words = pl.col(text.name)
    speaks = text.once(words.str.contains("罚款", literal=True))
    return speaks & ~amount.missing & ~_agrees(text, amount, scale)


def _agrees(text: Column, amount: Column, scale: int) -> pl.Expr:
    """Say where the fine stated first is the amount, both in the smallest units it is stated in.

    The one is a whole number of at most 15 digits, and so is told exactly. The other has at most
    15 digits too: if it differs, then by a quadrillionth at least, which is more than rounding
    twice may take away from or add to the product.
    """
    inexact = getattr(amount.field, "float_number", False)
    if amount.field.type not in _NUMBERS or amount.value is None or inexact:
        return pl.lit(False)
    found = text.once(pl.col(text.name).str.extract_groups(_FINE))
    stated = (found.struct.field("1").cast(pl.Float64, strict=False) * _UNITS).round()
    myriads = found.struct.field("2") == "万"
    stated = text.once(pl.when(myriads).then(stated * _MYRIAD).otherwise(stated))
    units = amount.value.cast(pl.Float64) * (scale * _UNITS)
    agrees = (units - stated).abs() <= stated * _ROUNDING
    return (agrees & (stated < _MOST_UNITS)).fill_null(value=False)
