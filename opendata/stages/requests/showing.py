"""Showing requests: whole to the agency and to the applicant, clocks to who supervises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain import clocks
from opendata.domain.erasures import Erasure
from opendata.domain.errors import Text
from opendata.domain.people import EVERY_AGENCY, Actor, Role, check_collection, check_scope
from opendata.domain.requests import (
    Event,
    Kind,
    Mark,
    Request,
    Ruling,
    clock_events,
    marks,
    may_follow,
    waiting_days,
)
from opendata.stages import catalogue
from opendata.stages.erased import erasures
from opendata.stages.requests.model import SCOPE, Entered, Kept, of_code, of_id, read
from opendata.stages.rules import Rules
from opendata.stages.sealing import unsealed
from opendata.storage.home import Home
from opendata.storage.tables import AgencyRow, RequestRow

# Who works on requests, and may for that know who asks for what.
HANDLERS = frozenset({Role.AUTHOR, Role.REVIEWER, Role.APPROVER})
NOTHING: frozenset[Kind] = frozenset()
# What third parties and other agencies say is not the applicant's to read.
_OF_OTHERS = frozenset(
    {
        Kind.THIRD_PARTY_ASKED,
        Kind.THIRD_PARTY_ANSWERED,
        Kind.JOINT_ASKED,
        Kind.JOINT_ANSWERED,
    }
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What of a request is opened for who looks: who asks, for what, and the events' words.

    ``statements`` are by the number of the event. All is ``None`` or empty to who may not know.
    """

    applicant: Mapping[str, str] | None = None
    wanted: Mapping[str, str] | None = None
    statements: Mapping[int, str] | None = None
    erasure: Erasure | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One event, who recorded it, and its words where they are opened."""

    event: Event
    entered: Entered
    statement: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with its clock and what came late, as far as who looks may know of it.

    ``clock`` is ``None`` until it is received; ``next`` are the kinds of events that may follow.
    """

    kept: Kept
    agency_name: str
    clock: clocks.Clock | None
    marks: tuple[Mark, ...]
    next: tuple[Kind, ...]
    sealed: Sealed = Sealed()

    @property
    def request(self) -> Request:
        """The request itself."""
        return self.kept.request

    @property
    def outcome_label(self) -> Text | None:
        """How it was answered, in words."""
        return None if self.request.outcome is None else self.request.outcome.label

    @property
    def events(self) -> list[Shown]:
        """Everything that was recorded, in its order."""
        said = self.sealed.statements or {}
        pairs = zip(self.request.events, self.kept.entered, strict=True)
        return [Shown(event, entered, said.get(event.number)) for event, entered in pairs]


@dataclass(frozen=True, slots=True)
class On:
    """As of which day something is shown, and by which rules."""

    today: date
    rules: Rules


def opened(home: Home, actor: Actor, request_id: UUID, on: On) -> Opened:
    """Return one request, with who asked for what to those alone who work on it.

    Raises:
        NoSuchRequest, WrongAgency, WrongCollection: see there.
    """
    with home.database.read() as session:
        kept = of_id(session, request_id)
        check_scope(actor, kept.request.agency, SCOPE)
        mine = actor.role in HANDLERS and actor.agency == kept.request.agency
        sealed = _unsealed(home, session, kept, frozenset(Kind) if mine else NOTHING)
        return _opened(session, kept, on, sealed)


def tracked(home: Home, tracking: str, on: On) -> Opened:
    """Return the request that a tracking code was given for, as its applicant may see it.

    Raises:
        NoSuchRequest: the code was given for none.
    """
    with home.database.read() as session:
        kept = of_code(session, tracking)
        sealed = _unsealed(home, session, kept, frozenset(Kind) - _OF_OTHERS)
        return _opened(session, kept, on, sealed)


def rows(session: Session, actor: Actor, on: On) -> list[dict[str, Any]]:
    """Return every request to the actor's agency (to all of them for ``*``) with its clock.

    Nothing of an applicant but the kind is in it.

    Raises:
        WrongCollection: see there.
    """
    check_collection(actor, SCOPE)
    query = select(RequestRow)
    if actor.agency != EVERY_AGENCY:
        query = query.where(RequestRow.agency_id == actor.agency)
    regions = {each.id: each.region_code for each in session.scalars(select(AgencyRow))}
    return [_row(each.request, regions[each.request.agency], on) for each in read(session, query)]


def clock_of(request: Request, region: str | None, on: On) -> clocks.Clock | None:
    """Return where the clock of a request stands; ``None`` until it is received."""
    happened = clock_events(request)
    if not happened:
        return None
    local = on.rules.binding(request.agency, region)
    return clocks.request_clock(happened, on.today, on.rules.calendar(region), local)


def _row(request: Request, region: str | None, on: On) -> dict[str, Any]:
    clock = clock_of(request, region, on)
    left = None if clock is None else clock.remaining
    is_overdue = left is not None and left < 0
    late = None if clock is None else clock.late_by
    course = request.course
    return {
        "id": str(request.id),
        "agency": request.agency,
        "number": request.number,
        "source": str(request.source),
        "channel": str(request.channel),
        "applicant_kind": str(request.applicant_kind),
        "filed_on": request.filed_on,
        "received_on": request.received_on,
        "state": str(request.state),
        "outcome": None if course.outcome is None else str(course.outcome),
        "ended_on": course.ended_on,
        "extended": course.extended is not None,
        "waiting_days": waiting_days(request, on.today, on.rules.calendar(region)),
        "clock": None if clock is None else str(clock.status),
        "due": None if clock is None else clock.due,
        "remaining": left,
        "is_overdue": is_overdue,
        "late_by": -left if is_overdue and left is not None else late,
        "marks": len(_marks(request, region, on)),
        "review": _ruling(request, Kind.REVIEW),
        "litigation": _ruling(request, Kind.LITIGATION),
    }


def _marks(request: Request, region: str | None, on: On) -> tuple[Mark, ...]:
    binding = on.rules.binding(request.agency, region)
    return marks(request, on.rules.calendar(region), binding)


def _ruling(request: Request, kind: Kind) -> str | None:
    """Return whether any review, or any suit, corrected it; else where the last one stands."""
    rulings = [each.ruling for each in request.course.proceedings if each.kind is kind]
    if not rulings:
        return None
    return str(Ruling.CORRECTED if Ruling.CORRECTED in rulings else rulings[-1])


def _opened(session: Session, kept: Kept, on: On, sealed: Sealed) -> Opened:
    agency = catalogue.agency(session, kept.request.agency)
    clock = clock_of(kept.request, agency.region_code, on)
    late = _marks(kept.request, agency.region_code, on)
    return Opened(kept, agency.name.zh, clock, late, may_follow(kept.request.course), sealed)


def _unsealed(home: Home, session: Session, kept: Kept, shown: frozenset[Kind]) -> Sealed:
    """Open what is sealed, of events the ``shown`` kinds only; of no kind: nothing at all."""
    gone = erasures(session, kept.digests)
    erasure = next(iter(gone.values()), None)
    if shown == NOTHING:
        return Sealed(erasure=erasure)
    asked: dict[str, Any] = {}
    if kept.sealed is not None and kept.sealed not in gone:
        asked = unsealed(home, kept.sealed)
    statements = {
        one.number: unsealed(home, one.sealed).get("statement", "")
        for one, event in zip(kept.entered, kept.request.events, strict=True)
        if one.sealed is not None and one.sealed not in gone and event.kind in shown
    }
    return Sealed(asked.get("applicant"), asked.get("wanted"), statements, erasure)
