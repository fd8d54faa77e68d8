"""What went with a report's figures for review: the log holds the digest of all that was said.

A table of the same figures that is sent in like any file has no such line: whoever reviews it has
not been told of any words.
"""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from opendata.domain.people import Actor
from opendata.stages.annual_words.facts import Named, everything_said, last_figures, last_words
from opendata.storage import audit
from opendata.storage.remembering import Remembered
from opendata.storage.tables import AuditRow

SUBMITTED = "annual-report-submitted"
_FOREVER = "a submission and its line are of one transaction"


def digest_of_said(session: Session, report: Named, until: datetime | None = None) -> str:
    """Return the SHA-256 of what was declared and written last, by ``until`` or by now.

    What was said and then said anew as before is not the same: it has another number.
    """
    figures = [
        [*place, row.number, row.value, row.explanation]
        for place, (row, _) in sorted(last_figures(session, report, until).items())
    ]
    words = [
        [section, row.number, row.text]
        for section, (row, _) in sorted(last_words(session, report, until).items())
    ]
    said = json.dumps({"figures": figures, "words": words}, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def bind(session: Session, actor: Actor, submission: UUID, digest: str, now: datetime) -> None:
    """Record, in the submission's own transaction, what was sent in with it."""
    audit.append(session, str(actor.person_id), SUBMITTED, f"{submission} {digest}", now)


def is_bound(session: Session, kept: Remembered[bool], submission: UUID, digest: str) -> bool:
    """Whether exactly this was sent in with a submission; the log is looked through once."""
    subject = f"{submission} {digest}"
    found = kept.get((SUBMITTED, subject), _FOREVER)
    if found is None:
        line = exists().where(AuditRow.action == SUBMITTED, AuditRow.subject == subject)
        found = bool(session.scalar(select(line)))
        kept.keep((SUBMITTED, subject), _FOREVER, found)
    return found


def authors_of(session: Session, report: Named, submission: UUID) -> frozenset[UUID]:
    """Return whose figures and words were the last when they were sent in with a submission.

    Nobody's, where it was sent in like any file.
    """
    said = everything_said(session, report)
    if not said:
        return frozenset()
    # The log is looked through from the first word of the report on only.
    line = select(AuditRow.seq).where(
        AuditRow.seq > said[0].seq,
        AuditRow.action == SUBMITTED,
        AuditRow.subject.startswith(f"{submission} "),
    )
    bound = session.scalar(line) or 0
    last = {each.about: each for each in said if each.seq < bound}
    return frozenset(each.person_id for each in last.values() if each.text)
