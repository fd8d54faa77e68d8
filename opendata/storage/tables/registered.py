"""Who may act, and which datasets there are: facts, inserted once, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Fact


class PersonRow(Fact):
    """Someone who can be answerable."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class DepartureRow(Fact):
    """A person has left: what they said stands, and no key of theirs counts from then on."""

    __tablename__ = "departure"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    left_at: Mapped[datetime]


class AgencyRow(Fact):
    """A publisher."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18))
    region_code: Mapped[str | None] = mapped_column(String(6))
    added_at: Mapped[datetime]


class KeyRow(Fact):
    """A key: one role of one person within one agency (or ``*``); only its hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    loopback_only: Mapped[bool]
    # The collections it is good for; every one where nothing is said.
    collections: Mapped[list[Any] | None]
    # The key that it takes the place of.
    replaces: Mapped[UUID | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class KeyRevocationRow(Fact):
    """The end of a key, at once or at a time to come; the first of several counts."""

    __tablename__ = "key_revocation"

    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    revoked_at: Mapped[datetime] = mapped_column(primary_key=True)


class DeclarationRow(Fact):
    """What a contract says of a collection's columns, from the day it came into force here.

    ``columns`` are the published ones, ``treatments`` what is done to those with personal data.
    """

    __tablename__ = "declaration"

    collection: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contract: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    columns: Mapped[list[Any]]
    treatments: Mapped[dict[str, Any]]
    declared_at: Mapped[datetime]


class DatasetRow(Fact):
    """The registration of a dataset: what of it never changes."""

    __tablename__ = "dataset"
    __table_args__ = (UniqueConstraint("agency_id", "collection", "period"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    collection: Mapped[str] = mapped_column(String(100), index=True)
    contract_version: Mapped[int]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    period: Mapped[str] = mapped_column(String(20))
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime]


class MetadataRow(Fact):
    """One version of what people read about a dataset; the newest counts."""

    __tablename__ = "dataset_metadata"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
