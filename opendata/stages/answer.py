"""Answer: those who know say why a caution is as it is, before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.approvals import State
from opendata.domain.cautions import CautionKind, check_answers
from opendata.domain.errors import Conflict
from opendata.domain.people import Actor, Role
from opendata.stages.personal import check_words
from opendata.stages.review import locked
from opendata.stages.standing import Standing, standing
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import CautionAnswerRow

ANSWERERS = frozenset({Role.AUTHOR, Role.REVIEWER})
# What the approver approved is what is published: afterwards nothing is answered any more.
ANSWERABLE = frozenset({State.IN_REVIEW, State.REFERRED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says about one kind of caution."""

    kind: CautionKind
    reason: str


class NotAnswerable(Conflict):
    """The submission is not under review: its cautions are not answered yet, or for good."""

    code = "not-answerable"


def answer(
    session: Session, actor: Actor, submission_id: UUID, given: Sequence[Answer], now: datetime
) -> Standing:
    """Record answers to cautions of a submission, all of them or none.

    A later answer to the same kind takes the place of the one before, which is kept.

    Raises:
        NoSuchSubmission, WrongAgency: see there.
        NotAnswerable: the submission is not under review.
        UnfitWords: see there.
        InvalidAnswers: one of ``given`` cannot be recorded.
    """
    found = locked(session, actor, submission_id)
    if found.state not in ANSWERABLE:
        label = found.state.label
        raise NotAnswerable(
            f"此报送的状态为“{label.zh}”；提示在审查期间说明。",
            f"The submission is {label.en}; cautions are answered while it is under review.",
        )
    check_words(*((f"/answers/{at}/reason", each.reason) for at, each in enumerate(given)))
    check_answers([(each.kind, each.reason) for each in given], found.cautions)
    _record(session, actor, found, given, now)
    return standing(session, submission_id)


def _record(
    session: Session, actor: Actor, found: Standing, given: Sequence[Answer], now: datetime
) -> None:
    submission_id = found.submission.id
    for number, each in enumerate(given, start=len(found.cautions.answers) + 1):
        row = CautionAnswerRow(
            submission_id=submission_id,
            number=number,
            code=each.kind.code,
            name=each.kind.name,
            field=each.kind.field,
            person_id=actor.person_id,
            key_id=actor.key_id,
            role=actor.role,
            reason=each.reason,
            answered_at=now,
        )
        session.add(row)
        session.flush()
        audit.append(session, str(actor.person_id), *bound(row), now)
