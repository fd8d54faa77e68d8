"""What came late in the course of a request, or was told late: it is recorded, and marked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from opendata.domain import clocks
from opendata.domain.deadlines import LocalRule, NoSuchRule, due, late_by, rule_on
from opendata.domain.errors import Text
from opendata.domain.requests.course import HEARINGS, Course
from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import Kind, Source
from opendata.domain.requests.request import Request, clock_events
from opendata.domain.working_days import Calendar, nth_working_day, working_days_late

# From which events terms run, and which ones end them; a later beginning takes the place.
_BEGINS = {
    Kind.RECEIVED: ("REQ-CORR", "FEE-NOTICE"),
    Kind.CORRECTED: ("FEE-NOTICE",),
    Kind.FEE_NOTICED: ("FEE-PAY",),
    Kind.THIRD_PARTY_ASKED: ("REQ-3P",),
    Kind.JOINT_ASKED: ("REQ-JOINT",),
}
_ENDS = {
    Kind.CORRECTION_ASKED: "REQ-CORR",
    Kind.FEE_NOTICED: "FEE-NOTICE",
    Kind.FEE_PAID: "FEE-PAY",
    Kind.THIRD_PARTY_ANSWERED: "REQ-3P",
    Kind.JOINT_ANSWERED: "REQ-JOINT",
}
# What the clock runs by, or ends with, is to be told on its day where the platform has it first.
_TOLD_AT_ONCE = frozenset(
    {
        *(Kind.RECEIVED, Kind.CORRECTION_ASKED, Kind.THIRD_PARTY_ASKED, Kind.JOINT_ASKED),
        *(Kind.EXTENDED, Kind.FEE_NOTICED, Kind.SUSPENDED, Kind.ANSWERED),
    }
)
_TOLD_LATE = Text("在其日期之后才录入", "recorded after the day that it names")
_RECEIVED_AGAIN = Text("代替已撤销的收到记录", "in the place of a receipt that was annulled")
_CONFIRMED_LATE = Text(
    "提交后的下一工作日之后才确认收到",
    "its receipt was confirmed later than on the working day after it was filed",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that came after its term: its number, the rule, and by how many working days.

    ``RECORDED-LATE`` is no term of law: it says that an event was recorded after its day, and
    ``RECEIVED-AGAIN`` that a receipt stands in the place of an annulled one. Nor is
    ``CONFIRMED-LATE``: the law sets no day for the confirmation, before which no clock runs.
    """

    event: int
    rule: str
    late_by: int
    term: Text


def marks(
    request: Request, calendar: Calendar, local: Sequence[LocalRule] = ()
) -> tuple[Mark, ...]:
    """Return which events came late, in their order; of what nobody can tell, nothing is said.

    The answer itself is not among them: its clock says that.
    """
    course = request.course
    found = []
    for event, rule, trigger in _terms(course):
        try:
            term = due(rule_on(rule, trigger), trigger, calendar, local)
        except NoSuchRule:
            # That early the law gave no such term.
            continue
        late = late_by(term, event.on, calendar)
        if late:
            found.append(Mark(event.number, term.rule.id, late, term.term))
    prolonged = _extended_late(request, calendar, local)
    if prolonged is not None:
        found.append(prolonged)
    if request.source is Source.PUBLIC:
        found += [*_told_late(course, calendar), *_received_again(request, calendar)]
        found += _confirmed_late(request, calendar)
    return tuple(sorted(found, key=lambda each: each.event))


def _told_late(course: Course, calendar: Calendar) -> Iterator[Mark]:
    for each in course.events:
        told = each.recorded_on or each.on
        if each.kind in _TOLD_AT_ONCE and told > each.on:
            late = working_days_late(each.on, told, calendar) or 0
            yield Mark(each.number, "RECORDED-LATE", late, _TOLD_LATE)


def _received_again(request: Request, calendar: Calendar) -> Iterator[Mark]:
    """Mark a receipt that stands for an annulled one, by how much later its day is."""
    receipts = [each for each in request.events if each.kind is Kind.RECEIVED]
    if len(receipts) > 1 and request.received_on is not None:
        late = working_days_late(receipts[0].on, receipts[-1].on, calendar) or 0
        yield Mark(receipts[-1].number, "RECEIVED-AGAIN", late, _RECEIVED_AGAIN)


def _confirmed_late(request: Request, calendar: Calendar) -> Iterator[Mark]:
    """Mark a receipt that was confirmed later than on the working day after it was filed."""
    filed_on = request.filed_on
    receipt = next((each for each in request.course.events if each.kind is Kind.RECEIVED), None)
    if filed_on is None or receipt is None:
        return
    following = nth_working_day(filed_on, 1, calendar)
    late = None if following is None else working_days_late(following, receipt.on, calendar)
    if late:
        yield Mark(receipt.number, "CONFIRMED-LATE", late, _CONFIRMED_LATE)


def _terms(course: Course) -> Iterator[tuple[Event, str, date]]:
    """Yield each event that has a term, its rule, and the day from which that runs.

    Of several who are heard the first who was asked answers first.
    """
    begun = defaultdict[str, list[date]](list)
    for each in course.events:
        rule = _ENDS.get(each.kind)
        if rule is not None:
            yield each, rule, begun[rule].pop(0 if each.kind in HEARINGS.values() else -1)
        for rule in _BEGINS.get(each.kind, ()):
            begun[rule].append(each.on)


def _extended_late(request: Request, calendar: Calendar, local: Sequence[LocalRule]) -> Mark | None:
    """Say whether the answer was extended after its term had ended already."""
    extended = request.course.extended
    if extended is None:
        return None
    happened = clock_events(request)
    at = next(
        number for number, each in enumerate(happened) if each.kind is clocks.Happening.EXTENDED
    )
    clock = clocks.request_clock(happened[:at], extended.known_on, calendar, local)
    if clock.remaining is None or clock.remaining >= 0:
        return None
    return Mark(extended.number, clock.rule.id, -clock.remaining, clock.rule.term)
