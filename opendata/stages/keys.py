"""Keys: renewing them without a gap, and what is known of them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from opendata.domain.keys import AlreadyRotated, KeyEnded, NotAuthenticated
from opendata.domain.people import Role
from opendata.stages.access import (
    SYSTEM,
    KeyTerms,
    create_key,
    end_key,
    find_key,
)
from opendata.storage import counters
from opendata.storage.home import Home
from opendata.storage.tables import DepartureRow, KeyRevocationRow, KeyRow, KeyUseRow, PersonRow

log = logging.getLogger(__name__)
# When it was first revoked, when its person left, when it was last used: if ever.
_Known = Select[KeyRow, str, datetime, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; its secret is not.

    ``ends_at`` is when it was or will be revoked, or when its person left, whichever is first;
    ``expires_at`` is what was said when it was made. ``last_used_at`` is to the minute.
    """

    id: UUID
    person_id: UUID
    person: str
    role: Role
    agency: str
    collections: frozenset[str] | None
    replaces: UUID | None
    created_at: datetime
    expires_at: datetime | None
    ends_at: datetime | None
    last_used_at: datetime | None

    @property
    def counts_until(self) -> datetime | None:
        """When it stops opening anything, whatever the cause."""
        return _first(self.expires_at, self.ends_at)

    def counts_at(self, moment: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.counts_until is None or moment < self.counts_until


@dataclass(frozen=True, slots=True)
class Rotation:
    """A new key with its secret, which is shown this once, and the key that it replaces."""

    secret: str
    key: Key
    previous: Key


def key(session: Session, key_id: UUID) -> Key:
    """Return what is known of a key that there is."""
    return _read(session, _query().where(KeyRow.id == key_id))[0]


def keys(
    session: Session, *, person_id: UUID | None = None, agency: str | None = None
) -> list[Key]:
    """Return all keys, or those of a person or an agency, oldest first; those that ended too."""
    query = _query().order_by(KeyRow.created_at, KeyRow.id)
    if person_id is not None:
        query = query.where(KeyRow.person_id == person_id)
    if agency is not None:
        query = query.where(KeyRow.agency == agency)
    return _read(session, query)


def rotate(
    session: Session, key_id: UUID, overlap: timedelta, now: datetime, by: str = SYSTEM
) -> Rotation:
    """Make a key on the same terms; the one before goes on beside it for ``overlap``.

    Whoever did not get the answer may ask again: a key that was made before and never used ends
    at once, and another is made. The end of the one before never moves to a later moment.

    Raises:
        KeyEnded: the key does not count any more.
        AlreadyRotated: the key that was made before is in use.
    """
    row = session.get_one(KeyRow, key_id, with_for_update=True)
    if not key(session, key_id).counts_at(now):
        raise KeyEnded(
            "密钥已失效，不能更换；请向系统管理员申请新的密钥。",
            "The key has ended; ask the administrator for a new one.",
        )
    _end_unused(session, key_id, now, by)
    terms = KeyTerms(
        role=Role(row.role),
        agency=row.agency,
        expires_at=row.expires_at,
        loopback_only=row.loopback_only,
        collections=None if row.collections is None else frozenset(row.collections),
        replaces=row.id,
    )
    secret = create_key(session, row.person_id, terms, now, by)
    end_key(session, key_id, now + overlap, now, by)
    return Rotation(secret, key(session, find_key(session, secret)), key(session, key_id))


def note_use(home: Home, key_id: UUID, now: datetime) -> None:
    """Note that a key was used in this minute; tried once a minute in each process.

    It is nothing that a request waits or fails for.
    """
    minute = now.replace(second=0, microsecond=0)
    if home.noted.get(key_id, minute):
        return
    home.noted.keep(key_id, minute, True)
    try:
        with home.database.read() as session:
            known = session.get(KeyUseRow, key_id)
        if known is None or known.used_at < minute:
            with home.database.begin_promptly() as session:
                counters.note_key_use(session, key_id, minute)
    except SQLAlchemyError:
        log.warning("That the key %s was used is not recorded.", key_id, exc_info=True)


def check_still_counts(session: Session, key_id: UUID, now: datetime) -> None:
    """Raise ``NotAuthenticated`` if a key was revoked or its person left since a request began."""
    revoked = exists().where(KeyRevocationRow.key_id == key_id, KeyRevocationRow.revoked_at <= now)
    left = exists().where(
        KeyRow.id == key_id, DepartureRow.person_id == KeyRow.person_id, DepartureRow.left_at <= now
    )
    if session.scalar(select(or_(revoked, left))):
        raise NotAuthenticated(
            "密钥在报送期间已被撤销。", "The key was revoked while the file was being sent."
        )


def _end_unused(session: Session, key_id: UUID, now: datetime, by: str) -> None:
    """End what was made in place of a key and never used, or raise ``AlreadyRotated``."""
    for each in _read(session, _query().where(KeyRow.replaces == key_id)):
        if not each.counts_at(now):
            continue
        if each.last_used_at is not None:
            raise AlreadyRotated(
                "替换它的新密钥已在使用；请更换新的那一把。",
                "The key that takes its place is in use; rotate that one.",
            )
        end_key(session, each.id, now, now, by)


def _query() -> _Known:
    revoked = (
        select(func.min(KeyRevocationRow.revoked_at))
        .where(KeyRevocationRow.key_id == KeyRow.id)
        .scalar_subquery()
    )
    return (
        select(KeyRow, PersonRow.name, revoked, DepartureRow.left_at, KeyUseRow.used_at)
        .join(PersonRow, PersonRow.id == KeyRow.person_id)
        .outerjoin(DepartureRow, DepartureRow.person_id == KeyRow.person_id)
        .outerjoin(KeyUseRow, KeyUseRow.key_id == KeyRow.id)
    )


def _read(
    session: Session,
    query: _Known,
) -> list[Key]:
    return [
        Key(
            id=row.id,
            person_id=row.person_id,
            person=name,
            role=Role(row.role),
            agency=row.agency,
            collections=None if row.collections is None else frozenset(row.collections),
            replaces=row.replaces,
            created_at=row.created_at,
            expires_at=row.expires_at,
            ends_at=_first(revoked_at, left_at),
            last_used_at=used_at,
        )
        for row, name, revoked_at, left_at, used_at in session.execute(query)
    ]


def _first(*moments: datetime | None) -> datetime | None:
    known: Iterable[datetime] = (each for each in moments if each is not None)
    return min(known, default=None)
