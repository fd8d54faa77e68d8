"""Integers, years and numbers in their canonical notation."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
from frictionless import fields

from opendata.tabular.certify.form import BOUNDS, LOWER, Bound, Form, writable

_INT64 = range(-(2**63), 2**63)
# As many decimal digits as a double tells apart whatever they are (DBL_DIG).
_DIGITS = 15
_TINY, _HUGE = Decimal("1e-300"), Decimal("1e300")
_STRICT = {
    "minimum": "exclusiveMinimum",
    "maximum": "exclusiveMaximum",
}


def integer(field: fields.IntegerField, text: pl.Expr) -> Form:
    """Whole numbers within 64 bits, written as Python writes them.

    What is not a digit or a sign is absent, so ``bareNumber`` has nothing to take away.
    """
    value = text.cast(pl.Int64, strict=False)
    return Form(_as_written(value, text), value, text, _integer_bound(value))


def year(field: fields.YearField, text: pl.Expr) -> Form:
    """The years 1000 to 9999."""
    value = text.cast(pl.Int64, strict=False)
    four = value.is_between(1000, 9999)
    return Form(_as_written(value, text) & four, value, text, _integer_bound(value))


def number(field: fields.NumberField, text: pl.Expr) -> Form:
    """Plain decimal notation with at most 15 digits, none of them superfluous in front."""
    marks = _marks(field)
    if marks is None:
        return Form(pl.lit(False))
    group, point = marks
    bare = text.str.replace_all(group, "", literal=True) if group else text
    plain = bare if point == "." else bare.str.replace(point, ".", literal=True)
    value = plain.cast(pl.Float64, strict=False)
    canonical = bare.str.contains(_plain_notation(point))
    # A double is not the decimal it is written as, and equals other numbers than that does.
    key = None if field.float_number else _normal(plain)
    return Form(canonical, value, key, _number_bound(value, doubles=field.float_number))


def _as_written(value: pl.Expr, text: pl.Expr) -> pl.Expr:
    return (value.cast(pl.String) == text).fill_null(False)


def _integer_bound(value: pl.Expr) -> Bound:
    def bound(name: str, limit: Any) -> pl.Expr | None:
        if not isinstance(limit, int):
            return None
        if int(limit) in _INT64:
            return BOUNDS[name](value, pl.lit(int(limit), dtype=pl.Int64))
        return pl.lit((limit < 0) == (name in LOWER))

    return bound


def _marks(field: fields.NumberField) -> tuple[str, str] | None:
    """Return the group and decimal characters, or ``None`` where they could mean something else.

    Frictionless strips the text, takes every group character away and then makes the decimal
    character a point. One that is a digit or a sign, or several at once, is left to it.
    """
    group, point = field.group_char, field.decimal_char
    if not {"group_char", "decimal_char", "bare_number"}.intersection(field.list_defined()):
        return "", "."
    if len(group) > 1 or len(point) != 1 or group == point:
        return None
    if any(each.isalnum() or each in "+-_" or not writable(each) for each in group + point):
        return None
    return group, point


def _plain_notation(point: str) -> str:
    whole = [f"[1-9][0-9]{{{most}}}" for most in range(_DIGITS)]
    shapes = [f"0|[1-9][0-9]{{0,{_DIGITS - 1}}}"]
    mark = f"\\x{{{ord(point):X}}}"
    for digits, shape in enumerate(whole[:-1], start=1):
        first = "[0-9]" if digits == 1 else shape
        shapes.append(f"{first}{mark}[0-9]{{1,{_DIGITS - digits}}}")
    return rf"\A-?(?:{'|'.join(shapes)})\z"


def _normal(plain: pl.Expr) -> pl.Expr:
    """Take away what does not change a number in plain notation."""
    fraction = plain.str.strip_chars_end("0").str.strip_chars_end(".")
    short = pl.when(plain.str.contains(".", literal=True)).then(fraction).otherwise(plain)
    return pl.when(short == "-0").then(pl.lit("0")).otherwise(short)


def _number_bound(value: pl.Expr, *, doubles: bool) -> Bound:
    exact: Callable[[Any], bool] = _is_double if doubles else _is_short

    def bound(name: str, limit: Any) -> pl.Expr | None:
        if isinstance(limit, bool) or not isinstance(limit, int | float | Decimal):
            return None
        near = _double(limit)
        if math.isnan(near):
            return None
        # Rounding keeps order: strictly beyond the rounded limit is beyond the limit itself.
        name = name if exact(limit) else _STRICT.get(name, name)
        return BOUNDS[name](value, pl.lit(near, dtype=pl.Float64))

    return bound


def _double(limit: float | Decimal) -> float:
    return float(str(Decimal(limit)))


def _is_double(limit: float | Decimal) -> bool:
    near = _double(limit)
    return math.isfinite(near) and near == limit


def _is_short(limit: float | Decimal) -> bool:
    """Whether a double tells the limit from every canonical number: at most 15 digits."""
    number = Decimal(limit)
    if not number.is_finite():
        return False
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(digits) <= _DIGITS and (not digits or _TINY < number.copy_abs() < _HUGE)
