"""The few things that may change, as mapped classes: leases, pointers, counts, open uploads."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Base


class PointerRow(Base):
    """The state of a collection that readers follow; moved by compare-and-set."""

    __tablename__ = "pointer"

    collection: Mapped[str] = mapped_column(String(100), primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(BigInteger)
    metadata_location: Mapped[str] = mapped_column(Text)
    moved_at: Mapped[datetime]


class LeaseRow(Base):
    """Who works on what at the moment; runs out by itself."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]
    deaths: Mapped[int]


class IdempotencyRow(Base):
    """What a person's Idempotency-Key stood for; forgotten after seven days."""

    __tablename__ = "idempotency"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(64))
    submission_id: Mapped[UUID | None] = mapped_column(ForeignKey("submission.id"))
    begun_at: Mapped[datetime]
    # The process that is taking the bytes in, as leases name one.
    holder: Mapped[str | None] = mapped_column(String(200))


class UploadRow(Base):
    """A file that arrives over several requests; its bytes so far are in the vault's uploads.

    ``received`` are the bytes that are durable. Once ``sha256`` is set all are, and the file is
    on its way into the vault; once ``submission_id`` is set the upload is finished.
    """

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("person_id", "idempotency_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    # Upload-Metadata as it was sent: it is given back so.
    declared: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(255))
    wanted_sha256: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[str | None] = mapped_column(Text)
    corrects: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    submission_id: Mapped[UUID | None] = mapped_column(ForeignKey("submission.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WriteCountRow(Base):
    """How often a person asked for a change in the minute in which they last did."""

    __tablename__ = "write_count"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # Minutes since 1970.
    minute: Mapped[int] = mapped_column(BigInteger)
    writes: Mapped[int]


class KeyUseRow(Base):
    """When a key was last used, to the minute."""

    __tablename__ = "key_use"

    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    used_at: Mapped[datetime]


class AttemptCountRow(Base):
    """How often something was tried without a key in the minute in which it last was.

    ``subject`` says what, and by whom as a keyed hash, as ``key/3f2a…``.
    """

    __tablename__ = "attempt_count"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    # Minutes since 1970.
    minute: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int]
