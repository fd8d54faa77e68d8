"""DuckDB in process over the snapshot's Parquet files.

Names in the SQL come from the published contract and are quoted; values are always parameters.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from opendata.domain.queries import Filter, Op, Query, Sort
from opendata.domain.values import Value
from opendata.storage.engines import Source

BATCH_ROWS = 20_000
_PATTERN = re.compile(r"[*?[]")

_COMPARE = {
    Op.EXACT: "{} = ?",
    Op.NOT: "{} IS DISTINCT FROM ?",
    Op.CONTAINS: "contains({}, ?)",
    Op.NOTCONTAINS: "NOT coalesce(contains({}, ?), false)",
    Op.STARTSWITH: "starts_with({}, ?)",
    Op.ENDSWITH: "ends_with({}, ?)",
    Op.GT: "{} > ?",
    Op.GTE: "{} >= ?",
    Op.LT: "{} < ?",
    Op.LTE: "{} <= ?",
    Op.BETWEEN: "{} BETWEEN ? AND ?",
    Op.ISNULL: "{} IS NULL",
    Op.NOTNULL: "{} IS NOT NULL",
}


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
        statement = _Statement(source, query)
        if after is not None:
            statement.resume(query.sort, after)
        sql = statement.select(query) + " LIMIT ?"
        found: pa.Table = self._run(source, sql, [*statement.values, query.limit]).to_arrow_table()
        return found

    def batches(self, source: Source, query: Query) -> Iterator[pa.RecordBatch]:
        """Yield everything; see ``Engine.batches``."""
        statement = _Statement(source, query)
        result = self._run(source, statement.select(query), statement.values)
        yield from result.to_arrow_reader(BATCH_ROWS)

    def count(self, source: Source, query: Query) -> int:
        """Count; see ``Engine.count``."""
        statement = _Statement(source, query)
        found = self._run(source, statement.counting(), statement.values).fetchall()
        return int(found[0][0])

    def _run(self, source: Source, sql: str, values: list[Any]) -> duckdb.DuckDBPyRelation:
        cursor = self._cursor()
        if not source.files:
            cursor.register("nothing", source.schema.empty_table())
            return cursor.sql(sql, params=values)
        return cursor.sql(sql, params=[[_literal(each) for each in source.files], *values])

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(
                    ":memory:",
                    config={
                        "autoinstall_known_extensions": "false",
                        "threads": "1",
                        "temp_directory": str(self._scratch),
                    },
                )
            return self._connection.cursor()


class _Statement:
    """The conditions of one query, as SQL and its parameters in step."""

    def __init__(self, source: Source, query: Query) -> None:
        self.source = "read_parquet(?, hive_partitioning=false)" if source.files else "nothing"
        self.conditions: list[str] = []
        self.values: list[Any] = []
        self._add_scope(source)
        for each in query.filters:
            self._add_filter(each)
        if query.search is not None:
            either = [f"contains(lower({_name(each)}), lower(?))" for each in query.searchable]
            self._add(f"({' OR '.join(either)})", *([query.search] * len(either)))

    def select(self, query: Query) -> str:
        columns = ", ".join(_name(each) for each in query.fields)
        return f"SELECT {columns} {self._from()} ORDER BY {_order(query.sort)}"

    def counting(self) -> str:
        return f"SELECT count(*) {self._from()}"

    def resume(self, sort: tuple[Sort, ...], after: Sequence[Value | None]) -> None:
        """Continue behind the record whose sort keys are ``after`` (nulls sort last)."""
        either: list[str] = []
        values: list[Any] = []
        for depth, (key, value) in enumerate(zip(sort, after, strict=True)):
            if value is None:
                continue  # Nothing sorts behind a null in its own column.
            same = [f"{_name(each.name)} IS NOT DISTINCT FROM ?" for each in sort[:depth]]
            name, sign = _name(key.name), "<" if key.descending else ">"
            either.append("(" + " AND ".join([*same, f"({name} {sign} ? OR {name} IS NULL)"]) + ")")
            values += [*after[:depth], value]
        self._add(f"({' OR '.join(either)})", *values)

    def _add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values

    def _add_scope(self, source: Source) -> None:
        scope = source.scope
        if scope.window_field is not None and scope.on is not None:
            # NULL >= day is not true, so a record without a window end stays hidden.
            self._add(f"{_name(scope.window_field)} >= ?", scope.on)
        if scope.dataset is not None:
            self._add('"_dataset" = ?', scope.dataset)
        for dataset, number in sorted(scope.hidden):
            self._add('NOT ("_dataset" = ? AND "_release" = ?)', dataset, number)

    def _add_filter(self, condition: Filter) -> None:
        name = _name(condition.field.name)
        if condition.op in (Op.IN, Op.NOTIN):
            marks = ", ".join("?" * len(condition.values))
            found = f"coalesce({name} IN ({marks}), false)"
            self._add(f"NOT {found}" if condition.op is Op.NOTIN else found, *condition.values)
        else:
            self._add(_COMPARE[condition.op].format(name), *condition.values)

    def _from(self) -> str:
        where = " AND ".join(self.conditions) or "true"
        return f"FROM {self.source} WHERE {where}"


def _order(sort: tuple[Sort, ...]) -> str:
    return ", ".join(
        f"{_name(each.name)} {'DESC' if each.descending else 'ASC'} NULLS LAST" for each in sort
    )


def _literal(path: str) -> str:
    """Write a path so that nothing in it is taken for a pattern."""
    return _PATTERN.sub(r"[\g<0>]", path)


def _name(field: str) -> str:
    return '"' + field.replace('"', '""') + '"'
