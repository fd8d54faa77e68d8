"""Periods: the spans of time that obligations are met for, and what they are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from opendata.domain.compliance.model import Frequency

# 《政府信息公开条例》 (2008) came into force: nobody had to disclose by it before.
BEGINNING = date(2008, 5, 1)
_MONTHS = {
    Frequency.ANNUAL: 12,
    Frequency.SEMIANNUAL: 6,
    Frequency.QUARTERLY: 3,
    Frequency.MONTHLY: 1,
}
_FORMS = {
    Frequency.ANNUAL: re.compile(r"([0-9]{4})"),
    Frequency.SEMIANNUAL: re.compile(r"([0-9]{4})H([12])"),
    Frequency.QUARTERLY: re.compile(r"([0-9]{4})Q([1-4])"),
    Frequency.MONTHLY: re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time: ``2025``, ``2025H1``, ``2025Q1`` or ``2025-03``."""

    name: str
    first: date
    last: date


@lru_cache(maxsize=4096)
def periods(frequency: Frequency, since: date, until: date | None, on: date) -> tuple[Period, ...]:
    """Return the periods that an obligation is met for and that have begun by ``on``.

    It must be in force on a period's last day, from which the term runs. What ended before there
    was a duty to disclose is left out.

    >>> [each.name for each in periods(
    ...     Frequency.QUARTERLY, date(2025, 5, 1), None, date(2025, 10, 1))]
    ['2025Q2', '2025Q3', '2025Q4']
    """
    if frequency is Frequency.AD_HOC:
        return ()
    begin = max(since, BEGINNING)
    return tuple(
        each
        for each in _from(frequency, begin.year, on)
        if each.last >= begin and (until is None or each.last <= until)
    )


def period_named(frequency: Frequency, name: str) -> Period | None:
    """Return the period of this name, ``None`` if none is called so.

    >>> period_named(Frequency.MONTHLY, "2024-02").last
    datetime.date(2024, 2, 29)
    """
    form = _FORMS.get(frequency)
    found = form.fullmatch(name) if form is not None and name.isascii() else None
    if found is None or not date.min.year < int(found[1]) < date.max.year:
        return None
    number = int(found[2]) if found.lastindex == 2 else 1
    return _period(frequency, int(found[1]), number)


def _from(frequency: Frequency, year: int, on: date) -> Iterator[Period]:
    while True:
        for number in range(1, 12 // _MONTHS[frequency] + 1):
            found = _period(frequency, year, number)
            if found.first > on:
                return
            yield found
        year += 1


def _period(frequency: Frequency, year: int, number: int) -> Period:
    months = _MONTHS[frequency]
    first = date(year, (number - 1) * months + 1, 1)
    over = number * months
    after = date(year + over // 12, over % 12 + 1, 1)
    return Period(_name(frequency, year, number), first, after - timedelta(days=1))


def _name(frequency: Frequency, year: int, number: int) -> str:
    if frequency is Frequency.ANNUAL:
        return f"{year:04}"
    if frequency is Frequency.MONTHLY:
        return f"{year:04}-{number:02}"
    return f"{year:04}{'H' if frequency is Frequency.SEMIANNUAL else 'Q'}{number}"
