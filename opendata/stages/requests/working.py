"""Working on requests: what happened is recorded, in turn, by the agency or by the applicant."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, Role, check_role, check_scope
from opendata.domain.requests import (
    Event,
    InvalidRequestEvent,
    Kind,
    check_may_follow,
    event_faults,
)
from opendata.stages.access import hashed
from opendata.stages.requests.model import SCOPE, Kept, no_such_request, of_code, of_id
from opendata.stages.requests.recording import By, add_event
from opendata.stages.sealing import sealing
from opendata.storage.home import Home
from opendata.storage.tables import RequestRow

# What binds the agency is an approver's to say: that it takes longer, what the answer is, and
# that something recorded was a mistake.
SIGNED = frozenset({Kind.EXTENDED, Kind.ANSWERED, Kind.ANNULLED})
APPLICANTS = frozenset({Kind.CORRECTED, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Told:
    """What is said to have happened; ``statement`` is sealed, ``details`` hold no free text."""

    kind: Kind
    on: date
    details: Mapping[str, Any] = field(default_factory=dict)
    statement: str = ""

    @property
    def words(self) -> dict[str, str] | None:
        """What of it is sealed."""
        said = self.statement.strip()
        return {"statement": said} if said else None


def record(home: Home, actor: Actor, request_id: UUID, told: Told, now: datetime) -> Kept:
    """Record what happened to a request of the actor's agency.

    Raises:
        NoSuchRequest, WrongAgency, WrongCollection: see there.
        WrongRole: it binds the agency, and the actor is no approver.
        InvalidRequestEvent, RequestNotInTurn: see ``check_may_follow``.
    """
    with sealing(home, told.words) as sealed, home.database.begin() as session:
        row = session.get(RequestRow, request_id, with_for_update=True)
        if row is None:
            raise no_such_request()
        check_scope(actor, row.agency_id, SCOPE)
        if told.kind in SIGNED:
            check_role(actor, frozenset({Role.APPROVER}))
        event = _event(told, actor)
        _add(session, of_id(session, request_id), event, By.actor(actor, sealed), now)
        return of_id(session, request_id)


def record_by_applicant(home: Home, tracking: str, told: Told, now: datetime) -> Kept:
    """Record what the applicant says by the tracking code: a correction, or a withdrawal.

    Raises:
        NoSuchRequest: the code was given for none.
        InvalidRequestEvent, RequestNotInTurn: see ``check_may_follow``.
    """
    code = hashed(tracking.strip().lower())
    with sealing(home, told.words) as sealed, home.database.begin() as session:
        query = select(RequestRow).where(RequestRow.tracking_hash == code).with_for_update()
        if session.scalars(query).first() is None:
            raise no_such_request()
        _check_applicants(told)
        _add(session, of_code(session, tracking), _event(told), By(sealed=sealed), now)
        return of_code(session, tracking)


def _check_applicants(told: Told) -> None:
    """Raise ``InvalidRequestEvent`` unless it is an applicant's to say, and said in words."""
    if told.kind not in APPLICANTS:
        text = Text("申请人只能补正或者撤回。", "An applicant corrects or withdraws, no more.")
        raise InvalidRequestEvent(*text, (Fault("/kind", text, "invalid-value"),))
    if told.kind is Kind.CORRECTED and told.words is None:
        text = Text("请写明补正的内容。", "Say what the request is, corrected.")
        raise InvalidRequestEvent(*text, (Fault("/statement", text, "words-needed"),))


def _event(told: Told, actor: Actor | None = None) -> Event:
    event = Event(told.kind, told.on, dict(told.details), has_words=told.words is not None)
    if event.kind is not Kind.EXTENDED or actor is None or "approved_by" in event.details:
        return event
    # Who records an extension is who agreed to it.
    return replace(event, details={**event.details, "approved_by": actor.name})


def _add(session: Session, kept: Kept, event: Event, by: By, now: datetime) -> None:
    faults = event_faults(event, local_day(now), words_needed=True)
    if faults:
        raise InvalidRequestEvent(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )
    check_may_follow(event, kept.request.course)
    number = len(kept.request.events) + 1
    add_event(session, kept.request.id, replace(event, number=number), by, now)
