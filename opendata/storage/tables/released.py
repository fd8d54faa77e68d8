"""What was released, what became of it, and the log: facts, inserted once, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Fact


class ReleaseRow(Fact):
    """One immutable published version of a dataset."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("dataset_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    number: Mapped[int]
    collection: Mapped[str] = mapped_column(String(100), index=True)
    merged_onto: Mapped[int | None]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    contract: Mapped[str] = mapped_column(String(120))
    rows: Mapped[int] = mapped_column(BigInteger)
    snapshot_id: Mapped[int] = mapped_column(BigInteger)
    metadata_location: Mapped[str] = mapped_column(Text)
    window_ends: Mapped[list[Any]]
    withheld: Mapped[dict[str, Any]]
    # Semantic version by the Data Package version rule; the release it takes the place of; the
    # one it corrects; the Merkle root over its salted rows. Early releases have none of them.
    version: Mapped[str | None] = mapped_column(String(20))
    supersedes: Mapped[int | None]
    corrects: Mapped[int | None]
    notes: Mapped[str | None] = mapped_column(Text)
    merkle_root: Mapped[str | None] = mapped_column(String(64))
    # The declaration it was made under; early ones count as made under the first.
    declaration: Mapped[int | None]
    released_at: Mapped[datetime]


class ArtefactRow(Fact):
    """One file of a release in one edition."""

    __tablename__ = "artefact"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    edition: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)


class KnownIssueRow(Fact):
    """One caution as it was published with a release; ``answer`` numbers what stood then."""

    __tablename__ = "known_issue"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    caution: Mapped[dict[str, Any]]
    answer: Mapped[int | None]


class TakedownRow(Fact):
    """One person's word on whether a release may be public.

    ``kind`` is ``suspend``, ``lift`` or ``withdraw``; what follows is computed from all of them.
    """

    __tablename__ = "takedown"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), index=True)
    number: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    kind: Mapped[str] = mapped_column(String(20))
    authority: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("release_id", "number"),)


class ErasureRow(Fact):
    """Received bytes, or a person's contact, are gone: which, on whose authority, and why."""

    __tablename__ = "erasure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    authority: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    erased_at: Mapped[datetime]


class CorrectionRow(Fact):
    """Somebody says that a record is wrong (《政府信息公开条例》第四十一条).

    Who, and how they are reached, is sealed in the vault under ``contact_sha256``, erasable.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_record", "collection", "record_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    collection: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[str] = mapped_column(String(52))
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    release: Mapped[int]
    field: Mapped[str | None] = mapped_column(String(100))
    claim: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    tracking_hash: Mapped[str] = mapped_column(String(64), unique=True)
    contact_sha256: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime]


class CorrectionWordRow(Fact):
    """What the agency says of a correction: first whether it may be shown, then its answer.

    ``kind`` is ``show``, ``hide``, ``refuse``, ``transfer`` or ``correct``; ``release`` is the one
    that corrects the record.
    """

    __tablename__ = "correction_word"

    correction_id: Mapped[UUID] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    reason: Mapped[str] = mapped_column(Text)
    release: Mapped[int | None]
    transferred_to: Mapped[str | None] = mapped_column(String(200))
    # Its line of the audit log, which is behind that of every word before it.
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    said_at: Mapped[datetime]


class AuditRow(Fact):
    """One line of the audit log, chained to the line before it; no free text."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
