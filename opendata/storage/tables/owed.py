"""What is owed and asked for, as mapped classes: duties, requests, complaints, assessments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opendata.storage.base import Fact


class OccasionRow(Fact):
    """Something happened that an obligation's term runs from, such as an approval.

    ``obligation`` is the ``_id`` of a record of ``disclosure-obligations``; ``occasion`` tells
    one case of it from the others; ``rule`` is the deadline rule it falls under.
    """

    __tablename__ = "occasion"
    __table_args__ = (UniqueConstraint("agency_id", "obligation", "occasion"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    obligation: Mapped[str] = mapped_column(String(52))
    occasion: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(40))
    trigger_date: Mapped[date]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    recorded_at: Mapped[datetime]


class FulfilmentRow(Fact):
    """By what an obligation was met on one occasion; the last word of a case counts.

    ``kind`` is ``release``, ``document``, ``exemption`` or ``annulment``, which takes back the
    word before it; ``fulfilled_on`` is the day in China.
    """

    __tablename__ = "fulfilment"
    __table_args__ = (UniqueConstraint("agency_id", "obligation", "occasion", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    obligation: Mapped[str] = mapped_column(String(52))
    occasion: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    dataset_id: Mapped[str | None] = mapped_column(ForeignKey("dataset.id"))
    release: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(Text)
    fulfilled_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    recorded_at: Mapped[datetime]


class RequestRow(Fact):
    """Somebody asked an agency for information (《政府信息公开条例》第二十七条).

    Who asked, how they are reached and what for is sealed in the vault under ``sealed_sha256``,
    erasable. ``number`` is the agency's own; ``source`` is ``public``, ``agency`` or ``ledger``.
    """

    __tablename__ = "information_request"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    applicant_kind: Mapped[str] = mapped_column(String(20))
    tracking_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    filed_at: Mapped[datetime]


class RequestEventRow(Fact):
    """One thing that happened to a request, on a day in China; no free text outside ``sealed``.

    ``details`` are its structured values (an outcome, days, an amount), checked by the domain.
    """

    __tablename__ = "request_event"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("information_request.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30))
    happened_on: Mapped[date]
    details: Mapped[dict[str, Any]]
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    recorded_at: Mapped[datetime]


class ComplaintRow(Fact):
    """Somebody reports that an agency did not disclose as it must (第四十七条、第五十一条).

    Who reports, and what they tell, is sealed in the vault under ``sealed_sha256``, erasable.
    ``subject`` says what it is about in structured values: a request, a dataset, an obligation.
    """

    __tablename__ = "complaint"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    source: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(String(40))
    subject: Mapped[dict[str, Any]]
    is_named: Mapped[bool]
    tracking_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    received_at: Mapped[datetime]


class ComplaintEventRow(Fact):
    """One step of the procedure that follows a complaint; no free text outside ``sealed``."""

    __tablename__ = "complaint_event"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30))
    happened_on: Mapped[date]
    details: Mapped[dict[str, Any]]
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    recorded_at: Mapped[datetime]


class DeclaredFigureRow(Fact):
    """A figure of an annual report that no ledger of the platform holds; the last one counts.

    ``value`` is the decimal as it is printed; ``explanation`` says where it comes from, or why
    what was carried over is not what was carried forward.
    """

    __tablename__ = "declared_figure"
    __table_args__ = (
        Index("ix_declared_figure_report", "agency_id", "year"),
        UniqueConstraint("agency_id", "year", "table_code", "row_code", "column_code", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    table_code: Mapped[str] = mapped_column(String(20))
    row_code: Mapped[str] = mapped_column(String(40))
    column_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    value: Mapped[str] = mapped_column(String(40))
    explanation: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    declared_at: Mapped[datetime]


class NarrativeRow(Fact):
    """The words of one of the six sections of an annual report; the last ones count."""

    __tablename__ = "narrative"
    __table_args__ = (UniqueConstraint("agency_id", "year", "section", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    section: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    written_at: Mapped[datetime]


class AssessmentRow(Fact):
    """An agency's disclosure was assessed by a scheme; what it was computed from stays with it.

    ``scheme_sha256`` names the scheme's text and ``computed_sha256`` the points with their
    explanations, both in the vault.
    """

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("agency_id", "scheme", "period", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    scheme: Mapped[str] = mapped_column(String(100))
    period: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    scheme_sha256: Mapped[str] = mapped_column(String(64))
    computed_sha256: Mapped[str] = mapped_column(String(64))
    score: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    assessed_at: Mapped[datetime]


class AssessmentWordRow(Fact):
    """An agency appeals one point of an assessment, or what became of the appeal.

    ``kind`` is ``appeal``, ``uphold``, ``adjust`` (with the ``points`` given instead) or
    ``confirm``, which ends the assessment.
    """

    __tablename__ = "assessment_word"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    indicator: Mapped[str | None] = mapped_column(String(100))
    points: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    said_at: Mapped[datetime]
