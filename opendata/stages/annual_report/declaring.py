"""Declaring figures and writing sections of a report: facts, of which the last ones count."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from opendata.domain.annual.declaring import (
    Figure,
    InvalidFigure,
    InvalidSection,
    figure_faults,
    section_faults,
)
from opendata.domain.annual.templates import check_begun, template_of
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Unprocessable
from opendata.domain.people import Actor, check_scope
from opendata.stages import catalogue
from opendata.stages.annual_words import COLLECTION
from opendata.stages.annual_words.facts import Named, last_figures, last_words
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import DeclaredFigureRow, NarrativeRow
from opendata.storage.turns import take_turn


def declare_figures(
    session: Session, actor: Actor, report: Named, figures: Sequence[Figure], now: datetime
) -> int:
    """Record figures for cells of a report, all of them or none; return how many were new.

    What was declared last already is not recorded again; a figure without a value takes back
    the one before it.

    Raises:
        WrongAgency, WrongCollection, NoSuchAgency: see there.
        NoSuchReport: there is no report on this year.
        InvalidFigure: a cell is none of the form, or cannot hold its figure.
    """
    template = template_of(report.year)
    _enter(session, actor, report, now)
    _check(InvalidFigure, figure_faults(template, figures))
    known = {place: row for place, (row, _) in last_figures(session, report).items()}
    new = [each for each in figures if _says_something(known.get(each.place), each)]
    for each in new:
        before = known.get(each.place)
        row = _figure_row(report, each, 1 if before is None else before.number + 1)
        row.person_id, row.key_id, row.declared_at = actor.person_id, actor.key_id, now
        row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), now)
        session.add(row)
    session.flush()
    return len(new)


def write_sections(
    session: Session, actor: Actor, report: Named, texts: Sequence[tuple[int, str]], now: datetime
) -> int:
    """Record the words of sections, all of them or none; return how many were new.

    Raises:
        WrongAgency, WrongCollection, NoSuchAgency: see there.
        NoSuchReport: there is no report on this year.
        InvalidSection: a section is none of the six, or is there twice.
    """
    template_of(report.year)
    _enter(session, actor, report, now)
    _check(InvalidSection, section_faults([number for number, _ in texts]))
    known = {section: row for section, (row, _) in last_words(session, report).items()}
    new = [(section, text) for section, text in texts if _text_of(known, section) != text]
    for section, text in new:
        row = NarrativeRow(
            id=uuid4(),
            agency_id=report.agency,
            year=report.year,
            section=section,
            number=known[section].number + 1 if section in known else 1,
            text=text,
            person_id=actor.person_id,
            key_id=actor.key_id,
            written_at=now,
        )
        row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), now)
        session.add(row)
    session.flush()
    return len(new)


def _enter(session: Session, actor: Actor, report: Named, now: datetime) -> None:
    """Check that the actor may speak of the report, and wait for those who are speaking of it."""
    check_scope(actor, report.agency, COLLECTION)
    catalogue.agency(session, report.agency)
    check_begun(report.year, local_day(now))
    take_turn(session, report.turn)


def _check(refusal: type[Unprocessable], faults: tuple[Fault, ...]) -> None:
    if faults:
        raise refusal(
            f"有 {len(faults)} 处不能记录，全部未予记录；详见 errors。",
            f"There are {len(faults)} faults, and nothing is recorded; see errors.",
            faults,
        )


def _figure_row(report: Named, figure: Figure, number: int) -> DeclaredFigureRow:
    return DeclaredFigureRow(
        id=uuid4(),
        agency_id=report.agency,
        year=report.year,
        table_code=figure.place.table,
        row_code=figure.place.row,
        column_code=figure.place.column,
        number=number,
        value=_text(figure),
        explanation=figure.explanation,
    )


def _text(figure: Figure) -> str:
    return "" if figure.value is None else format(figure.value, "f")


def _says_something(before: DeclaredFigureRow | None, figure: Figure) -> bool:
    if before is None:
        return figure.value is not None
    return (before.value, before.explanation) != (_text(figure), figure.explanation)


def _text_of(known: Mapping[int, NarrativeRow], section: int) -> str | None:
    return known[section].text if section in known else None
