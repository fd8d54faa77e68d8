"""Periods that are assessed: a year, half a year, a quarter or a month, by civil dates in China."""

from datetime import date

from opendata.domain.compliance.model import Frequency
from opendata.domain.compliance.periods import Period, period_named
from opendata.domain.errors import Fault, Text, Unprocessable


class InvalidAssessedPeriod(Unprocessable):
    """What is to be assessed is no period, or is not over."""

    code = "invalid-assessed-period"


def read_period(text: str) -> Period:
    """Read a period, as it is written of obligations.

    Raises:
        InvalidAssessedPeriod: it is none.

    >>> read_period("2025Q1").last
    datetime.date(2025, 3, 31)
    """
    for frequency in Frequency:
        found = period_named(frequency, text)
        if found is not None:
            return found
    raise invalid(
        "考核期应写作 2025、2025H1、2025Q1 或 2025-01。",
        "A period is written like 2025, 2025H1, 2025Q1 or 2025-01.",
    )


def is_year(period: Period) -> bool:
    """Whether a period is a whole year."""
    return period.name.isdigit()


def check_over(period: Period, on: date) -> None:
    """Raise ``InvalidAssessedPeriod`` while the period lasts: what is due in it may yet be met."""
    if on <= period.last:
        raise invalid(
            f"考核期 {period.name} 到 {period.last} 为止，尚未结束。",
            f"The period {period.name} lasts until {period.last}; it is not over.",
        )


def invalid(zh: str, en: str) -> InvalidAssessedPeriod:
    """Return the refusal, which points at the period."""
    text = Text(zh, en)
    return InvalidAssessedPeriod(*text, (Fault("/period", text, InvalidAssessedPeriod.code),))
