"""Tables and questions made at random: every type of field, gaps, ties, and odd texts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from opendata.domain.contracts import Category, Contract, Field
from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op, Query, Sort, operators, whole
from opendata.domain.queries.adding import Demand
from opendata.domain.queries.aggregates import (
    Aggregation,
    Key,
    Measuring,
    Metric,
    Part,
    measurings,
    parts,
)
from opendata.domain.queries.comparing import LISTS, NULLS, TEXT_OPS
from opendata.domain.queries.model import system_fields, total
from opendata.tabular.records import record_schema
from tests.domain import made

Record = dict[str, Any]
Strategy = st.SearchStrategy[Any]

FIELDS = (
    made.field("name"),
    made.field("note"),
    made.field("kind", categories=(Category("fine", "罚款"), Category("warning", "警告"))),
    made.field("unit"),
    made.field("size", "integer", unit="个", measure="money"),
    made.field("amount", "number", decimal_places=2, unit_field="unit", measure="money"),
    made.field("vast", "number", decimal_places=4, unit="元", measure="money"),
    made.field("decided", "date"),
    made.field("public_until", "date"),
    made.field("seen_at", "datetime"),
    made.field("year", "year"),
    made.field("is_open", "boolean"),
)
PLAIN = made.contract(
    fields=FIELDS, personal={}, searchable=("name", "note"), default_sort=("-year", "name")
)
WINDOWED = replace(PLAIN, window_field="public_until")
DAY = date(2026, 3, 2)

# Of odd texts there are: wildcards of other languages, quotes, line ends, what case changes the
# length of (in bytes), what is not in the first plane, and what sorts otherwise in UTF-16.
ODD = "aAbB中国政%_\"'\\,;\n\t é́ⱥȺΣσßKk😀﹏~"
texts = st.text(st.sampled_from(ODD), max_size=4)
_TEXTS = st.one_of(texts, st.sampled_from(["中国", "中国政府", "a%b", "", "é", "é"]))
_LONG = st.one_of(_TEXTS, st.builds(lambda text, times: text + "长" * times, texts, st.just(700)))
_CENTS = st.integers(-(10**4), 10**4).map(lambda cents: Decimal(cents) / 100)
_DAYS = st.one_of(
    st.sampled_from([date(2026, 1, 1), date(2025, 12, 31), DAY, date(1, 1, 1), date(9999, 12, 31)]),
    st.dates(date(2023, 11, 1), date(2026, 4, 1)),
)
# On the summer time of 1986, on the turn of a local year, and far from today.
_MOMENTS = st.one_of(
    st.sampled_from(
        [
            datetime(1986, 5, 3, 18, tzinfo=UTC),
            datetime(2025, 12, 31, 16, tzinfo=UTC),
            datetime(2025, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC),
            datetime(2, 1, 1, tzinfo=UTC),
        ]
    ),
    st.datetimes(datetime(1890, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis takes bounds without a zone.
)
_VALUES: dict[str, Strategy] = {
    "name": _TEXTS,
    "note": _LONG,
    "kind": st.sampled_from(["fine", "warning"]),
    "unit": st.sampled_from(["元", "万元", "元 "]),
    "size": st.one_of(st.integers(-3, 3), st.sampled_from([2**63 - 1, -(2**63), 10**15])),
    "amount": st.one_of(_CENTS, st.sampled_from([Decimal("0.01"), Decimal(10) ** 16])),
    "vast": st.one_of(_CENTS, st.sampled_from([Decimal("-123456789012345678901234.5678")])),
    "decided": _DAYS,
    "public_until": st.sampled_from([DAY, date(2026, 3, 1), date(2026, 9, 1)]),
    "seen_at": _MOMENTS,
    "year": st.integers(2023, 2026),
    "is_open": st.booleans(),
    "_id": st.text("ab", max_size=2),
    "_dataset": st.sampled_from(["one", "two", "three"]),
    "_release": st.integers(1, 3),
    "_row": st.integers(1, 20),
}


_AMONG: dict[str, list[tuple[Any, ...]]] = {
    "unit": [("元",), ("元", "千元")],
    "kind": [("fine",)],
    "year": [(2024, 2025)],
}


@st.composite
def releases(draw: st.DrawFn, most: int = 12) -> dict[tuple[str, int], list[Record]]:
    """Return the records of a few releases; a later one may hold a record again."""
    found = {}
    for dataset in draw(st.sampled_from([("one",), ("one", "two"), ("one", "two", "three")])):
        for number in range(1, draw(st.integers(1, 2)) + 1):
            rows = draw(st.lists(records(), max_size=most))
            found[dataset, number] = [
                {
                    "_id": f"{dataset}-{at:03}",
                    "_dataset": dataset,
                    "_release": number,
                    "_row": at + 1,
                    **row,
                }
                for at, row in enumerate(rows)
            ]
    return found


def records() -> Strategy:
    """Return what makes the contract's part of a record, with gaps."""
    return st.fixed_dictionaries(
        {each.name: st.one_of(_VALUES[each.name], st.none()) for each in FIELDS}
    )


def table_of(rows: Sequence[Record], contract: Contract = PLAIN) -> pa.Table:
    """Return records as the lake holds them."""
    return pa.Table.from_pylist(list(rows), schema=record_schema(contract))


@st.composite
def queries(draw: st.DrawFn, rows: Sequence[Record], contract: Contract = PLAIN) -> Query:
    """Return a question whose answer is seldom empty: it compares with what is there."""
    fields = (*system_fields(contract), *contract.fields)
    names = st.sampled_from([each.name for each in fields])
    keys = draw(st.lists(names, max_size=3, unique=True))
    sort = tuple(Sort(each, draw(st.booleans())) for each in keys)
    shown = draw(st.lists(names, max_size=4, unique=True))
    word = (
        st.one_of(texts.filter(bool), st.sampled_from(["中", "A", "ȺB"]))
        if draw(rarely())
        else st.none()
    )
    return replace(
        whole(contract),
        filters=tuple(draw(st.lists(filters(rows, fields), max_size=2))),
        fields=tuple(shown) or tuple(each.name for each in fields),
        sort=total(sort, contract),
        search=draw(word),
    )


@st.composite
def filters(draw: st.DrawFn, rows: Sequence[Record], fields: Sequence[Field]) -> Filter:
    """Return a condition on a field, often with a value that the field has somewhere."""
    field = draw(st.sampled_from(fields))
    op = draw(st.sampled_from(operators(field)))
    if op in NULLS:
        return Filter(field, op, ())
    there = [row[field.name] for row in rows if row[field.name] is not None]
    value = st.one_of(st.sampled_from(there), _VALUES[field.name]) if there else _VALUES[field.name]
    if op in TEXT_OPS:
        piece = st.builds(lambda text, begin, end: text[begin : end + 1], value,
                          st.integers(0, 2), st.integers(0, 3))  # fmt: skip
        return Filter(field, op, (draw(st.one_of(value, piece)),))
    least, most = {Op.BETWEEN: (2, 2), **dict.fromkeys(LISTS, (0, 4))}.get(op, (1, 1))
    return Filter(field, op, tuple(draw(st.lists(value, min_size=least, max_size=most))))


@st.composite
def aggregations(
    draw: st.DrawFn, rows: Sequence[Record], contract: Contract = PLAIN
) -> Aggregation:
    """Return a question for totals."""
    fields = (*SYSTEM_FIELDS, *contract.fields)
    keys = tuple(draw(st.lists(_keys(fields), max_size=3, unique_by=lambda each: each.name)))
    metrics = draw(st.lists(_metrics(fields), max_size=4, unique_by=lambda each: each.name))
    metrics = metrics or [Metric(Measuring.COUNT)]
    names = [each.name for each in (*keys, *metrics)]
    first = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    sort = [Sort(each, draw(st.booleans())) for each in first]
    sort += [Sort(each.name) for each in keys if each.name not in first]
    return Aggregation(draw(queries(rows, contract)), keys, tuple(metrics), tuple(sort))


def demands() -> Strategy:
    """Return what makes demands on groups, each of its own kind."""
    added = st.sampled_from([each for each in FIELDS if each.measure])
    among = st.sampled_from(
        [(each, values) for each in FIELDS for values in _AMONG.get(each.name, ())]
    )
    alone = st.builds(Demand, added, st.none(), among)
    alike = st.builds(Demand, added, st.sampled_from(FIELDS), st.one_of(st.none(), among))
    return st.lists(st.one_of(alone, alike), max_size=2, unique_by=lambda each: each.names)


def rarely() -> Strategy:
    """Return what is true in one of four cases."""
    return st.integers(0, 3).map(lambda each: each == 3)


@st.composite
def _keys(draw: st.DrawFn, fields: Sequence[Field]) -> Key:
    field = draw(st.sampled_from(fields))
    part = draw(st.sampled_from(parts(field)))
    return Key(field, part, draw(st.integers(1, 3)) if part is Part.PREFIX else 0)


@st.composite
def _metrics(draw: st.DrawFn, fields: Sequence[Field]) -> Metric:
    if draw(rarely()):
        return Metric(Measuring.COUNT)
    field = draw(st.sampled_from(fields))
    return Metric(draw(st.sampled_from(measurings(field))), field)
