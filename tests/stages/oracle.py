"""What a query should answer, found the slow way: every row in Python, no database at all."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.runtime import Runtime
from opendata.storage import pointers
from opendata.storage.lake import files_of
from tests.reference import answer

__all__ = ["answer", "everything"]

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
