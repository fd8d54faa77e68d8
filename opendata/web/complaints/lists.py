"""The rows of the lists: cases for who handles them, outcomes and statistics for everybody."""

from collections.abc import Iterator, Sequence
from datetime import date

from opendata.domain.complaints.accountability import EVERY_GROUND, Case, Line
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Measure
from opendata.domain.complaints.terms import Rectification, Reply
from opendata.domain.complaints.views import place_for_body
from opendata.domain.listings import Row
from opendata.domain.people import Role
from opendata.stages import complaints
from opendata.stages.complaints import Complaint
from opendata.web.access import actor, runtime

_ALL = "全部机关 All agencies"
_EVERY = "全部情形 All grounds"


def cases() -> Iterator[Row]:
    """Yield the cases that the actor may know of."""
    held = runtime()
    today, is_whole = held.today(), actor().role is Role.SUPERVISOR
    with held.home.database.read() as session:
        found = complaints.listed(session, actor())
    for each in found:
        order = each.rectification(held.rules, today)
        owed = each.reply(held.rules, today) if is_whole else None
        overdue = any(one is not None and one.is_overdue for one in (order, owed))
        told = {**_reply(owed), **_rectification(order), "is_overdue": overdue}
        yield {**_case(each, is_whole=is_whole), **told}


def outcomes() -> Iterator[Row]:
    """Yield the outcomes that are public."""
    held = runtime()
    today = held.today()
    with held.home.database.read() as session:
        found = complaints.outcomes(session)
    for each in found:
        yield _outcome(each, each.case(held.rules, today))


def accountability() -> Iterator[Row]:
    """Yield the public statistics."""
    held = runtime()
    with held.home.database.read() as session:
        lines = complaints.accountability(session, held.rules, held.today())
        names = complaints.agency_names(session)
    for each in lines:
        yield _line(each, names.get(each.agency, _ALL))


def _case(each: Complaint, *, is_whole: bool) -> Row:
    status = each.status
    gravity = None if status.finding is None else status.finding.step.gravity
    asked = None if status.asked is None else status.asked.step.due_on
    return {
        "id": str(each.id),
        "agency": each.agency.id,
        "agency_name": each.agency.name.zh,
        "ground": each.ground,
        "source": each.source if is_whole else None,
        "is_named": each.is_named if is_whole else None,
        "received_on": each.received_on if is_whole else None,
        "place": status.place if is_whole else place_for_body(status),
        "under_review": status.under_review and (is_whole or status.is_told_to_body),
        "dataset": each.subject.dataset,
        "release": each.subject.release,
        "gravity": gravity if is_whole else None,
        "answer_due_on": asked,
    }


def _reply(owed: Reply | None) -> dict[str, date | int | bool | None]:
    if owed is None:
        return dict.fromkeys(("reporter_due_on", "reporter_answered", "reporter_late_by"))
    return {
        "reporter_due_on": owed.due.rolled,
        "reporter_answered": owed.given_on is not None,
        "reporter_late_by": owed.late_by,
    }


def _rectification(order: Rectification | None) -> dict[str, date | int | bool | None]:
    if order is None:
        return {"rectify_by": None, "rectified_on": None, "late_by": None, "is_overdue": False}
    return {
        "rectify_by": order.due.rolled,
        "rectified_on": order.done_on,
        "late_by": order.late_by,
        "is_overdue": order.is_overdue,
    }


def _outcome(each: Complaint, case: Case) -> Row:
    decision = each.status.decision
    body: Sequence[Measure] = () if decision is None else decision.step.body
    return {
        "id": str(each.id),
        "agency": each.agency.id,
        "agency_name": each.agency.name.zh,
        "grounds": " ".join(case.grounds),
        "grounds_label": "；".join(one.label.zh for one in case.grounds),
        "measures": " ".join(body),
        "measures_label": "；".join(one.label.zh for one in body),
        "measure_level": max((one.level for one in body), default=0),
        "decided_on": case.ended_on,
        "state": case.outcome,
        "dataset": each.subject.dataset,
        "release": each.subject.release,
        **_rectification(case.rectification),
    }


def _line(each: Line, agency: str) -> Row:
    is_one = each.ground != EVERY_GROUND
    return {
        "year": each.year,
        "agency": each.agency,
        "agency_name": agency,
        "ground": each.ground,
        "ground_label": Ground(each.ground).label.zh if is_one else _EVERY,
        "state": each.outcome,
        "target": each.target,
        "measure_level": each.level,
        "cases": each.cases,
        "rectifications": each.ordered,
        "rectified_on_time": each.on_time,
        "rectified_late": each.late,
        "rectification_overdue": each.overdue,
        "rectification_rate": each.rate,
    }
