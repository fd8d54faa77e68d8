"""The columns of a snapshot's files: what was written under an earlier contract may have others.

A column that a file has not is null there, and so is a value that its column cannot hold now.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.parquet as pq

from opendata.storage.engines import Source

_FILES = "read_parquet(?, hive_partitioning=false)"
# How the types of columns are written in SQL.
_NAMES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", "UTC"): "TIMESTAMPTZ",
}
# What Iceberg writes for what we write otherwise.
_SAME: dict[pa.DataType, pa.DataType] = {
    pa.large_string(): pa.string(),
    pa.timestamp("us", "+00:00"): pa.timestamp("us", "UTC"),
}
# The type of each column that is wanted, ``None`` where the file has none of the name.
_Found = tuple[pa.DataType | None, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """The SQL that reads a source's files; each of its parameters is a list of files alike."""

    sql: str
    files: tuple[tuple[str, ...], ...]


def relation(source: Source) -> Relation:
    """Return what reads a source's files in the columns of its schema."""
    return _relation(source.files, source.schema)


@lru_cache(maxsize=64)
def _relation(files: tuple[str, ...], schema: pa.Schema) -> Relation:
    if not files:
        return Relation("nothing", ())
    alike: defaultdict[_Found, list[str]] = defaultdict(list)
    for path in files:
        written = _columns(path)
        alike[tuple(written.get(name) for name in schema.names)].append(path)
    if list(alike) == [tuple(schema.types)]:
        return Relation(_FILES, (files,))
    parts = [f"SELECT {_cast(schema, found)} FROM {_FILES}" for found in alike]  # noqa: S608 - the contract's names, quoted.
    return Relation(f"({' UNION ALL '.join(parts)})", tuple(map(tuple, alike.values())))


def _cast(schema: pa.Schema, found: _Found) -> str:
    """Return the columns wanted, of files whose columns have these types."""
    columns = zip(schema.names, schema.types, found, strict=True)
    return ", ".join(_column(name, wanted, written) for name, wanted, written in columns)


def _column(name: str, wanted: pa.DataType, written: pa.DataType | None) -> str:
    value = "NULL" if written is None else quoted(name)
    return f"TRY_CAST({value} AS {_sql_type(wanted)}) AS {quoted(name)}"


def _sql_type(kind: pa.DataType) -> str:
    if isinstance(kind, pa.Decimal128Type):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return _NAMES[kind]


@lru_cache(maxsize=65_536)
def _columns(path: str) -> dict[str, pa.DataType]:
    """Return the columns of a file, which never changes."""
    schema = pq.read_schema(path)
    types = zip(schema.names, schema.types, strict=True)
    return {name: _SAME.get(kind, kind) for name, kind in types}


def quoted(field: str) -> str:
    """Write the name of a column."""
    return '"' + field.replace('"', '""') + '"'
