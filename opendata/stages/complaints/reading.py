"""Reading complaints: whole for supervisors, their own part for the body and for the reporter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.complaints.deeds import Attribution
from opendata.domain.complaints.procedure import Kind
from opendata.domain.complaints.refusals import no_such_complaint
from opendata.domain.complaints.standing import Event
from opendata.domain.complaints.views import answers_to_reporter, seen_by_body
from opendata.domain.erasures import Erasure
from opendata.domain.people import EVERY_AGENCY, Actor, Role, check_collection
from opendata.stages.complaints.attributing import attributions
from opendata.stages.complaints.model import (
    SCOPE,
    Complaint,
    complaints_table,
    of_code,
    of_id,
    read,
)
from opendata.stages.complaints.taking_part import (
    agencies_of,
    answers_for,
    check_answers,
    check_handles,
    parts_of,
)
from opendata.stages.erased import erasures
from opendata.stages.sealing import unsealed
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.tables import AgencyRow


@dataclass(frozen=True, slots=True)
class Told:
    """Something sealed as it is opened: the words, or that they were erased."""

    words: Mapping[str, Any] = field(default_factory=dict)
    erasure: Erasure | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One step with the words that came with it."""

    event: Event
    told: Told


@dataclass(frozen=True, slots=True)
class Opened:
    """One complaint as it is told to who reads it.

    ``reported`` and ``attribution`` are for the supervisors who handle it alone.
    """

    complaint: Complaint
    is_whole: bool
    reported: Told
    steps: tuple[Spoken, ...]
    attribution: tuple[Attribution, ...] = ()


def listed(session: Session, actor: Actor) -> list[Complaint]:
    """Return the complaints that an actor may know of, newest first.

    A supervisor of all agencies: all, but for those about an agency that they are of, or about
    what they signed. Who answers for an agency: those of its own that it knows of.
    """
    check_collection(actor, SCOPE)
    query = complaints_table()
    if actor.role is Role.SUPERVISOR:
        if actor.agency != EVERY_AGENCY:
            return []
        found = read(session, query.where(AgencyRow.id.not_in(agencies_of(session, actor))))
        parts = parts_of(session, actor)
        return [each for each in found if not each.subject.is_of(parts)]
    found = read(session, query.where(AgencyRow.id == actor.agency))
    return [each for each in found if answers_for(actor, each) and each.status.known_to_body]


def opened(home: Home, actor: Actor, complaint_id: UUID, now: datetime) -> Opened:
    """Return one complaint, with the words that the actor may read.

    Raises:
        NoSuchComplaint, WrongCollection, Involved: see ``taking_part``.
    """
    with home.database.read() as session:
        found = of_id(session, complaint_id)
        if answers_for(actor, found):
            check_answers(actor, found)
            seen = seen_by_body(found.events)
            return Opened(found, False, Told(), _spoken(home, session, found, seen))
        if actor.role is not Role.SUPERVISOR:
            raise no_such_complaint()
        check_handles(session, actor, found)
        reported = _told(home, session, found.sealed)
        rest = [each for each in found.events if each.step.kind is not Kind.REPORTER_NAMED]
        request = None if reported.erasure is not None else reported.words.get("request", "")
        by_facts = attributions(session, found, request, now)
        return Opened(found, True, reported, _spoken(home, session, found, rest), by_facts)


def reporter(home: Home, actor: Actor, complaint_id: UUID, now: datetime) -> Told:
    """Return who reported it, to whoever handles it; that it was looked at leaves a line.

    Raises:
        NoSuchComplaint: there is none of this id, or nobody gave a name.
        WrongCollection, Involved: see ``taking_part``.
    """
    with home.database.begin() as session:
        found = of_id(session, complaint_id)
        check_handles(session, actor, found)
        name = reporter_sealed(found)
        if name is None:
            raise no_such_complaint()
        audit.append(
            session, str(actor.person_id), "complaint-reporter-read", str(complaint_id), now
        )
    with home.database.read() as session:
        return _told(home, session, name)


def tracked(home: Home, tracking: str) -> tuple[Complaint, tuple[Spoken, ...]]:
    """Return the complaint that a tracking code was given for, and the answers to its reporter.

    Raises:
        NoSuchComplaint: the code was given for none.
    """
    with home.database.read() as session:
        found = of_code(session, tracking)
        return found, _spoken(home, session, found, answers_to_reporter(found.events))


def reporter_sealed(found: Complaint) -> str | None:
    """Return the digest of who reported a complaint, ``None`` where nobody gave a name."""
    numbers = (each.number for each in found.events if each.step.kind is Kind.REPORTER_NAMED)
    return next((found.words.get(each) for each in numbers), None)


def _spoken(
    home: Home, session: Session, found: Complaint, events: Sequence[Event]
) -> tuple[Spoken, ...]:
    digests = [found.words[each.number] for each in events if each.number in found.words]
    gone = erasures(session, digests)
    return tuple(Spoken(each, _open(home, found.words.get(each.number), gone)) for each in events)


def _told(home: Home, session: Session, sealed: str | None) -> Told:
    return _open(home, sealed, erasures(session, [] if sealed is None else [sealed]))


def _open(home: Home, sealed: str | None, gone: Mapping[str, Erasure]) -> Told:
    if sealed is None:
        return Told()
    if sealed in gone:
        return Told(erasure=gone[sealed])
    return Told(unsealed(home, sealed))
