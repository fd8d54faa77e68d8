"""Who may act: persons, agencies, and the keys that carry a person's role."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Agency, NoSuchAgency, is_slug
from opendata.domain.errors import Conflict, NotFound, Refusal, Text, Unprocessable
from opendata.domain.people import EVERY_AGENCY, Actor, Role
from opendata.storage import audit
from opendata.storage.tables import AgencyRow, KeyRevocationRow, KeyRow, PersonRow

# The prefix lets secret scanners recognise a key that got out.
KEY_PREFIX = "odk_"
SYSTEM = "system"


class NotAuthenticated(Refusal):
    """The request carries no key, or one that does not count."""

    status = 401
    code = "not-authenticated"
    title = Text("未通过身份验证", "Not authenticated")


class ExpiredKey(NotAuthenticated):
    """The key was good until its time ran out."""

    code = "expired-key"


class NoSuchPerson(NotFound):
    """No person has this id or name."""

    code = "no-such-person"


class AgencyExists(Conflict):
    """An agency of this id or name is there already."""

    code = "agency-exists"


class InvalidName(Unprocessable):
    """A person's or agency's name or id cannot be used."""

    code = "invalid-name"


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a new key lets its person do, and for how long."""

    role: Role
    agency: str
    expires_at: datetime | None = None
    loopback_only: bool = False


def add_person(session: Session, name: str, now: datetime) -> UUID:
    """Record a person and return their id."""
    if not name.strip() or len(name) > 200:
        raise InvalidName("姓名应为 1 至 200 个字符。", "A name has 1 to 200 characters.")
    row = PersonRow(name=name.strip(), added_at=now)
    session.add(row)
    session.flush()
    audit.append(session, SYSTEM, "person-added", str(row.id), now)
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
    audit.append(session, SYSTEM, "agency-added", agency.id, now)


def create_key(session: Session, person_id: UUID, terms: KeyTerms, now: datetime) -> str:
    """Create a key and return its secret, which is shown this once and kept nowhere."""
    if terms.agency != EVERY_AGENCY and session.get(AgencyRow, terms.agency) is None:
        raise NoSuchAgency(f"没有公开主体“{terms.agency}”。", f"There is no agency {terms.agency}.")
    return _add_key(session, person_id, terms, now)[0]


def session_key(session: Session, person_id: UUID, terms: KeyTerms, now: datetime) -> Actor:
    """Create a key whose secret is never shown, for the platform's own acting as a person."""
    _, key_id = _add_key(session, person_id, terms, now)
    name = session.get_one(PersonRow, person_id).name
    return Actor(person_id, name, terms.role, terms.agency, key_id)


def revoke_key(session: Session, secret_or_id: str, now: datetime) -> UUID:
    """End a key, named by its id or its secret; ending it twice changes nothing."""
    row = session.scalars(select(KeyRow).filter_by(secret_hash=_hash(secret_or_id))).first()
    if row is None:
        try:
            row = session.get(KeyRow, UUID(secret_or_id))
        except ValueError:
            row = None
    if row is None:
        raise NotFound("没有这个密钥。", "There is no such key.")
    _end_key(session, row.id, now)
    return row.id


def revoke_keys_of(session: Session, person_ids: Sequence[UUID], now: datetime) -> None:
    """End every key of these persons."""
    query = select(KeyRow.id).where(KeyRow.person_id.in_(person_ids))
    for key_id in session.scalars(query).all():
        _end_key(session, key_id, now)


def authenticate(session: Session, secret: str, now: datetime, *, loopback: bool) -> Actor:
    """Return who the key's secret stands for.

    ``loopback`` says whether the request came from this machine: demo keys work only there.

    Raises:
        ExpiredKey: the key's time has run out.
        NotAuthenticated: the key is unknown, revoked, or may not be used from elsewhere.
    """
    found = session.execute(
        select(KeyRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == KeyRow.person_id)
        # The lookup is by hash of a secret of 256 random bits: its timing tells nothing.
        .where(KeyRow.secret_hash == _hash(secret))
    ).first()
    if found is None or session.get(KeyRevocationRow, found[0].id) is not None:
        raise NotAuthenticated("密钥无效或已被撤销。", "The key is unknown or revoked.")
    row, name = found
    if row.expires_at is not None and row.expires_at <= now:
        raise ExpiredKey(
            f"密钥已于 {row.expires_at:%Y-%m-%d %H:%M} UTC 过期。",
            f"The key expired on {row.expires_at:%Y-%m-%d %H:%M} UTC.",
        )
    if row.loopback_only and not loopback:
        raise NotAuthenticated("演示密钥只能在本机使用。", "Demo keys work from loopback only.")
    return Actor(row.person_id, name, Role(row.role), row.agency, row.id)


def _end_key(session: Session, key_id: UUID, now: datetime) -> None:
    if session.get(KeyRevocationRow, key_id) is None:
        session.add(KeyRevocationRow(key_id=key_id, revoked_at=now))
        audit.append(session, SYSTEM, "key-revoked", str(key_id), now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _add_key(session: Session, person_id: UUID, terms: KeyTerms, now: datetime) -> tuple[str, UUID]:
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    row = KeyRow(
        person_id=person_id,
        role=terms.role,
        agency=terms.agency,
        secret_hash=_hash(secret),
        loopback_only=terms.loopback_only,
        expires_at=terms.expires_at,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.append(session, SYSTEM, "key-created", str(row.id), now)
    return secret, row.id
