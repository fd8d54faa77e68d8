"""The SQL of totals, built directly from a checked ``Aggregation``.

Whatever has to be exact is computed with decimals and integers; an overflow is an error.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.domain.official_time import official_offsets
from opendata.domain.queries.adding import MAX_TOLD, Demand, Mixed
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric, Part
from opendata.domain.queries.columns import AVG_PLACES, SCALED, names, of_scaled
from opendata.storage.engines import Groups, Source
from opendata.storage.engines.columns import quoted
from opendata.storage.engines.sql import Statement, order

_TOTAL = "#total"


class TotalsStatement:
    """The question for totals, as SQL and its parameters in step."""

    def __init__(self, source: Source, aggregation: Aggregation, demands: Sequence[Demand]) -> None:
        """Collect what finds the records and what is asked of them."""
        self._found = Statement(source, aggregation.query)
        self._aggregation = aggregation
        self._demands = demands
        self.values: list[Any] = list(self._found.values)

    def select(self) -> str:
        """Return the groups, how many there are in all, and which demands are not met."""
        asked = self._aggregation
        keys = [f"{_key(each)} AS {quoted(each.name)}" for each in asked.keys]
        metrics = [f"{_metric(each)} AS {quoted(each.name)}" for each in asked.metrics]
        checks = [f"{self._broken(each)} AS {quoted(unmet(at))}" for at, each in self._numbered()]
        grouped = f"SELECT {', '.join([*keys, *metrics, *checks])} FROM found"  # noqa: S608 - checked names, quoted.
        if keys:
            grouped += f" GROUP BY {', '.join(str(at + 1) for at in range(len(keys)))}"
        shown = [*map(quoted, names(asked)), f"count(*) OVER () AS {quoted(_TOTAL)}"]
        for at, _ in self._numbered():
            shown.append(f"bool_or({quoted(unmet(at))}) OVER () AS {quoted(unmet(at))}")
        sql = f"{self._with()}, grouped AS ({grouped}) SELECT {', '.join(shown)} FROM grouped"  # noqa: S608 - as above.
        if asked.sort:
            sql += f" ORDER BY {order(asked.sort)}"
        self.values.append(asked.limit)
        return sql + " LIMIT ?"

    def told(self, demand: Demand) -> str:
        """Return the first few values of a column that is mixed."""
        name = quoted(demand.told.name)
        found = f"{self._with()} SELECT DISTINCT {name} FROM found"  # noqa: S608 - as above.
        concerned = self._concerned(demand)
        return f"{found} WHERE {concerned} ORDER BY {name} NULLS LAST LIMIT {MAX_TOLD}"

    def _numbered(self) -> list[tuple[int, Demand]]:
        return list(enumerate(self._demands))

    def _with(self) -> str:
        asked = self._aggregation
        fields = [each.field for each in asked.keys]
        fields += [each.field for each in asked.metrics if each.field is not None]
        for demand in self._demands:
            among = demand.among and demand.among[0]
            fields += [each for each in (demand.measured, demand.column, among) if each]
        named = dict.fromkeys(quoted(each.name) for each in fields)
        columns = ", ".join(named) or "1 AS one"
        return f"WITH found AS (SELECT {columns} {self._found.matching})"

    def _concerned(self, demand: Demand) -> str:
        """Return which records a demand looks at; adds its parameters."""
        concerned = f"{quoted(demand.measured.name)} IS NOT NULL"
        if demand.among is not None:
            field, values = demand.among
            self.values += values
            concerned += f" AND {quoted(field.name)} IN ({', '.join('?' * len(values))})"
        return concerned

    def _broken(self, demand: Demand) -> str:
        if demand.column is None:
            return f"count(*) FILTER ({self._concerned(demand)}) > 1"
        name = quoted(demand.column.name)

        def among(aggregate: str) -> str:
            return f"{aggregate} FILTER ({self._concerned(demand)})"

        several = f"{among(f'min({name})')} < {among(f'max({name})')}"
        with_null = f"{among(f'count({name})')} BETWEEN 1 AND {among('count(*)')} - 1"
        return f"coalesce({several}, false) OR {with_null}"


def unmet(at: int) -> str:
    """Name the column that says whether some group does not meet a demand."""
    return f"#unmet{at}"


def groups_of(found: pa.Table, aggregation: Aggregation, mixed: tuple[Mixed, ...]) -> Groups:
    """Return what a statement found as values."""
    total = found.column(_TOTAL)[0].as_py() if found.num_rows else 0
    values = [found.column(each.name).to_pylist() for each in aggregation.keys]
    for metric in aggregation.metrics:
        column = found.column(metric.name).to_pylist()
        if metric.measuring in SCALED:
            column = [None if each is None else of_scaled(metric, int(each)) for each in column]
        values.append(column)
    return Groups(names(aggregation), list(zip(*values, strict=True)), total, mixed)


def _key(key: Key) -> str:
    name = quoted(key.field.name)
    if key.part is Part.WHOLE:
        return name
    if key.part is Part.PREFIX:
        return f'"left"({name}, {key.length})'
    day = _local(name) if key.field.type == "datetime" else name
    return {
        Part.YEAR: f"year({day})",
        Part.QUARTER: f"printf('%04d-Q%d', year({day}), quarter({day}))",
        Part.MONTH: f"printf('%04d-%02d', year({day}), month({day}))",
    }[key.part]


def _local(name: str) -> str:
    """Return an instant in official time, without the extension that knows zones."""
    micros = f"epoch_us({name})"
    first, *later = official_offsets()
    cases = "".join(f" WHEN {micros} >= {since} THEN {ahead}" for since, ahead in reversed(later))
    return f"make_timestamp({micros} + CASE{cases} ELSE {first[1]} END)"


def _metric(metric: Metric) -> str:
    if metric.field is None:
        return "count(*)"
    return _METRICS[metric.measuring](metric.field, quoted(metric.field.name))


def _wide(field: Field) -> str:
    """Name the type that sums of a field are kept in."""
    return f"DECIMAL(38, {field.decimal_places or 0 if field.type == 'number' else 0})"


def _sum(field: Field, name: str) -> str:
    return f"CAST(sum({name}) AS {_wide(field)})"


def _units(number: str) -> str:
    """Return a decimal as an integer of units of its last digit."""
    return f"CAST(replace(CAST({number} AS VARCHAR), '.', '') AS HUGEINT)"


def _average(field: Field, name: str) -> str:
    """Return the mean in units of its last digit, rounded half to even."""
    scaled = f"({_units(_sum(field, name))} * {10**AVG_PLACES})"
    twice, size = f"(2 * abs({scaled}) + count({name}))", f"(2 * count({name}))"
    half_up = f"({twice} // {size})"
    tie = f"(CASE WHEN {twice} % {size} = 0 THEN {half_up} % 2 ELSE 0 END)"
    return f"CAST(sign({scaled}) * ({half_up} - {tie}) AS DECIMAL(38, 0))"


def _ranked(name: str, rank: str) -> str:
    return f"list_sort(list({name}) FILTER ({name} IS NOT NULL))[{rank}]"


def _median(field: Field, name: str) -> str:
    """Return twice the median, in units of the field's last digit: an integer, hence exact."""
    middle = [
        f"CAST({_ranked(name, rank.format(f'count({name})'))} AS {_wide(field)})"
        for rank in ("({} + 1) // 2", "{} // 2 + 1")
    ]
    return f"CAST({_units(' + '.join(middle))} AS DECIMAL(38, 0))"


def _p90(_: Field, name: str) -> str:
    return _ranked(name, f"(9 * count({name}) + 9) // 10")


_METRICS: Mapping[Measuring, Callable[[Field, str], str]] = {
    Measuring.COUNT_DISTINCT: lambda _, name: f"count(DISTINCT {name})",
    Measuring.SUM: _sum,
    Measuring.AVG: _average,
    Measuring.MIN: lambda _, name: f"min({name})",
    Measuring.MAX: lambda _, name: f"max({name})",
    Measuring.MEDIAN: _median,
    Measuring.P90: _p90,
}
