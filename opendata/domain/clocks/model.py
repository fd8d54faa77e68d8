"""What a clock is made of, and what it tells."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opendata.domain.deadlines import DeadlineRule
from opendata.domain.errors import Text


class Happening(StrEnum):
    """What can happen to a request that its clock knows of."""

    RECEIVED = "received"
    CORRECTION_ASKED = "correction_asked"
    CORRECTED = "corrected"
    HEARING_BEGAN = "hearing_began"
    HEARING_ENDED = "hearing_ended"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    FEE_NOTICED = "fee_noticed"
    FEE_PAID = "fee_paid"
    ANSWERED = "answered"
    CLOSED = "closed"


class Status(StrEnum):
    """Whether a clock runs: ``waiting`` is for the applicant, ``stopped`` for somebody else."""

    RUNNING = "running"
    STOPPED = "stopped"
    WAITING = "waiting"
    FINISHED = "finished"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, on a day in China; ``days`` is by how many it was extended.

    ``heard`` tells kinds of hearings apart: each of them stops a clock once. ``known_on`` is the
    day from which it could be known, where that was later than ``on``.
    """

    kind: Happening
    on: date
    days: int | None = None
    heard: str = ""
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a request stands on a day.

    ``started`` is day zero of the term that counts. ``due`` is ``None`` while the clock stands,
    and where a year is not announced. ``remaining`` are the working days left after that day,
    those that were left when the clock was stopped, or, below zero, by how many it is overdue.
    ``late_by`` is by how many working days the end was late. ``excluded`` are first and last
    days that are not counted, the last one ``None`` while that goes on.
    """

    rule: DeadlineRule
    started: date
    due: date | None
    status: Status
    remaining: int | None
    late_by: int | None
    excluded: tuple[tuple[date, date | None], ...]
    why: tuple[Text, ...]
