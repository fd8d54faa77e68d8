"""Obligations: those that fell due in the period, and how they were met."""

from collections.abc import Collection

from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.compliance import JUDGED, Case, Kind, Status
from opendata.domain.errors import Text
from opendata.stages import comply
from opendata.stages.assessment.measuring.model import Subject, cases

_MET = (Status.ON_TIME, Status.LATE)
_ALL = Text("到期事项", "fell due")


def met(subject: Subject) -> Figure:
    """Count those met, in time or late."""
    return _share(subject, _MET, Text("已公开", "met"))


def on_time(subject: Subject) -> Figure:
    """Count those met in time."""
    return _share(subject, (Status.ON_TIME,), Text("按时公开", "met in time"))


def overdue(subject: Subject) -> Figure:
    """Count those that are not met."""
    found = _due(subject)
    counted = sum(each.status is Status.OVERDUE for each in found)
    told = (_listed(subject, Text("逾期未公开", "overdue"), (Status.OVERDUE,)),)
    # Who had nothing to disclose is not praised for having nothing overdue.
    return Figure(counted, cases=told) if found else Figure(0, 0, told)


def as_data(subject: Subject) -> Figure:
    """Count, of those met, the ones met by a release of data."""
    found = [each for each in _due(subject) if each.status in _MET]
    by_release = [each for each in found if each.met is not None and each.met.kind is Kind.RELEASE]
    told = (
        _listed(subject, Text("以数据发布", "met by a release"), _MET, met_by=Kind.RELEASE.value),
        _listed(subject, Text("已公开", "met"), _MET),
    )
    return Figure(len(by_release), len(found), told)


def _share(subject: Subject, statuses: Collection[Status], label: Text) -> Figure:
    found = _due(subject)
    counted = sum(each.status in statuses for each in found)
    told = (_listed(subject, label, statuses), _listed(subject, _ALL, JUDGED))
    return Figure(counted, len(found), told)


def _due(subject: Subject) -> list[Case]:
    """Return what fell due in the period, and of which it is known whether the term was kept."""
    asked = comply.Asked(subject.on, subject.agency.id)
    found = comply.found(subject.sources, asked, subject.now)
    return [each for each in found if each.status in JUDGED and subject.holds(each.term.rolled)]


def _listed(subject: Subject, label: Text, statuses: Collection[Status], **more: str) -> Cases:
    return cases(
        label,
        "compliance/cases",
        agency=subject.agency.id,
        due_rolled__between=subject.span,
        status__in=",".join(each.value for each in statuses),
        as_of=subject.on.isoformat(),
        **more,
    )
