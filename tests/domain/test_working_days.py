"""Working days are counted by the announced calendar, and what is not announced is not guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.domain.working_days import (
    Calendar,
    is_past,
    next_working_day,
    not_before,
    nth_working_day,
    working_days_late,
)
from opendata.stages.holidays import announced

# The last of each is what counting Monday to Friday would give.
ANNOUNCED = [
    ("2018-02-12", 10, "2018-03-02", "2018-02-26"),
    ("2018-09-26", 20, "2018-10-29", "2018-10-24"),
    ("2018-12-28", 1, "2018-12-29", "2018-12-31"),  # a Saturday worked in exchange
    ("2019-01-28", 15, "2019-02-21", "2019-02-18"),
    ("2020-01-20", 20, "2020-02-25", "2020-02-17"),
    ("2020-04-28", 7, "2020-05-11", "2020-05-07"),
    ("2020-09-27", 20, "2020-10-30", "2020-10-23"),
    ("2020-09-30", 7, "2020-10-16", "2020-10-09"),
    ("2025-01-24", 20, "2025-02-27", "2025-02-21"),
    ("2025-09-29", 7, "2025-10-15", "2025-10-08"),
    ("2026-02-13", 7, "2026-03-02", "2026-02-24"),
    ("2026-04-30", 7, "2026-05-13", "2026-05-11"),
    ("2026-09-18", 3, "2026-09-22", "2026-09-23"),  # with a Sunday worked in exchange
    ("2026-09-30", 3, "2026-10-10", "2026-10-05"),
    ("2020-01-25", 20, "2020-02-28", "2020-02-21"),  # begun on a holiday
]


CALENDAR = announced()
WEEKDAYS = Calendar.of(date(2018, 1, 1), date(2027, 12, 31), lambda day: day.weekday() < 5)


@pytest.mark.parametrize(("start", "count", "due", "naive"), ANNOUNCED)
def test_terms_end_as_the_state_council_announced_it(start, count, due, naive):
    begun = date.fromisoformat(start)

    assert nth_working_day(begun, count, CALENDAR) == date.fromisoformat(due)
    assert nth_working_day(begun, count, WEEKDAYS) == date.fromisoformat(naive)


@pytest.mark.parametrize("start", ["2026-12-15", "2026-12-31", "2031-05-01", "1999-01-04"])
def test_a_term_that_needs_a_year_nobody_announced_has_no_end_yet(start):
    assert nth_working_day(date.fromisoformat(start), 20, CALENDAR) is None
    assert is_past(None, date(2027, 3, 1)) is None


@given(
    st.dates(date(2004, 1, 1), date(2026, 6, 1)),
    st.integers(1, 60),
)
def test_a_term_holds_exactly_its_working_days_and_ends_on_one(start, count):
    """As a walk along the days says: none left out, none counted twice, the last one worked."""
    due = nth_working_day(start, count, CALENDAR)

    days = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(bool(CALENDAR(day)) for day in days) == count
    assert CALENDAR(due)


@given(st.dates(date(2004, 1, 1), date(2026, 6, 1)), st.integers(1, 30), st.integers(1, 30))
def test_one_term_after_another_is_one_term(start, first, second):
    middle = nth_working_day(start, first, CALENDAR)

    whole = nth_working_day(start, first + second, CALENDAR)
    assert nth_working_day(middle, second, CALENDAR) == whole


def test_a_term_has_at_least_one_day():
    with pytest.raises(ValueError, match="at least one"):
        nth_working_day(date(2026, 1, 5), 0, CALENDAR)


def test_a_term_is_past_on_the_day_after_its_last():
    due = date(2026, 3, 16)

    assert is_past(due, due) is False
    assert is_past(due, date(2026, 3, 17)) is True


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 700))
def test_lateness_counts_the_working_days_that_a_walk_along_the_days_meets(due, more):
    done = min(due + timedelta(days=more), date(2026, 12, 31))

    walked = [due + timedelta(days=n) for n in range(1, (done - due).days)]
    late = sum(bool(CALENDAR(day)) for day in walked) + 1 if done > due else 0
    assert working_days_late(due, done, CALENDAR) == late


def test_a_calendar_changes_by_single_days_and_learns_no_year_by_that():
    festival, sunday = date(2026, 4, 20), date(2026, 4, 26)
    changed = CALENDAR.changed({festival: False, sunday: True, date(2027, 1, 4): True})

    assert [CALENDAR(festival), changed(festival), changed(sunday)] == [True, False, True]
    assert changed(date(2027, 1, 4)) is None
    assert nth_working_day(date(2026, 4, 17), 1, changed) == date(2026, 4, 21)
    assert next_working_day(festival, changed) == date(2026, 4, 21)
    assert next_working_day(sunday, changed) == sunday


def test_where_the_end_is_not_known_there_is_a_day_before_which_it_cannot_be():
    assert not_before(date(2026, 12, 30), 1, CALENDAR) == date(2026, 12, 31)
    assert not_before(date(2026, 12, 30), 3, CALENDAR) == date(2027, 1, 2)
    assert not_before(date(2030, 5, 1), 3, CALENDAR) == date(2030, 5, 4)
    assert not_before(date(1999, 5, 1), 3, CALENDAR) is None
    assert working_days_late(date(2026, 12, 30), date(2027, 1, 4), CALENDAR) is None
