"""Editions: which day's state of a release is public, counted in China's days."""

from datetime import UTC, date, datetime

import pytest

from opendata.domain.editions import edition, local_day

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = [date(2026, 3, 31), date(2026, 9, 30)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02T15:59:59.999999+00:00", date(2026, 3, 2)),
        ("2026-03-02T16:00:00+00:00", date(2026, 3, 3)),
        ("2026-03-03T00:00:00+08:00", date(2026, 3, 3)),
        ("2026-12-31T23:00:00-05:00", date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_china(moment, day):
    assert local_day(datetime.fromisoformat(moment)) == day


@pytest.mark.parametrize(
    ("on", "begun"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 1, 1)),  # the last day is still public
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 9, 30), date(2026, 4, 1)),
        (date(2030, 1, 1), date(2026, 10, 1)),
    ],
)
def test_an_edition_begins_the_day_after_something_left(on, begun):
    assert edition(RELEASED, ENDS, on) == begun


def test_windows_that_ended_before_the_release_begin_nothing():
    assert edition(RELEASED, [date(2020, 1, 1)], date(2026, 6, 1)) == date(2026, 1, 1)


def test_a_release_without_windows_has_one_edition():
    assert edition(RELEASED, [], date(2030, 1, 1)) == date(2026, 1, 1)
