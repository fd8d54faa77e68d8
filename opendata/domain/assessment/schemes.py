"""Schemes: what is assessed, how it is measured, and how many points each figure gives."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from opendata.domain.assessment.measures import Measure
from opendata.domain.errors import Text


class Nothing(StrEnum):
    """What an indicator gives where there was nothing to measure."""

    FULL = "full"
    ZERO = "zero"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Steps:
    """So many points from (or up to) so much on; the first threshold that is met counts.

    ``rising`` are thresholds of what is good to have much of, in falling order; else they are the
    most of it that still gives the points, in rising order. Past all of them there are none.
    """

    rising: bool
    thresholds: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Linear:
    """No points at ``zero``, all of them at ``full``, and in proportion between the two."""

    zero: Decimal
    full: Decimal


@dataclass(frozen=True, slots=True)
class Deduct:
    """All points, less ``each`` for every one counted beyond the first ``free``."""

    each: Decimal
    free: int = 0


Scoring = Steps | Linear | Deduct


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that points are given for: at most ``weight``."""

    id: str
    group: str
    title: Text
    measure: Measure
    weight: Decimal
    scoring: Scoring
    nothing: Nothing
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of indicators, such as content, form, procedure or effect."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, given from so many points on."""

    id: str
    title: Text
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """A declared way to assess; ``grades`` from the best one down, ``sha256`` of its text.

    ``appeal_days`` is for how many days (calendar days) the agency may appeal.
    """

    id: str
    title: Text
    description: Text
    basis: str
    appeal_days: int
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    sha256: str

    def grade_of(self, score: Decimal) -> Grade:
        """Return the grade of a score; the last one is given from nothing on."""
        return next(each for each in self.grades if score >= each.at_least)

    def indicator(self, name: str) -> Indicator | None:
        """Return the indicator called ``name``, or ``None``."""
        return next((each for each in self.indicators if each.id == name), None)
