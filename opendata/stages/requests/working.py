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
from opendata.domain.people import Actor, Role, check_own_agency, check_role, check_scope
from opendata.domain.requests import (
    SAID_BY_APPLICANTS,
    Event,
    InvalidRequestEvent,
    Kind,
    RequestNotInTurn,
    Source,
    as_kept,
    check_may_follow,
    event_faults,
)
from opendata.stages.access import hashed
from opendata.stages.erased import erasures
from opendata.stages.personal import personal_faults
from opendata.stages.requests.model import SCOPE, Kept, no_such_request, of_code, of_id
from opendata.stages.requests.recording import By, add_event
from opendata.stages.sealing import sealing
from opendata.storage.home import Home
from opendata.storage.tables import RequestRow

# What binds the agency is an approver's to say: that it takes longer, what the answer is, that
# something recorded was a mistake; a suspension and a fee, for which the term waits as long as they
# last; and what the applicant is said to have said or paid, which begins it anew or ends it.
SIGNED = frozenset(
    {
        *(Kind.EXTENDED, Kind.ANSWERED, Kind.ANNULLED, Kind.CORRECTED, Kind.WITHDRAWN),
        *(Kind.FEE_NOTICED, Kind.FEE_PAID, Kind.SUSPENDED),
    }
)
# What would have a request answered for whose answer nobody knows the applicant any more.
_NEED_APPLICANT = frozenset({Kind.RECEIVED, Kind.ANNULLED})


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
        InvalidRequestEvent, RequestNotInTurn: see ``check_may_follow``; or it is erased, or the
            event holds personal data.
    """
    with sealing(home, told.words) as sealed, home.database.begin() as session:
        row = session.get(RequestRow, request_id, with_for_update=True)
        if row is None:
            raise no_such_request()
        check_scope(actor, row.agency_id, SCOPE)
        # Who works on a request may know who asks for what, which others are not told.
        check_own_agency(actor, row.agency_id)
        if told.kind in SIGNED:
            check_role(actor, frozenset({Role.APPROVER}))
        kept, event = of_id(session, request_id), _event(told, actor)
        if told.kind in _NEED_APPLICANT and erasures(session, kept.digests):
            raise RequestNotInTurn(
                "申请人信息已删除，不能再确认收到或者撤销记录。",
                "Who asked is erased: nothing is received or taken back any more.",
            )
        _add(session, kept, event, By.actor(actor, sealed), now)
        return of_id(session, request_id)


def record_by_applicant(home: Home, tracking: str, told: Told, now: datetime) -> Kept:
    """Record what the applicant says by the tracking code: a correction, or a withdrawal.

    Raises:
        NoSuchRequest: the code was given for none.
        InvalidRequestEvent, RequestNotInTurn: see ``check_may_follow``; or the agency, which
            registered it, records what the applicant says.
    """
    code = hashed(tracking.strip().lower())
    with sealing(home, told.words) as sealed, home.database.begin() as session:
        query = select(RequestRow).where(RequestRow.tracking_hash == code).with_for_update()
        if session.scalars(query).first() is None:
            raise no_such_request()
        kept = of_code(session, tracking)
        _check_applicants(told, kept.request.source)
        event = replace(_event(told), by_applicant=True)
        _add(session, kept, event, By(sealed=sealed), now)
        return of_code(session, tracking)


def _check_applicants(told: Told, source: Source) -> None:
    """Raise unless it is an applicant's to say, and said in words.

    The agency had the code of what it registered before its applicant had it: it proves nothing.
    """
    if source is not Source.PUBLIC:
        raise RequestNotInTurn(
            "此件由机关登记，查询码只能查询；补正或者撤回请向该机关提出。",
            "The agency registered this request: the code shows it, no more. Tell the agency.",
        )
    if told.kind not in SAID_BY_APPLICANTS:
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
    approved_by = event.details.get("approved_by") or ""
    faults = (
        *event_faults(event, local_day(now), words_needed=True),
        *personal_faults("/details/approved_by", approved_by),
    )
    if faults:
        raise InvalidRequestEvent(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )
    if kept.request.source is Source.PUBLIC:
        event = replace(event, recorded_on=local_day(now))
    check_may_follow(event, kept.request.course)
    number = len(kept.request.events) + 1
    add_event(session, kept.request.id, replace(as_kept(event), number=number), by, now)
