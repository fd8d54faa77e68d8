"""The annual report on the year: public in time, its identities, its sections."""

from datetime import date

from sqlalchemy import func, select

from opendata.domain.annual.model import AnnualReport, Severity, Standing
from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.stages import annual_report
from opendata.stages.assessment.measuring.model import Subject, cases
from opendata.storage.tables import DatasetRow, ReleaseRow


def on_time(subject: Subject) -> Figure:
    """Say whether the report's statistics were first public by the day they were due."""
    report = _compiled(subject)
    public_on = _public_on(subject)
    told = (_report(subject),)
    if report.due is None:
        return Figure(0, 0, told, Text("到期日未定", "nobody can tell yet when it is due"))
    if public_on is None and subject.on <= report.due:
        return Figure(0, 0, told, Text("尚未到期", "it is not due yet"))
    return Figure(int(public_on is not None and public_on <= report.due), cases=told)


def breaches(subject: Subject) -> Figure:
    """Count the identities that do not hold, and that nobody explained.

    A section without words breaks no identity: it has no cells, and is counted as a section.
    """
    found = [
        each
        for each in _compiled(subject).breaches
        if each.severity is Severity.ERROR and each.cells and not each.explained
    ]
    return Figure(len(found), cases=(_report(subject),))


def sections(subject: Subject) -> Figure:
    """Count, of the six sections, those that are written."""
    found = _compiled(subject).sections
    written = sum(each.standing is Standing.PRESENT for each in found)
    return Figure(written, len(found), (_report(subject),))


def _compiled(subject: Subject) -> AnnualReport:
    sources = subject.sources
    means = annual_report.Means(sources.home, sources.contracts, sources.rules, subject.now)
    return annual_report.compiled(means, subject.agency.id, subject.period.first.year)


def _public_on(subject: Subject) -> date | None:
    """Return the day in China on which the year's statistics were first released."""
    query = (
        select(func.min(ReleaseRow.released_at))
        .join(DatasetRow, DatasetRow.id == ReleaseRow.dataset_id)
        .where(
            DatasetRow.agency_id == subject.agency.id,
            DatasetRow.collection == annual_report.COLLECTION,
            DatasetRow.period == str(subject.period.first.year),
        )
    )
    with subject.sources.home.database.read() as session:
        first = session.scalar(query)
    return None if first is None else local_day(first)


def _report(subject: Subject) -> Cases:
    year = subject.period.first.year
    label = Text(f"{year} 年度报告", f"the annual report on {year}")
    return cases(label, f"annual-reports/{subject.agency.id}/{year}")
