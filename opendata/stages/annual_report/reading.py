"""Reading a report: public once the year's figures are, before that for the agency alone."""

from opendata.domain.annual.model import AnnualReport
from opendata.domain.annual.templates import NoSuchReport, check_begun, template_of
from opendata.domain.people import Actor, Role, is_within
from opendata.stages import catalogue, requests
from opendata.stages.annual_report.compiling import as_published, compiled
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.standing import published_of
from opendata.stages.annual_words import COLLECTION
from opendata.stages.annual_words.facts import Named


def opened(means: Means, reader: Actor | None, report: Named) -> AnnualReport:
    """Return a report to whoever may read it; ``None`` is the public.

    Its agency and supervisors get it as the facts give it now, everybody else as it was reviewed
    and published: who only runs the platform reads no draft.

    Raises:
        NoSuchAgency: there is none of this id.
        NoSuchReport: there is no report on this year, or none that the reader may read.
        NoSuchCollection: this platform does not publish such statistics.
    """
    template_of(report.year)
    check_begun(report.year, means.today)
    if _is_inside(reader, report.agency):
        return compiled(means, report.agency, report.year)
    found = public(means, report)
    if found is None:
        raise NoSuchReport(
            f"{report.year} 年的年度报告尚未公布。",
            f"The annual report on {report.year} is not published yet.",
        )
    return found


def public(means: Means, report: Named) -> AnnualReport | None:
    """Return a report as it is public now; ``None`` where it is not.

    Raises:
        NoSuchAgency: there is none of this id.
        NoSuchReport: there is no report on this year.
        NoSuchCollection: this platform does not publish such statistics.
    """
    with means.home.database.read() as session:
        catalogue.agency(session, report.agency)
        published = published_of(session, means, report)
    return None if published is None else as_published(means, report, published)


def sees_cases(reader: Actor | None, agency: str) -> bool:
    """Whether somebody may see which requests a figure counts: its agency and supervisors may.

    A key that is good for some collections only is good for the report and for requests.
    """
    if reader is None or not _is_inside(reader, agency):
        return False
    return is_within(reader, agency, requests.SCOPE)


def _is_inside(reader: Actor | None, agency: str) -> bool:
    if reader is None or reader.role is Role.ADMIN:
        return False
    return is_within(reader, agency, COLLECTION)
