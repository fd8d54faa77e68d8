"""An agency's own ledger: what an entry adds to what is recorded, and what it may not say."""

from dataclasses import replace
from datetime import date

import pytest

from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Entry,
    Event,
    Kind,
    Source,
    in_order,
    judge,
)
from tests.domain.asked import MONDAY, request_of

K = Kind
RECEIVED = Event(K.RECEIVED, date(2026, 2, 2))
ANSWERED = Event(K.ANSWERED, date(2026, 2, 27), {"outcome": "granted"})


def entry(*events, **more):
    facts = {"number": "1", "channel": Channel.MAIL, "applicant_kind": ApplicantKind.NATURAL_PERSON}
    return Entry(**{**facts, **more}, events=events, pointer="/0")


def recorded(*events, source=Source.LEDGER):
    return replace(
        request_of(source=source),
        events=tuple(replace(e, number=n) for n, e in enumerate(events, 1)),
    )


def judged(given, had=None):
    """Return what is added, as kinds and numbers, and the faults, as pointers and codes."""
    found = judge(given, had, MONDAY)
    faults = [(each.pointer, each.code) for each in found.faults]
    return [(each.kind, each.number) for each in found.added], faults


def test_a_new_entry_is_recorded_whole():
    assert judged(entry(RECEIVED, ANSWERED)) == ([(K.RECEIVED, 1), (K.ANSWERED, 2)], [])


def test_an_entry_that_went_on_adds_what_is_new_and_sent_again_nothing():
    assert judged(entry(RECEIVED, ANSWERED), recorded(RECEIVED)) == ([(K.ANSWERED, 2)], [])
    assert judged(entry(RECEIVED, ANSWERED), recorded(RECEIVED, ANSWERED)) == ([], [])
    assert judged(entry(RECEIVED), recorded(RECEIVED, ANSWERED)) == ([], [])


@pytest.mark.parametrize("source", [Source.PUBLIC, Source.AGENCY])
def test_a_ledger_adds_nothing_to_what_is_worked_on_here(source):
    had = recorded(RECEIVED, source=source)

    assert judged(entry(RECEIVED, ANSWERED), had) == ([], [("/0/events/1", "not-from-ledger")])
    assert judged(entry(RECEIVED), had) == ([], [])
    assert judged(entry(RECEIVED), recorded(RECEIVED, ANSWERED, source=source)) == ([], [])


def test_equal_amounts_are_equal_however_they_are_written():
    fee = Event(K.FEE_NOTICED, MONDAY, {"basis": "pages", "count": 31, "amount": "10.00"})
    had = recorded(RECEIVED, replace(fee, details={**fee.details, "amount": "10"}))

    assert judged(entry(RECEIVED, fee), had) == ([], [])


def test_what_was_annulled_is_not_compared_and_numbers_go_on():
    had = recorded(RECEIVED, ANSWERED, Event(K.ANNULLED, MONDAY, {"number": 2}))

    assert judged(entry(RECEIVED, ANSWERED), had) == ([(K.ANSWERED, 4)], [])


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (entry(replace(RECEIVED, on=MONDAY)), [("/0/events/0", "contradicts-record")]),
        (
            entry(RECEIVED, replace(ANSWERED, details={"outcome": "other_other"})),
            [("/0/events/1", "contradicts-record")],
        ),
        (
            entry(RECEIVED, Event(K.CORRECTION_ASKED, date(2026, 2, 3)), ANSWERED),
            [("/0/events/1", "contradicts-record")],
        ),
        (
            entry(RECEIVED, ANSWERED, channel=Channel.FAX, applicant_kind=ApplicantKind.OTHER),
            [("/0/channel", "contradicts-record"), ("/0/applicant_kind", "contradicts-record")],
        ),
        (
            entry(RECEIVED, ANSWERED, replace(ANSWERED, on=MONDAY)),
            [("/0/events/2", "request-not-in-turn")],
        ),
    ],
)
def test_an_entry_that_says_something_else_than_is_recorded_is_refused(given, faults):
    assert judged(given, recorded(RECEIVED, ANSWERED)) == ([], faults)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (entry(), [("/0/events", "invalid-value")]),
        (entry(RECEIVED, number=" "), [("/0/number", "invalid-value")]),
        (entry(RECEIVED, number="x" * 61), [("/0/number", "invalid-value")]),
        (entry(ANSWERED), [("/0/events/0", "request-not-in-turn")]),
        (entry(ANSWERED, RECEIVED), [("/0/events/0", "request-not-in-turn")]),
        (
            entry(RECEIVED, Event(K.ANNULLED, MONDAY, {"number": 1})),
            [("/0/events/1/kind", "invalid-value")],
        ),
        (
            entry(RECEIVED, replace(ANSWERED, on=date(2026, 2, 1))),
            [("/0/events/1/on", "invalid-value")],
        ),
        (
            entry(RECEIVED, Event(K.ANSWERED, MONDAY, {"outcome": "x"})),
            [("/0/events/1/details/outcome", "invalid-value")],
        ),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_place(given, faults):
    assert judged(given) == ([], faults)


def test_what_a_ledger_tells_of_one_day_is_put_in_the_order_of_the_procedure():
    received = replace(RECEIVED, on=ANSWERED.on)

    assert in_order([ANSWERED, received, RECEIVED]) == (RECEIVED, received, ANSWERED)
