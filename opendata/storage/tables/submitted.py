"""What was sent in, and what was said of it: facts, inserted once, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Fact


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
    # What the author says of it: release notes, and the release it corrects.
    notes: Mapped[str | None] = mapped_column(Text)
    corrects: Mapped[int | None]
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
    # What the scan for personal data and classification markings raised; no cell values.
    flags: Mapped[list[Any] | None]
    provenance: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any] | None]
    reported_at: Mapped[datetime]


class ClearanceRow(Fact):
    """A supervisor's word that a file with classification markings may be reviewed."""

    __tablename__ = "clearance"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    reference: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    cleared_at: Mapped[datetime]


class ConsentRow(Fact):
    """What another agency answered in writing to the publication of a submission, in a round.

    ``number`` counts its answers in that round: an objection may be followed by consent.
    """

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("submission_id", "base_release", "suspended", "agency_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    base_release: Mapped[int]
    suspended: Mapped[int]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


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
    # An article of the code list, and free text beside it.
    basis_code: Mapped[str | None] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    withheld: Mapped[dict[str, Any]]
    # Until then nothing of it is published.
    publish_at: Mapped[datetime | None]
    # Who took part in it, where a body decided, and what each of them held.
    collective: Mapped[dict[str, Any] | None]
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
