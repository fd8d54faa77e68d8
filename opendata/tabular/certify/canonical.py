"""One text for each typed value, equal exactly if the values are: what keys are compared by."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from frictionless import Field
from frictionless.fields.yearmonth import yearmonth
from frictionless.platform import platform

# Numbers are written in full as long as nobody could fill the memory with one short cell.
_MOST_ZEROS = 400
_MICROSECOND = timedelta(microseconds=1)
_NEW = count()
_FAMILIES = {
    "any": "text",
    "string": "text",
    "integer": "number",
    "number": "number",
    "year": "number",
    "boolean": "number",
}


def same_family(one: Field, other: Field) -> bool:
    """Whether the keys of two columns may be compared.

    A text "1" and a number 1 have the same key, which matters nowhere but in a foreign key
    between columns of different types; Python calls no two values of two families equal.
    """
    return _FAMILIES.get(one.type, one.type) == _FAMILIES.get(other.type, other.type)


def canonical_key(value: object) -> str | None:
    """Return the key of a value read by Frictionless: ``Column.key``'s text for a proven cell.

    ``None`` has no key. Values that equal nothing, not even themselves (NaN), get a key of
    their own each time.

    >>> canonical_key(Decimal("1.50")), canonical_key(1.5), canonical_key(True)
    ('1.5', '1.5', '1')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | Decimal):
        return _number(Decimal(value))
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _time(value)
    if isinstance(value, timedelta | platform.isodate.Duration):
        return _duration(value)
    if isinstance(value, yearmonth) and type(value.year) is type(value.month) is int:
        return f"{value.year:04}-{value.month:02}"
    return _compound(value)


def _number(number: Decimal) -> str:
    """Write a number plainly, without what does not change it: 1.50 and 1.5, -0 and 0."""
    if number.is_nan():
        return _unequalled("NaN")
    if number.is_infinite():
        return "Infinity" if number > 0 else "-Infinity"
    negative, figures, exponent = number.as_tuple()
    digits = "".join(map(str, figures)).lstrip("0")
    short = digits.rstrip("0")
    if not short:
        return "0"
    power = int(exponent) + len(digits) - len(short)
    return f"{'-' if negative else ''}{_plain(short, power)}"


def _plain(digits: str, power: int) -> str:
    if abs(power) > _MOST_ZEROS:
        return f"{digits}E{power}"
    if power >= 0:
        return digits + "0" * power
    padded = digits.rjust(1 - power, "0")
    return f"{padded[:power]}.{padded[power:]}"


def _moment(value: datetime) -> str:
    """Write a moment: of the clock where no zone is given, else as an instant."""
    offset = value.utcoffset()
    if offset is None:
        return (
            f"{value:%Y}".rjust(4, "0")
            + value.replace(tzinfo=None).isoformat()[4:19]
            + _part(value.microsecond)
        )
    if value.replace(fold=1 - value.fold).utcoffset() != offset:
        return _unequalled(value.isoformat())  # In a repeated hour, by Python's own rule (PEP 495).
    since = value.replace(tzinfo=None) - datetime.min - offset  # noqa: DTZ901 - the zone is off.
    return f"{since // _MICROSECOND}Z"


def _time(value: time) -> str:
    offset = value.utcoffset()
    if offset is None:
        return value.replace(tzinfo=None, microsecond=0).isoformat() + _part(value.microsecond)
    clock = datetime.combine(date.min, value.replace(tzinfo=None))
    return f"{(clock - datetime.min - offset) // _MICROSECOND}Z"  # noqa: DTZ901 - the zone is off.


def _part(microsecond: int) -> str:
    return f".{microsecond:06}".rstrip("0") if microsecond else ""


def _duration(value: Any) -> str:
    """Write months and seconds apart, as ``isodate`` compares them."""
    if isinstance(value, timedelta):
        return f"{value // _MICROSECOND}us"
    months = Decimal(value.years) * 12 + Decimal(value.months)
    rest = f"{value.tdelta // _MICROSECOND}us"
    return f"{_number(months)}M{rest}" if months else rest


def _compound(value: object) -> str:
    """Write lists, objects and pairs; inside them a text is quoted, so that no two coincide."""
    if isinstance(value, Mapping):
        pairs = sorted((_quoted(name), _quoted(each)) for name, each in value.items())
        return "{" + ",".join(f"{name}:{each}" for name, each in pairs) + "}"
    if isinstance(value, tuple | list):
        parts = ",".join(map(_quoted, value))
        return f"({parts})" if isinstance(value, tuple) else f"[{parts}]"
    return repr(value)


def _quoted(value: Any) -> str:
    if value is None:
        return "null"
    return json.dumps(value) if isinstance(value, str) else canonical_key(value) or ""


def _unequalled(said: str) -> str:
    return f"{said}#{next(_NEW)}"
