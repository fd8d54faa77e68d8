"""Counters: numbers that every process adds to."""

from uuid import UUID

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from opendata.storage.tables import WriteCountRow


def count_write(session: Session, person_id: UUID, minute: int) -> int:
    """Count one request for a change, and return how many the person made in this minute."""
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if of_sqlite else postgresql.insert
    wanted = insert(WriteCountRow).values(person_id=person_id, minute=minute, writes=1)
    same_minute = WriteCountRow.minute == wanted.excluded.minute
    counted = wanted.on_conflict_do_update(
        index_elements=[WriteCountRow.person_id],
        set_={
            "minute": wanted.excluded.minute,
            "writes": case((same_minute, WriteCountRow.writes + 1), else_=1),
        },
    ).returning(WriteCountRow.writes)
    return session.scalars(counted).one()
