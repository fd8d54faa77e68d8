"""DuckDB in process over the snapshot's Parquet files.

Names in the SQL come from the published contract and are quoted; values are always parameters.
"""

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from opendata.domain.errors import Text, Unprocessable
from opendata.domain.queries import Query
from opendata.domain.queries.adding import Demand, Mixed, TotalTooLarge
from opendata.domain.queries.aggregates import Aggregation
from opendata.domain.values import Value
from opendata.storage.engines import Groups, Source
from opendata.storage.engines.columns import relation
from opendata.storage.engines.sql import Statement
from opendata.storage.engines.sql_totals import TotalsStatement, groups_of, unmet

log = logging.getLogger(__name__)
BATCH_ROWS = 20_000
# Of all queries of a process together, instead of four fifths of the machine for each process.
# Where the index answers, nothing comes near it. Beyond it a sort spills to disk; less than this
# is too little to put 200,000 records of 5 kB in order, however much disk there is.
MEMORY_LIMIT = "512MiB"
_PATTERN = re.compile(r"[*?[]")
# DuckDB says of what it could not spill only that writing failed, and why.
_FULL = "No space left on device"


class TooMuchAtOnce(Unprocessable):
    """A question would take more memory, or scratch space, than all questions together have."""

    code = "too-much-at-once"
    title = Text("一次查询的数据过多", "Too much is asked at once")

    def __init__(self) -> None:
        """Say how to ask instead."""
        super().__init__(
            "查询涉及的数据超出服务器一次可处理的数量；请增加筛选条件，或下载整个发布文件自行计算。",
            "This takes more than the server can hold at once: narrow the question with filters, "
            "or take the whole files of the releases.",
        )


class DuckDB:
    """One DuckDB instance a process, a cursor a call; made at the first query."""

    def __init__(self, scratch: Path) -> None:
        """Prepare; gunicorn forks workers, so nothing may be opened before that.

        What does not fit into memory is spilled into the folder ``scratch``.
        """
        self._scratch = scratch
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def rows(
        self, source: Source, query: Query, after: Sequence[Value | None] | None = None
    ) -> pa.Table:
        """Return one page; see ``Engine.rows``."""
        statement = Statement(source, query)
        if after is not None:
            statement.resume(query.sort, after)
        sql = statement.select(query) + " LIMIT ?"
        values = [*statement.values, query.limit]
        with _bounded():
            found: pa.Table = self._run(source, sql, values).to_arrow_table()
        return found

    def batches(self, source: Source, query: Query) -> Iterator[pa.RecordBatch]:
        """Yield everything; see ``Engine.batches``."""
        statement = Statement(source, query)
        with _bounded():
            result = self._run(source, statement.select(query), statement.values)
            yield from result.to_arrow_reader(BATCH_ROWS)

    def count(self, source: Source, query: Query) -> int:
        """Count; see ``Engine.count``."""
        statement = Statement(source, query)
        with _bounded():
            found = self._run(source, statement.counting(), statement.values).fetchall()
        return int(found[0][0])

    def totals(
        self, source: Source, aggregation: Aggregation, demands: Sequence[Demand] = ()
    ) -> Groups:
        """Compute groups; see ``Engine.totals``."""
        with _bounded():
            return self._totals(source, aggregation, demands)

    def _totals(
        self, source: Source, aggregation: Aggregation, demands: Sequence[Demand]
    ) -> Groups:
        statement = TotalsStatement(source, aggregation, demands)
        try:
            found = self._run(source, statement.select(), statement.values).to_arrow_table()
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            raise TotalTooLarge from error
        mixed = []
        for at, demand in enumerate(demands):
            if found.num_rows and found.column(unmet(at))[0].as_py():
                told = TotalsStatement(source, aggregation, (demand,))
                values = self._run(source, told.told(demand), told.values).to_arrow_table()
                mixed.append(Mixed(demand, tuple(values.column(0).to_pylist())))
        return groups_of(found, aggregation, tuple(mixed))

    def _run(self, source: Source, sql: str, values: list[Any]) -> duckdb.DuckDBPyRelation:
        cursor = self._cursor()
        if not source.files:
            cursor.register("nothing", source.schema.empty_table())
            return cursor.sql(sql, params=values)
        files = [[_literal(each) for each in alike] for alike in relation(source).files]
        return cursor.sql(sql, params=[*files, *values])

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(
                    ":memory:",
                    config={
                        "autoinstall_known_extensions": "false",
                        "threads": "1",
                        "memory_limit": MEMORY_LIMIT,
                        "temp_directory": str(self._scratch),
                    },
                )
            return self._connection.cursor()


@contextmanager
def _bounded() -> Iterator[None]:
    """Refuse what does not fit, neither into memory nor onto the disk."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        if isinstance(error, duckdb.IOException) and _FULL not in str(error):
            raise
        log.warning("A question takes too much: %s", str(error).partition("\n")[0])
        raise TooMuchAtOnce from error


def _literal(path: str) -> str:
    """Write a path so that nothing in it is taken for a pattern."""
    return _PATTERN.sub(r"[\g<0>]", path)
