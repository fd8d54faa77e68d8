"""Measuring: the figure of every measure, counted of what other stages know."""

from collections.abc import Callable, Mapping

from opendata.domain.assessment.measures import Measure
from opendata.domain.assessment.periods import is_year
from opendata.domain.assessment.points import Figure
from opendata.domain.assessment.schemes import Indicator, Scheme
from opendata.domain.errors import Text
from opendata.stages.assessment.measuring import (
    complaints,
    corrections,
    obligations,
    releases,
    reports,
    requests,
)
from opendata.stages.assessment.measuring.model import Subject

__all__ = ["Subject", "figures"]

_ONLY_OF_YEARS = Text("年度报告只按年考核", "an annual report is assessed by the year only")
_MEASURING: Mapping[Measure, Callable[[Subject], Figure]] = {
    Measure.OBLIGATIONS_MET: obligations.met,
    Measure.OBLIGATIONS_ON_TIME: obligations.on_time,
    Measure.OBLIGATIONS_OVERDUE: obligations.overdue,
    Measure.OBLIGATIONS_AS_DATA: obligations.as_data,
    Measure.REQUESTS_ANSWERED: requests.answered,
    Measure.REQUESTS_ON_TIME: requests.on_time,
    Measure.REQUESTS_LATE: requests.late,
    Measure.REVIEWS_LOST: requests.reviews_lost,
    Measure.CORRECTIONS_ANSWERED: corrections.answered,
    Measure.RELEASES_WITH_ISSUES: releases.with_issues,
    Measure.RELEASES_TAKEN_DOWN: releases.taken_down,
    Measure.COMPLAINTS_UPHELD: complaints.upheld,
    Measure.REPORT_ON_TIME: reports.on_time,
    Measure.REPORT_BREACHES: reports.breaches,
    Measure.REPORT_SECTIONS: reports.sections,
}


def figures(scheme: Scheme, subject: Subject) -> dict[str, Figure]:
    """Return the figure of every indicator of a scheme, by its id."""
    return {each.id: _figure(each, subject) for each in scheme.indicators}


def _figure(indicator: Indicator, subject: Subject) -> Figure:
    measure = indicator.measure
    if measure.needs_year and not is_year(subject.period):
        return Figure(0, 0, note=_ONLY_OF_YEARS)
    if indicator.working_days is not None:
        return corrections.in_time(subject, indicator.working_days)
    return _MEASURING[measure](subject)
