"""Dates, times and months in their ISO forms, and in formats made of the same parts."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import polars as pl
from frictionless import Field, fields

from opendata.tabular.certify.form import BOUNDS, Form, text_bound, writable
from opendata.tabular.certify.instants import instant_key

# The years Python knows, 0001 to 9999; the days that exist, the leap days last.
_YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DAY = (
    f"(?:{_YEAR}-(?:"
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])"
    "|(?:0[48]|[2468][048]|[13579][26])00)-02-29)"
)
ISO_DATE = _DAY
ISO_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_FRACTION = r"(?:\.[0-9]{1,6})?"
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"
ISO_CLOCK = f"{ISO_TIME}{_FRACTION}{_ZONE}"
ISO_MOMENT = f"{_DAY}[T ]{ISO_CLOCK}"
# The parts of a strptime format that mean the same in every locale, with two digits (four for
# the year) always, which strptime prefers to fewer.
_PARTS: Mapping[str, str] = {
    "Y": "[0-9]{4}",
    "m": "[0-9]{2}",
    "d": "[0-9]{2}",
    "H": "(?:[01][0-9]|2[0-3])",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
}
# What strptime supposes of a part that its format lacks.
_SUPPOSED: Mapping[str, str] = {"Y": "1900", "m": "01", "d": "01", "H": "00", "M": "00", "S": "00"}


def iso_date(field: fields.DateField, text: pl.Expr) -> Form:
    """Days that exist, as ISO writes them or as a format of the same parts does."""
    if field.format == "default":
        return _dates(text, text.str.contains(rf"\A{_DAY}\z"))
    if field.format == "any":
        # Of earlier years the lenient parser makes what it likes.
        late = text.str.contains(rf"\A{_DAY}\z") & (text >= pl.lit("1000"))
        return _dates(text, late)
    return _in_format(field.format, text, "{Y}-{m}-{d}", _date_text)


def iso_time(field: fields.TimeField, text: pl.Expr) -> Form:
    """Times of the day; with a bound, only those to the second and without a zone."""
    if field.format not in {"default", "any"}:
        return _in_format(field.format, text, "{H}:{M}:{S}", _clock_text, dated=False)
    plain = field.format == "any" or _bounded(field)
    if plain:
        shape = rf"\A{ISO_TIME}\z"
        return Form(text.str.contains(shape), None, text, text_bound(text, _clock_text))
    return Form(text.str.contains(rf"\A{ISO_CLOCK}\z"), None, None)


def iso_datetime(field: fields.DatetimeField, text: pl.Expr) -> Form:
    """Moments; with a bound, only those to the second and without a zone.

    A limit with a zone cannot be compared with a cell without one, and the other way round:
    Frictionless stops there, so nothing is said.
    """
    if field.format not in {"default", "any"}:
        return _in_format(field.format, text, "{Y}-{m}-{d}T{H}:{M}:{S}", _moment_text)
    moment = text.str.replace(" ", "T", literal=True)
    if field.format == "any":
        shape = text.str.contains(rf"\A{_DAY}[T ]{ISO_TIME}\z") & (text >= pl.lit("1000"))
        return Form(shape, None, moment, text_bound(moment, _moment_text))
    if _bounded(field):
        shape = text.str.contains(rf"\A{_DAY}[T ]{ISO_TIME}\z")
        return Form(shape, None, moment, text_bound(moment, _moment_text))
    return Form(text.str.contains(rf"\A{ISO_MOMENT}\z"), None, instant_key(text))


def yearmonth(field: fields.YearmonthField, text: pl.Expr) -> Form:
    """Months of the years 0000 to 9999."""
    shape = text.str.contains(r"\A[0-9]{4}-(?:0[1-9]|1[0-2])\z")
    return Form(shape, None, text, text_bound(text, _month_text))


def duration(field: fields.DurationField, text: pl.Expr) -> Form:
    """ISO periods of whole parts, a year being no number of days."""
    days = _parts("Y", "M", "W", "D")
    clock = _parts("H", "M", "S")
    return Form(text.str.contains(rf"\AP(?:{days}(?:T{clock})?|T{clock})\z"))


def _dates(iso: pl.Expr, canonical: pl.Expr) -> Form:
    return Form(canonical, iso, iso, text_bound(iso, _date_text))


def _bounded(field: Field) -> bool:
    return any(field.constraints.get(name) is not None for name in BOUNDS)


def _parts(*letters: str) -> str:
    """At least one of the parts of a period, in order."""
    part = {letter: f"[0-9]{{1,4}}{letter}" for letter in letters}
    chains = []
    for at, first in enumerate(letters):
        chains.append(part[first] + "".join(f"(?:{part[each]})?" for each in letters[at + 1 :]))
    return f"(?:{'|'.join(chains)})"


def _in_format(
    pattern: str,
    text: pl.Expr,
    template: str,
    write: Callable[[Any], str | None],
    dated: bool = True,
) -> Form:
    """Recognise the texts of a strptime format that has each part at most once."""
    shape = _format_shape(pattern)
    if shape is None:
        return Form(pl.lit(False))
    given = {name: f"${{{name}}}" for name in re.findall(r"\?P<(\w)>", shape)}
    parts = {**_SUPPOSED, **given}
    iso = text.str.replace(shape, template.format_map(parts))
    day = text.str.replace(shape, "{Y}-{m}-{d}".format_map(parts))
    exists = text.str.contains(shape) & day.str.contains(rf"\A{_DAY}\z")
    return Form(exists, iso if write is _date_text else None, iso, text_bound(iso, write))


def _format_shape(pattern: str) -> str | None:
    if not writable(pattern):
        return None
    shape = ""
    seen: set[str] = set()
    for found in re.finditer(r"%(.)|(.)", pattern, re.DOTALL):
        part, plain = found.groups()
        if plain is not None:
            if plain == "%" or plain.isdigit() or (plain.isspace() and plain != " "):
                return None
            shape += f"\\x{{{ord(plain):X}}}"
            continue
        if part not in _PARTS or part in seen:
            return None
        seen.add(part)
        shape += f"(?P<{part}>{_PARTS[part]})"
    return rf"\A{shape}\z" if seen else None


def _date_text(limit: Any) -> str | None:
    return limit.isoformat() if type(limit) is date else None


def _clock_text(limit: Any) -> str | None:
    if not isinstance(limit, time) or limit.tzinfo or limit.microsecond:
        return None
    return limit.isoformat()


def _moment_text(limit: Any) -> str | None:
    if not isinstance(limit, datetime) or limit.tzinfo or limit.microsecond:
        return None
    return limit.isoformat()


def _month_text(limit: Any) -> str | None:
    if not isinstance(limit, tuple) or not all(type(each) is int for each in limit):
        return None
    year, month = limit
    return f"{year:04}-{month:02}" if 0 <= year <= 9999 and 1 <= month <= 12 else None
