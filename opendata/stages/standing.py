"""Where submissions stand: the facts about them, gathered; their states, computed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.approvals import (
    Course,
    Decision,
    State,
    Verdict,
    Withheld,
    current_round,
    due_role,
    state_of,
)
from opendata.domain.cautions import Cautions
from opendata.domain.errors import NotFound
from opendata.domain.findings import Caution
from opendata.domain.people import Role
from opendata.stages.issues import answers_of
from opendata.stages.lineage import suspended_of
from opendata.storage.tables import (
    CancellationRow,
    DatasetRow,
    DecisionRow,
    PersonRow,
    PublicationFailureRow,
    ReleaseRow,
    ReportRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True)
class Submission:
    """One uploaded file, as it was received."""

    id: UUID
    dataset: str
    collection: str
    agency: str
    author_id: UUID
    author: str
    sha256: str
    size: int
    media_type: str
    filename: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What validation recorded about a submission."""

    verdict: State
    counts: Mapping[str, Any]
    cautions: tuple[Caution, ...]
    provenance: Mapping[str, Any]
    problem: Mapping[str, Any] | None
    table_sha256: str | None
    report_sha256: str | None
    contract: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission with every fact about it."""

    submission: Submission
    report: Report | None
    decisions: tuple[Decision, ...]
    course: Course
    release: int | None
    failure: Mapping[str, Any] | None

    @property
    def state(self) -> State:
        """What became of it."""
        return state_of(self.course)

    @property
    def due_role(self) -> Role | None:
        """Whose word is awaited."""
        return due_role(self.course)

    @property
    def told_problem(self) -> Mapping[str, Any] | None:
        """What stopped it other than findings in the data: unreadable, or not publishable."""
        if self.failure is not None:
            return self.failure
        return self.report.problem if self.report is not None else None

    @property
    def cautions(self) -> Cautions:
        """The cautions about it, and what was answered to them."""
        return self.course.cautions

    @property
    def round(self) -> tuple[Decision, ...]:
        """The decisions that count now."""
        return current_round(self.decisions, self.course.base_release, self.course.suspended)


class NoSuchSubmission(NotFound):
    """No submission has this id."""

    code = "no-such-submission"


def standing(session: Session, submission_id: UUID) -> Standing:
    """Return where one submission stands, or raise ``NoSuchSubmission``."""
    found = standings(session, [submission_id])
    if not found:
        raise NoSuchSubmission("没有这份报送。", "There is no such submission.")
    return found[0]


def standings(session: Session, ids: Sequence[UUID]) -> list[Standing]:
    """Return where submissions stand, newest first; the queries are as many for 1 as for 100."""
    submissions = _submissions(session, ids)
    known = [each.id for each in submissions]
    datasets = {each.dataset for each in submissions}
    latest = latest_releases(session, datasets)
    suspended = suspended_of(session, datasets)
    facts = _Facts(session, known)
    return [
        facts.standing(each, (latest.get(each.dataset, 0), suspended.get(each.dataset, 0)))
        for each in submissions
    ]


def latest_releases(session: Session, datasets: Iterable[str]) -> dict[str, int]:
    """Return the newest release number of each of ``datasets`` that has one."""
    rows = session.execute(
        select(ReleaseRow.dataset_id, func.max(ReleaseRow.number).label("newest"))
        .where(ReleaseRow.dataset_id.in_(list(datasets)))
        .group_by(ReleaseRow.dataset_id)
    )
    return {row.dataset_id: row.newest for row in rows}


class _Facts:
    """The facts about a set of submissions, one query a kind."""

    def __init__(self, session: Session, ids: Sequence[UUID]) -> None:
        def by_submission(kind: Any) -> dict[UUID, Any]:
            rows = session.scalars(select(kind).where(kind.submission_id.in_(ids)))
            return {row.submission_id: row for row in rows}

        self.reports: dict[UUID, ReportRow] = by_submission(ReportRow)
        self.cancelled = by_submission(CancellationRow)
        self.failures: dict[UUID, PublicationFailureRow] = by_submission(PublicationFailureRow)
        self.releases: dict[UUID, ReleaseRow] = by_submission(ReleaseRow)
        self.decisions = _decisions(session, ids)
        self.answers = answers_of(session, ids)

    def standing(self, submission: Submission, base: tuple[int, int]) -> Standing:
        row = self.reports.get(submission.id)
        report = _as_report(row) if row else None
        release = self.releases.get(submission.id)
        failure = self.failures.get(submission.id)
        decisions = tuple(self.decisions[submission.id])
        course = Course(
            validity=report.verdict if report else None,
            decisions=decisions,
            base_release=base[0],
            suspended=base[1],
            failed=failure is not None,
            cancelled=submission.id in self.cancelled,
            released=release is not None,
            cautions=Cautions(
                report.cautions if report else (), self.answers.get(submission.id, ())
            ),
        )
        return Standing(
            submission=submission,
            report=report,
            decisions=decisions,
            course=course,
            release=release.number if release else None,
            failure=failure.problem if failure else None,
        )


def _submissions(session: Session, ids: Sequence[UUID]) -> list[Submission]:
    rows = session.execute(
        select(SubmissionRow, DatasetRow, PersonRow.name)
        .join(DatasetRow, DatasetRow.id == SubmissionRow.dataset_id)
        .join(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(SubmissionRow.id.in_(ids))
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id)
    )
    return [
        Submission(
            id=row.id,
            dataset=row.dataset_id,
            collection=dataset.collection,
            agency=dataset.agency_id,
            author_id=row.author_id,
            author=author,
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            filename=row.filename,
            received_at=row.received_at,
        )
        for row, dataset, author in rows
    ]


def _decisions(session: Session, ids: Sequence[UUID]) -> defaultdict[UUID, list[Decision]]:
    found: defaultdict[UUID, list[Decision]] = defaultdict(list)
    rows = session.execute(
        select(DecisionRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == DecisionRow.person_id)
        .where(DecisionRow.submission_id.in_(ids))
        .order_by(DecisionRow.decided_at, DecisionRow.id)
    )
    for row, name in rows:
        found[row.submission_id].append(_as_decision(row, name))
    return found


def _as_decision(row: DecisionRow, name: str) -> Decision:
    return Decision(
        person_id=row.person_id,
        person=name,
        role=Role(row.role),
        verdict=Verdict(row.verdict),
        basis=row.basis,
        reason=row.reason,
        base_release=row.base_release,
        suspended=row.suspended,
        at=row.decided_at,
        withheld=as_withheld(row.withheld),
    )


def as_withheld(body: Mapping[str, Any]) -> Withheld:
    """Read what a decision or a release recorded as kept back."""
    return Withheld(tuple(body.get("columns", ())), tuple(body.get("rows", ())))


def _as_report(row: ReportRow) -> Report:
    return Report(
        verdict=State(row.verdict),
        counts=row.counts,
        cautions=tuple(map(Caution.of, row.cautions)),
        provenance=row.provenance,
        problem=row.problem,
        table_sha256=row.table_sha256,
        report_sha256=row.report_sha256,
        contract=row.contract,
        reported_at=row.reported_at,
    )
