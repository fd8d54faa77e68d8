"""Issues: what was answered to cautions, and what of them is published with a release."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from opendata.domain.approvals import Withheld
from opendata.domain.cautions import CautionAnswer, CautionKind, KnownIssue
from opendata.domain.findings import Caution
from opendata.domain.people import Role
from opendata.storage.tables import CautionAnswerRow, KnownIssueRow, PersonRow, ReleaseRow


def answers_of(
    session: Session, submission_ids: Collection[UUID]
) -> dict[UUID, tuple[CautionAnswer, ...]]:
    """Return what was answered to the cautions of submissions, first answer first."""
    rows = session.execute(
        select(CautionAnswerRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == CautionAnswerRow.person_id)
        .where(CautionAnswerRow.submission_id.in_(submission_ids))
        .order_by(CautionAnswerRow.submission_id, CautionAnswerRow.number)
    )
    found: defaultdict[UUID, list[CautionAnswer]] = defaultdict(list)
    for row, name in rows:
        found[row.submission_id].append(_as_answer(row, name))
    return {submission_id: tuple(answers) for submission_id, answers in found.items()}


def known_issues(
    session: Session, release_ids: Collection[UUID]
) -> dict[UUID, tuple[KnownIssue, ...]]:
    """Return the known issues of releases, as they were published; only of those that have any."""
    answer_that_stood = and_(
        CautionAnswerRow.submission_id == ReleaseRow.submission_id,
        CautionAnswerRow.number == KnownIssueRow.answer,
    )
    rows = session.execute(
        select(KnownIssueRow, CautionAnswerRow, PersonRow.name)
        .join(ReleaseRow, ReleaseRow.id == KnownIssueRow.release_id)
        .outerjoin(CautionAnswerRow, answer_that_stood)
        .outerjoin(PersonRow, PersonRow.id == CautionAnswerRow.person_id)
        .where(KnownIssueRow.release_id.in_(release_ids))
        .order_by(KnownIssueRow.release_id, KnownIssueRow.number)
    )
    found: defaultdict[UUID, list[KnownIssue]] = defaultdict(list)
    for row, answer, name in rows:
        # Nobody's name, no answer: one that was taken out is missed by its line in the log.
        told = _as_answer(answer, name) if name else None
        found[row.release_id].append(KnownIssue(Caution.of(row.caution), told))
    return {release_id: tuple(issues) for release_id, issues in found.items()}


def issue_counts(session: Session, release_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many known issues releases have; only of those that have any."""
    rows = session.execute(
        select(KnownIssueRow.release_id, func.count().label("issues"))
        .where(KnownIssueRow.release_id.in_(release_ids))
        .group_by(KnownIssueRow.release_id)
    )
    return {row.release_id: row.issues for row in rows}


def publishable(
    issues: Iterable[KnownIssue], personal: Collection[str], withheld: Withheld
) -> tuple[KnownIssue, ...]:
    """Return what is published of ``issues``: nothing about columns or rows that are not public."""
    hidden = {*personal, *withheld.columns}
    shown = (each for each in issues if each.caution.field not in hidden)
    rest = ((each, each.caution.without(withheld.rows)) for each in shown)
    return tuple(replace(each, caution=left) for each, left in rest if left is not None)


def add_known_issues(session: Session, release_id: UUID, issues: Sequence[KnownIssue]) -> None:
    """Insert the known issues of a release that is being recorded."""
    for number, each in enumerate(issues, start=1):
        row = KnownIssueRow(release_id=release_id, number=number, caution=each.caution.as_dict())
        row.answer = each.answer.number if each.answer else None
        session.add(row)
    session.flush()


def _as_answer(row: CautionAnswerRow, name: str) -> CautionAnswer:
    return CautionAnswer(
        number=row.number,
        kind=CautionKind(row.code, row.name, row.field),
        reason=row.reason,
        person_id=row.person_id,
        person=name,
        role=Role(row.role),
        at=row.answered_at,
    )
