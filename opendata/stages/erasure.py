"""Erasure: bytes go for good, and the fact stays: digest, authority, reason, person.

The fact comes first, the bytes go after it. Whoever is killed in between leaves bytes that nobody
reads any more; the next ``sweep`` removes them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.erasures import ENDED, Erasure, StillNeeded
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_scope
from opendata.stages.erased import erasures, kept_reports, to_be_gone
from opendata.stages.standing import NoSuchSubmission, Standing, standing, standings
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.tables import (
    ArtefactRow,
    DatasetRow,
    ErasureRow,
    ReleaseRow,
    ReportRow,
    SubmissionRow,
)
from opendata.storage.turns import take_turn


@dataclass(frozen=True, slots=True)
class Erasable:
    """Bytes in the vault by their digest, and what they are, as ``correction 3f2a…``.

    ``subject`` has no personal data: it stays.
    """

    sha256: str
    subject: str


@dataclass(frozen=True, slots=True)
class Word:
    """On whose authority something is erased, and why."""

    authority: str
    reason: str


def erase(home: Home, actor: Actor, what: Erasable, word: Word, now: datetime) -> Erasure:
    """Erase bytes; done again it changes nothing, and returns what was said the first time.

    Whoever calls has checked that ``actor`` may.

    Raises:
        StillNeeded: the same bytes are a published file, or those of a submission that has not
            come to an end.
    """
    with home.database.begin() as session:
        told = record(session, actor, what, word, now)
    remove(home, [what.sha256])
    return told


def erase_submission(
    home: Home, actor: Actor, submission_id: UUID, word: Word, now: datetime
) -> Standing:
    """Erase the received bytes of a submission, its private report and what it would change.

    Raises:
        NoSuchSubmission, WrongAgency: see there.
        StillNeeded: it has not come to an end, or its bytes are needed; see ``erase``.
    """
    with home.database.begin() as session:
        row = session.get(SubmissionRow, submission_id)
        if row is None:
            raise NoSuchSubmission("没有这份报送。", "There is no such submission.")
        # The turn comes before the rows, as it does for whoever takes in or publishes.
        take_turn(session, row.sha256)
        session.get(SubmissionRow, submission_id, with_for_update=True)
        session.get(DatasetRow, row.dataset_id, with_for_update=True)
        found = standing(session, submission_id)
        check_scope(actor, found.submission.agency, found.submission.collection)
        _check_ended(found)
        parts = list(_parts(session, found))
        for each in parts:
            record(session, actor, each, word, now)
        found = standing(session, submission_id)
        alike = _alike(session, row.sha256)
    remove(home, [each.sha256 for each in parts])
    for name in alike:
        home.derived.diffs.forget(str(name))
    return found


def record(session: Session, actor: Actor, what: Erasable, word: Word, now: datetime) -> Erasure:
    """Record that bytes are erased, unless it was; see ``erase``, which removes them too."""
    take_turn(session, what.sha256)
    known = erasures(session, [what.sha256]).get(what.sha256)
    if known is not None:
        return known
    faults = tuple(_uses(session, what.sha256))
    if faults:
        raise StillNeeded(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )
    row = ErasureRow(sha256=what.sha256, subject=what.subject, person_id=actor.person_id)
    row.authority, row.reason, row.key_id = word.authority, word.reason, actor.key_id
    row.erased_at = now
    session.add(row)
    session.flush()
    audit.append(session, str(actor.person_id), "bytes-erased", what.sha256, now)
    return erasures(session, [what.sha256])[what.sha256]


def sweep(home: Home) -> int:
    """Remove bytes that were erased and are there all the same; return how many.

    A process was killed between fact and deed, or somebody sent the same bytes in once more.
    """
    with home.database.read() as session:
        gone = to_be_gone(session)
    return remove(home, [each for each in gone if home.vault.path(each).exists()])


def remove(home: Home, digests: Collection[str]) -> int:
    """Remove bytes whose erasure is recorded, but for what somebody needs by now.

    Return how many were there.
    """
    removed = 0
    for each in digests:
        with home.database.begin() as session:
            take_turn(session, each)
            if each in to_be_gone(session):
                removed += home.vault.erase(each)
    return removed


def _check_ended(found: Standing) -> None:
    """Raise ``StillNeeded`` unless nobody will read the bytes of a submission again."""
    if found.state not in ENDED:
        raise StillNeeded(
            f"此报送的状态为“{found.state.label.zh}”，其文件仍需使用；请先退回、不予公开或取消。",
            f"The submission is {found.state.label.en}: its file is still needed. Return, withhold "
            "or cancel it first.",
        )


def _parts(session: Session, found: Standing) -> Iterator[Erasable]:
    """Yield what is kept of a submission: its bytes, and the reports on exactly these bytes.

    A report that another submission has as well is that one's to lose.
    """
    submission = found.submission
    yield Erasable(submission.sha256, f"submission {submission.id}")
    others = kept_reports().where(SubmissionRow.sha256 != submission.sha256)
    for name in _alike(session, submission.sha256):
        row = session.get(ReportRow, name)
        told = row.report_sha256 if row is not None else None
        if told is None:
            continue
        shared = others.where(ReportRow.report_sha256 == told).limit(1)
        if session.scalars(shared).first() is None:
            yield Erasable(told, f"report of submission {name}")


def _alike(session: Session, sha256: str) -> list[UUID]:
    """Return the submissions of exactly these bytes."""
    return list(session.scalars(select(SubmissionRow.id).where(SubmissionRow.sha256 == sha256)))


def _uses(session: Session, sha256: str) -> Iterator[Fault]:
    """Yield what the bytes are needed for."""
    files = session.execute(
        select(ReleaseRow.dataset_id, ReleaseRow.number, ArtefactRow.name)
        .join(ArtefactRow, ArtefactRow.release_id == ReleaseRow.id)
        .where(ArtefactRow.sha256 == sha256)
        .distinct()
    )
    for dataset, number, name in files:
        where = f"{dataset}@{number}/{name}"
        detail = Text(
            f"同样的内容是已发布的文件 {where}。", f"The same bytes are the published file {where}."
        )
        yield Fault(where, detail, "published-file")
    reported = kept_reports().where(ReportRow.report_sha256 == sha256)
    for other in session.scalars(reported.with_only_columns(ReportRow.submission_id)):
        detail = Text(
            f"同样的内容是报送 {other} 的校验报告。",
            f"The same bytes are the report of the submission {other}.",
        )
        yield Fault(f"submissions/{other}", detail, "needed-by-submission")
    for each in standings(session, _alike(session, sha256)):
        if each.state not in ENDED:
            where = f"submissions/{each.submission.id}"
            label = each.state.label
            detail = Text(
                f"报送 {each.submission.id}（{label.zh}）的文件内容相同，仍需使用。",
                f"The submission {each.submission.id} ({label.en}) has the same bytes.",
            )
            yield Fault(where, detail, "needed-by-submission")
