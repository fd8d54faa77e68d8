"""Review: persons give their word; where a submission stands follows from what they said."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import (
    Course,
    Decision,
    State,
    Verdict,
    Withheld,
    check_identifiers_withheld,
    check_may_decide,
    is_cancellable,
)
from opendata.domain.collective import CollectiveDecision
from opendata.domain.contracts import Contract, Mode
from opendata.domain.errors import Conflict, Fault, Forbidden, Text, Unprocessable
from opendata.domain.people import Actor, Role, check_scope
from opendata.stages.access import within
from opendata.stages.annual_words import COLLECTION as REPORTS
from opendata.stages.annual_words import Named, authors_of
from opendata.stages.catalogue import Contracts, contract_of
from opendata.stages.personal import check_words
from opendata.stages.standing import NoSuchSubmission, Standing, standing, standings
from opendata.storage import audit
from opendata.storage.tables import (
    CancellationRow,
    DatasetRow,
    DecisionRow,
    ReleaseRow,
    ReportRow,
    SubmissionRow,
)

MOST_FAULTS = 20
DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says in a decision."""

    verdict: Verdict
    basis: str = ""
    reason: str = ""
    withheld: Withheld = field(default_factory=Withheld)
    basis_code: str | None = None
    publish_at: datetime | None = None
    collective: CollectiveDecision | None = None


class InvalidWithheld(Unprocessable):
    """What is to be withheld is not in the submission, or cannot be missing from it."""

    code = "invalid-withheld"


class NotYours(Forbidden):
    """Only the person who sent a submission in may cancel it."""

    code = "not-your-submission"


class NotCancellable(Conflict):
    """The submission has ended, or is published."""

    code = "not-cancellable"


def decide(
    session: Session,
    actor: Actor,
    submission_id: UUID,
    word: Word,
    circumstances: tuple[Contracts, datetime],
) -> Standing:
    """Record one person's word, in turn; ``circumstances`` are the contracts and the time.

    Raises:
        NoSuchSubmission, WrongAgency, UnfitWords, InvalidWithheld: see there.
        Whatever ``check_may_decide`` and ``check_identifiers_withheld`` raise.
    """
    contracts, now = circumstances
    found = locked(session, actor, submission_id)
    check_words(("/basis", word.basis), ("/reason", word.reason))
    contract = contract_of(contracts, found.submission.collection)
    decision = _as_decision(actor, word, found.course, now)
    check_may_decide(decision, found.submission.author_id, found.course)
    if word.withheld and found.report is not None:
        _check_withheld(word.withheld, contract, found.report.counts.get("rows", 0))
    flags = (found.report.flags or ()) if found.report is not None else ()
    as_received = {each.name for each in contract.fields} - set(contract.personal)
    check_identifiers_withheld(decision, flags, as_received)
    session.add(_row_of(submission_id, actor, decision))
    session.flush()
    action = f"decision-{word.verdict.value.replace('_', '-')}"
    audit.append(session, str(actor.person_id), action, str(submission_id), now)
    return standing(session, submission_id)


def cancel(
    session: Session, actor: Actor, submission_id: UUID, reason: str, now: datetime
) -> Standing:
    """Record that the author takes the submission back.

    Raises:
        NotYours: somebody else sent it in.
        NotCancellable: it is published, or has ended otherwise.
    """
    found = locked(session, actor, submission_id)
    if found.submission.author_id != actor.person_id:
        raise NotYours(
            "只有报送人本人可以取消报送。", "Only the person who sent it in may cancel it."
        )
    if not is_cancellable(found.course):
        label = found.state.label
        raise NotCancellable(
            f"此报送的状态为“{label.zh}”，不能取消。",
            f"The submission is {label.en}; it cannot be cancelled.",
        )
    row = CancellationRow(submission_id=submission_id, person_id=actor.person_id)
    row.reason, row.cancelled_at = reason, now
    session.add(row)
    session.flush()
    audit.append(session, str(actor.person_id), "submission-cancelled", str(submission_id), now)
    return standing(session, submission_id)


def submissions(
    session: Session, actor: Actor, *, dataset: str | None = None, limit: int = 100
) -> list[Standing]:
    """Return the newest submissions of the actor's agency (all of them for ``*``)."""
    query = (
        select(SubmissionRow.id)
        .join(DatasetRow, DatasetRow.id == SubmissionRow.dataset_id)
        .where(*within(actor))
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id)
        .limit(limit)
    )
    if dataset is not None:
        query = query.where(SubmissionRow.dataset_id == dataset)
    return standings(session, list(session.scalars(query)))


def waiting_for(session: Session, actor: Actor, *, limit: int = 100) -> list[Standing]:
    """Return the submissions that await a word which this actor may give, oldest first."""
    query = (
        select(ReportRow.submission_id)
        .join(SubmissionRow, SubmissionRow.id == ReportRow.submission_id)
        .join(DatasetRow, DatasetRow.id == SubmissionRow.dataset_id)
        .where(ReportRow.verdict == State.IN_REVIEW, SubmissionRow.author_id != actor.person_id)
        .where(SubmissionRow.id.not_in(select(ReleaseRow.submission_id)), *within(actor))
    )
    found = standings(session, list(session.scalars(query)))
    mine = [each for each in found if _awaits(each, actor)]
    return sorted(mine, key=lambda each: each.submission.received_at)[:limit]


def visible(session: Session, actor: Actor, submission_id: UUID) -> Standing:
    """Return where a submission stands, to someone of its agency.

    Raises:
        NoSuchSubmission, WrongAgency: see there.
    """
    found = standing(session, submission_id)
    check_scope(actor, found.submission.agency, found.submission.collection)
    return found


def locked(session: Session, actor: Actor, submission_id: UUID) -> Standing:
    """Lock a submission of the actor's agency and its dataset; see ``locked_for_anyone``.

    Raises:
        NoSuchSubmission, WrongAgency: see there.
    """
    found = locked_for_anyone(session, submission_id)
    check_scope(actor, found.submission.agency, found.submission.collection)
    return found


def locked_for_anyone(session: Session, submission_id: UUID) -> Standing:
    """Lock the submission and its dataset, so that the base release stays what it is."""
    row = session.get(SubmissionRow, submission_id, with_for_update=True)
    if row is None:
        raise NoSuchSubmission("没有这份报送。", "There is no such submission.")
    dataset = session.get_one(DatasetRow, row.dataset_id, with_for_update=True)
    found = standing(session, submission_id)
    if dataset.collection != REPORTS:
        return found
    authors = authors_of(session, Named(dataset.agency_id, int(dataset.period)), submission_id)
    return replace(found, course=replace(found.course, report_authors=authors))


def _as_decision(actor: Actor, word: Word, course: Course, now: datetime) -> Decision:
    return Decision(
        person_id=actor.person_id,
        person=actor.name,
        role=actor.role,
        verdict=word.verdict,
        basis=word.basis,
        reason=word.reason,
        base_release=course.base_release,
        suspended=course.suspended,
        at=now,
        withheld=word.withheld,
        basis_code=word.basis_code,
        publish_at=word.publish_at,
        collective=word.collective,
    )


def _row_of(submission_id: UUID, actor: Actor, decision: Decision) -> DecisionRow:
    collective = decision.collective
    return DecisionRow(
        submission_id=submission_id,
        base_release=decision.base_release,
        suspended=decision.suspended,
        person_id=actor.person_id,
        key_id=actor.key_id,
        role=actor.role,
        verdict=decision.verdict,
        basis_code=decision.basis_code,
        basis=decision.basis,
        reason=decision.reason,
        withheld=asdict(decision.withheld),
        publish_at=decision.publish_at,
        collective=None if collective is None else asdict(collective),
        decided_at=decision.at,
    )


def _awaits(each: Standing, actor: Actor) -> bool:
    spoken = any(word.person_id == actor.person_id for word in each.round)
    return each.due_role is actor.role and not spoken


def _check_withheld(withheld: Withheld, contract: Contract, rows: int) -> None:
    """Raise ``InvalidWithheld`` unless the named columns and rows exist and may be missing."""
    # Of a list that names what is not there, the first few say enough.
    faults = tuple(islice(_faults_of(withheld, contract, rows), MOST_FAULTS))
    if faults:
        raise InvalidWithheld(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def _faults_of(withheld: Withheld, contract: Contract, rows: int) -> Iterator[Fault]:
    """Say which columns and rows cannot be withheld, and why."""
    for index, column in enumerate(withheld.columns):
        yield from _column_faults(f"/withheld/columns/{index}", column, contract)
    for index, row in enumerate(withheld.rows):
        if not 1 < row <= rows + 1:
            detail = Text(
                f"没有第 {row} 行；标题行是第 1 行，数据是第 2 至 {rows + 1} 行。",
                f"There is no row {row}: the header is row 1, records are rows 2 to {rows + 1}.",
            )
            yield Fault(f"/withheld/rows/{index}", detail, "unknown-row")


def _column_faults(pointer: str, column: str, contract: Contract) -> Iterator[Fault]:
    """Say why a column cannot be withheld, if it cannot."""
    if contract.mode is Mode.ADD:
        # What is merged onto would still show the column, and later releases would not hide it.
        detail = Text(
            "此类别逐次并入，不能整列不公开；请改为不公开相应的行。",
            "Submissions are added to what is public here; withhold rows, not columns.",
        )
        yield Fault(pointer, detail, "column-in-add-mode")
    elif contract.published.field(column) is None:
        detail = Text(f"没有名为“{column}”的公开列。", f"There is no public column {column}.")
        yield Fault(pointer, detail, "unknown-column")
    elif column in (*contract.primary_key, contract.publisher_field, contract.window_field):
        detail = Text(
            f"“{column}”用于标识或限期公开记录，不能不公开；请改为不公开相应的行。",
            f"{column} identifies a record or ends its window; withhold its rows instead.",
        )
        yield Fault(pointer, detail, "column-needed")
