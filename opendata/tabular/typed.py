"""Typed rows: a received table's cells as the judge reads them, in Arrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Contract, Field
from opendata.domain.identifiers import key_secret
from opendata.tabular.readers import OpenTable
from opendata.tabular.record_ids import KeyColumn, record_ids
from opendata.tabular.scan import Block
from opendata.tabular.treatments import column_secret, treated
from opendata.tabular.values import arrow_type, key_values, values_of


def arrow_schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of a contract's columns, in column order.

    Give it ``contract.published`` for what is public. Every column may be null: what an approver
    withholds is null in a column that the contract requires.
    """
    return pa.schema([pa.field(each.name, arrow_type(each)) for each in contract.fields])


def typed_schema(contract: Contract) -> pa.Schema:
    """Return the schema of ``typed_batches``: ``_id``, ``_row`` and the published columns."""
    own = [pa.field("_id", pa.string()), pa.field("_row", pa.int64())]
    return pa.schema([*own, *arrow_schema(contract.published)])


@dataclass(frozen=True, slots=True)
class Secrets:
    """What keys that which is published of personal data.

    ``home`` is the home's secret, used where a key column is personal, see ``key_secret``;
    ``dataset`` is the dataset's own, used where a column is hashed, see ``dataset_secret``.
    """

    home: bytes | None = None
    dataset: bytes | None = None


NONE = Secrets()


def typed_table(table: OpenTable, contract: Contract, secrets: Secrets = NONE) -> pa.Table:
    """Return all typed rows of a table that was judged valid; see ``typed_batches``."""
    batches = list(typed_batches(table, contract, secrets))
    return pa.Table.from_batches(batches, schema=typed_schema(contract))


def typed_batches(
    table: OpenTable, contract: Contract, secrets: Secrets = NONE
) -> Iterator[pa.RecordBatch]:
    """Yield the typed rows of a table that was judged valid, in its order, as they are published.

    ``_id``, ``_row`` (1 is the first row after the header), then the published columns. Cells are
    what the judge's own readers make of them, so that what is published is what was judged; of
    personal data it is what their treatment leaves.

    Args:
        table: The table, opened anew: its rows are passed over here.
        contract: The whole contract, not the published one: a dropped column is still a column
            of the file.
        secrets: What keys identifiers and hashes.

    Raises:
        ValueError: a column is hashed, and there is no secret.
    """
    reading = _Reading(contract, secrets)
    for block in table.blocks():
        yield reading.batch(_cells(block, len(contract.fields)), block.first_row - 1)


class _Reading:
    """How a contract's text rows become typed ones."""

    def __init__(self, contract: Contract, secrets: Secrets) -> None:
        self._contract = contract
        self._secret = key_secret(contract, secrets.home)
        self._hashing = secrets.dataset
        self._schema = typed_schema(contract)
        self._wanted = {*self._schema.names, *contract.primary_key}

    def batch(self, cells: pl.DataFrame, first: int) -> pa.RecordBatch:
        """Type some rows, of which the first has the number ``first``."""
        fields = {each.name: each for each in self._contract.fields}
        texts = dict(zip(fields, cells.iter_columns(), strict=True))
        values = {
            name: values_of(texts[name], field)
            for name, field in fields.items()
            if name in self._wanted
        }
        key = [
            KeyColumn(fields[name].type, key_values(texts[name], values[name], fields[name].type))
            for name in self._contract.primary_key
        ]
        shown = {name: self._treated(fields[name], each) for name, each in values.items()}
        found: dict[str, pa.Array[Any]] = {name: each.to_arrow() for name, each in shown.items()}
        found["_id"] = record_ids(self._contract.collection, key, self._secret)
        found["_row"] = pa.array(np.arange(first, first + cells.height))
        arrays = [
            found[name].cast(kind)
            for name, kind in zip(self._schema.names, self._schema.types, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def _treated(self, field: Field, values: pl.Series) -> pl.Series:
        handling = self._contract.personal.get(field.name)
        if handling is None:
            return values
        secret = self._hashing and column_secret(self._hashing, field.name)
        return treated(values, field.type, handling, secret)


def _cells(block: Block, width: int) -> pl.DataFrame:
    """Return the cells of a block, a column for each of the table's."""
    if block.frame is not None:
        return block.frame
    schema = {str(at): pl.String for at in range(width)}
    return pl.DataFrame(block.records, schema=schema, orient="row")
