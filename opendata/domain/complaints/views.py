"""Who is told what of a case: the body complained about, whoever reported it, everybody.

The body is told that there is a case once it is asked to explain, heard or given notice, and then
sees what is addressed to it and what it said itself. It never sees who reported it, whether they
gave a name, when, or in which words: what it has to know a supervisor puts in words of their own.
"""

from collections.abc import Sequence
from enum import StrEnum

from opendata.domain.complaints.procedure import AFTER_NOTICE, Kind, Place
from opendata.domain.complaints.standing import Event, Status
from opendata.domain.complaints.steps import Party
from opendata.domain.errors import Text

# With its words, if it concerns the body alone where it may concern others.
_SAID_TO_BODY = frozenset(
    {
        Kind.ANSWER_ASKED,
        Kind.ANSWERED,
        Kind.HEARD,
        Kind.NOTIFIED,
        Kind.REVIEW_ASKED,
        Kind.RECTIFICATION_ORDERED,
        Kind.RECTIFIED,
        Kind.RECTIFICATION_CHECKED,
    }
)
# What the body records itself.
BY_BODY = frozenset({Kind.ANSWERED, Kind.REVIEW_ASKED, Kind.RECTIFIED})


class Phase(StrEnum):
    """Where a case stands, as its reporter is told."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    ANSWER_OWED = "answer_owed"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> Text:
        """The phase in both languages."""
        return _PHASES[self]


_PHASES = {
    Phase.RECEIVED: Text("已收到", "received"),
    Phase.IN_PROGRESS: Text("办理中", "in progress"),
    Phase.ANSWER_OWED: Text("已处理，待反馈", "dealt with; an answer is owed"),
    Phase.ANSWERED: Text("已答复", "answered"),
    Phase.CLOSED: Text("已结案", "closed"),
}


def phase_of(status: Status, *, is_named: bool) -> Phase:
    """Return where a case stands, for its reporter: who gave a name is told that they wait."""
    if status.place is Place.CLOSED:
        return Phase.CLOSED
    if Party.REPORTER in status.told:
        return Phase.ANSWERED
    if is_named and status.place in (*AFTER_NOTICE, Place.DISMISSED):
        return Phase.ANSWER_OWED
    return Phase.RECEIVED if status.place is Place.RECEIVED else Phase.IN_PROGRESS


def place_for_body(status: Status) -> Place:
    """Return where a case stands, for the body: nothing of what it was not told yet."""
    ended = (*AFTER_NOTICE, Place.DISMISSED)
    told = status.is_told_to_body and status.place in ended
    return status.place if told else Place.INVESTIGATION


def seen_by_body(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the steps that the body may see, with their words: those said to it, or by it."""
    return tuple(
        each
        for each in events
        if each.step.kind in _SAID_TO_BODY and each.step.party in (None, Party.BODY)
    )


def answers_to_reporter(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the steps whose words are for the reporter."""
    return tuple(
        each
        for each in events
        if each.step.kind is Kind.NOTIFIED and each.step.party is Party.REPORTER
    )
