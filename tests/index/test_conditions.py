"""Conditions: every operator on every type of field passes the records that Python passes."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from opendata.domain.editions import Scope
from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op, operators, whole
from opendata.domain.queries.comparing import LISTS, NULLS, TEXT_OPS
from opendata.storage.index import conditions as module
from opendata.storage.index.conditions import Declined, Ranged, conditions
from opendata.storage.index.dictionaries import Referred, Texts
from opendata.storage.index.finding import Finding
from opendata.storage.index.shelf import Shelf
from tests import reference
from tests.index import built
from tests.queries import made

ROWS = 120
LONG = "违法事实" * 20
FIELDS = (*SYSTEM_FIELDS, *made.FIELDS)
BY_NAME = {each.name: each for each in FIELDS}
# What a column may be asked for though it has no such value: below, between and above its own.
FOREIGN = {
    "string": ["", "~", "中", "\U0001f600"],
    "integer": [-(2**63), 0, 2**63 - 1],
    "year": [0, 9999],
    "number": [Decimal("-1e20"), Decimal("0.01"), Decimal("1e20")],
    "date": [date(1, 1, 1), date(9999, 12, 31)],
    "datetime": [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)],
    "boolean": [True, False],
}


def a_row(at):
    """Return a record with gaps; no two have the same long ``note``."""
    draw = random.Random(at)  # noqa: S311 - nobody is to be surprised.
    values = {
        "name": draw.choice(["", "中国", "中国政府", "a%b", "Ab", "\U0001f600", "é"]),
        "note": f"{draw.randrange(10**6)}{LONG}{at}",
        "kind": draw.choice(["fine", "warning"]),
        "unit": draw.choice(["元", "万元"]),
        "size": draw.choice([-1, 0, 7, 2**63 - 1, -(2**63)]),
        "amount": draw.choice([Decimal("-0.01"), Decimal("0.00"), Decimal("9999999999999.99")]),
        "vast": Decimal(draw.randrange(-(10**28), 10**28)) / 10**4,
        "decided": date(2020, 1, 1) + timedelta(draw.randrange(9)),
        "public_until": made.DAY + timedelta(draw.randrange(-2, 3)),
        "seen_at": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=draw.randrange(5)),
        "year": 2020 + draw.randrange(4),
        "is_open": draw.random() < 0.5,
    }
    kept = {name: value for name, value in values.items() if draw.random() < 0.8}
    return built.record(at, ("one", 1 + at % 2), **kept)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A segment of records with gaps, and its records in its order."""
    rows = [a_row(at) for at in range(ROWS)]
    releases = {("one", 1 + odd): rows[odd::2] for odd in (0, 1)}
    return built.segment_of(tmp_path_factory.mktemp("shelf"), releases), built.in_order(rows)


def operands(field, op, rows):
    """Return what to compare with: values of the field, and ones it does not have."""
    known = sorted({row[field.name] for row in rows if row[field.name] is not None})
    values = [*known[:2], *known[-2:], *FOREIGN[field.type]]
    if op in NULLS:
        return [()]
    if op in TEXT_OPS:
        return [(each[begin:][:2],) for each in values for begin in (0, 1)]
    if op in LISTS:
        return [(), tuple(values), tuple(values[:1]), tuple(values[1:2] * 2)]
    if op is Op.BETWEEN:
        return [(low, high) for low in values for high in values]
    return [(each,) for each in values]


def passed(segment, *asked):
    """Return the places of the records that pass all conditions, tested in three ways."""
    query = replace(whole(made.PLAIN), filters=asked)
    every = np.arange(segment.rows)
    found = []
    for where in (slice(0, segment.rows), every, every[::-1]):
        passes = np.ones(segment.rows, np.bool_)
        for each in conditions(segment, query):
            passes &= each.passes(where)
            assert each.rows >= np.count_nonzero(each.passes(where))
        found.append(np.sort(every[where][passes]).tolist())
    assert found[0] == found[1] == found[2]
    return found[0]


@pytest.mark.parametrize("field", FIELDS, ids=[each.name for each in FIELDS])
def test_every_operator_passes_what_python_passes(shelf, field):
    segment, rows = shelf
    for op in operators(field):
        for values in operands(field, op, rows):
            asked = Filter(field, op, values)
            expected = [at for at, row in enumerate(rows) if reference.matches(row, asked)]
            assert passed(segment, asked) == expected, (op, values)


def test_a_long_text_and_a_vast_number_are_read_from_the_records(shelf):
    segment, _ = shelf
    assert isinstance(segment.column("note").values, Referred)
    assert isinstance(segment.column("vast").values, Referred)


def test_conditions_on_one_column_become_one(shelf):
    segment, rows = shelf
    year = next(each for each in FIELDS if each.name == "year")
    both = Filter(year, Op.GT, (2020,)), Filter(year, Op.NOT, (2022,))

    found = conditions(segment, replace(whole(made.PLAIN), filters=both))

    assert len(found) == 1
    assert isinstance(found[0], Ranged)
    assert found[0].rows == sum(row["year"] in (2021, 2023) for row in rows)
    assert len(passed(segment, *both)) == found[0].rows


def test_what_always_holds_is_not_tested(shelf):
    segment, _ = shelf
    row = next(each for each in FIELDS if each.name == "_row")

    assert (
        conditions(segment, replace(whole(made.PLAIN), filters=(Filter(row, Op.GT, (0,)),))) == []
    )


def test_more_long_texts_than_a_few_are_not_read_one_by_one(shelf, monkeypatch):
    segment, _ = shelf
    monkeypatch.setattr(module, "MOST_READ", ROWS - 1)
    note = next(each for each in FIELDS if each.name == "note")

    with pytest.raises(Declined):
        passed(segment, Filter(note, Op.CONTAINS, ("违法",)))


@pytest.mark.parametrize("seldom", [0, 1])
def test_what_is_looked_for_in_vain_is_given_up_where_many_are_left(shelf, monkeypatch, seldom):
    segment, rows = shelf
    monkeypatch.setattr(module, "MOST_READ", ROWS - 1)
    monkeypatch.setattr(module, "TRIED", 10)
    known = next(row["note"] for row in rows if row["note"] is not None)
    asked = Filter(BY_NAME["note"], Op.CONTAINS, (known if seldom else "无",))
    [read] = found = conditions(segment, replace(whole(made.PLAIN), filters=(asked,)))
    order = whole(made.PLAIN).sort
    finding = Finding(Shelf(segment, Scope(None, None), {"one": 1}, order), found)

    assert finding.shelf.count <= read.left < ROWS  # the other release's are not read
    read.left = ROWS
    assert read.passes(slice(0, 15)).sum() == seldom
    if seldom:
        read.passes(slice(15, 30))
    else:
        with pytest.raises(Declined):
            read.passes(slice(15, 30))


def test_once_a_condition_holds_nowhere_no_text_is_looked_at(shelf, monkeypatch):
    segment, _ = shelf
    monkeypatch.delattr(Texts, "containing")
    asked = Filter(BY_NAME["name"], Op.CONTAINS, ("a",)), Filter(BY_NAME["year"], Op.GT, (2030,))

    [found] = conditions(segment, replace(whole(made.PLAIN), filters=asked, search="a"))

    assert (found.rows, type(found)) == (0, Ranged)


def test_many_lists_of_one_column_are_brought_together(shelf):
    segment, rows = shelf
    lists = [tuple(range(1 + begin, ROWS, step)) for begin, step in ((0, 2), (0, 3), (4, 1))]
    asked = [Filter(BY_NAME["_row"], Op.IN, each) for each in lists]
    others = Filter(BY_NAME["_row"], Op.NOTIN, (7, 19))
    wanted = set.intersection(*map(set, lists)) - {7, 19}

    assert passed(segment, *asked, others) == [
        at for at, row in enumerate(rows) if row["_row"] in wanted
    ]
