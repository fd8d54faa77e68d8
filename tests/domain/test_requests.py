"""What may happen to a request for information, after what, and where it stands then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from opendata.domain.clocks import Happening
from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Event,
    InvalidRequestEvent,
    Kind,
    Outcome,
    RequestNotInTurn,
    Ruling,
    Source,
    State,
    check_may_follow,
    clock_events,
    course_of,
    event_faults,
    marks,
    may_follow,
    state_of,
    waiting_days,
)
from opendata.domain.requests.course import _STEPS
from opendata.domain.requests.turns import _RULES
from opendata.stages.holidays import announced
from tests.domain.asked import MONDAY, events_of, request_of

K = Kind
DAY = timedelta(days=1)
GRANTED = {"outcome": "granted"}
FEE = {"basis": "pages", "count": 31, "amount": "10.00"}
EXTENDED = {"days": 20, "approved_by": "负责人甲"}
PENDING = {"outcome": "pending"}


def after(*told):
    """Return the course after events on one day, each a kind or a kind and its details."""
    pairs = [each if isinstance(each, tuple) else (each, {}) for each in told]
    return course_of(events_of(*((kind, MONDAY, details) for kind, details in pairs)))


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], State.AWAITING_CONFIRMATION),
        ([K.RECEIVED], State.OPEN),
        ([K.RECEIVED, K.CORRECTION_ASKED], State.AWAITING_CORRECTION),
        ([K.RECEIVED, K.CORRECTION_ASKED, K.CORRECTED], State.OPEN),
        ([K.RECEIVED, K.THIRD_PARTY_ASKED], State.HEARING),
        ([K.RECEIVED, K.THIRD_PARTY_ASKED, K.JOINT_ASKED, K.THIRD_PARTY_ANSWERED], State.HEARING),
        ([K.RECEIVED, K.JOINT_ASKED, K.JOINT_ANSWERED], State.OPEN),
        ([K.RECEIVED, (K.EXTENDED, EXTENDED)], State.OPEN),
        ([K.RECEIVED, (K.FEE_NOTICED, FEE)], State.AWAITING_PAYMENT),
        ([K.RECEIVED, (K.FEE_NOTICED, FEE), K.FEE_PAID], State.OPEN),
        ([K.RECEIVED, K.SUSPENDED], State.SUSPENDED),
        ([K.RECEIVED, K.SUSPENDED, K.RESUMED], State.OPEN),
        ([K.RECEIVED, (K.ANSWERED, GRANTED)], State.ANSWERED),
        ([K.RECEIVED, (K.ANSWERED, GRANTED), K.DELIVERED], State.DELIVERED),
        ([K.RECEIVED, K.WITHDRAWN], State.WITHDRAWN),
        ([K.WITHDRAWN], State.WITHDRAWN),
        ([K.RECEIVED, (K.REVIEW, PENDING)], State.OPEN),
        ([K.RECEIVED, (K.ANSWERED, GRANTED), (K.ANNULLED, {"number": 2})], State.OPEN),
        ([K.RECEIVED, (K.ANNULLED, {"number": 1})], State.AWAITING_CONFIRMATION),
    ],
)
def test_where_a_request_stands_follows_from_its_events(told, state):
    pairs = [each if isinstance(each, tuple) else (each, {}) for each in told]

    assert state_of(events_of(*((kind, MONDAY, details) for kind, details in pairs))) is state


ALWAYS = {K.REVIEW, K.LITIGATION, K.ANNULLED}
ON = {K.ANSWERED, K.WITHDRAWN, K.SUSPENDED, *ALWAYS}
HEAR = {K.THIRD_PARTY_ASKED, K.JOINT_ASKED}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], {K.RECEIVED, K.WITHDRAWN, K.REVIEW, K.LITIGATION}),
        ([K.RECEIVED], {*ON, *HEAR, K.CORRECTION_ASKED, K.EXTENDED, K.FEE_NOTICED}),
        ([K.RECEIVED, K.CORRECTION_ASKED], {*ON, K.CORRECTED, K.EXTENDED}),
        (
            [K.RECEIVED, K.CORRECTION_ASKED, K.CORRECTED],
            {*ON, *HEAR, K.EXTENDED, K.FEE_NOTICED},
        ),
        (
            [K.RECEIVED, (K.EXTENDED, EXTENDED), K.THIRD_PARTY_ASKED],
            {*ON, *HEAR, K.CORRECTION_ASKED, K.THIRD_PARTY_ANSWERED, K.FEE_NOTICED},
        ),
        (
            [K.RECEIVED, (K.FEE_NOTICED, FEE)],
            {*ON, *HEAR, K.CORRECTION_ASKED, K.EXTENDED, K.FEE_PAID},
        ),
        ([K.RECEIVED, K.SUSPENDED], {K.RESUMED, K.WITHDRAWN, *ALWAYS}),
        ([K.RECEIVED, (K.ANSWERED, GRANTED)], {K.DELIVERED, *ALWAYS}),
        ([K.RECEIVED, (K.ANSWERED, GRANTED), K.DELIVERED], ALWAYS),
        ([K.RECEIVED, K.WITHDRAWN], ALWAYS),
    ],
)
def test_every_kind_may_follow_or_is_refused(told, expected):
    course = after(*told)

    assert set(may_follow(course)) == expected
    for kind in set(Kind) - expected:
        with pytest.raises(RequestNotInTurn):
            check_may_follow(Event(kind, MONDAY, {"outcome": "granted", "number": 1}), course)


def test_every_kind_has_its_rule_and_its_step():
    assert set(_RULES) == set(Kind)
    assert set(_STEPS) == set(Kind) - {Kind.ANNULLED}


def test_a_correction_is_asked_for_once_only():
    course = after(K.RECEIVED, K.CORRECTION_ASKED, K.CORRECTED)

    with pytest.raises(RequestNotInTurn, match="once, for everything"):
        check_may_follow(Event(K.CORRECTION_ASKED, MONDAY), course)


@pytest.mark.parametrize(
    ("told", "outcome", "may"),
    [
        ([K.RECEIVED], "other_not_corrected", False),
        ([K.RECEIVED, K.CORRECTION_ASKED, K.CORRECTED], "other_not_corrected", False),
        ([K.RECEIVED], "unable_still_unclear", False),
        ([K.RECEIVED, K.CORRECTION_ASKED, K.CORRECTED], "unable_still_unclear", True),
        ([K.RECEIVED], "other_fee_unpaid", False),
        ([K.RECEIVED, (K.FEE_NOTICED, FEE), K.FEE_PAID], "other_fee_unpaid", False),
        ([K.RECEIVED], "other_other", True),
    ],
)
def test_what_an_answer_lays_at_the_applicants_door_has_to_be_so(told, outcome, may):
    event = Event(K.ANSWERED, MONDAY, {"outcome": outcome})

    if may:
        check_may_follow(event, after(*told))
    else:
        with pytest.raises(RequestNotInTurn):
            check_may_follow(event, after(*told))


UNTIL = {"until": "2026-03-12"}


@pytest.mark.parametrize(
    ("outcome", "told", "recorded_on", "last"),
    [
        ("other_not_corrected", (K.CORRECTION_ASKED, {}), None, MONDAY),
        ("other_not_corrected", (K.CORRECTION_ASKED, UNTIL), None, date(2026, 3, 12)),
        # A term that was told after its end was none.
        ("other_not_corrected", (K.CORRECTION_ASKED, UNTIL), date(2026, 3, 20), date(2026, 3, 20)),
        ("other_fee_unpaid", (K.FEE_NOTICED, FEE), None, date(2026, 4, 1)),
        ("other_fee_unpaid", (K.FEE_NOTICED, FEE), date(2026, 3, 20), date(2026, 4, 19)),
    ],
)
def test_nothing_is_left_undone_before_its_term_is_over(outcome, told, recorded_on, last):
    received, asked = events_of((K.RECEIVED, MONDAY), (told[0], MONDAY, told[1]))
    course = course_of((received, replace(asked, recorded_on=recorded_on)))

    check_may_follow(Event(K.ANSWERED, last + DAY, {"outcome": outcome}), course)
    with pytest.raises(RequestNotInTurn):
        check_may_follow(Event(K.ANSWERED, last, {"outcome": outcome}), course)


def test_before_there_were_fees_there_was_no_term_to_pay_them():
    old = date(2020, 3, 2)
    course = course_of(events_of((K.RECEIVED, old), (K.FEE_NOTICED, old, FEE)))

    check_may_follow(Event(K.ANSWERED, old + DAY, {"outcome": "other_fee_unpaid"}), course)


def test_what_the_applicant_did_is_taken_back_by_nobody():
    asked = after(K.RECEIVED, K.CORRECTION_ASKED)
    for kind in (K.CORRECTED, K.WITHDRAWN):
        course = asked.after(Event(kind, MONDAY, {}, 3, by_applicant=True))
        assert K.ANNULLED not in may_follow(course)
        with pytest.raises(RequestNotInTurn, match="nobody takes back"):
            check_may_follow(Event(K.ANNULLED, MONDAY, {"number": 3}), course)


def test_what_was_filed_here_is_withdrawn_by_its_applicant_alone():
    filed = request_of((K.RECEIVED, MONDAY), source=Source.PUBLIC).course
    event = Event(K.WITHDRAWN, MONDAY, has_words=True)

    check_may_follow(replace(event, by_applicant=True), filed)
    check_may_follow(event, after(K.RECEIVED))
    with pytest.raises(RequestNotInTurn, match="its applicant alone"):
        check_may_follow(event, filed)


def test_only_the_last_event_that_counts_can_be_annulled():
    course = after(K.RECEIVED, K.CORRECTION_ASKED, (K.ANNULLED, {"number": 2}))

    assert [each.kind for each in course.events] == [K.RECEIVED]
    check_may_follow(Event(K.ANNULLED, MONDAY, {"number": 1}), course)
    for number in (2, 3):
        with pytest.raises(RequestNotInTurn):
            check_may_follow(Event(K.ANNULLED, MONDAY, {"number": number}), course)


def test_another_amount_than_noticed_is_paid_for_a_reason_only():
    course = after(K.RECEIVED, (K.FEE_NOTICED, FEE))

    check_may_follow(Event(K.FEE_PAID, MONDAY, {"amount": "10"}), course)
    check_may_follow(Event(K.FEE_PAID, MONDAY, {"amount": "5"}, has_words=True), course)
    with pytest.raises(RequestNotInTurn):
        check_may_follow(Event(K.FEE_PAID, MONDAY, {"amount": "5"}), course)


def test_reviews_and_suits_are_pending_until_they_are_ruled_on():
    upheld = {"outcome": "upheld"}
    course = after(K.RECEIVED, (K.REVIEW, PENDING), (K.REVIEW, upheld), (K.LITIGATION, PENDING))

    review, suit = course.proceedings
    assert (review.ruling, review.decided_on, review.after_review) == (Ruling.UPHELD, MONDAY, False)
    assert (suit.ruling, suit.decided_on, suit.after_review) == (Ruling.PENDING, None, True)
    with pytest.raises(RequestNotInTurn):
        check_may_follow(Event(K.LITIGATION, MONDAY, PENDING), course)
    check_may_follow(Event(K.REVIEW, MONDAY, PENDING), course)
    at_once = after(K.RECEIVED, (K.LITIGATION, upheld))
    assert [(each.ruling, each.after_review) for each in at_once.proceedings] == [
        (Ruling.UPHELD, False)
    ]


def test_days_follow_each_other_and_the_filing():
    course = after(K.RECEIVED, (K.REVIEW, PENDING))
    for kind in (K.SUSPENDED, K.REVIEW, K.LITIGATION):
        with pytest.raises(InvalidRequestEvent) as refused:
            check_may_follow(Event(kind, MONDAY - DAY, {"outcome": "upheld"}), course)
        assert [each.pointer for each in refused.value.faults] == ["/on"]
    check_may_follow(Event(K.ANNULLED, MONDAY - DAY, {"number": 2}), course)
    filed = request_of(source=Source.PUBLIC).course
    with pytest.raises(InvalidRequestEvent):
        check_may_follow(Event(K.RECEIVED, MONDAY - DAY), filed)
    check_may_follow(Event(K.RECEIVED, MONDAY - DAY), request_of().course)


@pytest.mark.parametrize(
    ("event", "pointers"),
    [
        (Event(K.RECEIVED, MONDAY + DAY), ["/on"]),
        (Event(K.RECEIVED, date(2008, 4, 30)), ["/on"]),
        (Event(K.RECEIVED, MONDAY, {"days": 1}), ["/details/days"]),
        (Event(K.ANSWERED, MONDAY, {}), ["/details/outcome", "/statement"]),
        (Event(K.ANSWERED, MONDAY, {"outcome": "pending"}, has_words=True), ["/details/outcome"]),
        (Event(K.REVIEW, MONDAY, {"outcome": "granted"}), ["/details/outcome"]),
        (Event(K.THIRD_PARTY_ANSWERED, MONDAY, {}), ["/details/opinion"]),
        (Event(K.CORRECTION_ASKED, MONDAY, {"until": "x"}, has_words=True), ["/details/until"]),
        (Event(K.CORRECTION_ASKED, MONDAY, {"until": "2026-03-02"}, has_words=True), []),
        (
            Event(K.CORRECTION_ASKED, MONDAY, {"until": "2026-03-01"}, has_words=True),
            ["/details/until"],
        ),
        (Event(K.WITHDRAWN, MONDAY), ["/statement"]),
        (Event(K.WITHDRAWN, MONDAY, by_applicant=True), []),
        (Event(K.EXTENDED, MONDAY, {**EXTENDED, "days": 21}, has_words=True), ["/details/days"]),
        (Event(K.EXTENDED, MONDAY, {**EXTENDED, "days": True}, has_words=True), ["/details/days"]),
        (
            Event(K.EXTENDED, MONDAY, {"days": 5, "approved_by": " "}, has_words=True),
            ["/details/approved_by"],
        ),
        (Event(K.FEE_NOTICED, MONDAY, FEE), []),
        (Event(K.FEE_NOTICED, MONDAY, {**FEE, "amount": "11"}), ["/details/amount"]),
        (Event(K.FEE_NOTICED, MONDAY, {**FEE, "amount": "11"}, has_words=True), []),
        (Event(K.FEE_NOTICED, MONDAY, {**FEE, "amount": "11", "deviation": "reduced"}), []),
        (Event(K.FEE_NOTICED, date(2020, 12, 31), FEE), ["/details/amount"]),
        (Event(K.FEE_NOTICED, MONDAY, {**FEE, "count": 0}), ["/details/count"]),
        (Event(K.FEE_PAID, MONDAY, {"amount": "0"}), ["/details/amount"]),
        (Event(K.FEE_PAID, MONDAY, {"amount": "1e3"}), ["/details/amount"]),
        (Event(K.FEE_PAID, MONDAY, {"amount": 10}), ["/details/amount"]),
    ],
)
def test_an_event_is_told_completely_and_of_its_kind(event, pointers):
    faults = event_faults(event, MONDAY, words_needed=True)

    assert [each.pointer for each in faults] == pointers


def test_the_clock_runs_by_what_happened_and_not_by_mistakes():
    request = request_of(
        (K.RECEIVED, MONDAY),
        (K.THIRD_PARTY_ASKED, MONDAY),
        (K.THIRD_PARTY_ANSWERED, MONDAY, {"opinion": "silence"}),
        (K.EXTENDED, MONDAY, EXTENDED),
        (K.REVIEW, MONDAY, PENDING),
        (K.ANSWERED, MONDAY, GRANTED),
        (K.ANNULLED, MONDAY, {"number": 6}),
    )

    assert [(each.kind, each.days) for each in clock_events(request)] == [
        (Happening.RECEIVED, None),
        (Happening.HEARING_BEGAN, None),
        (Happening.HEARING_ENDED, None),
        (Happening.EXTENDED, 20),
    ]
    assert clock_events(request_of((K.WITHDRAWN, MONDAY))) == ()


def test_what_came_late_is_marked_with_its_rule_and_by_how_many_working_days():
    request = request_of(
        (K.RECEIVED, date(2026, 3, 2)),
        (K.CORRECTION_ASKED, date(2026, 3, 13)),
        (K.CORRECTED, date(2026, 3, 16)),
        (K.THIRD_PARTY_ASKED, date(2026, 3, 16)),
        (K.THIRD_PARTY_ANSWERED, date(2026, 4, 8), {"opinion": "silence"}),
        (K.FEE_NOTICED, date(2026, 4, 9), FEE),
        (K.FEE_PAID, date(2026, 5, 11), {"amount": "10"}),
        (K.EXTENDED, date(2026, 6, 30), EXTENDED),
    )

    assert [(each.event, each.rule, each.late_by) for each in marks(request, announced())] == [
        (2, "REQ-CORR", 2),
        (5, "REQ-3P", 1),
        (7, "FEE-PAY", 1),
        (8, "REQ-2019", 15),
    ]


def recorded_late(source, by_days=7):
    """Return a request that was received and answered in time, which was told days later."""
    request = request_of(
        (K.RECEIVED, MONDAY), (K.ANSWERED, date(2026, 3, 27), GRANTED), source=source
    )
    if source is Source.PUBLIC:
        told = tuple(replace(e, recorded_on=e.on + by_days * DAY) for e in request.events)
        return replace(request, events=told)
    return request


def test_an_answer_is_judged_by_the_day_on_which_it_was_recorded():
    late, own = recorded_late(Source.PUBLIC), recorded_late(Source.AGENCY)

    assert clock_events(late)[-1].on == date(2026, 4, 3)
    assert clock_events(own)[-1].on == date(2026, 3, 27)
    assert [(each.event, each.rule, each.late_by) for each in marks(late, announced())] == [
        (1, "RECORDED-LATE", 5),
        (2, "RECORDED-LATE", 5),
    ]
    assert marks(own, announced()) == marks(recorded_late(Source.PUBLIC, 0), announced()) == ()


def test_a_receipt_in_the_place_of_an_annulled_one_is_marked():
    request = request_of(
        (K.RECEIVED, MONDAY),
        (K.ANNULLED, date(2026, 3, 9), {"number": 1}),
        (K.RECEIVED, date(2026, 3, 9)),
        source=Source.PUBLIC,
    )

    assert [(each.event, each.rule, each.late_by) for each in marks(request, announced())] == [
        (3, "RECEIVED-AGAIN", 5),
        (3, "CONFIRMED-LATE", 4),
    ]


FRIDAY = {"source": Source.PUBLIC, "filed_at": datetime(2026, 3, 6, 2, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("confirmed_on", "more", "late_by"),
    [
        (date(2026, 3, 6), FRIDAY, None),
        (date(2026, 3, 9), FRIDAY, None),
        (date(2026, 3, 10), FRIDAY, 1),
        (date(2026, 5, 11), FRIDAY, 42),
        # Of what came another way nobody knows when that was; some years are not announced.
        (date(2026, 5, 11), {**FRIDAY, "source": Source.AGENCY}, None),
        (date(2100, 5, 11), {**FRIDAY, "filed_at": datetime(2100, 3, 6, tzinfo=UTC)}, None),
    ],
)
def test_a_receipt_is_marked_that_is_confirmed_after_the_next_working_day(
    confirmed_on, more, late_by
):
    found = marks(request_of((K.RECEIVED, confirmed_on), **more), announced())

    expected = [] if late_by is None else [(1, "CONFIRMED-LATE", late_by)]
    assert [(each.event, each.rule, each.late_by) for each in found] == expected


@pytest.mark.parametrize(
    ("told", "source", "days"),
    [
        ([], Source.PUBLIC, 4),
        ([], Source.AGENCY, 4),
        ([], Source.LEDGER, None),
        ([(K.RECEIVED, date(2026, 3, 9))], Source.PUBLIC, None),
        ([(K.WITHDRAWN, date(2026, 3, 9))], Source.PUBLIC, None),
    ],
)
def test_it_is_told_for_how_many_working_days_a_receipt_has_waited(told, source, days):
    request = request_of(*told, **{**FRIDAY, "source": source})

    assert waiting_days(request, date(2026, 3, 12), announced()) == days


def test_before_2019_no_term_was_set_for_asking_for_a_correction():
    request = request_of((K.RECEIVED, date(2018, 3, 1)), (K.CORRECTION_ASKED, date(2018, 5, 2)))

    assert marks(request, announced()) == ()


def test_every_outcome_is_one_row_and_every_kind_of_applicant_one_column():
    rows = [each.row for each in Outcome]

    assert len(set(rows)) == len(rows) == 21
    assert [each.column for each in ApplicantKind] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert [each for each in Channel if not each.is_confirmed] == [
        Channel.IN_PERSON,
        Channel.REGISTERED_MAIL,
    ]
