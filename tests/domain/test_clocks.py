"""Clocks: what stops them, what starts them anew, and what comes too late to do either."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.clocks import Event, Happening, Status, request_clock
from opendata.domain.deadlines import LocalRule, NoSuchRule
from opendata.stages.holidays import announced

CALENDAR = announced()
H = Happening
NEW_RULES = date(2019, 5, 15)


def day(text):
    return date.fromisoformat(text)


def clock(today, *happened, local=()):
    """Each of ``happened`` is a kind, a day, and days if it is an extension."""
    events = [Event(H(kind), day(on), *days) for kind, on, *days in happened]
    return request_clock(events, day(today), CALENDAR, local)


RECEIVED = ("received", "2025-01-24")  # due on 2025-02-27, over the Spring Festival


@pytest.mark.parametrize(
    ("today", "remaining"),
    [("2025-01-24", 20), ("2025-02-27", 0), ("2025-02-28", -1), ("2025-03-01", -2)],
)
def test_a_clock_counts_down_to_its_day_and_below_zero_after_it(today, remaining):
    found = clock(today, RECEIVED)

    assert (found.rule.id, found.status, found.due) == (
        "REQ-2019",
        Status.RUNNING,
        date(2025, 2, 27),
    )
    assert found.remaining == remaining
    assert found.late_by is None


@pytest.mark.parametrize(("answered", "late"), [("2025-02-27", 0), ("2025-03-03", 2)])
def test_an_answer_ends_it_and_says_how_late_it_was(answered, late):
    found = clock("2026-01-01", RECEIVED, ("answered", answered))

    assert (found.status, found.due, found.late_by) == (Status.FINISHED, date(2025, 2, 27), late)
    assert found.remaining is None


def test_what_happens_after_the_day_asked_about_is_not_seen():
    found = clock("2025-02-10", RECEIVED, ("answered", "2025-02-11"))

    assert found.status is Status.RUNNING


def test_a_correction_waits_for_the_applicant_and_starts_the_term_anew():
    asked = ("correction_asked", "2025-01-27")

    waiting = clock("2025-03-10", RECEIVED, asked)
    assert (waiting.status, waiting.due, waiting.remaining) == (Status.WAITING, None, None)

    corrected = clock("2025-03-12", RECEIVED, asked, ("corrected", "2025-03-10"))
    assert (corrected.started, corrected.due) == (date(2025, 3, 10), date(2025, 4, 8))


def test_a_request_that_is_never_corrected_is_closed_in_time():
    found = clock(
        "2025-06-01", RECEIVED, ("correction_asked", "2025-01-27"), ("answered", "2025-05-06")
    )

    assert (found.status, found.due, found.late_by) == (Status.FINISHED, None, 0)


def test_a_correction_may_be_asked_for_once_and_lateness_is_told():
    found = clock(
        "2025-04-01",
        RECEIVED,
        ("correction_asked", "2025-02-17"),  # after twelve working days, not seven
        ("corrected", "2025-02-20"),
        ("correction_asked", "2025-02-24"),
        ("corrected", "2025-02-28"),
    )

    assert (found.started, found.due) == (date(2025, 2, 20), date(2025, 3, 20))
    said = "\n".join(each.zh for each in found.why)
    assert "超过 7 个工作日" in said
    assert "一次性" in said


def test_days_on_which_a_third_party_is_heard_are_not_counted():
    began = ("hearing_began", "2025-02-05")

    stopped = clock("2025-02-10", RECEIVED, began)
    assert (stopped.status, stopped.due, stopped.remaining) == (Status.STOPPED, None, 17)
    assert stopped.excluded == ((date(2025, 2, 6), None),)

    going_on = clock("2025-02-14", RECEIVED, began, ("hearing_ended", "2025-02-12"))
    assert (going_on.status, going_on.due) == (Status.RUNNING, date(2025, 3, 7))
    assert going_on.excluded == ((date(2025, 2, 6), date(2025, 2, 12)),)


def test_a_third_party_that_says_nothing_stops_the_clock_for_fifteen_working_days_only():
    began = ("hearing_began", "2025-02-05")

    assert clock("2025-02-25", RECEIVED, began).status is Status.STOPPED
    found = clock("2025-02-27", RECEIVED, began)
    assert (found.status, found.excluded[0][1]) == (Status.RUNNING, date(2025, 2, 25))
    assert found.due == date(2025, 3, 20)
    late = clock("2025-06-27", RECEIVED, began, ("hearing_ended", "2025-03-12"))
    assert late.excluded == found.excluded


def test_hearing_others_stops_a_clock_once_for_fifteen_working_days_at_most():
    found = clock(
        "2020-08-10",
        ("received", "2020-05-30"),
        ("hearing_began", "2020-06-09"),  # nobody answers by 1 July
        ("hearing_began", "2020-07-01"),
        ("hearing_ended", "2020-07-03"),
    )

    assert found.excluded == ((date(2020, 6, 10), date(2020, 7, 1)),)
    again = [("hearing_began", f"2025-03-{on}") for on in (17, 18, 19, 20)]
    once = clock("2025-06-27", RECEIVED, ("hearing_began", "2025-02-05"), *again)
    assert (once.due, len(once.excluded)) == (date(2025, 3, 20), 1)
    assert "只扣除一次" in once.why[1].zh


def test_a_hearing_ends_with_the_last_of_those_who_were_asked_in_it():
    began = [("hearing_began", "2025-02-05"), ("hearing_began", "2025-02-07")]
    one, both = ("hearing_ended", "2025-02-12"), ("hearing_ended", "2025-02-14")

    assert clock("2025-02-13", RECEIVED, *began, one).status is Status.STOPPED
    found = clock("2025-02-17", RECEIVED, *began, one, both)
    assert found.excluded == ((date(2025, 2, 6), date(2025, 2, 14)),)


def test_hearings_of_two_kinds_stop_it_once_each():
    events = [
        Event(H.RECEIVED, date(2025, 1, 24)),
        Event(H.HEARING_BEGAN, date(2025, 2, 5), heard="third"),
        Event(H.HEARING_ENDED, date(2025, 2, 7), heard="third"),
        Event(H.HEARING_BEGAN, date(2025, 2, 12), heard="joint"),
        Event(H.HEARING_ENDED, date(2025, 2, 14), heard="joint"),
    ]

    found = request_clock(events, date(2025, 2, 17), CALENDAR)
    assert [each[1] for each in found.excluded] == [date(2025, 2, 7), date(2025, 2, 14)]


def test_under_the_rules_of_2008_a_third_party_had_no_term():
    found = clock("2019-03-01", ("received", "2018-12-03"), ("hearing_began", "2018-12-05"))

    assert (found.rule.id, found.status, found.remaining) == ("REQ-2008", Status.STOPPED, 13)


def test_hearings_and_suspensions_that_overlap_are_counted_once():
    found = clock(
        "2025-02-28",
        RECEIVED,
        ("hearing_began", "2025-02-05"),
        ("suspended", "2025-02-10"),
        ("hearing_ended", "2025-02-12"),
        ("resumed", "2025-02-14"),
        ("suspended", "2025-02-14"),
        ("resumed", "2025-02-14"),
    )

    assert found.excluded == ((date(2025, 2, 6), date(2025, 2, 14)),)
    assert found.due == date(2025, 3, 11)


def test_an_answer_ends_a_hearing_that_goes_on():
    found = clock("2025-06-28", RECEIVED, ("suspended", "2025-02-05"), ("answered", "2025-06-03"))

    assert (found.status, found.late_by) == (Status.FINISHED, 0)
    assert found.excluded == ((date(2025, 2, 6), date(2025, 6, 3)),)


@pytest.mark.parametrize(
    ("received", "extensions", "last"),
    [
        ("2025-03-03", [None], "2025-04-28"),  # all of the twenty that the law allows
        ("2025-03-03", [20], "2025-04-28"),
        ("2025-03-03", [30], "2025-04-28"),
        ("2025-03-03", [15, 15], "2025-04-28"),
        ("2025-03-03", [5], "2025-04-08"),
        ("2018-09-03", [None], "2018-10-19"),  # fifteen and fifteen
    ],
)
def test_an_extension_adds_days_within_the_limit_of_its_time(received, extensions, last):
    after = str(day(received) + timedelta(days=9))
    given_ = [("extended", after, *([days] if days else [])) for days in extensions]

    assert clock(after, ("received", received), *given_).due == day(last)


def test_what_comes_after_the_term_has_ended_does_not_bring_it_back():
    late = "2025-03-03"
    for kind in ("correction_asked", "extended", "hearing_began", "suspended", "fee_noticed"):
        found = clock("2025-03-05", RECEIVED, (kind, late))

        assert (found.due, found.remaining) == (date(2025, 2, 27), -4)
        assert "期限届满之后" in found.why[-1].zh
    # Nor does what would have followed from it.
    assert clock("2025-03-05", RECEIVED, ("corrected", late)).started == date(2025, 1, 24)


def test_a_correction_or_a_payment_that_nobody_asked_for_changes_nothing():
    for kind in ("corrected", "fee_paid"):
        found = clock("2025-02-10", RECEIVED, (kind, "2025-02-05"))

        assert found.started == date(2025, 1, 24)
        assert "没有相应的有效告知" in found.why[-1].zh


def test_a_fee_is_waited_for_and_its_payment_starts_the_term_anew():
    noticed = ("fee_noticed", "2025-02-05")

    waiting = clock("2025-03-07", RECEIVED, noticed)
    assert (waiting.status, waiting.why[-1].en) == (
        Status.WAITING,
        "the fee is to be paid by 2025-03-07",
    )
    assert "given up" in clock("2025-03-08", RECEIVED, noticed).why[-1].en
    paid = clock("2025-03-10", RECEIVED, noticed, ("fee_paid", "2025-03-05"))
    assert (paid.started, paid.due) == (date(2025, 3, 5), date(2025, 4, 2))


def test_before_there_was_a_fee_its_notice_stopped_nothing():
    found = clock("2020-03-09", ("received", "2020-03-02"), ("fee_noticed", "2020-03-05"))

    assert (found.status, found.due) == (Status.RUNNING, date(2020, 3, 30))


def test_a_request_of_2019_that_is_corrected_under_the_new_rules_is_answered_by_them():
    found = clock(
        "2019-05-21",
        ("received", "2019-05-10"),
        ("correction_asked", "2019-05-13"),
        ("corrected", "2019-05-20"),
    )

    assert (found.rule.id, found.due) == ("REQ-2019", date(2019, 6, 18))


def test_the_agencys_own_shorter_terms_bind_it():
    local = (
        LocalRule("REQ", 10, None, None, "十日承诺", since=date(2019, 5, 15)),
        LocalRule("REQ-2019-EXT", 5, None, None, "十日承诺"),
    )

    found = clock("2025-03-04", ("received", "2025-03-03"), local=local)
    assert (found.due, found.remaining) == (date(2025, 3, 17), 9)
    assert "十日承诺" in found.why[0].zh
    extended = clock(
        "2025-03-05", ("received", "2025-03-03"), ("extended", "2025-03-04"), local=local
    )
    assert extended.due == date(2025, 3, 24)


def test_a_term_into_a_year_not_announced_is_indeterminate_until_it_is_answered_in_time():
    received = ("received", "2026-12-15")

    found = clock("2026-12-20", received)
    assert (found.status, found.due, found.remaining) == (Status.INDETERMINATE, None, None)
    assert "2027-01-08" in found.why[-1].zh
    assert clock("2027-02-01", received, ("answered", "2026-12-31")).late_by == 0
    assert clock("2027-02-01", received, ("answered", "2027-02-01")).late_by is None
    stopped = clock("2026-12-25", received, ("hearing_began", "2026-12-21"))
    assert (stopped.status, stopped.remaining) == (Status.STOPPED, 16)
    suspended = clock(
        "2027-01-20", received, ("suspended", "2026-12-21"), ("resumed", "2027-01-11")
    )
    assert (suspended.status, suspended.due) == (Status.INDETERMINATE, None)


def test_a_clock_needs_a_receipt_and_a_right_to_ask():
    with pytest.raises(ValueError, match="receipt"):
        clock("2025-01-01", ("answered", "2024-12-01"))
    with pytest.raises(NoSuchRule):
        clock("2008-05-01", ("received", "2008-04-30"))


class Walked:
    """The same clock, told by walking day by day and counting on one's fingers."""

    def __init__(self, received):
        self.status, self.due = Status.RUNNING, None
        self.asked = False
        self._start(received)

    def _start(self, on):
        self.started, self.waiting = on, None
        self.left = self.extension = 20 if on >= NEW_RULES else 15
        self.hearings, self.is_suspended = None, False
        self.hearing = 0

    def walk(self, events, today):
        at = self.started
        while at <= today and self.due is None:
            worked = CALENDAR(at) and at > self.started
            if worked and not self.waiting and not self.is_stopped:
                self.left -= 1
            self.hearing -= bool(worked and self.hearing)
            for each in (each for each in events if each.on == at):
                self._take(each)
            if self.left == 0 and not self.waiting:
                self.due = at
            at += timedelta(days=1)
        return self

    def _take(self, event):
        # On the last day a hearing or a suspension comes too late to save a day.
        kind = event.kind
        if kind is H.CORRECTION_ASKED and not self.asked:
            self.asked, self.waiting = True, kind
        elif kind is H.FEE_NOTICED and event.on.year >= 2021:
            self.waiting = kind
        elif (kind, self.waiting) in (
            (H.CORRECTED, H.CORRECTION_ASKED),
            (H.FEE_PAID, H.FEE_NOTICED),
        ):
            self._start(event.on)
        elif kind in (H.HEARING_BEGAN, H.HEARING_ENDED):
            self._hear(event)
        elif kind in (H.SUSPENDED, H.RESUMED):
            self.is_suspended = kind is H.SUSPENDED
        elif kind is H.EXTENDED:
            more = min(self.extension, event.days or self.extension)
            self.left, self.extension = self.left + more, self.extension - more

    def _hear(self, event):
        if event.kind is H.HEARING_BEGAN:
            if self.hearings is None:
                self.hearing, self.hearings = 15 if event.on >= NEW_RULES else math.inf, 0
            # On its last day somebody may still be asked; it is over all the same.
            self.hearings += 1
        elif self.hearing:
            self.hearings -= 1
            self.hearing = self.hearing if self.hearings else 0

    @property
    def is_stopped(self):
        return bool(self.hearing or self.is_suspended)


STEPS = st.lists(
    st.tuples(
        st.sampled_from([each for each in H if each not in (H.RECEIVED, H.ANSWERED, H.CLOSED)]),
        st.integers(0, 25),
        st.none() | st.integers(1, 30),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2009, 1, 1), date(2024, 12, 31)), STEPS, st.integers(0, 90))
def test_a_clock_is_where_a_walk_along_the_days_says(received, steps, more):
    events, at = [Event(H.RECEIVED, received)], received
    for kind, gap, days in steps:
        at += timedelta(days=gap)
        events.append(Event(kind, at, days))
    today = at + timedelta(days=more)

    walked = Walked(received).walk(events[1:], today + timedelta(days=400))
    found = request_clock(events, today + timedelta(days=400), CALENDAR)

    assert found.started == walked.started
    if walked.waiting:
        assert found.status is Status.WAITING
    elif walked.due is None:
        assert walked.is_stopped
        assert (found.status, found.remaining) == (Status.STOPPED, walked.left)
    else:
        assert (found.status, found.due) == (Status.RUNNING, walked.due)
