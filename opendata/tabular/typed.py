"""Typed rows: the canonical table's cells as the judge reads them, in Arrow."""

import csv
import decimal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from frictionless import Schema

from opendata.domain.contracts import Contract, Field
from opendata.domain.identifiers import key_secret, record_id
from opendata.tabular.checks.plugin import register
from opendata.tabular.text_table import TextTable

_BATCH_ROWS = 16_384
_DIGITS = 38
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


def arrow_schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of a contract's columns, in column order.

    Give it ``contract.published`` for what is public. Every column may be null: what an approver
    withholds is null in a column that the contract requires.
    """
    return pa.schema([pa.field(each.name, arrow_type(each)) for each in contract.fields])


def arrow_type(field: Field) -> pa.DataType:
    """Return the Arrow type that holds every value of ``field`` exactly."""
    if field.type == "number":
        return pa.decimal128(_DIGITS, field.decimal_places or 0)
    return _TYPES[field.type]


def typed_schema(contract: Contract) -> pa.Schema:
    """Return the schema of ``typed_batches``: ``_id``, ``_row`` and the published columns."""
    own = [pa.field("_id", pa.string()), pa.field("_row", pa.int64())]
    return pa.schema([*own, *arrow_schema(contract.published)])


def typed_table(table: TextTable, contract: Contract, secret: bytes | None = None) -> pa.Table:
    """Return all typed rows of a table that was judged valid; see ``typed_batches``."""
    batches = list(typed_batches(table, contract, secret))
    return pa.Table.from_batches(batches, schema=typed_schema(contract))


def typed_batches(
    table: TextTable, contract: Contract, secret: bytes | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the typed rows of a table that was judged valid, in its order.

    ``_id``, ``_row`` (1 is the first row after the header), then the published columns. Cells are
    read by the judge's own readers, so that what is published is what was judged.

    Args:
        table: The canonical table.
        contract: The whole contract, not the published one: a dropped column is still a column
            of the file.
        secret: The home's; used where a key column is personal, see ``key_secret``.
    """
    reading = _Reading(contract, key_secret(contract, secret))
    with table.path.open(encoding="utf-8", newline="") as stream:
        records = csv.reader(stream, strict=True)
        next(records)
        first = 1
        while texts := list(islice(records, _BATCH_ROWS)):
            yield reading.batch(texts, first)
            first += len(texts)


class _Reading:
    """How a contract's text rows become typed ones."""

    def __init__(self, contract: Contract, secret: bytes | None) -> None:
        register()
        # Without constraints, since the judge has checked them already.
        schema = Schema.from_descriptor(
            {"fields": [{"name": each.name, "type": each.type} for each in contract.fields]}
        )
        self._readers = [each.create_cell_reader() for each in schema.fields]
        self._arrow = [_arrow_value(each) for each in contract.fields]
        self._names = [each.name for each in contract.fields]
        self._key = [self._names.index(name) for name in contract.primary_key]
        self._collection = contract.collection
        self._secret = secret
        self._schema = typed_schema(contract)

    def batch(self, texts: list[list[str]], first: int) -> pa.RecordBatch:
        """Type some rows, of which the first has the number ``first``."""
        rows = [
            [read(text)[0] for read, text in zip(self._readers, cells, strict=True)]
            for cells in texts
        ]
        system: dict[str, list[Any]] = {
            "_id": [self._id(row) for row in rows],
            "_row": list(range(first, first + len(rows))),
        }
        arrays = []
        for name, kind in zip(self._schema.names, self._schema.types, strict=True):
            values = system.get(name)
            if values is None:
                at = self._names.index(name)
                write = self._arrow[at]
                values = [write(row[at]) for row in rows]
            arrays.append(pa.array(values, type=kind))
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def _id(self, row: list[Any]) -> str:
        return record_id(self._collection, [row[at] for at in self._key], self._secret)


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
