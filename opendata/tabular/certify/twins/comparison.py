"""Comparisons in a formula, as Python makes them between values of any two types."""

import ast
import operator
from collections.abc import Callable, Sequence
from functools import reduce

import polars as pl

from opendata.tabular.certify.twins.operands import Operand, either
from opendata.tabular.certify.twins.values import SIGNIFICANT_DIGITS, Inexpressible, Kind

_ORDERS: dict[type[ast.cmpop], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NUMERIC = (Kind.INTEGER, Kind.NUMBER, Kind.FRACTION)


def compare(kind: type[ast.cmpop], left: Operand, right: Operand) -> Operand:
    """Compare two operands; only what the comparison itself adds fails.

    Raises:
        Inexpressible: it cannot be said exactly.
    """
    if kind in (ast.Eq, ast.NotEq):
        equal = _equal(left, right)
        return Operand(Kind.BOOLEAN, equal if kind is ast.Eq else ~equal)
    if kind in (ast.Is, ast.IsNot):
        same = _is_none(left, right)
        return Operand(Kind.BOOLEAN, same if kind is ast.Is else ~same)
    pair = _comparable(left, right)
    if pair is None:
        # It fails wherever it is reached: a slip, and none that needs to be fast.
        raise Inexpressible
    return Operand(Kind.BOOLEAN, _ORDERS[kind](*pair), fails=either(left.absent, right.absent))


def among(value: Operand, elements: Sequence[Operand]) -> Operand:
    """Say whether a value equals one of the elements, all of which are evaluated."""
    found = reduce(operator.or_, (_equal(value, each) for each in elements), pl.lit(False))
    fails = reduce(either, (each.fails for each in elements), value.fails)
    return Operand(Kind.BOOLEAN, found, fails=fails)


def within(part: Operand, text: Operand) -> Operand:
    """Say whether one text contains another; nothing contains ``None`` or is contained in it."""
    if part.kind is not Kind.STRING or text.kind is not Kind.STRING:
        raise Inexpressible
    fails = reduce(either, (part.fails, text.fails, part.absent, text.absent))
    return Operand(Kind.BOOLEAN, text.value.str.contains(part.value, literal=True), fails=fails)


def _equal(left: Operand, right: Operand) -> pl.Expr:
    """Say where two operands are equal: ``None`` equals itself only."""
    pair = _comparable(left, right)
    equal = pl.lit(False) if pair is None else pair[0] == pair[1]
    absences = [each for each in (left.absent, right.absent) if each is not None]
    for absent in absences:
        equal = ~absent & equal
    return equal | (absences[0] & absences[1]) if len(absences) > 1 else equal


def _is_none(left: Operand, right: Operand) -> pl.Expr:
    """Say where an operand is ``None``; of no other value the identity is known."""
    if Kind.NOTHING not in (left.kind, right.kind) or Kind.TRUTH in (left.kind, right.kind):
        raise Inexpressible
    other = right if left.kind is Kind.NOTHING else left
    return pl.lit(False) if other.absent is None else other.absent


def _comparable(left: Operand, right: Operand) -> tuple[pl.Expr, pl.Expr] | None:
    """Return two operands as values to compare; ``None`` where Python finds no order in them."""
    kinds = {left.kind, right.kind}
    if Kind.TRUTH in kinds:
        raise Inexpressible
    if kinds <= set(_NUMERIC):
        return _numbers(left, right)
    if Kind.BOOLEAN in kinds and kinds & set(_NUMERIC):
        # Python takes True for 1.
        raise Inexpressible
    if len(kinds) > 1 or Kind.NOTHING in kinds:
        return None
    return left.value, right.value


def _numbers(left: Operand, right: Operand) -> tuple[pl.Expr, pl.Expr]:
    kinds = {left.kind, right.kind}
    if Kind.FRACTION in kinds and kinds != {Kind.FRACTION, Kind.INTEGER}:
        raise Inexpressible
    if len(kinds) == 1:
        return left.value, right.value
    whole = left if left.kind is Kind.INTEGER else right
    # An integer of more digits than a proven number has may share its float with a number.
    if Kind.NUMBER in kinds and max(map(abs, whole.bounds)) > 10**SIGNIFICANT_DIGITS:
        raise Inexpressible
    return left.value.cast(pl.Float64), right.value.cast(pl.Float64)
