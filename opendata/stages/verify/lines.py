"""Lines: which facts the log tells of, so that none can be put in or taken out by itself.

Every fact but the files of a release and what was known of it has a line of its own.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import State
from opendata.domain.coordination import Stance
from opendata.domain.errors import Text
from opendata.stages import coordinate
from opendata.stages.takedowns import ACTIONS
from opendata.stages.verify.model import Inspection
from opendata.storage.base import Fact
from opendata.storage.bound import SEQ, TABLES
from opendata.storage.tables import (
    AuditRow,
    CancellationRow,
    ConsentRow,
    DecisionRow,
    ErasureRow,
    PublicationFailureRow,
    ReleaseRow,
    ReportRow,
    SubmissionRow,
    TakedownRow,
)

# What happened, to what, and by whose word where that is a person's.
Line = tuple[str, str, str]
RELEASED, EDITION = "released", "edition-prepared"
_RECEIVED, _CANCELLED = "submission-received", "submission-cancelled"
_VALID, _INVALID, _FAILED = "submission-valid", "submission-invalid", "publication-failed"
_DECISION, _ERASED = "decision-", "bytes-erased"
_BY_NOBODY = frozenset({RELEASED, EDITION, _VALID, _INVALID, _FAILED})
_BY_SOMEBODY = frozenset({_RECEIVED, _CANCELLED, _ERASED, *coordinate.ACTIONS.values()})
_TAKEDOWNS = {action: kind.value for (kind, _), action in ACTIONS.items()}
_AT_ONCE = 2_000


class Told(NamedTuple):
    """A bound fact as its line tells it: ``digest`` is empty in early lines.

    ``seq`` is the line's number where the fact knows it, and 0 where it does not.
    """

    table: str
    subject: str
    action: str
    digest: str
    seq: int


def told_of(row: AuditRow) -> Told | None:
    """Return a line of the log as a bound fact should have it; ``None`` if it is of none."""
    table = TABLES.get(row.action)
    if table is None:
        return None
    return told_as(table, row.action, row.subject, row.seq if hasattr(table, SEQ) else 0)


def told_as(table: type[Fact], action: str, subject: str, seq: int) -> Told:
    """Return what a line says, or should say, of a row of a table."""
    name, _, digest = subject.partition(" ")
    return Told(table.__tablename__, name, action, digest, seq)


def line_of(row: AuditRow) -> Line | None:
    """Return a line of the log as it can be compared with a fact; ``None`` if it has none here."""
    if row.action in _BY_NOBODY:
        return row.action, row.subject.partition(" ")[0], ""
    if row.action in _TAKEDOWNS:
        return _TAKEDOWNS[row.action], row.subject, row.actor
    if row.action in _BY_SOMEBODY or row.action.startswith(_DECISION):
        return row.action, row.subject, row.actor
    return None


def lines_of(session: Session) -> Iterator[Line]:
    """Yield the lines that the log should have of such facts."""
    yield from _of_submissions(session)
    for answer in session.scalars(select(ConsentRow)):
        action = coordinate.ACTIONS[Stance(answer.verdict)]
        yield action, str(answer.submission_id), str(answer.person_id)
    for erased in session.scalars(select(ErasureRow)):
        yield _ERASED, erased.sha256, str(erased.person_id)
    given = select(DecisionRow.verdict, DecisionRow.submission_id, DecisionRow.person_id)
    for verdict, submission, person in session.execute(given.execution_options(yield_per=_AT_ONCE)):
        yield _DECISION + verdict.replace("_", "-"), str(submission), str(person)
    said = select(
        TakedownRow.kind, ReleaseRow.dataset_id, ReleaseRow.number, TakedownRow.person_id
    ).join(ReleaseRow, ReleaseRow.id == TakedownRow.release_id)
    for kind, dataset, number, person in session.execute(said):
        yield kind, f"{dataset}@{number}", str(person)


def _of_submissions(session: Session) -> Iterator[Line]:
    sent = select(SubmissionRow.id, SubmissionRow.author_id)
    for submission, person in session.execute(sent.execution_options(yield_per=_AT_ONCE)):
        yield _RECEIVED, str(submission), str(person)
    found = select(ReportRow.submission_id, ReportRow.verdict)
    for submission, verdict in session.execute(found.execution_options(yield_per=_AT_ONCE)):
        yield _VALID if verdict == State.IN_REVIEW else _INVALID, str(submission), ""
    for row in session.scalars(select(CancellationRow)):
        yield _CANCELLED, str(row.submission_id), str(row.person_id)
    for (submission,) in session.execute(select(PublicationFailureRow.submission_id)):
        yield _FAILED, str(submission), ""


def check_lines(facts: Counter[Line], log: Counter[Line], inspection: Inspection) -> None:
    """Record the facts that the log does not tell of, and those that it alone tells of."""
    for what, subject, _ in sorted((facts - log).elements()):
        wrong_without_line(inspection, f"{subject} {what}")
    for what, subject, _ in sorted((log - facts).elements()):
        wrong_without_fact(inspection, f"{subject} {what}")


def wrong_without_line(inspection: Inspection, what: str) -> None:
    """Record a fact that the log does not tell of."""
    text = Text("日志中没有它的一行。", "The log has no line of it.")
    inspection.wrong("fact-without-line", what, text)


def wrong_without_fact(inspection: Inspection, what: str) -> None:
    """Record what the log alone tells of."""
    text = Text("日志记有此事，数据库中却没有。", "The log tells of it, the facts do not.")
    inspection.wrong("line-without-fact", what, text)
