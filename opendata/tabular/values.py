"""Cells to values, whole columns at once: what the judge's own reader of a cell would make of it.

What is written in the one strict notation of its type, and reads back as it was written, is cast;
whatever else occurs is read by that reader, once for each text.
"""

import decimal
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
from frictionless import Schema

from opendata.domain.contracts import Field
from opendata.tabular.checks.plugin import register

DIGITS = 38
# A time without a zone in an official table is official time, by rule and not by guess.
_OFFICIAL_TIME = ZoneInfo("Asia/Shanghai")
_EXACT = decimal.Context(
    prec=80, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow]
)
_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "year": pa.int32(),
}


def arrow_type(field: Field) -> pa.DataType:
    """Return the Arrow type that holds every value of ``field`` exactly."""
    if field.type == "number":
        return pa.decimal128(DIGITS, field.decimal_places or 0)
    return _TYPES[field.type]


def values_of(texts: pl.Series, field: Field) -> pl.Series:
    """Return the values of a column's cells; a missing one is null."""
    if field.type == "string":
        return _where(texts != "", texts)
    cast = _CAST.get(field.type)
    if cast is None:
        return one_by_one(texts, field)
    values = cast(texts, field)
    unread = values.is_null() & (texts != "")
    if not unread.any():
        return values
    return values.zip_with(~unread, one_by_one(_where(unread, texts), field))


def reader_of(kind: str) -> Callable[[str], Any]:
    """Return what reads a cell of a field of this type as the judge does.

    It knows no constraint, since the judge has checked them already.
    """
    register()
    schema = Schema.from_descriptor({"fields": [{"name": "cell", "type": kind}]})
    read = schema.fields[0].create_cell_reader()
    return lambda text: read(text)[0]


def one_by_one(texts: pl.Series, field: Field) -> pl.Series:
    """Return the same values, every text that occurs read by the judge's reader, once."""
    read, write = reader_of(field.type), _arrow_value(field)
    occurring = texts.drop_nulls().unique()
    read_ones = pa.array([write(read(each)) for each in occurring], arrow_type(field))
    values = pl.Series(values=pl.from_arrow(read_ones))
    return texts.replace_strict(occurring, values, default=None, return_dtype=values.dtype)


def _arrow_value(field: Field) -> Callable[[Any], Any]:
    """Return what turns a value as Frictionless reads it into one Arrow takes as it is."""
    if field.type == "number":
        unit = Decimal(1).scaleb(-(field.decimal_places or 0))
        return lambda value: None if value is None else _EXACT.quantize(value, unit)
    if field.type == "datetime":
        return lambda value: None if value is None else _instant(value)
    return lambda value: value


def _instant(value: datetime) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=_OFFICIAL_TIME)).astimezone(UTC)


def _integers(texts: pl.Series, _field: Field) -> pl.Series:
    values = texts.cast(pl.Int64, strict=False)
    return _where(values.cast(pl.String) == texts, values)


def _years(texts: pl.Series, _field: Field) -> pl.Series:
    values = texts.cast(pl.Int32, strict=False)
    return _where((values.cast(pl.String) == texts) & values.is_between(1000, 9999), values)


def _dates(texts: pl.Series, _field: Field) -> pl.Series:
    values = texts.str.to_date("%Y-%m-%d", strict=False)
    return _where((values.cast(pl.String) == texts) & (values >= date.min), values)


def _numbers(texts: pl.Series, field: Field) -> pl.Series:
    places = field.decimal_places or 0
    plain = texts.str.contains(_plain_notation(places))
    values = _where(plain, texts).cast(pl.Decimal(DIGITS, places), strict=False)
    back = without_idle_zeros(values.cast(pl.String))
    return _where(back == without_idle_zeros(texts), values)


def _where(holds: pl.Series, values: pl.Series) -> pl.Series:
    """Return the values where something holds, else null."""
    return pl.select(pl.when(holds).then(values)).to_series()


def without_idle_zeros(numbers: pl.Series) -> pl.Series:
    """Take away of numbers in plain notation what does not change them; see ``decimal_text``."""
    fraction = numbers.str.strip_chars_end("0").str.strip_chars_end(".")
    return numbers.zip_with(~numbers.str.contains(".", literal=True), fraction)


@lru_cache
def _plain_notation(places: int) -> str:
    whole = rf"\A-?(?:0|[1-9][0-9]{{0,{max(0, DIGITS - places - 1)}}})"
    return rf"{whole}(?:\.[0-9]{{1,{places}}})?\z" if places else rf"{whole}\z"


# What these give is null where the text is in any other notation.
_CAST: Mapping[str, Callable[[pl.Series, Field], pl.Series]] = {
    "integer": _integers,
    "year": _years,
    "date": _dates,
    "number": _numbers,
}
