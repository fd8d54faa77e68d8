"""The facts, as mapped classes: inserted once, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Fact


class PersonRow(Fact):
    """Someone who can be answerable."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


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
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class KeyRevocationRow(Fact):
    """The end of a key."""

    __tablename__ = "key_revocation"

    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    revoked_at: Mapped[datetime]


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


class SubmissionRow(Fact):
    """One uploaded file, durable in the vault under its digest."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_dataset_received", "dataset_id", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(255))
    received_at: Mapped[datetime]


class ReportRow(Fact):
    """What validation found; the Report itself is in the vault."""

    __tablename__ = "report"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    contract: Mapped[str] = mapped_column(String(120))
    contract_digest: Mapped[str] = mapped_column(String(64))
    table_sha256: Mapped[str | None] = mapped_column(String(64))
    report_sha256: Mapped[str | None] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]]
    cautions: Mapped[list[Any]]
    provenance: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any] | None]
    reported_at: Mapped[datetime]


class CancellationRow(Fact):
    """The author took the submission back before its release."""

    __tablename__ = "cancellation"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    cancelled_at: Mapped[datetime]


class DecisionRow(Fact):
    """One person's word on one submission, in the round of one base release."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("submission_id", "base_release", "suspended", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    base_release: Mapped[int]
    suspended: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    role: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    withheld: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]


class CautionAnswerRow(Fact):
    """One person's reason for one kind of caution of a submission; the last of a kind stands."""

    __tablename__ = "caution_answer"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    role: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


class PublicationFailureRow(Fact):
    """An approved submission that cannot be published as it is, and why."""

    __tablename__ = "publication_failure"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    problem: Mapped[dict[str, Any]]
    failed_at: Mapped[datetime]


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


class SuspensionRow(Fact):
    """One person's word that a release must not be public: the first takes effect at once."""

    __tablename__ = "suspension"
    __table_args__ = (UniqueConstraint("release_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    suspended_at: Mapped[datetime]


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


def fact_tables() -> tuple[str, ...]:
    """Return the names of the tables that only ever grow, in a fixed order."""
    return tuple(sorted(each.__tablename__ for each in _concrete(Fact)))


def _concrete(base: type[Fact]) -> list[type[Fact]]:
    return [each for sub in base.__subclasses__() for each in (sub, *_concrete(sub))]
