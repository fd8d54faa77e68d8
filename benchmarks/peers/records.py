"""The published records as others take them in: a SQLite database and a Parquet file.

Both have the rows in the collection's default order, and a column ``place`` that counts it, so
that this order costs nobody a sort.
"""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from opendata.domain.contracts import Contract
from opendata.domain.queries import SYSTEM_FIELDS

TABLE = "penalties"
PLACE = "place"
BATCH_ROWS = 10_000
ROW_GROUP = 65_536
_SQLITE = {"integer": "INTEGER", "number": "REAL"}
_DUCKDB = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}

# What is filtered and sorted by; rows that an index holds as equal are in the order of ``place``,
# for SQLite ends every index with the rowid.
SQLITE_INDEXES = (
    f"{PLACE}",
    f"authority_name, {PLACE}, decision_date",
    "decision_date",
    "sector, decision_date",
    "violation_type, decision_date",
    "counterparty_type, decision_date",
    "penalty_types, decision_date",
    "fine_amount",
    "fine_amount DESC",
    "public_until",
    "public_until DESC",
    "counterparty_name",
    "counterparty_name DESC",
    "decision_number",
    "decision_number DESC",
)


@dataclass(frozen=True, slots=True)
class Records:
    """The whole collection as a CSV file in the default order, and what its columns are."""

    path: Path
    contract: Contract

    @property
    def types(self) -> dict[str, str]:
        """The columns' types of the Table Schema, in order."""
        return {each.name: each.type for each in (*SYSTEM_FIELDS, *self.contract.published.fields)}

    @property
    def columns(self) -> str:
        """The columns as SQL lists them."""
        return ", ".join(self.types)

    def rows(self) -> Iterator[tuple[str | float | None, ...]]:
        """Yield the rows, numbers as such and empty cells as ``None``.

        Raises:
            RuntimeError: the file has other columns.
        """
        reads = [{"integer": int, "number": float}.get(each, str) for each in self.types.values()]
        with self.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            found = next(reader)
            if found != list(self.types):
                message = f"the collection's CSV has the columns {found}"
                raise RuntimeError(message)
            for row in reader:
                yield tuple(
                    read(cell) if cell else None for read, cell in zip(reads, row, strict=True)
                )


def sorted_records(fetched: Path, contract: Contract, path: Path) -> Records:
    """Write a CSV of the whole collection once more, in the default order."""
    kinds = {each.name: _DUCKDB.get(each.type, "VARCHAR") for each in contract.published.fields}
    keys = [
        f"CAST({name.lstrip('-')} AS {kinds[name.lstrip('-')]}) {'DESC' if name[0] == '-' else ''}"
        for name in contract.default_sort
    ]
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_csv(?, all_varchar = true) "  # noqa: S608 - our own.
            f"ORDER BY {', '.join(keys)}, _id) TO '{path}' (FORMAT csv, HEADER)",
            [str(fetched)],
        )
    return Records(path, contract)


def write_sqlite(records: Records, path: Path) -> None:
    """Write a database with one table and its indexes, analysed."""
    types = [f"{name} {_SQLITE.get(kind, 'TEXT')}" for name, kind in records.types.items()]
    types[0] += " PRIMARY KEY"
    marks = ", ".join("?" * (len(types) + 1))
    rows = ((*row, place) for place, row in enumerate(records.rows(), 1))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"CREATE TABLE {TABLE} ({', '.join(types)}, {PLACE} INTEGER)")
        while batch := list(islice(rows, BATCH_ROWS)):
            database.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", batch)  # noqa: S608 - our own.
        for number, columns in enumerate(SQLITE_INDEXES):
            database.execute(f"CREATE INDEX by_{number} ON {TABLE} ({columns})")
        database.execute("ANALYZE")
        database.commit()


def write_parquet(records: Records, path: Path) -> None:
    """Write a Parquet file in the default order."""
    kinds = {name: _DUCKDB.get(kind, "VARCHAR") for name, kind in records.types.items()}
    with duckdb.connect() as connection:
        # DuckDB keeps the order of a file where none other is asked for.
        connection.execute(
            f"COPY (SELECT *, row_number() OVER () AS {PLACE} "  # noqa: S608 - our own.
            f"FROM read_csv(?, columns = {kinds}, header = true, nullstr = '')) TO '{path}' "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})",
            [str(records.path)],
        )
