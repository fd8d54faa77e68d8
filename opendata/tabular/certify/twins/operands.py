"""What a part of a formula is in every row: a value, ``None``, or an exception."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.twins.values import INT64, Inexpressible, Kind, typed

_YEARS = (0, 9999)


@dataclass(frozen=True, slots=True)
class Operand:
    """A part of a formula.

    ``absent`` says where it is ``None``, ``fails`` where its evaluation raises; neither is ever
    null, and ``None`` instead of an expression is nowhere. Only where neither is true ``value``
    means anything. ``bounds`` are those of an integer, the smallest and the largest it can be.
    """

    kind: Kind
    value: pl.Expr
    absent: pl.Expr | None = None
    fails: pl.Expr | None = None
    bounds: tuple[int, int] = INT64


def of_column(column: Column) -> Operand:
    """Return a column's values; a proven cell of a required column is never missing."""
    kind, value = typed(column)
    absent = None if column.field.required else column.missing
    return Operand(kind, value, absent, bounds=_bounds(column))


def constant(value: Any) -> Operand:
    """Return a literal.

    Raises:
        Inexpressible: it is of a type that has no exact counterpart, as floats beside decimals.
    """
    if value is None:
        return Operand(Kind.NOTHING, pl.lit(None), absent=pl.lit(True))
    if isinstance(value, bool):
        return Operand(Kind.BOOLEAN, pl.lit(value))
    if isinstance(value, str):
        return Operand(Kind.STRING, pl.lit(value))
    if isinstance(value, int) and INT64[0] <= value <= INT64[1]:
        return Operand(Kind.INTEGER, pl.lit(value, dtype=pl.Int64), bounds=(value, value))
    raise Inexpressible


def truth(operand: Operand) -> pl.Expr:
    """Say where an operand counts as true."""
    if operand.kind in (Kind.BOOLEAN, Kind.TRUTH):
        found = operand.value
    elif operand.kind is Kind.STRING:
        found = operand.value != ""
    elif operand.kind in (Kind.DATE, Kind.NOTHING):
        found = pl.lit(True)
    else:
        found = operand.value != 0
    return found if operand.absent is None else ~operand.absent & found


def either(first: pl.Expr | None, second: pl.Expr | None) -> pl.Expr | None:
    """Say where one or the other is true."""
    if first is None or second is None:
        return second if first is None else first
    return first | second


def both(first: pl.Expr, second: pl.Expr | None) -> pl.Expr | None:
    """Say where both are true."""
    return None if second is None else first & second


def _bounds(column: Column) -> tuple[int, int]:
    """Return what a column's constraints keep its proven integers within."""
    lowest, highest = _YEARS if column.field.type == "year" else INT64
    limits = [column.field.constraints.get(name) for name in ("minimum", "maximum")]
    least, most = (each if isinstance(each, int) else None for each in limits)
    return (
        lowest if least is None else max(lowest, least),
        highest if most is None else min(highest, most),
    )
