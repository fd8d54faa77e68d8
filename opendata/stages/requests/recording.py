"""Events more: rows and their audit lines, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.people import Actor
from opendata.domain.requests import Event
from opendata.stages.sealing import ANONYMOUS
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import RequestEventRow, RequestRow


@dataclass(frozen=True, slots=True)
class By:
    """Who records: a person by a key of theirs, or the applicant, whom no line names."""

    person_id: UUID | None = None
    key_id: UUID | None = None
    sealed: str | None = None

    @classmethod
    def actor(cls, actor: Actor, sealed: str | None = None) -> "By":
        """Return the person who acts, with the digest of their words."""
        return cls(actor.person_id, actor.key_id, sealed)

    @property
    def name(self) -> str:
        """What the audit log calls them."""
        return ANONYMOUS if self.person_id is None else str(self.person_id)


def add_event(session: Session, request_id: UUID, event: Event, by: By, now: datetime) -> None:
    """Record an event that may follow; the request is locked."""
    add_events(session, [(request_id, event)], by, now)


def add_events(
    session: Session, happened: Sequence[tuple[UUID, Event]], by: By, now: datetime
) -> None:
    """Record events that may follow, each of the request of that id, which is locked."""
    rows = [
        RequestEventRow(
            request_id=name,
            number=event.number,
            kind=event.kind,
            happened_on=event.on,
            details=dict(event.details),
            sealed_sha256=by.sealed,
            person_id=by.person_id,
            key_id=by.key_id,
            recorded_at=now,
        )
        for name, event in happened
    ]
    add_rows(session, by, rows, now)


def add_rows(
    session: Session, by: By, rows: Sequence[RequestRow | RequestEventRow], now: datetime
) -> None:
    """Record rows, each with its line of the log."""
    numbers = audit.append_all(session, by.name, [bound(row) for row in rows], now)
    for row, number in zip(rows, numbers, strict=True):
        row.audit_seq = number
    session.add_all(rows)
    session.flush()
