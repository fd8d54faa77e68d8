"""What the values of a column are to Python, and when they equal a value from JSON."""

from decimal import Decimal
from enum import Enum, auto
from functools import reduce
from operator import or_
from typing import Any

import polars as pl
from frictionless import Error, Field

from opendata.tabular.certify.model import Column, Finding

INT64 = (-(2**63), 2**63 - 1)
# A proven number has so many significant digits at most, and is told from any other by its float.
SIGNIFICANT_DIGITS = 15
_LARGEST_EXPONENT = 290
_PLAIN_NUMBER = {"group_char": "", "decimal_char": ".", "bare_number": True}
# Few comparisons take less time than one look into a set.
_MOST_COMPARED = 3


class Inexpressible(Exception):
    """A rule has no exact twin."""


class Kind(Enum):
    """How values compare: those of one kind with each other as Python compares them.

    No column has the last three. ``FRACTION`` is what a number leaves over when divided by one,
    of which only is kept whether it is below, at or above zero; of a ``TRUTH`` only whether it
    counts as true; ``NOTHING`` is ``None``.
    """

    STRING = auto()
    INTEGER = auto()
    NUMBER = auto()
    DATE = auto()
    BOOLEAN = auto()
    FRACTION = auto()
    TRUTH = auto()
    NOTHING = auto()


_KINDS = {
    "string": Kind.STRING,
    "integer": Kind.INTEGER,
    "year": Kind.INTEGER,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
}


def typed(column: Column) -> tuple[Kind, pl.Expr]:
    """Return how a column's values compare, and the values.

    Raises:
        Inexpressible: the column engine cannot compare them as Python would.
    """
    kind = _KINDS.get(column.field.type)
    if kind is None or column.value is None or getattr(column.field, "float_number", False):
        raise Inexpressible
    return kind, column.value


def strings(column: Column) -> pl.Expr:
    """Return the values of a column of text.

    Raises:
        Inexpressible: it is none.
    """
    kind, value = typed(column)
    if kind is not Kind.STRING:
        raise Inexpressible
    return value


def is_plain_number(field: Field) -> bool:
    """Whether a number's proven texts are digits, a sign and a point, as Python writes them."""
    return all(getattr(field, how, plain) == plain for how, plain in _PLAIN_NUMBER.items())


def finding(error: type[Error], field: str | None, when: pl.Expr) -> Finding:
    """Return a finding; where a cell is not proven its value may be null, and nothing is found."""
    return Finding(error, field, when.fill_null(False))


def one_of(kind: Kind, value: pl.Expr, candidates: list[Any]) -> pl.Expr:
    """Say whether a value is one of ``candidates`` from JSON, as a rule's condition compares them.

    Raises:
        Inexpressible: a candidate is too large or too small to be told from others.
    """
    found = [each for each in (_json_value(kind, each) for each in candidates) if each is not None]
    if len(found) > _MOST_COMPARED:
        return value.is_in(found)
    return reduce(or_, (value == pl.lit(each) for each in found)) if found else pl.lit(False)


def _json_value(kind: Kind, value: Any) -> Any:
    """Return the value of ``kind`` that equals ``value``, ``None`` if there is none."""
    if kind is Kind.BOOLEAN or isinstance(value, bool):
        return value if kind is Kind.BOOLEAN and isinstance(value, bool) else None
    if kind in (Kind.STRING, Kind.DATE):
        return value if isinstance(value, str) else None
    if not isinstance(value, int | float):
        return None
    return _integer(value) if kind is Kind.INTEGER else _float(Decimal(str(value)))


def _integer(value: int | float) -> int | None:
    """Return a number as an integer of 64 bits, if it is one."""
    if isinstance(value, float) and not value.is_integer():
        return None
    whole = int(value)
    return whole if INT64[0] <= whole <= INT64[1] else None


def _float(number: Decimal) -> float | None:
    """Return the float that proven numbers equal exactly if they equal ``number``."""
    if not number.is_finite():
        return None
    if len("".join(map(str, number.as_tuple().digits)).strip("0")) > SIGNIFICANT_DIGITS:
        return None
    if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise Inexpressible
    return float(number)
