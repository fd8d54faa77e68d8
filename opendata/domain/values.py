"""Single values: how they are read from a request and how they are written in an answer."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from opendata.domain.contracts import Field
from opendata.domain.errors import Text

Value = str | int | Decimal | date | datetime | bool

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
# What a column of integers holds.
_INT64 = range(-(2**63), 2**63)
_NUMBER = re.compile(r"[+-]?[0-9]{1,38}(?:\.[0-9]{1,38})?(?:[eE][+-]?[0-9]{1,2})?")
# What a column of decimals holds, before and after the point together.
_DIGITS = 38
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}


class NotAValue(ValueError):
    """The text is no value of the field's type; ``expected`` says in two languages what is."""

    def __init__(self, expected: Text) -> None:
        """Keep what was expected."""
        super().__init__(expected.en)
        self.expected = expected


def read_value(field: Field, text: str) -> Value:
    """Read ``text`` as a value of ``field``, strictly; a coded field takes code or label.

    Raises:
        NotAValue: the text is no such value.
    """
    if field.categories:
        return _read_code(field, text)
    if field.type == "number":
        return _read_number(text, field.decimal_places or 0)
    read = _READERS.get(field.type, _read_string)
    return read(text)


def decimal_text(value: Decimal) -> str:
    """Write a decimal with its exact digits, without exponent and without idle zeros.

    >>> decimal_text(Decimal("434.720000")), decimal_text(Decimal("1E+3"))
    ('434.72', '1000')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _read_code(field: Field, text: str) -> str:
    # Codes go before labels, should one ever be spelled like the other.
    codes = {each.label: each.value for each in reversed(field.categories)}
    codes |= {each.value: each.value for each in field.categories}
    if text in codes:
        return codes[text]
    zh = "、".join(f"{each.value}（{each.label}）" for each in field.categories)
    en = ", ".join(each.value for each in field.categories)
    raise NotAValue(Text(f"代码或中文名称之一：{zh}", f"one of the codes {en}, or its label"))


def _read_string(text: str) -> str:
    return text


def _read_integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None or int(text) not in _INT64:
        raise NotAValue(Text("整数", "an integer"))
    return int(text)


def _read_number(text: str, places: int) -> Decimal:
    """Read a number that the column can hold: an engine cannot compare it with any other."""
    if _NUMBER.fullmatch(text) is not None:
        whole, _, fraction = decimal_text(Decimal(text)).lstrip("-").partition(".")
        if len(whole) <= _DIGITS - places and len(fraction) <= places:
            return Decimal(text)
    raise NotAValue(
        Text(
            f"十进制数，如 434.72，小数至多 {places} 位，整数至多 {_DIGITS - places} 位",
            f"a decimal number, like 434.72, with at most {places} digits behind the point "
            f"and {_DIGITS - places} before it",
        )
    )


def _read_date(text: str) -> date:
    try:
        if _DATE.fullmatch(text) is not None:
            return date.fromisoformat(text)
    except ValueError:
        pass  # A well-formed date that the calendar lacks (2020-02-30) is refused below.
    raise NotAValue(Text("日期，格式为 2026-01-31", "a date like 2026-01-31"))


def _read_datetime(text: str) -> datetime:
    moment = read_instant(text)
    if moment is None:
        expected = "带时区的时刻，如 2026-01-31T08:00:00Z"
        raise NotAValue(Text(expected, "an instant with its zone, like 2026-01-31T08:00:00Z"))
    return moment


def read_instant(text: str) -> datetime | None:
    """Read an instant with its zone into UTC; ``None`` if it is none, or not within our years.

    >>> read_instant("0001-01-01T00:00:00+08:00") is None  # the year 0 in UTC
    True
    """
    # Python would take weeks (2026-W01-1) and dates without hyphens as well.
    if _DATE.match(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read_boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise NotAValue(Text("true 或 false", "true or false"))
    return _BOOLEANS[text]


_READERS: Mapping[str, Callable[[str], Value]] = {
    "integer": _read_integer,
    "year": _read_integer,
    "date": _read_date,
    "datetime": _read_datetime,
    "boolean": _read_boolean,
}
