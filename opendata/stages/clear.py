"""Clear: a supervisor says that what is marked as secret was declassified."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.clearances import check_may_clear
from opendata.domain.people import Actor
from opendata.stages.review import locked
from opendata.stages.standing import Standing, standing
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import ClearanceRow


@dataclass(frozen=True, slots=True)
class Word:
    """What a supervisor says: by which declassification, and why it is this file's."""

    reference: str
    reason: str


def clear(
    session: Session, actor: Actor, submission_id: UUID, word: Word, now: datetime
) -> Standing:
    """Record that a submission with classification markings may be reviewed.

    Raises:
        NoSuchSubmission, WrongAgency: see there.
        Whatever ``check_may_clear`` raises.
    """
    found = locked(session, actor, submission_id)
    check_may_clear(actor.person_id, found.submission.author_id, found.course)
    row = ClearanceRow(
        submission_id=submission_id,
        person_id=actor.person_id,
        key_id=actor.key_id,
        reference=word.reference,
        reason=word.reason,
        cleared_at=now,
    )
    session.add(row)
    session.flush()
    audit.append(session, str(actor.person_id), *bound(row), now)
    return standing(session, submission_id)
