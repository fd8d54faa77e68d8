"""The annual report on the year: public in time, its identities, its sections."""

from datetime import date

from sqlalchemy import select

from opendata.domain.annual.model import AnnualReport, Severity, Standing, level_of
from opendata.domain.annual.sections import LAST
from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.stages import annual_report
from opendata.stages.assessment.measuring.model import Subject, cases
from opendata.stages.lineage import effects_of
from opendata.storage.tables import DatasetRow, ReleaseRow

_NOT_DUE = Text("尚未到期", "it is not due yet")


def on_time(subject: Subject) -> Figure:
    """Say whether the report's statistics were first public by the day they were due.

    A release that was taken down is none.
    """
    due, public_on = _due(subject), _public_on(subject)
    told = (_report(subject),)
    if due is None:
        return Figure(0, 0, told, Text("到期日未定", "nobody can tell yet when it is due"))
    if public_on is None and subject.on <= due:
        return Figure(0, 0, told, _NOT_DUE)
    return Figure(int(public_on is not None and public_on <= due), cases=told)


def breaches(subject: Subject) -> Figure:
    """Count the identities that do not hold in the report as published, and nobody explained.

    A section without words breaks no identity: it has no cells, and is counted as a section. A
    report that nobody can read has no merit for breaking none.
    """
    report = _published(subject)
    if report is None:
        note = Text("年度报告没有公布", "the annual report is not published")
        return Figure(0, 0, (_report(subject),), note)
    found = [
        each
        for each in report.breaches
        if each.severity is Severity.ERROR and each.cells and not each.explained
    ]
    return Figure(len(found), cases=(_report(subject),))


def sections(subject: Subject) -> Figure:
    """Count, of the six sections, those that are published; a draft has none."""
    report, told = _published(subject), (_report(subject),)
    if report is not None:
        written = sum(each.standing is Standing.PRESENT for each in report.sections)
        return Figure(written, len(report.sections), told)
    due = _due(subject)
    if due is None or subject.on <= due:
        return Figure(0, 0, told, _NOT_DUE)
    return Figure(0, LAST, told)


def _published(subject: Subject) -> AnnualReport | None:
    return annual_report.public(_means(subject), _named(subject))


def _due(subject: Subject) -> date | None:
    agency = subject.agency
    level = level_of(agency.name.zh)
    return annual_report.due_of(_means(subject), agency, level, _named(subject).year).rolled


def _means(subject: Subject) -> annual_report.Means:
    sources = subject.sources
    return annual_report.Means(sources.home, sources.contracts, sources.rules, subject.now)


def _named(subject: Subject) -> annual_report.Named:
    return annual_report.Named(subject.agency.id, subject.period.first.year)


def _public_on(subject: Subject) -> date | None:
    """Return the day in China on which the year's statistics, as they stand, were first released.

    A release that was taken down does not count, nor what carries its rows.
    """
    query = (
        select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.released_at)
        .join(DatasetRow, DatasetRow.id == ReleaseRow.dataset_id)
        .where(
            DatasetRow.agency_id == subject.agency.id,
            DatasetRow.collection == annual_report.COLLECTION,
            DatasetRow.period == str(subject.period.first.year),
        )
    )
    with subject.sources.home.database.read() as session:
        released = session.execute(query).all()
        hidden = effects_of(session, {row.dataset_id for row in released}, subject.until).hidden
    days = [
        local_day(row.released_at) for row in released if (row.dataset_id, row.number) not in hidden
    ]
    return min(days, default=None)


def _report(subject: Subject) -> Cases:
    year = subject.period.first.year
    label = Text(f"{year} 年度报告", f"the annual report on {year}")
    return cases(label, f"annual-reports/{subject.agency.id}/{year}")
