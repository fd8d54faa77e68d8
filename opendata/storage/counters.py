"""Counters: numbers that every process adds to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from opendata.storage.tables import AttemptCountRow, KeyUseRow, WriteCountRow


def count_write(session: Session, person_id: UUID, minute: int) -> int:
    """Count one request for a change, and return how many the person made in this minute."""
    return _count(session, {"person_id": person_id}, WriteCountRow.writes, minute)


def count_attempt(session: Session, subject: str, minute: int) -> int:
    """Count one attempt, and return how many there were since the window began at ``minute``."""
    return _count(session, {"subject": subject}, AttemptCountRow.attempts, minute)


def _count(
    session: Session, who: dict[str, object], number: InstrumentedAttribute[int], minute: int
) -> int:
    """Add one to a number of the window that began at ``minute``, or begin that window."""
    row: Any = number.class_
    wanted = _insert(session, row).values(**who, minute=minute, **{number.key: 1})
    same_window = row.minute == wanted.excluded.minute
    counted = wanted.on_conflict_do_update(
        index_elements=list(who),
        set_={
            "minute": wanted.excluded.minute,
            number.key: case((same_window, number + 1), else_=1),
        },
    ).returning(number)
    return int(session.scalars(counted).one())


def forget_attempts(session: Session, before: int) -> None:
    """Forget what was attempted in windows that began before a minute."""
    session.execute(delete(AttemptCountRow).where(AttemptCountRow.minute < before))


def note_key_use(session: Session, key_id: UUID, at: datetime) -> None:
    """Note when a key was used last; the latest instant stays."""
    wanted = _insert(session, KeyUseRow).values(key_id=key_id, used_at=at)
    session.execute(
        wanted.on_conflict_do_update(
            index_elements=[KeyUseRow.key_id],
            set_={"used_at": wanted.excluded.used_at},
            where=KeyUseRow.used_at < wanted.excluded.used_at,
        )
    )


def _insert(session: Session, row: type[Any]) -> Any:
    of_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite.insert if of_sqlite else postgresql.insert)(row)
