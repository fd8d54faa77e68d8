"""Erased: which bytes are gone, for whoever would read them or take them in again."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.erasures import Erased, ErasedBytes, Erasure
from opendata.storage.tables import ErasureRow, PersonRow
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
