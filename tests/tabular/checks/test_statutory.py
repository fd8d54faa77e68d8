"""吉林省商务厅 2020: the statutory tables of a real report keep every identity, cell by cell."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from frictionless import Schema

from opendata.domain.contracts import Contract
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.contract import load, packaged_schemas
from tests.tables import real_rows
from tests.tabular.checks.plain import check_of, found

DATASET = "disclosure-statistics-2020"
RULES = ("ds-flow", "ds-result-2019", "ds-row", "ds-t4")
RESULTS = [
    *("3.1", "3.2"),
    *(f"3.3.{number}" for number in range(1, 9)),
    *(f"3.4.{number}" for number in range(1, 4)),
    *(f"3.5.{number}" for number in range(1, 6)),
    "3.6",
]
LINES = ["1", "2", *RESULTS, "3.7", "4"]
COLUMNS = [f"C{number}" for number in range(1, 8)]
CELLS = [
    *(("3", line, column) for line in LINES for column in COLUMNS),
    *(
        ("4", line, column)
        for line in ("1", "2.1", "2.2")
        for column in ("upheld", "corrected", "other_result", "pending", "total")
    ),
]
# Every kind of cell once; the soak tries them all.
SAMPLE = [
    ("3", "1", "C1"),
    ("3", "2", "C7"),
    ("3", "3.1", "C1"),
    ("3", "3.3.8", "C4"),
    ("3", "3.6", "C7"),
    ("3", "3.7", "C2"),
    ("3", "3.7", "C7"),
    ("3", "4", "C6"),
    ("4", "1", "upheld"),
    ("4", "2.2", "total"),
]
Cell = tuple[str, str, str]


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The contract of the annual reports' statistics."""
    return load(packaged_schemas() / "disclosure-statistics" / "v1")


def expected(cell: Cell) -> dict[tuple[str, str], int]:
    """Return which relations contain a cell, and by how much one more in it unbalances each."""
    table, line, column = cell
    if table == "4":
        return {("ds-t4", line): 1 if column == "total" else -1}
    broken = {("ds-row", line): 1 if column == "C7" else -1}
    if line in ("1", "2"):
        broken["ds-flow", column] = -1
    if line in ("3.7", "4"):
        broken["ds-flow", column] = 1
    if line in RESULTS:
        broken["ds-result-2019", column] = -1
    if line == "3.7":
        broken["ds-result-2019", column] = 1
    return broken


def with_one_more(rows: list[dict[str, str]], cell: Cell) -> tuple[list[dict[str, str]], int]:
    """Return the rows with one more in a cell, and the number of its row in the file."""
    place = next(
        number
        for number, row in enumerate(rows)
        if (row["table_code"], row["indicator_code"], row["column_code"]) == cell
    )
    more = [dict(row) for row in rows]
    more[place]["value"] = str(int(more[place]["value"]) + 1)
    return more, place + 2


def judged(contract: Contract, rows: list[dict[str, str]]) -> Iterator[Mapping[str, Any]]:
    """Yield what the identities report, each asked for what its twin suspects and for all."""
    schema = Schema.from_descriptor(json.loads(json.dumps(dict(contract.table_schema))))
    readers = {field.name: field.create_cell_reader() for field in schema.fields}
    for rule in contract.checklist["checks"]:
        if rule["name"] in RULES:
            check = check_of(rule)
            assert isinstance(check, TableCheck)
            for number, row in enumerate(rows, start=2):
                values = {name: readers[name](row[name])[0] for name in check.gathered_fields}
                check.collect(number, values)
            yield from (error.to_descriptor() for error in check.validate_end())


def check_cell(contract: Contract, rows: list[dict[str, str]], cell: Cell) -> None:
    """Check that one more in a cell breaks exactly the relations that contain it."""
    more, number = with_one_more(rows, cell)

    errors = list(judged(contract, more))

    broken = {
        (each["rule"], each["group"].split(" / ")[-1]): int(each["difference"]) for each in errors
    }
    assert broken == expected(cell)
    assert len(errors) == len(broken)
    assert all(number in each["rowNumbers"] for each in errors)
    assert all(each["comparison"] == "violated" for each in errors)


def test_the_real_tables_keep_every_rule(tmp_path: Path, contract: Contract) -> None:
    rows = real_rows(DATASET)

    assert found(tmp_path, contract.table_schema, rows, *contract.checklist["checks"]) == []


@pytest.mark.parametrize("cell", SAMPLE)
def test_one_more_in_a_cell_breaks_exactly_what_contains_it(contract: Contract, cell: Cell) -> None:
    check_cell(contract, real_rows(DATASET), cell)


@pytest.mark.soak
def test_one_more_in_any_cell_breaks_exactly_what_contains_it(contract: Contract) -> None:
    rows = real_rows(DATASET)
    assert len(CELLS) == 161 + 15

    for cell in CELLS:
        check_cell(contract, rows, cell)


def test_frictionless_alone_locates_the_cell_as_well(tmp_path: Path, contract: Contract) -> None:
    rows, number = with_one_more(real_rows(DATASET), ("3", "3.1", "C1"))

    errors = found(tmp_path, contract.table_schema, rows, *contract.checklist["checks"])

    assert [each["rule"] for each in errors] == ["ds-result-2019", "ds-row"]
    assert all(number in each["rowNumbers"] for each in errors)
    assert [(each["expected"], each["found"]) for each in errors] == [("2", "1"), ("1", "0")]


@pytest.mark.parametrize(
    ("gone", "rule"),
    [
        (("2", "20.1.2", "made"), "ds-grid2-2019"),
        (("3", "3.3.8", "C4"), "ds-grid3-2019"),
        (("4", "2.1", "pending"), "ds-grid4"),
    ],
)
def test_a_statutory_cell_may_not_be_left_out(
    tmp_path: Path, contract: Contract, gone: Cell, rule: str
) -> None:
    rows = [
        row
        for row in real_rows(DATASET)
        if (row["table_code"], row["indicator_code"], row["column_code"]) != gone
    ]

    errors = found(tmp_path, contract.table_schema, rows, *contract.checklist["checks"])

    assert [(each["rule"], each["relation"], each["found"]) for each in errors] == [
        (rule, gone[1], gone[2])
    ]


def test_a_report_of_the_template_of_2021_has_its_own_lines(
    tmp_path: Path, contract: Contract
) -> None:
    rows = []
    for row in real_rows(DATASET):
        if row["table_code"] != "3":
            continue
        new = row | {"template": "T2021", "report_year": "2021", "data_year": "2021"}
        if row["indicator_code"] == "3.6":
            rows += [new | {"indicator_code": f"3.6.{number}"} for number in (1, 2, 3)]
        else:
            rows.append(new)

    checks = contract.checklist["checks"]
    assert found(tmp_path, contract.table_schema, rows, *checks) == []
    lost = [row for row in rows if row["indicator_code"] != "3.6.2"]
    assert [
        (each["rule"], each["relation"])
        for each in found(tmp_path, contract.table_schema, lost, *checks)
    ] == [("ds-grid3-2021", "3.6.2")]
