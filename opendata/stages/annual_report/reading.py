"""Reading a report: public once the year's figures are, before that for the agency alone."""

from opendata.domain.annual.model import AnnualReport
from opendata.domain.annual.templates import NoSuchReport, check_begun, template_of
from opendata.domain.people import Actor, Role, is_within
from opendata.stages import catalogue
from opendata.stages.annual_report.compiling import as_published, compiled
from opendata.stages.annual_report.facts import Named
from opendata.stages.annual_report.model import COLLECTION, Means
from opendata.stages.annual_report.standing import published_of


def opened(means: Means, reader: Actor | None, report: Named) -> AnnualReport:
    """Return a report to whoever may read it; ``None`` is the public.

    Its agency and supervisors get it as the facts give it now, everybody else as it was reviewed
    and published.

    Raises:
        NoSuchAgency: there is none of this id.
        NoSuchReport: there is no report on this year, or none that the reader may read.
        NoSuchCollection: this platform does not publish such statistics.
    """
    template_of(report.year)
    check_begun(report.year, means.today)
    if reader is not None and is_within(reader, report.agency, COLLECTION):
        return compiled(means, report.agency, report.year)
    with means.home.database.read() as session:
        catalogue.agency(session, report.agency)
        published = published_of(session, means, report)
    if published is None:
        raise NoSuchReport(
            f"{report.year} 年的年度报告尚未公布。",
            f"The annual report on {report.year} is not published yet.",
        )
    return as_published(means, report, published)


def sees_cases(reader: Actor | None, agency: str) -> bool:
    """Whether somebody may see which requests a figure counts: its agency and supervisors may."""
    if reader is None or reader.role is Role.ADMIN:
        return False
    return is_within(reader, agency, COLLECTION)
