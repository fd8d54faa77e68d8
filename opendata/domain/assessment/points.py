"""Points: what the figures of an agency come to by a scheme, each with how it was reckoned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from opendata.domain.assessment.measures import Unit
from opendata.domain.assessment.schemes import (
    Deduct,
    Grade,
    Indicator,
    Linear,
    Nothing,
    Scheme,
    Steps,
)
from opendata.domain.errors import Text, Unprocessable
from opendata.domain.values import decimal_text


class NothingToAssess(Unprocessable):
    """No indicator of a scheme has anything to measure, so there is no score."""

    code = "nothing-to-assess"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "考核期内没有任何指标有可考核的事实。",
            "In this period there is nothing that any indicator could be measured by.",
        )


@dataclass(frozen=True, slots=True)
class Cases:
    """Where what was counted is listed: an address below the API's root, with its parameters."""

    label: Text
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What was counted: ``counted`` of ``among``, or ``counted`` alone where it is a count.

    Where there was nothing to count among, ``among`` is 0, and ``note`` may say why.
    """

    counted: int
    among: int | None = None
    cases: tuple[Cases, ...] = ()
    note: Text | None = None

    @property
    def value(self) -> Fraction | None:
        """The exact figure; ``None`` where there was nothing to measure."""
        if self.among is None:
            return Fraction(self.counted)
        return Fraction(self.counted, self.among) if self.among else None

    @property
    def said(self) -> str:
        """The figure as people write it: ``37/40 = 92.50 %``, or a number."""
        if self.value is None or self.among is None:
            return f"{self.counted}/{self.among}" if self.among is not None else str(self.counted)
        return f"{self.counted}/{self.among} = {_decimal(self.value * 100)} %"


@dataclass(frozen=True, slots=True)
class Point:
    """What one indicator gives: ``points``, ``None`` where it was left out, and why."""

    indicator: Indicator
    figure: Figure
    points: Decimal | None
    explanation: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """All points of an agency, the score out of a hundred, and the grade."""

    points: tuple[Point, ...]
    score: Decimal
    grade: Grade


def assessed(scheme: Scheme, figures: Mapping[str, Figure]) -> Outcome:
    """Return what ``figures``, by indicator, come to; the same figures always the same.

    Raises:
        NothingToAssess: every indicator was left out.
    """
    points = tuple(_point(each, figures[each.id]) for each in scheme.indicators)
    score = total(scheme, [(each.indicator, each.points) for each in points])
    return Outcome(points, score, scheme.grade_of(score))


def total(scheme: Scheme, given: Sequence[tuple[Indicator, Decimal | None]]) -> Decimal:
    """Return the score out of a hundred: indicators left out weigh nothing, the others more.

    Raises:
        NothingToAssess: every indicator was left out.
    """
    counted = [(each.weight, points) for each, points in given if points is not None]
    weights = sum((Fraction(weight) for weight, _ in counted), Fraction(0))
    if not weights:
        raise NothingToAssess
    whole = sum((Fraction(each.weight) for each in scheme.indicators), Fraction(0))
    return _decimal(sum((Fraction(points) for _, points in counted), Fraction(0)) * whole / weights)


def _point(indicator: Indicator, figure: Figure) -> Point:
    value = figure.value
    if value is None:
        return _of_nothing(indicator, figure)
    points, zh, en = _reckoned(indicator, value)
    given = _decimal(points)
    said = Text(
        f"{figure.said}；{zh}，得 {decimal_text(given)}/{decimal_text(indicator.weight)} 分。",
        f"{figure.said}; {en}: {decimal_text(given)} of {decimal_text(indicator.weight)} points.",
    )
    return Point(indicator, figure, given, said)


def _of_nothing(indicator: Indicator, figure: Figure) -> Point:
    why = figure.note or Text("没有可考核的事项", "there was nothing to measure")
    weight = decimal_text(indicator.weight)
    if indicator.nothing is Nothing.LEFT_OUT:
        said = Text(f"{why.zh}，此项不计。", f"{why.en}; it is left out.")
        return Point(indicator, figure, None, said)
    points = indicator.weight if indicator.nothing is Nothing.FULL else Decimal(0)
    given = decimal_text(points)
    said = Text(
        f"{why.zh}，按方案得 {given}/{weight} 分。",
        f"{why.en}; the scheme gives {given} of {weight} points.",
    )
    return Point(indicator, figure, points, said)


def _reckoned(indicator: Indicator, value: Fraction) -> tuple[Fraction, str, str]:
    """Return the points of a figure, and by what rule, in both languages."""
    match indicator.scoring:
        case Steps() as steps:
            return _by_steps(indicator, steps, value)
        case Linear() as line:
            return _in_proportion(indicator, line, value)
        case Deduct() as rule:
            return _deducted(indicator, rule, value)


def _by_steps(indicator: Indicator, steps: Steps, value: Fraction) -> tuple[Fraction, str, str]:
    for threshold, points in steps.thresholds:
        if value >= Fraction(threshold) if steps.rising else value <= Fraction(threshold):
            shown = _shown(indicator, threshold)
            zh = f"不低于 {shown}" if steps.rising else f"不超过 {shown}"
            return Fraction(points), zh, f"{'at least' if steps.rising else 'at most'} {shown}"
    return Fraction(0), "未达到任何一档", "no step is reached"


def _in_proportion(
    indicator: Indicator, line: Linear, value: Fraction
) -> tuple[Fraction, str, str]:
    zero, full = Fraction(line.zero), Fraction(line.full)
    share = min(max((value - zero) / (full - zero), Fraction(0)), Fraction(1))
    low, high = _shown(indicator, line.zero), _shown(indicator, line.full)
    return (
        share * Fraction(indicator.weight),
        f"{low} 为 0 分、{high} 为满分，其间按比例",
        f"none at {low}, all at {high}, in proportion between",
    )


def _deducted(indicator: Indicator, rule: Deduct, value: Fraction) -> tuple[Fraction, str, str]:
    beyond = max(value - rule.free, Fraction(0))
    left = max(Fraction(indicator.weight) - beyond * Fraction(rule.each), Fraction(0))
    each = decimal_text(rule.each)
    if rule.free:
        return (
            left,
            f"超过 {rule.free} 件的每件扣 {each} 分",
            f"{each} less for each past {rule.free}",
        )
    return left, f"每件扣 {each} 分", f"{each} less for each"


def _shown(indicator: Indicator, threshold: Decimal) -> str:
    if indicator.measure.unit is Unit.RATE:
        return f"{decimal_text(threshold * 100)} %"
    return decimal_text(threshold)


def _decimal(value: Fraction) -> Decimal:
    """Round to two places, halves up, as scores are (四舍五入).

    >>> _decimal(Fraction(1, 3)), _decimal(Fraction(1, 200))
    (Decimal('0.33'), Decimal('0.01'))
    """
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)
