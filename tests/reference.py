"""What a question should be answered, found the slow way: every record in Python, no engine.

Every path of the platform, whatever it is made of, has to answer as this one does.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from opendata.domain.editions import CHINA, Scope
from opendata.domain.queries import Filter, Op, Query, Sort
from opendata.domain.queries.adding import MAX_TOLD, Demand
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric, Part

Record = dict[str, Any]
_WIDE = Context(prec=100)


def answer(rows: Iterable[Record], query: Query) -> list[Record]:
    """Return the records that match, in the query's order and with its fields; all of them."""
    found = in_order(matching(rows, query), query.sort)
    return [{name: row[name] for name in query.fields} for row in found]


def public(rows: Iterable[Record], scope: Scope) -> list[Record]:
    """Return the records that may be shown."""
    return [
        row
        for row in rows
        if (row["_dataset"], row["_release"]) not in scope.hidden
        and scope.dataset in (None, row["_dataset"])
        and _in_window(row, scope)
    ]


def matching(rows: Iterable[Record], query: Query) -> list[Record]:
    """Return the records that meet every condition and hold the text looked for."""
    return [
        row
        for row in rows
        if all(matches(row, each) for each in query.filters)
        and (query.search is None or _holds(row, query))
    ]


def in_order(rows: Iterable[Record], sort: Sequence[Sort]) -> list[Record]:
    """Sort by several keys: by the last one first, since sorting keeps what is equal in order."""
    found = list(rows)
    for key in reversed(sort):
        found = sorted_by(found, key)
    return found


def sorted_by(rows: list[Record], key: Sort) -> list[Record]:
    """Sort stably by one key; what has no value comes last in either direction."""
    known = [row for row in rows if row[key.name] is not None]
    known.sort(key=lambda row: row[key.name], reverse=key.descending)
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


def totals(rows: Iterable[Record], asked: Aggregation) -> list[tuple[Any, ...]]:
    """Return keys and metrics of every group, in order, without regard to the limit."""
    names = [each.name for each in (*asked.keys, *asked.metrics)]
    found = [
        dict(zip(names, (*keys, *(measured(group, each) for each in asked.metrics)), strict=True))
        for keys, group in groups(matching(rows, asked.query), asked.keys)
    ]
    return [tuple(row.values()) for row in in_order(found, asked.sort)]


def groups(
    rows: Iterable[Record], keys: Sequence[Key]
) -> list[tuple[tuple[Any, ...], list[Record]]]:
    """Return the groups of records; without keys there is one, even of nothing."""
    found: dict[tuple[Any, ...], list[Record]] = {} if keys else {(): []}
    for row in rows:
        found.setdefault(tuple(part(row[each.field.name], each) for each in keys), []).append(row)
    return list(found.items())


def part(value: Any, key: Key) -> Any:
    """Return what a value is grouped by."""
    if value is None or key.part is Part.WHOLE:
        return value
    if key.part is Part.PREFIX:
        return value[: key.length]
    day = value.astimezone(CHINA) if isinstance(value, datetime) else value
    if key.part is Part.YEAR:
        return day.year
    if key.part is Part.QUARTER:
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return f"{day.year:04d}-{day.month:02d}"


def measured(rows: Sequence[Record], metric: Metric) -> Any:
    """Return one metric of a group; of no values there is only a count."""
    if metric.field is None:
        return len(rows)
    values = sorted(row[metric.field.name] for row in rows if row[metric.field.name] is not None)
    if metric.measuring is Measuring.COUNT_DISTINCT:
        return len(set(values))
    return _MEASURED[metric.measuring](values, metric) if values else None


def mixed(rows: Iterable[Record], asked: Aggregation, demand: Demand) -> tuple[Any, ...] | None:
    """Return the first few values of what a demand finds mixed; ``None`` where it is met."""
    found = matching(rows, asked.query)
    if not any(_broken(group, demand) for _, group in groups(found, asked.keys)):
        return None
    named = [{"value": row[demand.told.name]} for row in _concerned(found, demand)]
    values = [row["value"] for row in sorted_by(named, Sort("value"))]
    return tuple(dict.fromkeys(values))[:MAX_TOLD]


def lowered(text: str) -> str:
    """Lower a text character by character, whatever stands beside it."""
    return "".join(map(str.lower, text))


def _in_window(row: Record, scope: Scope) -> bool:
    if scope.window_field is None or scope.on is None:
        return True
    end: date | None = row[scope.window_field]
    return end is not None and end >= scope.on


def _holds(row: Record, query: Query) -> bool:
    word = lowered(query.search or "")
    return any(word in lowered(row[name]) for name in query.searchable if row[name] is not None)


def _broken(group: Iterable[Record], demand: Demand) -> bool:
    concerned = _concerned(group, demand)
    if demand.column is None:
        return len(concerned) > 1
    return len({row[demand.column.name] for row in concerned}) > 1


def _concerned(rows: Iterable[Record], demand: Demand) -> list[Record]:
    counted = [row for row in rows if row[demand.measured.name] is not None]
    if demand.among is None:
        return counted
    field, values = demand.among
    return [row for row in counted if row[field.name] in values]


def _sum(values: list[Any], _: Metric) -> Decimal:
    with_all_digits = Decimal(0)
    for each in values:
        with_all_digits = _WIDE.add(with_all_digits, Decimal(each))
    return with_all_digits


def _mean(values: list[Any], metric: Metric) -> Decimal:
    assert metric.field is not None
    places = 6 + (metric.field.decimal_places or 0 if metric.field.type == "number" else 0)
    # The built-in rounding of fractions is half to even, too.
    units = round(Fraction(_sum(values, metric)) / len(values) * 10**places)
    return _WIDE.scaleb(Decimal(units), -places)


def _median(values: list[Any], _: Metric) -> Decimal:
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    return _WIDE.divide(_WIDE.add(Decimal(low), Decimal(high)), Decimal(2))


def _p90(values: list[Any], _: Metric) -> Any:
    return next(
        each for each in values if 10 * sum(other <= each for other in values) >= 9 * len(values)
    )


_MEASURED = {
    Measuring.SUM: _sum,
    Measuring.AVG: _mean,
    Measuring.MIN: lambda values, _: values[0],
    Measuring.MAX: lambda values, _: values[-1],
    Measuring.MEDIAN: _median,
    Measuring.P90: _p90,
}
