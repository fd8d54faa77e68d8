"""Erased: which bytes are gone, for whoever would read them or take them in again."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opendata.domain.erasures import Erased, ErasedBytes, Erasure
from opendata.storage.tables import (
    ArtefactRow,
    ErasureRow,
    PersonRow,
    ReportRow,
    SubmissionRow,
)
from opendata.storage.turns import take_turn


def erasures(session: Session, digests: Collection[str]) -> dict[str, Erasure]:
    """Return what is kept of erased bytes, by digest, of those among ``digests`` that are gone."""
    if not digests:
        return {}
    rows = session.execute(
        select(ErasureRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ErasureRow.person_id)
        .where(ErasureRow.sha256.in_(digests))
    )
    return {
        row.sha256: Erasure(row.subject, row.authority, row.reason, name, row.erased_at)
        for row, name in rows
    }


def to_be_gone(session: Session) -> set[str]:
    """Return the erased digests whose bytes may not be in the vault.

    Bytes that became a published file afterwards, or are the report of a submission that is
    kept, are there by right.
    """
    published = select(ArtefactRow.sha256)
    query = select(ErasureRow.sha256).where(
        ErasureRow.sha256.not_in(published), ErasureRow.sha256.not_in(kept_reports())
    )
    return set(session.scalars(query))


def kept_reports() -> Select[str | None]:
    """Ask for the digests of the reports on submissions whose received bytes are not erased."""
    return (
        select(ReportRow.report_sha256)
        .join(SubmissionRow, SubmissionRow.id == ReportRow.submission_id)
        .where(ReportRow.report_sha256.is_not(None))
        .where(SubmissionRow.sha256.not_in(select(ErasureRow.sha256)))
    )


def check_not_erased(session: Session, sha256: str) -> None:
    """Raise ``Erased`` (410) if the bytes of this digest are gone."""
    for each in erasures(session, [sha256]).values():
        raise Erased(each)


def check_may_be_taken_in(session: Session, sha256: str) -> None:
    """Raise ``ErasedBytes`` (409) if bytes of this digest were erased before.

    They cannot be erased any more before the transaction ends.
    """
    take_turn(session, sha256)
    for each in erasures(session, [sha256]).values():
        raise ErasedBytes(each)
