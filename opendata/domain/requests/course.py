"""The course of a request: what follows from its events, and what may follow them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import Kind, State
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.requests.proceedings import PROCEEDINGS, Proceeding, proceedings_of

HEARINGS = {
    Kind.THIRD_PARTY_ASKED: Kind.THIRD_PARTY_ANSWERED,
    Kind.JOINT_ASKED: Kind.JOINT_ANSWERED,
}


@dataclass(frozen=True, slots=True)
class Course:
    """Where a request stands after its events.

    ``events`` are those that count: what was recorded by mistake is gone. ``filed_on`` is the day
    on which the platform had the request, where it had it first. ``hearings`` are those that have
    not come to an end.
    """

    filed_on: date | None = None
    events: tuple[Event, ...] = ()
    received_on: date | None = None
    correction_asked: Event | None = None
    corrected_on: date | None = None
    hearings: tuple[Kind, ...] = ()
    extended: Event | None = None
    fee_noticed: Event | None = None
    fee_paid: Event | None = None
    suspended: bool = False
    answered: Event | None = None
    delivered_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def outcome(self) -> Outcome | None:
        """How it was answered."""
        return None if self.answered is None else Outcome(self.answered.details["outcome"])

    @property
    def ended_on(self) -> date | None:
        """The day from which nobody awaits an answer any more."""
        return self.withdrawn_on if self.answered is None else self.answered.counted_on

    @property
    def proceedings(self) -> tuple[Proceeding, ...]:
        """The reviews and suits, in the order of the days on which they began."""
        return proceedings_of(self.events)

    @property
    def awaits_correction(self) -> bool:
        """Whether the applicant was asked to correct the request, and has not."""
        return self.correction_asked is not None and self.corrected_on is None

    @property
    def awaits_payment(self) -> bool:
        """Whether a fee was noticed and is not paid."""
        return self.fee_noticed is not None and self.fee_paid is None

    @property
    def state(self) -> State:
        """Where the request stands."""
        if self.ended_on is not None:
            if self.answered is None:
                return State.WITHDRAWN
            return State.ANSWERED if self.delivered_on is None else State.DELIVERED
        states = (
            (self.received_on is None, State.AWAITING_CONFIRMATION),
            (self.suspended, State.SUSPENDED),
            (self.awaits_correction, State.AWAITING_CORRECTION),
            (self.awaits_payment, State.AWAITING_PAYMENT),
            (bool(self.hearings), State.HEARING),
        )
        return next((state for holds, state in states if holds), State.OPEN)

    def pending(self, kind: Kind) -> Proceeding | None:
        """Return the review or the litigation that is not decided yet."""
        return next(
            (each for each in self.proceedings if each.kind is kind and each.decided_on is None),
            None,
        )

    def after(self, event: Event) -> "Course":
        """Return the course after one more event, which may follow."""
        return replace(_STEPS[event.kind](self, event), events=(*self.events, event))


def effective(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events that count: those recorded by mistake are gone, and what says so too.

    An answer in the place of one that was annulled on the very day is known since that one was:
    there was an answer on record all the time.
    """
    annulled = {
        each.details["number"]: each.recorded_on for each in events if each.kind is Kind.ANNULLED
    }
    found: list[Event] = []
    since = annulled_on = None
    for each in events:
        if each.kind is Kind.ANNULLED:
            continue
        event = each
        if each.kind is Kind.ANSWERED:
            if since is not None and annulled_on == each.recorded_on:
                event = replace(each, since=since)
            since, annulled_on = event.since or event.recorded_on, annulled.get(each.number)
        if each.number not in annulled:
            found.append(event)
    return tuple(found)


def course_of(events: Sequence[Event], filed_on: date | None = None) -> Course:
    """Say where a request stands after its events, in the order of their recording."""
    return reduce(Course.after, effective(events), Course(filed_on))


def state_of(events: Sequence[Event]) -> State:
    """Return the state that follows from the events."""
    return course_of(events).state


def _received(course: Course, event: Event) -> Course:
    return replace(course, received_on=event.on)


def _correction_asked(course: Course, event: Event) -> Course:
    return replace(course, correction_asked=event)


def _corrected(course: Course, event: Event) -> Course:
    return replace(course, corrected_on=event.on)


def _hearing_began(course: Course, event: Event) -> Course:
    return replace(course, hearings=(*course.hearings, event.kind))


def _hearing_ended(course: Course, event: Event) -> Course:
    begun = next(asked for asked, answered in HEARINGS.items() if answered is event.kind)
    left = list(course.hearings)
    left.remove(begun)
    return replace(course, hearings=tuple(left))


def _extended(course: Course, event: Event) -> Course:
    return replace(course, extended=event)


def _fee_noticed(course: Course, event: Event) -> Course:
    return replace(course, fee_noticed=event)


def _fee_paid(course: Course, event: Event) -> Course:
    return replace(course, fee_paid=event)


def _suspended(course: Course, event: Event) -> Course:
    return replace(course, suspended=event.kind is Kind.SUSPENDED)


def _answered(course: Course, event: Event) -> Course:
    return replace(course, answered=event)


def _delivered(course: Course, event: Event) -> Course:
    return replace(course, delivered_on=event.on)


def _withdrawn(course: Course, event: Event) -> Course:
    return replace(course, withdrawn_on=event.on)


def _as_it_was(course: Course, _event: Event) -> Course:
    # Reviews and suits follow from the days of all of them, and from no order of recording.
    return course


_STEPS = {
    Kind.RECEIVED: _received,
    Kind.CORRECTION_ASKED: _correction_asked,
    Kind.CORRECTED: _corrected,
    Kind.THIRD_PARTY_ASKED: _hearing_began,
    Kind.JOINT_ASKED: _hearing_began,
    Kind.THIRD_PARTY_ANSWERED: _hearing_ended,
    Kind.JOINT_ANSWERED: _hearing_ended,
    Kind.EXTENDED: _extended,
    Kind.FEE_NOTICED: _fee_noticed,
    Kind.FEE_PAID: _fee_paid,
    Kind.SUSPENDED: _suspended,
    Kind.RESUMED: _suspended,
    Kind.ANSWERED: _answered,
    Kind.DELIVERED: _delivered,
    Kind.WITHDRAWN: _withdrawn,
    **dict.fromkeys(PROCEEDINGS, _as_it_was),
}
