"""What is said of two files of records is what plain Python says of them, value by value."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Also, Contract, Measure
from opendata.domain.diffs import Summary
from opendata.domain.errors import Text
from opendata.tabular.diff import cells, compare, sides
from opendata.tabular.export.layout import cell_text
from opendata.tabular.records import record_schema
from tests.domain import made

Record = dict[str, Any]
EXACT = Context(prec=60)
BARE = ("integer", "year", "number", "boolean")
MONEY = Measure(
    Text("金额", "Money"),
    within=("unit",),
    never={"kind": ("of_which",)},
    also=(Also("kind", ("stock",), ("name",)),),
)
FIELDS = (
    made.field("name"),
    made.field("kind"),
    made.field("unit"),
    made.field("amount", "number", decimal_places=2, unit_field="unit", measure="money"),
    made.field("size", "integer", unit="个", measure="free"),
    made.field("rate", "number", decimal_places=12),
    made.field("decided", "date"),
    made.field("seen_at", "datetime"),
    made.field("is_open", "boolean"),
    made.field("year", "year"),
)
CONTRACT = made.contract(
    fields=FIELDS,
    personal={},
    measures={"money": MONEY, "free": Measure(Text("数量", "Count"), (), {})},
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from([None, "", "a", 'b"\n', "罚𠀀\\"]),
    "kind": st.sampled_from([None, "stock", "of_which", "flow"]),
    "unit": st.sampled_from([None, "元", "万元"]),
    "amount": st.none() | st.decimals(-(10**6), 10**6, places=2) | st.just(Decimal("9e35")),
    "size": st.none() | st.integers(-3, 3) | st.sampled_from([2**63 - 1, -(2**63)]),
    "rate": st.none() | st.decimals(0, 1, places=12),
    "decided": st.none() | st.dates(),
    "seen_at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "is_open": st.none() | st.booleans(),
    "year": st.none() | st.integers(2020, 2022),
}
RECORDS = st.dictionaries(st.sampled_from("abcdefghijkl"), st.fixed_dictionaries(VALUES))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Return the records before and after: many are the same, some in another order."""
    old = draw(RECORDS)
    new = draw(RECORDS)
    same = draw(st.sets(st.sampled_from("abcdefghijkl")))
    new |= {key: old[key] for key in same & old.keys()}
    for key in draw(st.sets(st.sampled_from("abcdefghijkl"))) & new.keys() & old.keys():
        new[key] = new[key] | {"name": old[key]["name"], "size": old[key]["size"]}
    order = draw(st.permutations(sorted(new)))
    return _rows(old, sorted(old)), _rows(new, order)


def _rows(records: dict[str, Record], order: Sequence[str]) -> list[Record]:
    return [{"_id": key, "_row": at} | records[key] for at, key in enumerate(order, 1)]


def _file(path: Path, rows: Sequence[Record], contract: Contract = CONTRACT) -> Path:
    system = {"_dataset": "d", "_release": 1}
    table = pa.Table.from_pylist([system | row for row in rows], schema=record_schema(contract))
    pq.write_table(table, path, row_group_size=4)
    return path


def _compared(
    folder: Path, old: Sequence[Record] | None, new: Sequence[Record]
) -> tuple[Summary, list[str]]:
    before = None if old is None else _file(folder / "before.parquet", old)
    after = _file(folder / "after.parquet", new)
    found = compare(before, after, CONTRACT, folder / "changes.ndjson")
    assert compare(before, after, CONTRACT) == found
    assert sorted(each.name for each in folder.iterdir() if each.is_dir()) == []
    return found, (folder / "changes.ndjson").read_text().splitlines()


def _object(record: Record, names: Sequence[str]) -> str:
    fields = {each.name: each for each in FIELDS}

    def member(name: str) -> str:
        value = record[name]
        text = cell_text(fields[name], use_labels=False)(value)
        if value is not None and fields[name].type not in BARE:
            text = json.dumps(text, ensure_ascii=False)
        return f'"{name}":{"null" if value is None else text}'

    return "{" + ",".join(map(member, names)) + "}"


def _reference(old: Sequence[Record], new: Sequence[Record]) -> tuple[Counter[str], list[str]]:
    """Return the lines that are expected, and what is counted of them."""
    every = [each.name for each in FIELDS]
    earlier = {row["_id"]: row for row in old}
    counts, lines = Counter[str](), []
    for row in new:
        begin = f'"_id":"{row["_id"]}","_row":{row["_row"]},'
        was = earlier.pop(row["_id"], None)
        if was is None:
            lines.append(f'{{"op":"added",{begin}"after":{_object(row, every)}}}')
            counts["added"] += 1
        elif names := [each for each in every if was[each] != row[each]]:
            told = f'"before":{_object(was, names)},"after":{_object(row, names)}'
            lines.append(f'{{"op":"changed",{begin}{told}}}')
            counts.update(["changed", *(f".{each}" for each in names)])
    for row in earlier.values():
        begin = f'"_id":"{row["_id"]}","_row":{row["_row"]},'
        lines.append(f'{{"op":"removed",{begin}"before":{_object(row, every)}}}')
        counts["removed"] += 1
    return counts, lines


def _sums(rows: Sequence[Record]) -> dict[tuple[Any, ...], Decimal]:
    sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["amount"] is not None and row["kind"] != "of_which":
            key = ("amount", ("unit", row["unit"]), ("kind", row["kind"]))
            if row["kind"] == "stock":
                key += (("name", row["name"]),)
            sums[key] = EXACT.add(sums[key], row["amount"])
        if row["size"] is not None:
            sums["size",] += row["size"]
    return sums


def _moved(old: Sequence[Record], new: Sequence[Record]) -> dict[tuple[Any, ...], Any]:
    before, after = _sums(old), _sums(new)
    return {
        key: (before.get(key), after.get(key))
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    }


often = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FULL = {
    "name": 'a"\n', "kind": "stock", "unit": "元", "amount": Decimal("1.50"), "size": 1,
    "rate": Decimal("0.000000000001"), "decided": made.AT.date(), "seen_at": made.AT,
    "is_open": True, "year": 2020,
}  # fmt: skip
EMPTY = dict.fromkeys(FULL)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read so few records at a time that a dozen of them take several turns."""
    monkeypatch.setattr(sides, "ROWS", 3)


BLOCKS = {"a block at a time": 1, "some columns at a time": 140, "everything at once": 10**9}


@pytest.fixture(params=list(BLOCKS.values()), ids=list(BLOCKS))
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cells, "BLOCK_BYTES", request.param)
    return


@often
@example(([{"_id": "a", "_row": 1} | FULL], [{"_id": "a", "_row": 1} | EMPTY]))
@given(tables())
@pytest.mark.usefixtures("blocks")
def test_what_changed_is_what_changed_value_by_value(
    tmp_path: Path, both: tuple[list[Record], list[Record]]
) -> None:
    old, new = both
    found, lines = _compared(tmp_path, old, new)

    counts, expected = _reference(old, new)
    assert lines == expected
    assert (found.rows_before, found.rows_after) == (len(old), len(new))
    told = Counter({f".{name}": count for name, count in found.cells.items()})
    told += Counter(added=found.added, removed=found.removed, changed=found.changed)
    assert told == counts


@often
@given(tables())
def test_totals_are_told_of_what_may_be_added_up_where_they_moved(
    tmp_path: Path, both: tuple[list[Record], list[Record]]
) -> None:
    found, _ = _compared(tmp_path, *both)

    told = {(each.column, *each.within.items()): (each.before, each.after) for each in found.totals}
    assert told == _moved(*both)
    assert found.totals_moved == len(told)


def test_where_nothing_was_before_everything_is_added(tmp_path: Path) -> None:
    rows = [{"_id": "a", "_row": 1} | FULL, {"_id": "b", "_row": 2} | EMPTY]

    found, lines = _compared(tmp_path, None, rows)

    assert (found.added, found.removed, found.changed, found.columns_added) == (2, 0, 0, ())
    assert [json.loads(each)["op"] for each in lines] == ["added", "added"]


def test_a_column_of_one_side_only_is_told_once_and_not_of_every_row(tmp_path: Path) -> None:
    rows = [{"_id": "a", "_row": 1} | FULL]
    less = replace(CONTRACT, fields=CONTRACT.fields[1:])
    before = _file(tmp_path / "before", rows)
    after = _file(tmp_path / "after", [{k: v for k, v in rows[0].items() if k != "name"}], less)

    found = compare(before, after, CONTRACT, tmp_path / "changes")

    assert (found.changes, found.columns_removed) == (0, ("name",))
    assert compare(after, before, CONTRACT).columns_added == ("name",)
    assert (tmp_path / "changes").read_bytes() == b""


def test_a_column_that_the_contract_does_not_publish_is_not_looked_at(tmp_path: Path) -> None:
    before = _file(tmp_path / "before", [{"_id": "a", "_row": 1} | FULL])
    after = _file(tmp_path / "after", [{"_id": "a", "_row": 1} | FULL | {"name": "b"}])
    public = replace(CONTRACT, fields=CONTRACT.fields[1:])

    assert compare(before, after, public).changes == 0


def test_a_column_of_another_type_is_compared_as_it_is_written(tmp_path: Path) -> None:
    fields = [made.field("amount", "number", decimal_places=4), made.field("year", "string")]
    by_name = {each.name: each for each in fields}
    other = replace(CONTRACT, fields=tuple(by_name.get(each.name, each) for each in FIELDS))
    before = _file(tmp_path / "before", [{"_id": "a", "_row": 1} | FULL])
    after = _file(tmp_path / "after", [{"_id": "a", "_row": 1} | FULL | {"year": "2020"}], other)

    found = compare(before, after, other, tmp_path / "changes")

    # 1.50 and 1.5000 are one number; the number 2020 and the text are not the same.
    assert dict(found.cells) == {"year": 1}
    line = json.loads((tmp_path / "changes").read_text())
    assert (line["before"], line["after"]) == ({"year": 2020}, {"year": "2020"})
