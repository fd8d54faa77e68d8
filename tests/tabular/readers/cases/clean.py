"""Clean tables: a few records of our own data sets, as text."""

import csv
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import opendata
from opendata.domain.contracts import Contract
from opendata.tabular.contract import load_all, packaged_schemas
from tests.tabular.readers.cases.model import Clean

_DATASETS = Path(opendata.__file__).parent.parent / "datasets"
_FOLDERS = {
    "administrative-penalties": "administrative-penalties-sample",
    "budgets": "budgets-2020",
    "disclosure-statistics": "disclosure-statistics-2017",
    "project-approvals": "project-approvals-transcribed",
}
_ROWS = 5


@cache
def clean(collection: str) -> Clean:
    """Return the first records of the collection's data set."""
    path = _DATASETS / _FOLDERS[collection] / "data.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        names, *rows = csv.reader(stream)
    return Clean(collection, tuple(names), tuple(tuple(row) for row in rows[:_ROWS]))


@cache
def contracts() -> dict[str, Contract]:
    """Return the contracts that ship, by collection."""
    return load_all(packaged_schemas())


def titles(table: Clean) -> list[str]:
    """Return the Chinese titles of a table's columns."""
    contract = contracts()[table.collection]
    return [field.title.zh for field in map(contract.field, table.names) if field]


def column_of(table: Clean, name: str) -> int:
    """Return the position of a column."""
    return table.names.index(name)


def with_cell(table: Clean, row: int, name: str, cell: str) -> Clean:
    """Return the table with another cell in a row (from 0)."""
    at = column_of(table, name)
    rows = list(table.rows)
    rows[row] = (*rows[row][:at], cell, *rows[row][at + 1 :])
    return Clean(table.collection, table.names, tuple(rows))


def delimited(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    delimiter: str = ",",
    newline: str = "\n",
) -> str:
    """Write a table as delimited text, as ``csv`` does, with other line ends between records."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows([header, *rows])
    return out.getvalue()
