"""Where submissions stand: the facts about them, gathered; their states, computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.approvals import (
    Course,
    Decision,
    State,
    current_round,
    due_role,
    embargo_of,
    place_of,
    state_of,
)
from opendata.domain.cautions import Cautions
from opendata.domain.clearances import Clearance
from opendata.domain.coordination import Coordination
from opendata.domain.erasures import Erased, Erasure
from opendata.domain.errors import NotFound
from opendata.domain.people import Role
from opendata.domain.transitions import UNDER_REVIEW, Place
from opendata.stages.clearances import clearances_of
from opendata.stages.consents import UnderReview, coordinations
from opendata.stages.decisions import as_withheld as as_withheld
from opendata.stages.decisions import decisions_of
from opendata.stages.erased import erasures
from opendata.stages.issues import answers_of
from opendata.stages.lineage import Effects, effects_of
from opendata.stages.reported import Report, report_of
from opendata.storage.tables import (
    CancellationRow,
    DatasetRow,
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
    # What the author says of it: what is published with the release, and the one it corrects.
    notes: str | None
    corrects: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission with every fact about it."""

    submission: Submission
    report: Report | None
    decisions: tuple[Decision, ...]
    course: Course
    release: int | None
    failure: Mapping[str, Any] | None
    # Its bytes and its private report are gone.
    erasure: Erasure | None = None
    clearance: Clearance | None = None

    def check_kept(self) -> None:
        """Raise ``Erased`` if the received bytes are gone, and with them the private report."""
        if self.erasure is not None:
            raise Erased(self.erasure)

    @property
    def place(self) -> Place:
        """Where in the review it stands."""
        return place_of(self.course)

    @property
    def publish_at(self) -> datetime | None:
        """Before when nothing of it is published, if its approver said so."""
        return embargo_of(self.round)

    @property
    def coordination(self) -> Coordination:
        """The agencies that are asked about it in this round, and their answers."""
        return self.course.coordination

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
    effects = effects_of(session, datasets)
    facts = _Facts(session, known)
    found = [facts.standing(each, (latest.get(each.dataset, 0), effects)) for each in submissions]
    return _coordinated(session, found)


def latest_releases(session: Session, datasets: Iterable[str]) -> dict[str, int]:
    """Return the newest release number of each of ``datasets`` that has one."""
    rows = session.execute(
        select(ReleaseRow.dataset_id, func.max(ReleaseRow.number).label("newest"))
        .where(ReleaseRow.dataset_id.in_(list(datasets)))
        .group_by(ReleaseRow.dataset_id)
    )
    return {row.dataset_id: row.newest for row in rows}


def _coordinated(session: Session, found: Sequence[Standing]) -> list[Standing]:
    """Add to the standings of valid submissions how other agencies were asked about them."""
    asked = coordinations(
        session,
        [
            UnderReview(
                id=each.submission.id,
                dataset=each.submission.dataset,
                author_id=each.submission.author_id,
                received_at=each.submission.received_at,
                reported_at=each.report.reported_at,
                round=_round_of(each),
            )
            for each in found
            if each.report is not None and each.report.verdict is State.IN_REVIEW
        ],
    )
    return [_with(each, asked.get(each.submission.id)) for each in found]


def _round_of(each: Standing) -> tuple[int, int]:
    """Return the round in which others' answers count: of a release, the one that released it."""
    spoken = [word.round for word in each.decisions]
    return max(spoken) if each.course.released and spoken else each.course.round


def _with(each: Standing, coordination: Coordination | None) -> Standing:
    if coordination is None:
        return each
    course = replace(each.course, coordination=coordination)
    if place_of(course) not in UNDER_REVIEW:
        course = replace(course, coordination=coordination.answered)
    return replace(each, course=course)


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
        self.decisions = decisions_of(session, ids)
        self.answers = answers_of(session, ids)
        self.clearances = clearances_of(session, ids)
        of_them = select(SubmissionRow.sha256).where(SubmissionRow.id.in_(ids))
        self.erased = erasures(session, set(session.scalars(of_them)))

    def standing(self, submission: Submission, base: tuple[int, Effects]) -> Standing:
        row = self.reports.get(submission.id)
        report = report_of(row) if row else None
        release = self.releases.get(submission.id)
        failure = self.failures.get(submission.id)
        decisions = tuple(self.decisions[submission.id])
        clearance = self.clearances.get(submission.id)
        course = Course(
            validity=report.verdict if report else None,
            decisions=decisions,
            base_release=base[0],
            suspended=base[1].changes(submission.dataset),
            failed=failure is not None,
            cancelled=submission.id in self.cancelled,
            released=release is not None,
            withdrawn=release is not None
            and base[1].is_withdrawn((submission.dataset, release.number)),
            stopped=report is not None and report.is_marked and clearance is None,
            cleared_by=clearance.person_id if clearance else None,
            flagged=report is not None and report.needs_reason,
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
            erasure=self.erased.get(submission.sha256),
            clearance=clearance,
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
            notes=row.notes,
            corrects=row.corrects,
        )
        for row, dataset, author in rows
    ]
