"""One step more: a row and its audit line, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.complaints.steps import Step
from opendata.domain.people import Actor
from opendata.stages.sealing import ANONYMOUS
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import ComplaintEventRow


@dataclass(frozen=True, slots=True)
class By:
    """Who records: a person by a key of theirs, or the reporter, whom no line names."""

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


def add_step(session: Session, named: tuple[UUID, int], step: Step, by: By, now: datetime) -> None:
    """Record a step that may follow, by its complaint and number; the complaint is locked."""
    complaint_id, number = named
    row = ComplaintEventRow(
        complaint_id=complaint_id,
        number=number,
        kind=step.kind,
        happened_on=step.on,
        details=step.details,
        sealed_sha256=by.sealed,
        person_id=by.person_id,
        key_id=by.key_id,
        recorded_at=now,
    )
    row.audit_seq = audit.append(session, by.name, *bound(row), now)
    session.add(row)
    session.flush()
