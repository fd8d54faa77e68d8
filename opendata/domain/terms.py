"""Terms in months, counted as the civil calendar counts them."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day some months on, or the month's last where there is no such day.

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
