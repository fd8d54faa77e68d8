"""What is public of all cases together: outcomes of bodies, and counts that point at nobody.

A case is told by its agency once a decision against the body stands and was told to it in writing:
from then on the body knows. One against persons alone is told of no agency: they are counted with
the persons of all agencies. Whatever has not come so far, or came to nothing, is counted for all
agencies together, and what is not ended yet only of years that are over: a count that moved when
somebody reported something would tell the body that they did. Measures against persons are never
told by agency or ground, and where there were fewer than ``FEWEST`` of a rung not how many: whoever
knows an office would know who.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Measure, Target
from opendata.domain.complaints.procedure import Place
from opendata.domain.complaints.standing import Status
from opendata.domain.complaints.terms import Rectification
from opendata.domain.errors import Text
from opendata.domain.people import EVERY_AGENCY

FEWEST = 3
EVERY_GROUND = "*"
_PLACES = Decimal("0.0001")


class Outcome(StrEnum):
    """What became of the cases that a row counts."""

    OPEN = "open"
    UNFOUNDED = "unfounded"
    UNDER_REVIEW = "under_review"
    IN_FORCE = "in_force"
    RECTIFYING = "rectifying"
    SETTLED = "settled"
    CLOSED = "closed"
    MEASURES = "measures"

    @property
    def label(self) -> Text:
        """The outcome in both languages."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.OPEN: Text("尚未办结", "not ended"),
    Outcome.UNFOUNDED: Text("不予追究", "dismissed"),
    Outcome.UNDER_REVIEW: Text("复核中", "under review"),
    Outcome.IN_FORCE: Text("已作出处理决定", "decided"),
    Outcome.RECTIFYING: Text("整改中", "being rectified"),
    Outcome.SETTLED: Text("整改已核查", "rectification accepted"),
    Outcome.CLOSED: Text("已结案", "closed"),
    Outcome.MEASURES: Text("对个人的处理", "measures against persons"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as it is counted."""

    agency: str
    ground: Ground
    received_on: date
    status: Status
    rectification: Rectification | None

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What was found; before that, what was reported."""
        finding = self.status.finding
        found = () if finding is None else finding.step.grounds
        return found or (self.ground,)

    @property
    def ended_on(self) -> date | None:
        """The day of the last decision or dismissal."""
        return self.status.ended_on

    @property
    def is_told(self) -> bool:
        """Whether a decision stands that was told in writing: it is counted as decided then."""
        return self.status.is_in_force

    @property
    def is_public(self) -> bool:
        """Whether its outcome is told by agency."""
        return self.status.is_public

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        if self.status.decision is None:
            ended = self.status.place in (Place.DISMISSED, Place.CLOSED)
            return Outcome.UNFOUNDED if ended else Outcome.OPEN
        if not self.status.is_in_force:
            return Outcome.OPEN
        if self.status.under_review:
            return Outcome.UNDER_REVIEW
        return _OF_PLACE[self.status.place]


_OF_PLACE = {
    Place.STANDING: Outcome.IN_FORCE,
    Place.RECTIFYING: Outcome.RECTIFYING,
    Place.RECTIFIED: Outcome.RECTIFYING,
    Place.SETTLED: Outcome.SETTLED,
    Place.CLOSED: Outcome.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the public statistics; ``cases`` is ``None`` where it would point at somebody.

    ``level`` is the gravest rung that was taken, 0 if none was.
    """

    year: int
    agency: str
    ground: str
    outcome: Outcome
    target: Target
    level: int
    cases: int | None
    ordered: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Of what was ordered to be put right, the part that was, and was accepted."""
        if not self.ordered:
            return None
        done = Decimal(self.on_time + self.late)
        return (done / self.ordered).quantize(_PLACES, ROUND_HALF_UP)


def statistics(cases: Iterable[Case], today: date) -> list[Line]:
    """Return what is public of all cases together, in the order of the lines' keys."""
    known = tuple(cases)
    found = [*_of_bodies(known), *_together(known, today), *_of_persons(known)]
    return sorted(found, key=lambda each: (each.year, each.agency, each.ground, each.outcome))


def _of_bodies(cases: Iterable[Case]) -> Iterator[Line]:
    grouped = defaultdict[tuple[int, str, str, Outcome, int], list[Case]](list)
    for each in cases:
        if each.is_public and each.ended_on is not None:
            level = max((rung.level for rung in _body(each)), default=0)
            key = (each.ended_on.year, each.agency, each.grounds[0].value, each.outcome, level)
            grouped[key].append(each)
    for (year, agency, ground, outcome, level), of_it in grouped.items():
        orders = [each.rectification for each in of_it if each.rectification is not None]
        yield Line(
            year, agency, ground, outcome, Target.BODY, level, len(of_it),
            ordered=len(orders),
            on_time=sum(each.accepted and each.late_by == 0 for each in orders),
            late=sum(each.accepted and each.late_by != 0 for each in orders),
            overdue=sum(each.is_overdue for each in orders),
        )  # fmt: skip


def _body(case: Case) -> tuple[Measure, ...]:
    return () if case.status.decision is None else case.status.decision.step.body


def _together(cases: Iterable[Case], today: date) -> Iterator[Line]:
    """Yield how many came to nothing, and how many of a year that is over are not ended."""
    counts: Counter[tuple[int, Outcome]] = Counter()
    for each in cases:
        if each.outcome is Outcome.UNFOUNDED and each.ended_on is not None:
            counts[each.ended_on.year, Outcome.UNFOUNDED] += 1
        elif not each.is_told and each.received_on.year < today.year:
            counts[each.received_on.year, Outcome.OPEN] += 1
    for (year, outcome), number in counts.items():
        yield Line(year, EVERY_AGENCY, EVERY_GROUND, outcome, Target.BODY, 0, number)


def _of_persons(cases: Iterable[Case]) -> Iterator[Line]:
    counts: Counter[tuple[int, int]] = Counter()
    for each in cases:
        if each.is_told and each.ended_on is not None and each.status.decision is not None:
            for held in each.status.decision.step.persons:
                if held.measures:
                    counts[each.ended_on.year, max(rung.level for rung in held.measures)] += 1
    for (year, level), number in counts.items():
        told = number if number >= FEWEST else None
        yield Line(year, EVERY_AGENCY, EVERY_GROUND, Outcome.MEASURES, Target.PERSON, level, told)


@dataclass(frozen=True, slots=True)
class Results:
    """What an annual report says of accountability (《政府信息公开条例》第五十条第（四）项).

    Exact, for the report's own authors: they decide what of it is printed.
    """

    year: int
    received: int
    unfounded: int
    upheld: int
    bodies: dict[Measure, int]
    persons: dict[Measure, int]
    ordered: int
    rectified: int


def results(cases: Iterable[Case], year: int) -> Results:
    """Return the figures of one year: what was received in it, and what was decided in it."""
    known = tuple(cases)
    ended = [each for each in known if each.ended_on is not None and each.ended_on.year == year]
    upheld = [each for each in ended if each.is_told]
    decisions = [each.status.decision.step for each in upheld if each.status.decision]
    orders = [each.rectification for each in upheld if each.rectification is not None]
    return Results(
        year=year,
        received=sum(each.received_on.year == year for each in known),
        unfounded=sum(each.outcome is Outcome.UNFOUNDED for each in ended),
        upheld=len(upheld),
        bodies=dict(Counter(each for step in decisions for each in step.body)),
        persons=dict(
            Counter(each for step in decisions for held in step.persons for each in held.measures)
        ),
        ordered=len(orders),
        rectified=sum(each.accepted for each in orders),
    )
