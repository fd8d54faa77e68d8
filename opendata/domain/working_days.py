"""Terms that are counted in working days, by a calendar that may not know every year.

The day on which a term begins is day zero, whatever day it is; only working days count after it.
Which days those are is announced year by year: the answer to a question about a year that is not
announced yet is ``None``, never a guess.
"""

from collections.abc import Callable
from datetime import date, timedelta

# Whether a day is worked, weekend days worked in exchange (调休) included; ``None``: not known.
Calendar = Callable[[date], bool | None]
_DAY = timedelta(days=1)


def nth_working_day(start: date, count: int, is_working: Calendar) -> date | None:
    """Return the ``count``-th working day after ``start``; ``None`` if it is not known yet.

    Raises:
        ValueError: ``count`` is below 1.

    >>> nth_working_day(date(2026, 11, 20), 1, lambda day: day.weekday() < 5)  # a Friday
    datetime.date(2026, 11, 23)
    """
    if count < 1:
        message = "A term has at least one working day."
        raise ValueError(message)
    day, left = start, count
    while left:
        day += _DAY
        working = is_working(day)
        if working is None:
            return None
        left -= working
    return day


def is_past(due: date | None, today: date) -> bool | None:
    """Return whether a term that ends with ``due`` is over; ``None`` if nobody can tell yet."""
    return None if due is None else today > due
