"""Measures: what an indicator may count. The list is closed, so that every point has its facts."""

from collections.abc import Mapping
from enum import StrEnum

from opendata.domain.errors import Text


class Unit(StrEnum):
    """What the figure of a measure is."""

    RATE = "rate"
    COUNT = "count"
    YES_NO = "yes_no"


class Measure(StrEnum):
    """What is counted of an agency in a period."""

    OBLIGATIONS_MET = "obligations_met_rate"
    OBLIGATIONS_ON_TIME = "obligations_on_time_rate"
    OBLIGATIONS_OVERDUE = "obligations_overdue"
    OBLIGATIONS_AS_DATA = "obligations_as_data_rate"
    REQUESTS_ANSWERED = "requests_answered_rate"
    REQUESTS_ON_TIME = "requests_on_time_rate"
    REQUESTS_LATE = "requests_late"
    REVIEWS_LOST = "reviews_lost"
    CORRECTIONS_ANSWERED = "corrections_answered_rate"
    CORRECTIONS_IN_TIME = "corrections_in_time_rate"
    RELEASES_WITH_ISSUES = "releases_with_known_issues_rate"
    RELEASES_TAKEN_DOWN = "releases_taken_down"
    COMPLAINTS_UPHELD = "complaints_upheld"
    REPORT_ON_TIME = "annual_report_on_time"
    REPORT_BREACHES = "annual_report_breaches"
    REPORT_SECTIONS = "annual_report_sections_rate"

    @property
    def unit(self) -> Unit:
        """What its figure is."""
        if self is Measure.REPORT_ON_TIME:
            return Unit.YES_NO
        return Unit.RATE if self.value.endswith("_rate") else Unit.COUNT

    @property
    def label(self) -> Text:
        """What it counts, in both languages."""
        return _TITLES[self]

    @property
    def needs_days(self) -> bool:
        """Whether the scheme has to say within how many working days: no law does."""
        return self is Measure.CORRECTIONS_IN_TIME

    @property
    def needs_year(self) -> bool:
        """Whether it is of whole years only, as an annual report is."""
        return self in _OF_YEARS


_OF_YEARS = frozenset({Measure.REPORT_ON_TIME, Measure.REPORT_BREACHES, Measure.REPORT_SECTIONS})
_TITLES: Mapping[Measure, Text] = {
    Measure.OBLIGATIONS_MET: Text(
        "到期公开事项中已公开的比例（有据豁免的不计）",
        "share of the obligations that fell due which were met, those exempted left out",
    ),
    Measure.OBLIGATIONS_ON_TIME: Text(
        "到期公开事项中按时公开的比例（有据豁免的不计）",
        "share of the obligations that fell due which were met in time, those exempted left out",
    ),
    Measure.OBLIGATIONS_OVERDUE: Text(
        "逾期未公开的事项数", "obligations that fell due and are not met"
    ),
    Measure.OBLIGATIONS_AS_DATA: Text(
        "已公开事项中以本平台数据发布的比例",
        "share of the obligations met which were met by a release of data here",
    ),
    Measure.REQUESTS_ANSWERED: Text(
        "答复到期的申请中已答复的比例",
        "share of the requests whose answer fell due which were answered",
    ),
    Measure.REQUESTS_ON_TIME: Text(
        "答复到期的申请中按时答复的比例",
        "share of the requests whose answer fell due which were answered in time",
    ),
    Measure.REQUESTS_LATE: Text(
        "逾期答复或逾期未答复的申请数", "requests answered late, or overdue"
    ),
    Measure.REVIEWS_LOST: Text(
        "行政复议、行政诉讼中结果被纠正的次数",
        "reviews and lawsuits over requests in which the agency was corrected",
    ),
    Measure.CORRECTIONS_ANSWERED: Text(
        "公众更正意见中已答复的比例",
        "share of the faults reported by the public that were answered",
    ),
    Measure.CORRECTIONS_IN_TIME: Text(
        "公众更正意见中在规定工作日内答复的比例",
        "share of the faults reported by the public that were answered within the working days set",
    ),
    Measure.RELEASES_WITH_ISSUES: Text(
        "发布版本中带已知问题的比例", "share of the releases that have known issues"
    ),
    Measure.RELEASES_TAKEN_DOWN: Text(
        "停止公开或撤回的发布版本数", "releases that were taken down"
    ),
    Measure.COMPLAINTS_UPHELD: Text("经查属实的举报数", "complaints that were upheld"),
    Measure.REPORT_ON_TIME: Text(
        "年度报告是否按时公布", "whether the annual report was public in time"
    ),
    Measure.REPORT_BREACHES: Text(
        "年度报告表格中不成立的勾稽关系数",
        "identities of the annual report's tables that do not hold",
    ),
    Measure.REPORT_SECTIONS: Text(
        "年度报告六个部分中已写成的比例", "share of the six sections of the annual report written"
    ),
}
