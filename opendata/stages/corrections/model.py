"""Corrections as they are read: what was reported, what was said to it, what follows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opendata.domain.corrections import Kind, NoSuchCorrection, Status, Word, status_of
from opendata.domain.erasures import Erasure
from opendata.stages.access import hashed
from opendata.storage.tables import CorrectionRow, CorrectionWordRow, DatasetRow, PersonRow


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reporter may be reached, as far as the actor may know; or that it was erased."""

    told: Mapping[str, str] | None = None
    erasure: Erasure | None = None


@dataclass(frozen=True)
class Correction:
    """A fault that somebody reported in a record, with every word about it.

    Of who reported it, ``contact_sha256`` names what is sealed, if anything; ``contact`` is that,
    for whom it is opened. ``serial`` grows with each word.
    """

    id: UUID
    collection: str
    record_id: str
    dataset: str
    agency: str
    release: int
    field: str | None
    claim: str
    evidence: str
    contact_sha256: str | None
    received_at: datetime
    words: tuple[Word, ...]
    serial: int
    contact: Contact = Contact()

    @cached_property
    def status(self) -> Status:
        """Where it stands."""
        return status_of(self.words)

    @property
    def has_contact(self) -> bool:
        """Whether the reporter left a contact, erased or not."""
        return self.contact_sha256 is not None

    @property
    def hidden_because(self) -> str | None:
        """Why it is not shown, where the agency said so."""
        return None if self.status.hidden is None else self.status.hidden.reason


def no_such_correction() -> NoSuchCorrection:
    """Return the refusal for an id or a tracking code that there is not."""
    return NoSuchCorrection("没有这条更正意见。", "There is no such correction.")


def of_id(session: Session, correction_id: UUID) -> Correction:
    """Return one correction.

    Raises:
        NoSuchCorrection: there is none of this id.
    """
    return _only(session, reported().where(CorrectionRow.id == correction_id))


def tracked(session: Session, tracking: str) -> Correction:
    """Return the correction that a tracking code was given for.

    Raises:
        NoSuchCorrection: the code was given for none.
    """
    code = hashed(tracking.strip().lower())
    return _only(session, reported().where(CorrectionRow.tracking_hash == code))


def reported_to(session: Session, agency: str, span: tuple[datetime, datetime]) -> list[Correction]:
    """Return what was reported to an agency from one moment on, before another; in that order."""
    since, before = span
    query = (
        reported()
        .where(DatasetRow.agency_id == agency)
        .where(CorrectionRow.received_at >= since, CorrectionRow.received_at < before)
        .order_by(CorrectionRow.received_at, CorrectionRow.id)
    )
    return read(session, query)


def reported() -> Select[CorrectionRow, str]:
    """Return the query for corrections with the agencies that answer for them."""
    return select(CorrectionRow, DatasetRow.agency_id).join(
        DatasetRow, DatasetRow.id == CorrectionRow.dataset_id
    )


def read(session: Session, query: Select[CorrectionRow, str]) -> list[Correction]:
    """Return what a query finds, with the words; two queries however many there are."""
    found = [(row, agency) for row, agency in session.execute(query)]
    said = _words(session, [row.id for row, _ in found])
    return [_as_correction(row, agency, said[row.id]) for row, agency in found]


def _only(session: Session, query: Select[CorrectionRow, str]) -> Correction:
    found = read(session, query)
    if not found:
        raise no_such_correction()
    return found[0]


def _words(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[tuple[Word, int]]]:
    rows = session.execute(
        select(CorrectionWordRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == CorrectionWordRow.person_id)
        .where(CorrectionWordRow.correction_id.in_(ids))
        .order_by(CorrectionWordRow.number)
    )
    found = defaultdict[UUID, list[tuple[Word, int]]](list)
    for row, name in rows:
        word = Word(
            kind=Kind(row.kind),
            reason=row.reason,
            at=row.said_at,
            release=row.release,
            transferred_to=row.transferred_to,
            person=name,
        )
        found[row.correction_id].append((word, row.audit_seq))
    return found


def _as_correction(row: CorrectionRow, agency: str, said: Sequence[tuple[Word, int]]) -> Correction:
    return Correction(
        id=row.id,
        collection=row.collection,
        record_id=row.record_id,
        dataset=row.dataset_id,
        agency=agency,
        release=row.release,
        field=row.field,
        claim=row.claim,
        evidence=row.evidence,
        contact_sha256=row.contact_sha256,
        received_at=row.received_at,
        words=tuple(word for word, _ in said),
        serial=max((serial for _, serial in said), default=0),
    )
