"""What people of an agency said of its report: figures declared, words of the sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Declared
from opendata.domain.annual.sections import Words
from opendata.storage.tables import DeclaredFigureRow, NarrativeRow, PersonRow

COLLECTION = "disclosure-statistics"


@dataclass(frozen=True, slots=True)
class Named:
    """Which report: whose, on which year."""

    agency: str
    year: int

    @property
    def turn(self) -> str:
        """What those who speak of the report, or send it in, take turns about."""
        return f"annual report {self.agency} {self.year}"


def last_figures(
    session: Session, report: Named, until: datetime | None = None
) -> dict[Place, tuple[DeclaredFigureRow, str]]:
    """Return the row last added for each cell, by ``until`` or by now, and whose it is."""
    query = (
        select(DeclaredFigureRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == DeclaredFigureRow.person_id)
        .where(DeclaredFigureRow.agency_id == report.agency)
        .where(DeclaredFigureRow.year == report.year)
        .order_by(DeclaredFigureRow.number)
    )
    if until is not None:
        query = query.where(DeclaredFigureRow.declared_at <= until)
    rows = session.execute(query)
    return {Place(row.table_code, row.row_code, row.column_code): (row, name) for row, name in rows}


def last_words(
    session: Session, report: Named, until: datetime | None = None
) -> dict[int, tuple[NarrativeRow, str]]:
    """Return the row last added for each section, by ``until`` or by now, and whose it is."""
    query = (
        select(NarrativeRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == NarrativeRow.person_id)
        .where(NarrativeRow.agency_id == report.agency, NarrativeRow.year == report.year)
        .order_by(NarrativeRow.number)
    )
    if until is not None:
        query = query.where(NarrativeRow.written_at <= until)
    return {row.section: (row, name) for row, name in session.execute(query)}


def declared_in(
    session: Session, report: Named, until: datetime | None = None
) -> Mapping[Place, Declared]:
    """Return the figure last declared for each cell, those that were taken back left out."""
    return {
        place: Declared(Decimal(row.value), row.explanation, row.number, row.declared_at, name)
        for place, (row, name) in last_figures(session, report, until).items()
        if row.value
    }


def written_in(
    session: Session, report: Named, until: datetime | None = None
) -> Mapping[int, Words]:
    """Return the words last written for each section."""
    return {
        section: Words(row.text, row.written_at, name)
        for section, (row, name) in last_words(session, report, until).items()
    }


class Said(NamedTuple):
    """One figure or one section as it was said; ``text`` is empty where it was taken back."""

    about: Place | int
    text: str
    person_id: UUID
    seq: int


def everything_said(session: Session, report: Named) -> list[Said]:
    """Return all that was ever said of a report, in the order of its lines in the audit log."""
    figures = select(DeclaredFigureRow).filter_by(agency_id=report.agency, year=report.year)
    sections = select(NarrativeRow).filter_by(agency_id=report.agency, year=report.year)
    said = [
        Said(
            Place(row.table_code, row.row_code, row.column_code),
            row.value,
            row.person_id,
            row.audit_seq,
        )
        for row in session.scalars(figures)
    ]
    said += [
        Said(row.section, row.text, row.person_id, row.audit_seq)
        for row in session.scalars(sections)
    ]
    return sorted(said, key=lambda each: each.seq)
