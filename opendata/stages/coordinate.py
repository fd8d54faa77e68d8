"""Coordinate: other agencies that a dataset names are shown a submission, and answer in writing."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import State, check_may_answer
from opendata.domain.cautions import Cautions
from opendata.domain.coordination import Consultation, Stance, check_answer
from opendata.domain.people import (
    EVERY_AGENCY,
    Actor,
    Role,
    check_agency,
    check_collection,
    check_scope,
)
from opendata.domain.transitions import UNDER_REVIEW, Place
from opendata.stages.access import within
from opendata.stages.consents import naming
from opendata.stages.review import locked_for_anyone
from opendata.stages.standing import Standing, Submission, standing, standings
from opendata.storage import audit
from opendata.storage.tables import ConsentRow, DatasetRow, ReleaseRow, ReportRow, SubmissionRow

CONSENTERS = frozenset({Role.REVIEWER, Role.APPROVER})
_SHOWN = UNDER_REVIEW | {Place.APPROVED}
# How the log names each answer.
ACTIONS = {Stance.CONSENT: "consent-given", Stance.OBJECT: "consent-refused"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answers for their agency, and the document it is written in."""

    stance: Stance
    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Overdue:
    """An answer that is late: about which submission, and whose."""

    submission: Submission
    consultation: Consultation


def answer(
    session: Session, actor: Actor, submission_id: UUID, given: Answer, now: datetime
) -> Standing:
    """Record what an agency that was asked answers, and return what it is shown.

    Raises:
        NoSuchSubmission: see there.
        WrongAgency: the actor's agency was not asked.
        InvalidConsent, ConsentNotAwaited, OwnSubmission, AlreadyDecided: see there.
    """
    found = locked_for_anyone(session, submission_id)
    asked = found.coordination.of(actor.agency)
    if asked is None:
        check_agency(actor, found.submission.agency)
    check_collection(actor, found.submission.collection)
    check_answer(given.stance, given.reference, given.reason)
    author_id = found.submission.author_id
    check_may_answer(actor.person_id, author_id, found.course, actor.agency, given.stance)
    session.add(
        ConsentRow(
            submission_id=submission_id,
            base_release=found.course.base_release,
            suspended=found.course.suspended,
            agency_id=actor.agency,
            number=1 if asked is None or asked.awaited else 2,
            person_id=actor.person_id,
            key_id=actor.key_id,
            verdict=given.stance,
            reference=given.reference,
            reason=given.reason,
            answered_at=now,
        )
    )
    session.flush()
    audit.append(session, str(actor.person_id), ACTIONS[given.stance], str(submission_id), now)
    return visible(session, actor, submission_id)


def visible(session: Session, actor: Actor, submission_id: UUID) -> Standing:
    """Return where a submission stands, to its own agency, and to one that is asked about it.

    An agency that is asked sees what it has to judge, while the review lasts: the submission, its
    report and cautions, and its own answer. What persons of the submission's agency said, on
    which document a marking was cleared, and what other agencies answered, it does not see.

    Raises:
        NoSuchSubmission, WrongAgency, WrongCollection: see there.
    """
    found = standing(session, submission_id)
    if not _is_asked(found, actor):
        check_scope(actor, found.submission.agency, found.submission.collection)
        return found
    check_collection(actor, found.submission.collection)
    return _shown_to(actor.agency, found)


def waiting_for(session: Session, actor: Actor) -> list[Standing]:
    """Return the submissions of other agencies that await this actor's answer, oldest first."""
    if actor.role not in CONSENTERS or actor.agency == EVERY_AGENCY:
        return []
    mine = [
        _shown_to(actor.agency, each)
        for each in _open(session, replace(actor, agency=EVERY_AGENCY), actor.agency)
        if each.place in UNDER_REVIEW and _awaits(each, actor)
    ]
    return sorted(mine, key=lambda each: each.submission.received_at)


def overdue(session: Session, actor: Actor, today: date) -> list[Overdue]:
    """Return the answers that are late about submissions in the actor's scope, the latest first."""
    found = [
        Overdue(each.submission, asked)
        for each in _open(session, actor)
        if each.place in UNDER_REVIEW
        for asked in each.coordination.asked
        if asked.overdue(today)
    ]
    return sorted(found, key=lambda each: (each.consultation.asked_at, each.consultation.agency))


def _open(session: Session, actor: Actor, agency: str | None = None) -> list[Standing]:
    """Return what is valid and not published, about which ``agency``, or any, was ever asked."""
    rows = session.execute(
        select(SubmissionRow.id, SubmissionRow.dataset_id)
        .join(DatasetRow, DatasetRow.id == SubmissionRow.dataset_id)
        .join(ReportRow, ReportRow.submission_id == SubmissionRow.id)
        .where(ReportRow.verdict == State.IN_REVIEW, *within(actor))
        .where(SubmissionRow.id.not_in(select(ReleaseRow.submission_id)))
    ).all()
    named = naming(session, {dataset for _, dataset in rows})
    ids = [
        submission
        for submission, dataset in rows
        if dataset in named and (agency is None or agency in named[dataset])
    ]
    return standings(session, ids)


def _shown_to(agency: str, found: Standing) -> Standing:
    """Return what an agency that is asked sees of a submission."""
    course = replace(
        found.course,
        cautions=Cautions(found.cautions.found),
        coordination=found.coordination.seen_by(agency),
    )
    return replace(found, decisions=(), failure=None, clearance=None, course=course)


def _is_asked(found: Standing, actor: Actor) -> bool:
    return (
        actor.role in CONSENTERS
        and actor.agency != found.submission.agency
        and found.coordination.of(actor.agency) is not None
        and found.place in _SHOWN
    )


def _awaits(each: Standing, actor: Actor) -> bool:
    asked = each.coordination.of(actor.agency)
    taken = {word.person_id for word in each.round} | {each.submission.author_id}
    return (
        asked is not None
        and asked.awaited
        and actor.person_id not in taken | each.coordination.spoken
    )
