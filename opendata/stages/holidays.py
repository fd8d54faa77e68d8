"""Holidays: which days are worked, as the State Council announces it year by year."""

from datetime import date

import chinese_calendar


def is_working(day: date) -> bool | None:
    """Return whether a day is worked, 调休 included; ``None`` where its year is not announced.

    The package raises for such a year instead of guessing. Its own ``find_workday`` is not used:
    where the term begins on a day off it counts one day too many.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
