"""Cases as they are told: in whole, in the body's part, and to whoever reported them."""

from typing import Any

from opendata.domain.complaints.measures import Measure
from opendata.domain.complaints.order import kinds_now, kinds_of_body
from opendata.domain.complaints.terms import Rectification, Reply
from opendata.domain.complaints.views import phase_of, place_for_body
from opendata.stages.complaints import Complaint, Opened, Spoken, Told
from opendata.web.access import runtime

_WORDS = ("text", "departure", "reference", "url")
_REPORTER = ("name", "email", "phone", "address")


def of_reporter(told: Told) -> dict[str, Any]:
    """Return who reported a case."""
    return {name: told.words.get(name) for name in _REPORTER} | {"erasure": told.erasure}


def tracked(found: Complaint, answers: tuple[Spoken, ...]) -> dict[str, Any]:
    """Return a case as its reporter follows it."""
    phase = phase_of(found.status, is_named=found.is_named)
    return {
        "id": found.id,
        "agency": found.agency.id,
        "ground": found.ground,
        "received_on": found.received_on,
        "state": phase,
        "state_label": phase.label,
        "answers": [
            {"on": each.event.step.on, "text": each.told.words.get("text")} for each in answers
        ],
    }


def case(found: Opened) -> dict[str, Any]:
    """Return a case as it is told to who handles it, or to the body."""
    told, held = found.complaint, runtime()
    status, is_whole = told.status, found.is_whole
    place = status.place if is_whole else place_for_body(status)
    knows = is_whole or status.is_told_to_body
    order = told.rectification(held.rules, held.today())
    return {
        "id": told.id,
        "agency": told.agency.id,
        "ground": told.ground,
        "ground_label": told.ground.label,
        "articles": told.ground.articles,
        **{name: getattr(told.subject, name) for name in ("dataset", "release", "obligation")},
        "place": place,
        "place_label": place.label,
        "under_review": knows and status.under_review,
        "may_follow": kinds_now(status) if is_whole else kinds_of_body(status),
        "measures": _measures(told) if is_whole or (knows and status.is_in_force) else (),
        "rectification": None if order is None else _rectification(order),
        "reply": _reply(told.reply(held.rules, held.today())) if is_whole else None,
        "steps": [_step(each, is_whole=is_whole) for each in found.steps],
        "source": told.source if is_whole else None,
        "is_named": told.is_named if is_whole else None,
        "received_on": told.received_on if is_whole else None,
        "reported": _reported(found.reported) if is_whole else None,
        "attribution": found.attribution if is_whole else None,
    }


def _measures(told: Complaint) -> tuple[Measure, ...]:
    decision = told.status.decision
    return () if decision is None else decision.step.body


def _reported(told: Told) -> dict[str, Any]:
    words = {name: told.words.get(name) for name in ("statement", "request")}
    return {**words, "erasure": told.erasure}


def _rectification(order: Rectification) -> dict[str, Any]:
    return {
        "term": order.due.term,
        "due": order.due.rolled,
        "done_on": order.done_on,
        "accepted": order.accepted,
        "late_by": order.late_by,
    }


def _reply(owed: Reply | None) -> dict[str, Any] | None:
    if owed is None:
        return None
    return {
        "term": owed.due.term,
        "basis": owed.due.rule.basis,
        "due": owed.due.rolled,
        "given_on": owed.given_on,
        "late_by": owed.late_by,
    }


def _step(spoken: Spoken, *, is_whole: bool) -> dict[str, Any]:
    event, words = spoken.event, spoken.told.words
    step = event.step
    names = ("kind", "on", "result", "party", "manner", "grounds", "gravity", "body", "persons")
    more = ("departs", "rule", "due_on", "dataset", "release")
    return {
        **{name: getattr(step, name) for name in (*names, *more)},
        "label": step.kind.label,
        "words": {name: words.get(name) for name in _WORDS} | {"names": words.get("names", [])},
        "erasure": spoken.told.erasure,
        # The body would see from a gap in the numbers that somebody gave a name.
        "number": event.number if is_whole else None,
        "person": event.person if is_whole else None,
        "at": event.at if is_whole else None,
    }
