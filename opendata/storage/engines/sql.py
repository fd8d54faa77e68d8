"""The SQL of a checked query, built directly.

Names come from the published contract and are quoted; values are always parameters.
"""

from collections.abc import Sequence
from typing import Any

from opendata.domain.queries import Filter, Op, Query, Sort
from opendata.domain.values import Value
from opendata.storage.engines import Source
from opendata.storage.engines.columns import quoted, relation

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


class Statement:
    """The conditions of one query, as SQL and its parameters in step."""

    def __init__(self, source: Source, query: Query) -> None:
        """Collect what the source's scope and the query's filters and search ask."""
        self.source = relation(source).sql
        self.conditions: list[str] = []
        self.values: list[Any] = []
        self._add_scope(source)
        for each in query.filters:
            self._add_filter(each)
        if query.search is not None:
            either = [f"contains(lower({quoted(each)}), lower(?))" for each in query.searchable]
            self._add(f"({' OR '.join(either)})", *([query.search] * len(either)))

    def select(self, query: Query) -> str:
        """Return the records' columns in the query's order."""
        columns = ", ".join(quoted(each) for each in query.fields)
        return f"SELECT {columns} {self.matching} ORDER BY {order(query.sort)}"

    def counting(self) -> str:
        """Return how many records match."""
        return f"SELECT count(*) {self.matching}"

    @property
    def matching(self) -> str:
        """The FROM and WHERE that find the records."""
        where = " AND ".join(self.conditions) or "true"
        return f"FROM {self.source} WHERE {where}"

    def resume(self, sort: tuple[Sort, ...], after: Sequence[Value | None]) -> None:
        """Continue behind the record whose sort keys are ``after`` (nulls sort last)."""
        either: list[str] = []
        values: list[Any] = []
        for depth, (key, value) in enumerate(zip(sort, after, strict=True)):
            if value is None:
                continue  # Nothing sorts behind a null in its own column.
            same = [f"{quoted(each.name)} IS NOT DISTINCT FROM ?" for each in sort[:depth]]
            name, sign = quoted(key.name), "<" if key.descending else ">"
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
            self._add(f"{quoted(scope.window_field)} >= ?", scope.on)
        if scope.dataset is not None:
            self._add('"_dataset" = ?', scope.dataset)
        for dataset, number in sorted(scope.hidden):
            self._add('NOT ("_dataset" = ? AND "_release" = ?)', dataset, number)

    def _add_filter(self, condition: Filter) -> None:
        name = quoted(condition.field.name)
        if condition.op in (Op.IN, Op.NOTIN):
            marks = ", ".join("?" * len(condition.values))
            found = f"coalesce({name} IN ({marks}), false)"
            self._add(f"NOT {found}" if condition.op is Op.NOTIN else found, *condition.values)
        else:
            self._add(_COMPARE[condition.op].format(name), *condition.values)


def order(sort: tuple[Sort, ...]) -> str:
    """Write sort keys; nulls come last in either direction."""
    return ", ".join(
        f"{quoted(each.name)} {'DESC' if each.descending else 'ASC'} NULLS LAST" for each in sort
    )
