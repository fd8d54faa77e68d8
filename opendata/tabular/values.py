"""Cells to values, whole columns at once: what the judge's own reader of a cell would make of it.

What is written in the one strict notation of its type, and reads back as it was written, is cast;
whatever else occurs is read by that reader, once for each text.
"""

import decimal
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
from frictionless import Schema

from opendata.domain.contracts import Field
from opendata.tabular.checks.plugin import register
from opendata.tabular.plain import DIGITS, plain_numbers, plain_values, where

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
    if field.type == "number":
        values: pl.Series | None = plain_numbers(texts, field.decimal_places or 0)
    else:
        values = plain_values(texts, field.type)
    if values is None:
        return one_by_one(texts, field)
    unread = values.is_null() & (texts != "")
    if not unread.any():
        return values
    return values.zip_with(~unread, one_by_one(where(unread, texts), field))


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


def key_values(texts: pl.Series, values: pl.Series, kind: str) -> pl.Series:
    """Return what of a key's column is part of an ``_id``.

    A time is as the judge reads it, in the zone that it was given, not as the instant it is.
    """
    if kind != "datetime":
        return values
    read = reader_of(kind)
    occurring = texts.unique()
    said = pl.Series([read(each).isoformat() for each in occurring], dtype=pl.String)
    return texts.replace_strict(occurring, said, return_dtype=pl.String)
