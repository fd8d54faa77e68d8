"""A request for information as a value: who asked whom is elsewhere; here is what happened."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from opendata.domain import clocks
from opendata.domain.editions import local_day
from opendata.domain.requests.course import HEARINGS, Course, course_of
from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import ApplicantKind, Channel, Kind, Source, State
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.working_days import Calendar

_HAPPENINGS = {
    Kind.RECEIVED: clocks.Happening.RECEIVED,
    Kind.CORRECTION_ASKED: clocks.Happening.CORRECTION_ASKED,
    Kind.CORRECTED: clocks.Happening.CORRECTED,
    Kind.THIRD_PARTY_ASKED: clocks.Happening.HEARING_BEGAN,
    Kind.THIRD_PARTY_ANSWERED: clocks.Happening.HEARING_ENDED,
    Kind.JOINT_ASKED: clocks.Happening.HEARING_BEGAN,
    Kind.JOINT_ANSWERED: clocks.Happening.HEARING_ENDED,
    Kind.EXTENDED: clocks.Happening.EXTENDED,
    Kind.FEE_NOTICED: clocks.Happening.FEE_NOTICED,
    Kind.FEE_PAID: clocks.Happening.FEE_PAID,
    Kind.SUSPENDED: clocks.Happening.SUSPENDED,
    Kind.RESUMED: clocks.Happening.RESUMED,
    Kind.ANSWERED: clocks.Happening.ANSWERED,
    Kind.WITHDRAWN: clocks.Happening.CLOSED,
}

# Which of them are about hearing the same people.
_HEARD = {each: asked.value for asked, answer in HEARINGS.items() for each in (asked, answer)}


# Without slots, so that what follows from the events is worked out once.
@dataclass(frozen=True)
class Request:
    """What an agency was asked for, in facts without the applicant.

    ``number`` is the agency's own; ``events`` are in the order of their recording.
    """

    id: UUID
    agency: str
    number: str
    source: Source
    channel: Channel
    applicant_kind: ApplicantKind
    filed_at: datetime
    events: tuple[Event, ...]

    @cached_property
    def course(self) -> Course:
        """Where it stands."""
        return course_of(self.events, self.filed_on)

    @property
    def filed_on(self) -> date | None:
        """The day in China on which it was filed here; of others that day says nothing."""
        return local_day(self.filed_at) if self.source is Source.PUBLIC else None

    @property
    def state(self) -> State:
        """Where it stands, in a word."""
        return self.course.state

    @property
    def received_on(self) -> date | None:
        """The day of receipt by its channel (第三十一条), once that is known."""
        return self.course.received_on

    @property
    def outcome(self) -> Outcome | None:
        """How it was answered."""
        return self.course.outcome


def clock_events(request: Request) -> tuple[clocks.Event, ...]:
    """Return what its clock runs by; empty until it is received."""
    if request.received_on is None:
        return ()
    return tuple(
        clocks.Event(
            _HAPPENINGS[each.kind],
            each.counted_on,
            each.details.get("days"),
            _HEARD.get(each.kind, ""),
            each.known_on,
        )
        for each in request.course.events
        if each.kind in _HAPPENINGS
    )


def waiting_days(request: Request, today: date, calendar: Calendar) -> int | None:
    """Return for how many working days a request has waited for its receipt to be confirmed.

    They run from the day on which it was filed or registered here; of a ledger that day says
    nothing. ``None`` where it does not wait, or nobody can tell.
    """
    if request.state is not State.AWAITING_CONFIRMATION or request.source is Source.LEDGER:
        return None
    return calendar.worked(local_day(request.filed_at), today)
