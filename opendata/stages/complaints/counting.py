"""Counting complaints: what is public of all of them, and what an annual report says."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.complaints.accountability import Line, Results, results, statistics
from opendata.stages.complaints.model import Complaint, complaints_table, read
from opendata.stages.rules import Rules
from opendata.storage.tables import AgencyRow


def accountability(session: Session, rules: Rules, today: date) -> list[Line]:
    """Return the public statistics of all complaints on a day."""
    found = read(session, complaints_table())
    return statistics((each.case(rules, today) for each in found), today)


def outcomes(session: Session) -> list[Complaint]:
    """Return the complaints whose outcome is public: the body was told of a decision against it."""
    return [each for each in read(session, complaints_table()) if each.status.is_public]


def accountability_results(
    session: Session, rules: Rules, year: int, today: date, agency: str | None = None
) -> Results:
    """Return what an annual report says of accountability, of one agency or of all together.

    Exact, persons counted by measure: for the report's authors, not for the public.
    """
    query = complaints_table()
    found = read(session, query if agency is None else query.where(AgencyRow.id == agency))
    return results((each.case(rules, today) for each in found), year)


def agency_names(session: Session) -> dict[str, str]:
    """Return the names of all agencies, by id."""
    return {each.id: each.name for each in session.scalars(select(AgencyRow))}
