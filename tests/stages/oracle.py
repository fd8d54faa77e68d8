"""What a query should answer, found the slow way: every row in Python, no database at all."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.domain.queries import Filter, Op, Query, Sort
from opendata.runtime import Runtime
from opendata.storage import pointers
from opendata.storage.lake import files_of

Record = dict[str, Any]


def everything(runtime: Runtime, contract: Contract) -> list[Record]:
    """Return all records of a collection's current snapshot that are public on the clock's day."""
    with runtime.home.database.read() as session:
        snapshot = pointers.current(session, contract.collection)
    assert snapshot is not None
    rows = pa.concat_tables([pq.read_table(each) for each in files_of(snapshot)]).to_pylist()
    if contract.window_field is None:
        return rows
    today: date = local_day(runtime.now())
    return [row for row in rows if row[contract.window_field] >= today]


def answer(rows: Iterable[Record], query: Query) -> list[Record]:
    """Return the records that match, in the query's order and with its fields."""
    found = [row for row in rows if all(matches(row, each) for each in query.filters)]
    if query.search is not None:
        word = query.search.lower()
        found = [
            row
            for row in found
            if any(word in (row[name] or "").lower() for name in query.searchable)
        ]
    for key in reversed(query.sort):
        found = sorted_by(found, key)
    return [{name: row[name] for name in query.fields} for row in found]


def sorted_by(rows: list[Record], key: Sort) -> list[Record]:
    """Sort stably by one key; what has no value comes last in either direction."""
    known = [row for row in rows if row[key.name] is not None]
    known.sort(key=lambda row: row[key.name], reverse=False)
    if key.descending:
        # Stable in the other direction too: equal rows keep their order.
        known.sort(key=lambda row: row[key.name], reverse=True)
    return known + [row for row in rows if row[key.name] is None]


def matches(row: Record, condition: Filter) -> bool:
    """Say whether a record meets one condition; a missing value equals nothing."""
    value, values = row[condition.field.name], condition.values
    if condition.op in (Op.ISNULL, Op.NOTNULL):
        return (value is None) is (condition.op is Op.ISNULL)
    if value is None:
        return condition.op in (Op.NOT, Op.NOTCONTAINS, Op.NOTIN)
    tests = {
        Op.EXACT: lambda: value == values[0],
        Op.NOT: lambda: value != values[0],
        Op.CONTAINS: lambda: values[0] in value,
        Op.NOTCONTAINS: lambda: values[0] not in value,
        Op.STARTSWITH: lambda: value.startswith(values[0]),
        Op.ENDSWITH: lambda: value.endswith(values[0]),
        Op.GT: lambda: value > values[0],
        Op.GTE: lambda: value >= values[0],
        Op.LT: lambda: value < values[0],
        Op.LTE: lambda: value <= values[0],
        Op.BETWEEN: lambda: values[0] <= value <= values[1],
        Op.IN: lambda: value in values,
        Op.NOTIN: lambda: value not in values,
    }
    return bool(tests[condition.op]())
