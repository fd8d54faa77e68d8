"""How values are written for people: numbers, instants, sizes, and the cells of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from opendata.domain.contracts import Field
from opendata.domain.editions import CHINA
from opendata.domain.queries import moment_text, value_text
from opendata.domain.values import decimal_text

LONG_TEXT = 48
_SIZES = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a page shows it.

    ``kind`` is ``none``, ``number``, ``code``, ``date``, ``link``, ``long`` or ``text``; ``text``
    is what is read, ``unit`` stands behind a number, ``code`` is a coded value's own spelling.
    """

    kind: str
    text: str = ""
    unit: str = ""
    code: str = ""
    title: str = ""


def cell(field: Field, value: object, unit: str = "") -> Cell:
    """Return how ``value`` of ``field`` is shown; codes by their label."""
    if value is None or value == "":
        return Cell("none", title=field.title.zh)
    kind, text, code = "text", value_text_of(field, value), ""
    if field.categories:
        kind, code = "code", str(value)
    elif field.type in ("integer", "number"):
        kind = "number"
    elif field.type in ("date", "datetime", "year"):
        kind = "date"
    elif field.type == "string" and text.startswith(("https://", "http://")):
        kind = "link"
    elif len(text) > LONG_TEXT:
        kind = "long"
    return Cell(kind, text, unit if kind == "number" else "", code, field.title.zh)


def value_text_of(field: Field, value: object) -> str:
    """Write a value: labels for codes, thousands apart, 是 and 否."""
    if field.categories:
        return field.label(str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type in ("integer", "number") and isinstance(value, (int, Decimal)):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    return value_text(value) if isinstance(value, (int, Decimal, date)) else str(value)


def unit_of(field: Field, record: Mapping[str, Any], by_name: Mapping[str, Field]) -> str:
    """Return the unit of a number in a record: the field's own, or what its unit column says."""
    if field.unit is not None:
        return field.unit
    holder = by_name.get(field.unit_field or "")
    value = record.get(field.unit_field or "")
    return "" if holder is None or value is None else holder.label(str(value))


def number(value: int | Decimal) -> str:
    """Write a number with its exact digits, thousands apart.

    >>> number(8237), number(Decimal("1234567.500"))
    ('8,237', '1,234,567.5')
    """
    if isinstance(value, int):
        return f"{value:,}"
    whole, point, rest = decimal_text(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}"


def moment(at: datetime) -> str:
    """Write an instant as a clock in China shows it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def day(at: datetime) -> str:
    """Write the civil date of an instant in China."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d")


def size(count: int) -> str:
    """Write a number of bytes shortly.

    >>> size(900), size(672_550)
    ('900 B', '656.8 KB')
    """
    for least, name in _SIZES:
        if count >= least:
            return f"{count / least:,.1f} {name}"
    return f"{count} B"


FILTERS = {
    "number": number,
    "moment": moment,
    "day": day,
    "size": size,
    "instant": moment_text,
}
