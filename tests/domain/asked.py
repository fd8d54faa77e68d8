"""Requests for tests: built from a few words, or at random as an agency might work on them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Event,
    Kind,
    Opinion,
    Outcome,
    Request,
    Ruling,
    Source,
    course_of,
    may_follow,
)
from opendata.domain.requests.turns import not_in_turn

MONDAY = date(2026, 3, 2)


def events_of(*told):
    """Return numbered events: each a kind and a day, and its details where it has any."""
    return tuple(
        Event(kind, on, details[0] if details else {}, number)
        for number, (kind, on, *details) in enumerate(told, start=1)
    )


def request_of(*told, **more):
    """Return a request with these events, by mail of a natural person unless said otherwise."""
    facts = {
        "id": UUID(int=1),
        "agency": "a",
        "number": "1",
        "source": Source.AGENCY,
        "channel": Channel.MAIL,
        "applicant_kind": ApplicantKind.NATURAL_PERSON,
        "filed_at": datetime(2026, 3, 2, 2, tzinfo=UTC),
        **more,
    }
    return Request(**facts, events=events_of(*told))


def details_for(kind, random):
    """Return details that an event of this kind may have."""
    if kind is Kind.ANSWERED:
        return {"outcome": str(random.choice(list(Outcome)))}
    if kind in (Kind.REVIEW, Kind.LITIGATION):
        return {"outcome": str(random.choice(list(Ruling)))}
    if kind in (Kind.THIRD_PARTY_ANSWERED, Kind.JOINT_ANSWERED):
        return {"opinion": str(random.choice(list(Opinion)))}
    return {
        Kind.EXTENDED: {"days": 20, "approved_by": "负责人甲"},
        Kind.FEE_NOTICED: {"basis": "pages", "count": 31, "amount": "10.00"},
        Kind.FEE_PAID: {"amount": "10.00"},
    }.get(kind, {})


def any_request(random: Random, number: int) -> Request:
    """Return a request with a course of its own, received between 2018 and 2024.

    What was filed here is recorded on its day, or late.
    """
    on = date(2018, 1, 1) + timedelta(days=random.randrange(7 * 365))
    source, told = random.choice(list(Source)), on
    found: tuple[Event, ...] = ()
    for _ in range(random.randrange(8)):
        kinds = may_follow(course_of(found))
        # Most are received before anything else happens to them.
        kind = kinds[0] if not found and random.random() < 0.9 else random.choice(kinds)
        details = details_for(kind, random)
        if kind is Kind.ANNULLED:
            details = {"number": course_of(found).events[-1].number}
        told = max(told, on + timedelta(days=random.choice((0, 0, 40, 400))))
        recorded_on = told if source is Source.PUBLIC else None
        event = Event(kind, on, details, len(found) + 1, recorded_on=recorded_on)
        if not_in_turn(event, course_of(found)) is None:
            found = (*found, event)
            on += timedelta(days=random.randrange(200))
    kinds_of = {"applicant_kind": random.choice(list(ApplicantKind)), "source": source}
    made = request_of(**kinds_of, id=UUID(int=number), number=str(number))
    return Request(**{**vars(made), "events": found})
