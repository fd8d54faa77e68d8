"""Requests for information: those whose answer fell due in the period, and how they ended."""

from collections.abc import Iterator

from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.clocks import Clock
from opendata.domain.errors import Text
from opendata.domain.requests import Request, Ruling, State
from opendata.stages import requests
from opendata.stages.assessment.measuring.model import Subject, cases

_ALL = Text("答复到期的申请", "requests whose answer fell due")


def answered(subject: Subject) -> Figure:
    """Count those answered."""
    found = list(_due(subject))
    counted = sum(each.outcome is not None for each, _ in found)
    label = Text("已答复", "answered")
    told = (_listed(subject, label, outcome__notnull="1"), _listed(subject, _ALL))
    return Figure(counted, len(found), told)


def on_time(subject: Subject) -> Figure:
    """Count those answered in time."""
    found = list(_due(subject))
    counted = sum(each.outcome is not None and not _days_late(clock) for each, clock in found)
    label = Text("按时答复", "answered in time")
    told = (_listed(subject, label, outcome__notnull="1", late_by="0"), _listed(subject, _ALL))
    return Figure(counted, len(found), told)


def late(subject: Subject) -> Figure:
    """Count those answered late, or overdue."""
    found = list(_due(subject))
    counted = sum(_days_late(clock) > 0 for _, clock in found)
    label = Text("逾期答复或逾期未答复", "answered late, or overdue")
    told = (_listed(subject, label, late_by__gt="0"),)
    return Figure(counted, cases=told) if found else Figure(0, 0, told)


def reviews_lost(subject: Subject) -> Figure:
    """Count the reviews and lawsuits in which the agency was corrected in the period."""
    with subject.sources.home.database.read() as session:
        found = requests.requests_of(session, subject.agency.id, subject.on)
    counted = sum(
        each.ruling is Ruling.CORRECTED and subject.holds(each.decided_on)
        for request in found
        for each in request.course.proceedings
    )
    told = tuple(
        cases(label, "requests", agency=subject.agency.id, **{kind: Ruling.CORRECTED.value})
        for kind, label in (
            ("review", Text("行政复议被纠正", "corrected in review")),
            ("litigation", Text("行政诉讼被纠正", "corrected in court")),
        )
    )
    return Figure(counted, cases=told)


def _due(subject: Subject) -> Iterator[tuple[Request, Clock]]:
    """Yield what fell due; not what was withdrawn, or whose lateness nobody can tell."""
    on = requests.On(subject.on, subject.sources.rules)
    with subject.sources.home.database.read() as session:
        found = requests.requests_of(session, subject.agency.id, subject.on)
    for each in found:
        clock = requests.clock_of(each, subject.agency.region_code, on)
        if clock is None or each.state is State.WITHDRAWN or not subject.holds(clock.due):
            continue
        if each.outcome is None or clock.late_by is not None:
            yield each, clock


def _days_late(clock: Clock) -> int:
    """Return by how many working days an answer is late, or overdue."""
    overdue = 0 if clock.remaining is None else -clock.remaining
    return max(clock.late_by or 0, overdue, 0)


def _listed(subject: Subject, label: Text, **more: str) -> Cases:
    own = {"agency": subject.agency.id, "due__between": subject.span, "state__not": State.WITHDRAWN}
    return cases(label, "requests", **own, **more)
