"""Who may act: persons, agencies, and the keys that carry a person's role."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Agency, NoSuchAgency, is_slug
from opendata.domain.errors import Conflict, NotFound, Unprocessable
from opendata.domain.keys import (
    ALPHABET,
    RANDOM_LETTERS,
    ExpiredKey,
    InVain,
    NotAuthenticated,
    check_spelling,
    spelt,
)
from opendata.domain.people import EVERY_AGENCY, Actor, Role
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import (
    AgencyRow,
    DatasetRow,
    DepartureRow,
    KeyRevocationRow,
    KeyRow,
    PersonRow,
)

SYSTEM = "system"


class NoSuchPerson(NotFound):
    """No person has this id or name."""

    code = "no-such-person"


class PersonLeft(Conflict):
    """The person has left: they get no key any more."""

    code = "person-left"


class AgencyExists(Conflict):
    """An agency of this id or name is there already."""

    code = "agency-exists"


class InvalidName(Unprocessable):
    """A person's or agency's name or id cannot be used."""

    code = "invalid-name"


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a new key lets its person do, and for how long.

    ``collections`` are those it is good for, every one where it is ``None``; ``replaces`` is the
    key that it takes the place of.
    """

    role: Role
    agency: str
    expires_at: datetime | None = None
    loopback_only: bool = False
    collections: frozenset[str] | None = None
    replaces: UUID | None = None


def add_person(session: Session, name: str, now: datetime) -> UUID:
    """Record a person and return their id."""
    if not name.strip() or len(name) > 200:
        raise InvalidName("姓名应为 1 至 200 个字符。", "A name has 1 to 200 characters.")
    row = PersonRow(name=name.strip(), added_at=now)
    session.add(row)
    session.flush()
    audit.append(session, SYSTEM, *bound(row), now)
    return row.id


def find_person(session: Session, wanted: str) -> UUID:
    """Return the id of the person with this id, or with this name if only one has it."""
    try:
        found = session.get(PersonRow, UUID(wanted))
    except ValueError:
        rows = session.scalars(select(PersonRow).filter_by(name=wanted)).all()
        if len(rows) > 1:
            ids = "、".join(str(row.id) for row in rows)
            raise NoSuchPerson(
                f"有多人名为“{wanted}”，请用编号：{ids}",
                f"Several persons are {wanted}; use an id.",
            ) from None
        found = rows[0] if rows else None
    if found is None:
        raise NoSuchPerson(f"没有人员“{wanted}”。", f"There is no person {wanted}.")
    return found.id


def leave(session: Session, person_id: UUID, now: datetime) -> None:
    """Record that a person has left; a second time changes nothing.

    From then on no key of theirs counts, in any process, and none can be made. What they said
    stays, with their name.
    """
    session.get(PersonRow, person_id, with_for_update=True)
    if session.get(DepartureRow, person_id) is None:
        row = DepartureRow(person_id=person_id, left_at=now)
        session.add(row)
        session.flush()
        audit.append(session, SYSTEM, *bound(row), now)


def person_named(session: Session, name: str) -> UUID | None:
    """Return the id of the first person of this name, if there is one."""
    query = select(PersonRow.id).filter_by(name=name).order_by(PersonRow.added_at).limit(1)
    return session.scalars(query).first()


def add_agency(session: Session, agency: Agency, now: datetime) -> None:
    """Record an agency."""
    if not is_slug(agency.id) or not agency.name.zh.strip():
        raise InvalidName(
            "公开主体的编号由小写字母、数字和连字符组成，名称不能为空。",
            "An agency's id has lower-case letters, digits and hyphens; its name is not empty.",
        )
    same = (AgencyRow.id == agency.id) | (AgencyRow.name == agency.name.zh)
    if session.scalar(select(func.count()).select_from(AgencyRow).where(same)):
        raise AgencyExists(
            f"编号为“{agency.id}”或名称为“{agency.name.zh}”的公开主体已存在。",
            f"An agency with the id {agency.id} or that name exists.",
        )
    zh, en = agency.name
    row = AgencyRow(id=agency.id, name=zh, name_en=en, uscc=agency.uscc, added_at=now)
    row.region_code = agency.region_code
    session.add(row)
    session.flush()
    audit.append(session, SYSTEM, *bound(row), now)


def create_key(
    session: Session, person_id: UUID, terms: KeyTerms, now: datetime, by: str = SYSTEM
) -> str:
    """Create a key and return its secret, which is shown this once and kept nowhere."""
    if terms.agency != EVERY_AGENCY and session.get(AgencyRow, terms.agency) is None:
        raise NoSuchAgency(f"没有公开主体“{terms.agency}”。", f"There is no agency {terms.agency}.")
    return _add_key(session, person_id, terms, now, by)[0]


def session_key(session: Session, person_id: UUID, terms: KeyTerms, now: datetime) -> Actor:
    """Create a key whose secret is never shown, for the platform's own acting as a person."""
    _, key_id = _add_key(session, person_id, terms, now, SYSTEM)
    name = session.get_one(PersonRow, person_id).name
    return Actor(person_id, name, terms.role, terms.agency, key_id)


def find_key(session: Session, secret_or_id: str) -> UUID:
    """Return the id of a key, named by its id or its secret."""
    found = session.scalars(select(KeyRow.id).filter_by(secret_hash=hashed(secret_or_id))).first()
    if found is None:
        try:
            found = session.scalars(select(KeyRow.id).filter_by(id=UUID(secret_or_id))).first()
        except ValueError:
            found = None
    if found is None:
        raise NotFound("没有这个密钥。", "There is no such key.")
    return found


def revoke_key(
    session: Session, secret_or_id: str, now: datetime, *, keep_successors: bool = False
) -> list[UUID]:
    """End a key at once, named by its id or its secret; ending it twice changes nothing.

    So end all keys that were made in its place, one after the other: whoever stole it may have
    renewed it. Return those that are ended, the named one first.
    """
    ended = [find_key(session, secret_or_id)]
    if not keep_successors:
        # The list grows while it is walked, until nothing took the place of the last one.
        for each in ended:
            ended += session.scalars(select(KeyRow.id).where(KeyRow.replaces == each))
    for each in ended:
        end_key(session, each, now, now)
    return ended


def revoke_keys_of(session: Session, person_ids: Sequence[UUID], now: datetime) -> None:
    """End every key of these persons."""
    query = select(KeyRow.id).where(KeyRow.person_id.in_(person_ids))
    for key_id in session.scalars(query).all():
        end_key(session, key_id, now, now)


def authenticate(session: Session, secret: str, now: datetime, *, loopback: bool) -> Actor:
    """Return who the key's secret stands for.

    ``loopback`` says whether the request came from this machine: demo keys work only there.

    Raises:
        MistypedKey: see there.
        ExpiredKey: the key's time has run out.
        NotAuthenticated: the key is unknown, revoked, may not be used from elsewhere, or its
            person has left.
    """
    check_spelling(secret)
    wanted = hashed(secret)
    of_key, of_person = KeyRevocationRow.key_id == KeyRow.id, DepartureRow.person_id == PersonRow.id
    revoked = exists().where(of_key, KeyRevocationRow.revoked_at <= now)
    departed = exists().where(of_person, DepartureRow.left_at <= now)
    found = session.execute(
        select(KeyRow, PersonRow.name, revoked, departed)
        .join(PersonRow, PersonRow.id == KeyRow.person_id)
        # The lookup is by hash of a secret of 256 random bits: its timing tells nothing.
        .where(KeyRow.secret_hash == wanted)
    ).first()
    unknown = NotAuthenticated("密钥无效或已被撤销。", "The key is unknown or revoked.")
    if found is None or not hmac.compare_digest(found[0].secret_hash, wanted):
        raise unknown
    row, name, is_revoked, has_left = found
    if is_revoked or has_left:
        raise unknown.of(row.id, InVain.REVOKED if is_revoked else InVain.DEPARTED)
    if row.expires_at is not None and row.expires_at <= now:
        raise ExpiredKey(
            f"密钥已于 {row.expires_at:%Y-%m-%d %H:%M} UTC 过期。",
            f"The key expired on {row.expires_at:%Y-%m-%d %H:%M} UTC.",
        ).of(row.id, InVain.EXPIRED)
    if row.loopback_only and not loopback:
        demo = NotAuthenticated("演示密钥只能在本机使用。", "Demo keys work from loopback only.")
        raise demo.of(row.id, InVain.ELSEWHERE)
    collections = None if row.collections is None else frozenset(row.collections)
    return Actor(row.person_id, name, Role(row.role), row.agency, row.id, collections)


def within(actor: Actor) -> list[ColumnElement[bool]]:
    """Return which datasets an actor's key is good for, as conditions of a query."""
    found = []
    if actor.agency != EVERY_AGENCY:
        found.append(DatasetRow.agency_id == actor.agency)
    if actor.collections is not None:
        found.append(DatasetRow.collection.in_(actor.collections))
    return found


def end_key(session: Session, key_id: UUID, at: datetime, now: datetime, by: str = SYSTEM) -> None:
    """Record that a key ends ``at`` an instant; where it ends by then anyhow, nothing changes."""
    session.get(KeyRow, key_id, with_for_update=True)
    by_then = KeyRevocationRow.revoked_at <= at
    if session.scalar(select(exists().where(KeyRevocationRow.key_id == key_id, by_then))):
        return
    row = KeyRevocationRow(key_id=key_id, revoked_at=at)
    session.add(row)
    audit.append(session, by, *bound(row), now)


def hashed(secret: str) -> str:
    """Return what of a secret is kept: of so many random bits, one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _add_key(
    session: Session, person_id: UUID, terms: KeyTerms, now: datetime, by: str
) -> tuple[str, UUID]:
    # Locked, so that nobody leaves between the question and the key.
    session.get(PersonRow, person_id, with_for_update=True)
    if session.get(DepartureRow, person_id) is not None:
        raise PersonLeft(
            "此人已离职，不能再为其制发密钥。", "The person has left; no key is made for them."
        )
    secret = spelt("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS)))
    row = KeyRow(
        person_id=person_id,
        role=terms.role,
        agency=terms.agency,
        secret_hash=hashed(secret),
        loopback_only=terms.loopback_only,
        collections=None if terms.collections is None else sorted(terms.collections),
        replaces=terms.replaces,
        expires_at=terms.expires_at,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.append(session, by, *bound(row), now)
    return secret, row.id
