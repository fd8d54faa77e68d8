"""Stated figures are compared no more closely than they are stated."""

import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Relation = Literal["=", "<="]

# Wide enough for any sum of figures that ``figure`` lets pass: nothing is rounded on the way.
_EXACT = decimal.Context(prec=200, traps=[decimal.Inexact])
# A quotient's further digits cannot change how it is rounded to the few that are printed.
_DIVISION = decimal.Context(prec=200)
_MOST_DIGITS = 50
_HALF = Decimal("0.5")


class Verdict(StrEnum):
    """How far a relation between stated figures holds."""

    EXACT = "exact"
    WITHIN_ROUNDING = "within_rounding"
    VIOLATED = "violated"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison came to; ``difference`` is ``found - expected``."""

    verdict: Verdict
    expected: Decimal
    found: Decimal

    @property
    def difference(self) -> Decimal:
        """Return by how much what was found exceeds what was expected."""
        return _EXACT.subtract(self.found, self.expected)


def figure(value: object) -> Decimal | None:
    """Return a typed cell as a figure to calculate with; ``None`` if it is none.

    Neither is a number of astronomic size or fineness, which no table states.

    >>> figure(3), figure(Decimal("434.70")), figure(Decimal("NaN")), figure(None)
    (Decimal('3'), Decimal('434.70'), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return None
    return number if -int(number.as_tuple().exponent) <= _MOST_DIGITS else None


def precision(stated: Decimal) -> Decimal:
    """Return half a unit of the last written digit.

    >>> precision(Decimal("434.70")), precision(Decimal("12"))
    (Decimal('0.005'), Decimal('0.5'))
    """
    return _HALF.scaleb(int(stated.as_tuple().exponent))


def total(figures: Sequence[Decimal]) -> Decimal:
    """Return the exact sum; the sum of nothing is zero.

    >>> total([Decimal("434.16"), Decimal("0.00"), Decimal("0.55")])
    Decimal('434.71')
    """
    found = Decimal(0)
    for each in figures:
        found = _EXACT.add(found, each)
    return found


def compare(
    parts: Sequence[Decimal],
    stated: Sequence[Decimal],
    relation: Relation = "=",
    *,
    counts: bool = False,
    factor: Decimal = Decimal(1),
) -> Comparison:
    """Compare the sum of ``parts`` with the sum of what is ``stated``, times ``factor``.

    Every figure is known to half a unit of its last written digit, so that a sum may differ by
    the sum of those halves. A zero written without decimals is taken to be as fine as the finest
    figure beside it: it is how a table of two decimals writes nothing.

    Args:
        parts: The figures that are added up.
        stated: The figures they should come to (``=``) or not exceed (``<=``).
        relation: What should hold.
        counts: Whether they are counts, which are exact.
        factor: What the stated sum is multiplied by before it is compared.

    >>> compare([Decimal("434.16"), Decimal("0.00"), Decimal("0.55")], [Decimal("434.72")]).verdict
    <Verdict.WITHIN_ROUNDING: 'within_rounding'>
    >>> compare([Decimal(1), Decimal(2)], [Decimal(4)], counts=True).verdict
    <Verdict.VIOLATED: 'violated'>
    """
    expected, found = total(parts), _EXACT.multiply(total(stated), factor)
    excess = _EXACT.subtract(expected, found)
    if relation == "=":
        excess = excess.copy_abs()
    if excess <= 0:
        return Comparison(Verdict.EXACT, expected, found)
    margin = Decimal(0) if counts else _margin(parts, stated, factor)
    verdict = Verdict.WITHIN_ROUNDING if excess <= margin else Verdict.VIOLATED
    return Comparison(verdict, expected, found)


def near(one: Decimal, other: Decimal, within: Decimal) -> Comparison:
    """Compare two figures that may differ by a share of the larger, and by their rounding.

    >>> near(Decimal("100.0"), Decimal("104.9"), Decimal("0.05")).verdict
    <Verdict.WITHIN_ROUNDING: 'within_rounding'>
    >>> near(Decimal("100.0"), Decimal("105.9"), Decimal("0.05")).verdict
    <Verdict.VIOLATED: 'violated'>
    """
    found = Comparison(Verdict.EXACT, one, other)
    apart = found.difference.copy_abs()
    if not apart:
        return found
    share = _EXACT.multiply(max(one.copy_abs(), other.copy_abs()), within)
    is_near = apart <= _EXACT.add(share, _margin([one], [other], Decimal(1)))
    verdict = Verdict.WITHIN_ROUNDING if is_near else Verdict.VIOLATED
    return Comparison(verdict, one, other)


def as_fine_as(number: Decimal, like: Decimal) -> Decimal:
    """Return a number with at least as many decimal places as another is written with.

    >>> as_fine_as(Decimal("434.7"), Decimal("434.70")), as_fine_as(Decimal("1.25"), Decimal(1))
    (Decimal('434.70'), Decimal('1.25'))
    """
    return _EXACT.add(number, Decimal(0).scaleb(min(int(like.as_tuple().exponent), 0)))


def rounded_share(part: Decimal, whole: Decimal, like: Decimal, per: Decimal) -> Decimal:
    """Return ``part`` of ``whole``, times ``per``, rounded half up to as many digits as ``like``.

    >>> rounded_share(Decimal(167), Decimal(52971), Decimal("0.4"), Decimal(100))
    Decimal('0.3')
    """
    ratio = _DIVISION.divide(_EXACT.multiply(part, per), whole)
    unit = Decimal(1).scaleb(min(int(like.as_tuple().exponent), 0))
    return ratio.quantize(unit, decimal.ROUND_HALF_UP, _DIVISION)


def _margin(parts: Sequence[Decimal], stated: Sequence[Decimal], factor: Decimal) -> Decimal:
    figures = [*parts, *stated]
    finest = min(precision(each) for each in figures if not _bare_zero(each))
    spread = [finest if _bare_zero(each) else precision(each) for each in figures]
    return _EXACT.add(
        total(spread[: len(parts)]), _EXACT.multiply(total(spread[len(parts) :]), factor)
    )


def _bare_zero(stated: Decimal) -> bool:
    return stated == 0 and int(stated.as_tuple().exponent) >= 0
