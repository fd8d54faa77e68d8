"""Lines: which facts the log tells of, so that none can be put in or taken out by itself.

Of the facts on which it depends what is public, and by whose word, each has a line of its own.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.coordination import Stance
from opendata.domain.errors import Text
from opendata.stages import coordinate
from opendata.stages.takedowns import ACTIONS
from opendata.stages.verify.model import Inspection
from opendata.storage.tables import (
    AuditRow,
    ConsentRow,
    DecisionRow,
    DepartureRow,
    ErasureRow,
    KeyRevocationRow,
    KeyRow,
    ReleaseRow,
    TakedownRow,
)

# What happened, to what, and by whose word where that is a person's.
Line = tuple[str, str, str]
RELEASED, EDITION, KEY_CREATED = "released", "edition-prepared", "key-created"
# Their lines have a digest after the subject; early ones have not.
BOUND = frozenset({RELEASED, KEY_CREATED})
_BY_NOBODY = frozenset({*BOUND, EDITION, "key-revoked", "person-left"})
_TAKEDOWNS = {action: kind.value for (kind, _), action in ACTIONS.items()}
_DECISION, _ERASED = "decision-", "bytes-erased"
_CONSENTS = frozenset(coordinate.ACTIONS.values())
_AT_ONCE = 2_000


def line_of(row: AuditRow) -> Line | None:
    """Return a line of the log as it can be compared with a fact; ``None`` if it has none here."""
    if row.action in _BY_NOBODY:
        return row.action, row.subject.partition(" ")[0], ""
    if row.action in _TAKEDOWNS:
        return _TAKEDOWNS[row.action], row.subject, row.actor
    if row.action in _CONSENTS or row.action == _ERASED or row.action.startswith(_DECISION):
        return row.action, row.subject, row.actor
    return None


def lines_of(session: Session) -> Iterator[Line]:
    """Yield the lines that the log should have of such facts."""
    for (key,) in session.execute(select(KeyRow.id)):
        yield KEY_CREATED, str(key), ""
    for (key,) in session.execute(select(KeyRevocationRow.key_id)):
        yield "key-revoked", str(key), ""
    for (person,) in session.execute(select(DepartureRow.person_id)):
        yield "person-left", str(person), ""
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


def check_lines(facts: Counter[Line], log: Counter[Line], inspection: Inspection) -> None:
    """Record the facts that the log does not tell of, and those that it alone tells of."""
    for what, subject, _ in sorted((facts - log).elements()):
        text = Text("日志中没有它的一行。", "The log has no line of it.")
        inspection.wrong("fact-without-line", f"{subject} {what}", text)
    for what, subject, _ in sorted((log - facts).elements()):
        text = Text("日志记有此事，数据库中却没有。", "The log tells of it, the facts do not.")
        inspection.wrong("line-without-fact", f"{subject} {what}", text)
