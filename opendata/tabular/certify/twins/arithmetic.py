"""Arithmetic in a formula: of integers, where 64 bits hold every result, and wholeness."""

import ast
import operator
from collections.abc import Callable
from functools import reduce

import polars as pl

from opendata.tabular.certify.twins.operands import Operand, either
from opendata.tabular.certify.twins.values import INT64, Inexpressible, Kind

_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
# Python's decimals have 28 digits: what has more cannot be divided into whole and fraction.
_TOO_LARGE = 1e28


def combine(kind: type[ast.operator], left: Operand, right: Operand) -> Operand:
    """Combine two operands; ``None`` cannot be calculated with.

    Raises:
        Inexpressible: the result is no integer of 64 bits, nor a number divided by one.
    """
    fails = reduce(either, (left.fails, right.fails, left.absent, right.absent))
    if (left.kind, right.kind) == (Kind.INTEGER, Kind.INTEGER):
        if kind is ast.Mod:
            return _remainder(left, right, fails)
        if kind in _OPERATIONS:
            return _result(kind, left, right, fails)
    if left.kind is Kind.NUMBER and kind is ast.Mod and right.bounds == (1, 1):
        return _fraction(left.value, fails)
    raise Inexpressible


def negative(operand: Operand) -> Operand:
    """Return an operand with the opposite sign."""
    if operand.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.FRACTION):
        raise Inexpressible
    lowest, highest = operand.bounds
    return Operand(
        operand.kind,
        -operand.value,
        fails=either(operand.fails, operand.absent),
        bounds=_held((-highest, -lowest)) if operand.kind is Kind.INTEGER else INT64,
    )


def _result(
    kind: type[ast.operator], left: Operand, right: Operand, fails: pl.Expr | None
) -> Operand:
    apply = _OPERATIONS[kind]
    corners = [apply(one, other) for one in left.bounds for other in right.bounds]
    bounds = _held((min(corners), max(corners)))
    # ``operator``'s functions do the same for expressions.
    value: pl.Expr = apply(left.value, right.value)  # type: ignore[arg-type, assignment]
    return Operand(Kind.INTEGER, value, fails=fails, bounds=bounds)


def _remainder(left: Operand, right: Operand, fails: pl.Expr | None) -> Operand:
    """Return what an integer leaves over; it has the divisor's sign, in Polars as in Python."""
    lowest, highest = right.bounds
    if left.bounds[0] == INT64[0]:
        # The one quotient that 64 bits do not hold: the smallest integer divided by -1.
        raise Inexpressible
    if lowest <= 0 <= highest:
        fails = either(fails, right.value == 0)
    bounds = (min(lowest, 0), max(highest, 0))
    return Operand(Kind.INTEGER, left.value % right.value, fails=fails, bounds=bounds)


def _fraction(value: pl.Expr, fails: pl.Expr | None) -> Operand:
    """Say whether a number is whole; its float is whole exactly if the number itself is.

    A fraction that is not zero is written as a half: integers compare with both alike.
    """
    fraction = pl.when(value.floor() == value).then(0.0).otherwise(value.sign() * 0.5)
    return Operand(Kind.FRACTION, fraction, fails=either(fails, value.abs() >= _TOO_LARGE))


def _held(bounds: tuple[int, int]) -> tuple[int, int]:
    if bounds[0] < INT64[0] or bounds[1] > INT64[1]:
        raise Inexpressible
    return bounds
