"""The room of the annual reports, and the one door through which a report is read."""

from opendata.domain.annual.model import AnnualReport
from opendata.stages import annual_report
from opendata.stages.annual_report import Means, Named
from opendata.web.access import reader, runtime
from opendata.web.room import Room

blp = Room(
    "annual_reports",
    __name__,
    label="年度报告 Annual reports",
    url_prefix="/api/v1",
    description="政府信息公开工作年度报告：统计表由台账、已公开的数据和申报的数计算而来，逐格可查来源"
    "（《政府信息公开条例》第四十九条、第五十条）。Annual reports on disclosure: tables computed "
    "from the ledger, from what is published and from what is declared, every cell traceable.",
)
PATH = "/annual-reports/<agency>/<int:year>"


def means() -> Means:
    """Return what a report is compiled with in this request."""
    held = runtime()
    return Means(held.home, held.contracts, held.rules, held.now())


def opened(agency: str, year: int) -> AnnualReport:
    """Return a report, to whoever asks with a key or without, if they may read it."""
    return annual_report.opened(means(), reader(), Named(agency, year))
