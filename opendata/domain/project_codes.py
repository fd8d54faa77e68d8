"""Codes of investment projects: two forms of equal length, told apart by their first part."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CODE = re.compile(
    r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{5})([0-9A-Z])(?:-[0-9]{3})?"
)
# The years of codes that begin with a year, and the months in which the newer form began.
_YEARS = range(2013, 2021)
_FIRST_MONTHS = range(2010, 2013)


class Form(StrEnum):
    """The two forms, by what their first part is."""

    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A code taken apart. ``procedure`` is what an older code says of the kind of approval."""

    form: Form
    year: int
    region: str
    procedure: str | None


_PROCEDURES = {"01": "approval", "02": "verification", "03": "filing"}


def read_project_code(text: str) -> ProjectCode | None:
    """Take a code apart; ``None`` if it has neither form.

    The check character of the newer form is not verified: how it is computed is not public.

    Source: 发改投资〔2020〕1439号; GB/T 40058-2021.

    >>> read_project_code("2020-450300-47-03-012345").procedure
    'filing'
    >>> read_project_code("2509-320193-89-01-544060").year
    2025
    >>> read_project_code("2513-320193-89-01-544060") is None
    True
    """
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    first, region, _, kind, _, check = match.groups()
    number = int(first)
    if number in _YEARS:
        if not check.isdigit():
            return None
        return ProjectCode(Form.YEAR, number, region, _PROCEDURES.get(kind))
    month = 1 <= number % 100 <= 12
    if month and (number in _FIRST_MONTHS or number >= 2101):
        return ProjectCode(Form.MONTH, 2000 + number // 100, region, None)
    return None
