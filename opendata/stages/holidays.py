"""Holidays: which days are worked, as the State Council announces it year by year."""

from datetime import date
from functools import cache

import chinese_calendar

from opendata.domain.working_days import Calendar

_FIRST_YEAR = 2004


@cache
def announced() -> Calendar:
    """Return the days worked, 调休 included, of all years that are announced."""
    year = _FIRST_YEAR
    while _is_working(date(year + 1, 1, 1)) is not None:
        year += 1
    return Calendar.of(date(_FIRST_YEAR, 1, 1), date(year, 12, 31), _is_working)


def _is_working(day: date) -> bool | None:
    """Say whether a day is worked, by the package, which raises where nothing is announced.

    Its own ``find_workday`` is not used: where the term begins on a day off it counts one day too
    many.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
