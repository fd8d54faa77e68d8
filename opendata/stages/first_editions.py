"""First editions: the Parquet file of each release that has all that was ever public of it."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from opendata.storage.tables import ArtefactRow, ReleaseRow

FILE = "data.parquet"


def first_editions(
    session: Session, condition: ColumnElement[bool]
) -> list[tuple[ReleaseRow, str]]:
    """Return releases and the digests of these files, by dataset, newest first."""
    first = (
        select(ArtefactRow.release_id, func.min(ArtefactRow.edition).label("edition"))
        .where(ArtefactRow.name == FILE)
        .group_by(ArtefactRow.release_id)
        .subquery()
    )
    query = (
        select(ReleaseRow, ArtefactRow.sha256)
        .join(first, first.c.release_id == ReleaseRow.id)
        .join(
            ArtefactRow,
            (ArtefactRow.release_id == ReleaseRow.id)
            & (ArtefactRow.edition == first.c.edition)
            & (ArtefactRow.name == FILE),
        )
        .where(condition)
        .order_by(ReleaseRow.dataset_id, ReleaseRow.number.desc())
    )
    return [(row, digest) for row, digest in session.execute(query)]
