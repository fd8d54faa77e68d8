"""Terms that are counted in working days, by a calendar that does not know every year.

The day on which a term begins is day zero, whatever day it is; only working days count after it.
Which days those are is announced year by year: the answer to a question about a year that is not
announced yet is ``None``, never a guess.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

_DAY = timedelta(days=1)


class Calendar:
    """Which days are worked, weekend days worked in exchange (调休) included.

    Days before ``first`` and after ``last`` are not known. ``calendar(day)`` says whether a day
    is worked, ``None`` if that is not known.
    """

    __slots__ = ("_worked", "first", "last")

    def __init__(self, first: date, last: date, worked: Iterable[date]) -> None:
        """Keep the days worked from ``first`` to ``last``, both included; others are dropped."""
        self.first, self.last = first, last
        self._worked = sorted({each.toordinal() for each in worked if first <= each <= last})

    @classmethod
    def of(cls, first: date, last: date, is_working: Callable[[date], bool | None]) -> "Calendar":
        """Ask about every day from ``first`` to ``last``, both included."""
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        return cls(first, last, (each for each in days if is_working(each)))

    def __call__(self, day: date) -> bool | None:
        """Return whether a day is worked."""
        if not self.first <= day <= self.last:
            return None
        return self._until(day) > self._until(day - _DAY)

    def changed(self, said: Mapping[date, bool]) -> "Calendar":
        """Return it with single days worked or not, as ``said``; unknown years stay unknown."""
        kept = (date.fromordinal(each) for each in self._worked)
        days = {each for each in kept if said.get(each, True)}
        return Calendar(self.first, self.last, days | {each for each in said if said[each]})

    def nth(self, start: date, count: int) -> date | None:
        """Return the ``count``-th day worked after ``start``; ``None`` if it is not known."""
        at = self._until(start) + count - 1
        if start < self.first - _DAY or at >= len(self._worked):
            return None
        return date.fromordinal(self._worked[at])

    def worked(self, after: date, until: date) -> int | None:
        """Count the days worked after one day and until another; ``None`` if it is not known."""
        if until <= after:
            return 0
        if after < self.first - _DAY or until > self.last:
            return None
        return self._until(until) - self._until(after)

    def _until(self, day: date) -> int:
        return bisect_right(self._worked, day.toordinal())


def nth_working_day(start: date, count: int, calendar: Calendar) -> date | None:
    """Return the ``count``-th working day after ``start``; ``None`` if it is not known yet.

    Raises:
        ValueError: ``count`` is below 1.

    >>> weekdays = Calendar.of(date(2026, 1, 1), date(2026, 12, 31), lambda day: day.weekday() < 5)
    >>> nth_working_day(date(2026, 11, 20), 1, weekdays)  # a Friday
    datetime.date(2026, 11, 23)
    """
    if count < 1:
        message = "A term has at least one working day."
        raise ValueError(message)
    return calendar.nth(start, count)


def not_before(start: date, count: int, calendar: Calendar) -> date | None:
    """Return the earliest day that the ``count``-th working day after ``start`` can be.

    Where it is known that is the day itself. Where it lies in a year that is not announced, at
    least every day of that year may be worked: until then nobody is late. ``None`` where the term
    begins before the years that are known.
    """
    found = nth_working_day(start, count, calendar)
    if found is not None:
        return found
    if start < calendar.first - _DAY:
        return None
    known = max(start, calendar.last)
    counted = calendar.worked(start, calendar.last) or 0
    return known + (count - counted) * _DAY


def next_working_day(day: date, calendar: Calendar) -> date | None:
    """Return the day itself if it is worked, or the first one after it; ``None``: not known."""
    return calendar.nth(day - _DAY, 1)


def working_days_late(due: date, done_on: date, calendar: Calendar) -> int | None:
    """Return how many working days after ``due`` something was done; 0 if it was in time.

    What is done on a day off counts with the working day after it, so that nothing that is late
    is late by nothing. ``None`` where the years between are not all known.
    """
    if done_on <= due:
        return 0
    before = calendar.worked(due, done_on - _DAY)
    return None if before is None or calendar(done_on) is None else before + 1


def is_past(due: date | None, today: date) -> bool | None:
    """Return whether a term that ends with ``due`` is over; ``None`` if nobody can tell yet."""
    return None if due is None else today > due
