"""The data packages: made from their sources, valid by their contracts, and honest."""

import csv
import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frictionless import Checklist, Resource, Schema

from datasets.build.__main__ import build
from datasets.build.budgets import COMPLETE, LEVELS
from datasets.build.formats import FOLDER
from opendata.domain.contracts import Contract
from opendata.tabular.checks.plugin import register
from opendata.tabular.judge import judge
from opendata.tabular.readers import open_table

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(each.parent for each in ROOT.glob("datasets/*/datapackage.json"))
# Frictionless alone takes seconds over it; the long run lets it.
LARGE = "disclosure-obligations-illustrative"
BY_SIZE = [
    pytest.param(each, marks=pytest.mark.soak if each.name == LARGE else (), id=each.name)
    for each in PACKAGES
]

Rows = list[dict[str, str]]


def descriptor(package: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((package / "datapackage.json").read_text("utf-8"))
    return parsed


def rows(package: Path) -> Rows:
    with (package / "data.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_collection(collection: str) -> Rows:
    found = [each for each in PACKAGES if descriptor(each)["collection"] == collection]
    return [row for each in found for row in rows(each)]


def contents(path: Path) -> object:
    """Return a file's bytes; of an archive those of its members, however they were deflated."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(each.filename, archive.read(each)) for each in archive.infolist()]


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    build(tmp_path)

    names = [
        f"{each.name}/{file}" for each in PACKAGES for file in ("datapackage.json", "data.csv")
    ]
    names += [f"{FOLDER}/{each.name}" for each in (ROOT / "datasets" / FOLDER).iterdir()]
    differ = [
        name for name in names if contents(tmp_path / name) != contents(ROOT / "datasets" / name)
    ]
    assert not differ
    made = {each.name for each in tmp_path.iterdir()}
    assert made == {FOLDER, *(each.name for each in PACKAGES)}


@pytest.mark.parametrize("package", BY_SIZE)
def test_frictionless_finds_a_package_valid_by_its_contract(package: Path) -> None:
    register()
    contract = ROOT / "schemas" / descriptor(package)["contract"]
    schema = json.loads((contract / "table-schema.json").read_text("utf-8"))
    checks = json.loads((contract / "checklist.json").read_text("utf-8"))

    resource = Resource(
        path="data.csv", basepath=str(package), schema=Schema.from_descriptor(schema)
    )
    report = resource.validate(Checklist.from_descriptor(checks))

    assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == []
    assert descriptor(package)["resources"][0]["schema"] == schema


def test_the_large_package_is_valid_by_the_fast_engine(
    contracts: Mapping[str, Contract], tmp_path: Path
) -> None:
    contract = contracts["disclosure-obligations"]
    table = open_table(ROOT / "datasets" / LARGE / "data.csv", contract, tmp_path / "table.csv")

    judgement = judge(table, contract)

    assert (judgement.valid, judgement.cautions) == (True, ())
    assert judgement.counts["rows"] == 36_376


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_package_declares_every_publisher_it_transcribes(package: Path) -> None:
    declared = descriptor(package)
    found = rows(package)
    column = "publisher_name" if "publisher_name" in found[0] else "authority_name"

    assert declared["transcribes"] == sorted({row[column] for row in found})
    assert declared["name"] == package.name


def tables() -> Iterator[tuple[tuple[str, ...], Rows]]:
    found = defaultdict(list)
    for row in of_collection("budgets"):
        key = (row["publisher_name"], row["fiscal_year"], row["table_code"], row["coverage"])
        found[key].append(row)
    yield from found.items()


def test_every_budget_line_has_been_given_its_place() -> None:
    assert {key: len(lines) for key, lines in tables()} == {
        key: len(places) for key, places in LEVELS.items()
    }


def precision(text: str) -> Decimal:
    """Half a unit of the last digit printed; whole numbers are exact only as far as printed."""
    return Decimal(5).scaleb(-len(text.partition(".")[2]) - 1)


def parts_of(lines: Rows, place: int) -> Rows:
    """Return the lines one level below: before the next of its kind, and for a total all."""
    order = ["total", "level1", "level2", "level3", "level4"]
    own = order.index(lines[place]["subject_level"])
    if own == 0:
        return [line for line in lines if line["subject_level"] == "level1"]
    found = []
    for line in lines[place + 1 :]:
        level = line["subject_level"]
        if level == "of_which":
            continue
        if order.index(level) <= own:
            break
        if order.index(level) == own + 1:
            found.append(line)
    return found


@pytest.mark.parametrize("table", sorted(COMPLETE), ids="-".join)
def test_a_table_called_complete_adds_up_within_the_rounding_of_its_print(
    table: tuple[str, str, str, str],
) -> None:
    lines = dict(tables())[table]
    for place, line in enumerate(lines):
        parts = [] if line["subject_level"] == "of_which" else parts_of(lines, place)
        amounts = [each["amount_total"] for each in parts]
        if amounts:
            total = line["amount_total"]
            difference = Decimal(total) - sum(map(Decimal, amounts))
            assert abs(difference) <= sum(map(precision, [total, *amounts])), line


def test_the_statutory_request_table_is_whole_and_its_flow_balances() -> None:
    cells = {
        (row["indicator_code"], row["column_code"]): Decimal(row["value"])
        for row in of_collection("disclosure-statistics")
        if row["table_code"] == "3"
    }

    assert len(cells) == 23 * 7
    for column in (f"C{number}" for number in range(1, 8)):
        came = cells["1", column] + cells["2", column]
        assert came == cells["3.7", column] + cells["4", column]


def test_all_statistics_of_the_six_publishers_are_there_once() -> None:
    found = of_collection("disclosure-statistics")
    key = ("publisher_name", "report_year", "table_code", "indicator_code", "column_code")

    assert len(found) == len({tuple(row[name] for name in key) for row in found}) == 478
    assert len({row["publisher_name"] for row in found}) == 6


def test_what_an_approval_does_not_say_is_not_filled_in() -> None:
    found = of_collection("project-approvals")

    assert sum(row["authority_name"] == "未载明" for row in found) == 6
    assert all(row["total_investment"] == "" for row in found if row["amount_unit"] == "none")
    assert not any(row["project_unit_uscc"] for row in found)


def test_the_illustrative_catalogue_is_as_large_as_the_report_says() -> None:
    items = rows(ROOT / "datasets" / LARGE)
    levels = Counter(row["item_level"] for row in items)
    stated = {
        row["indicator_code"]: int(row["value"])
        for row in of_collection("disclosure-statistics")
        if row["topic"] == "grassroots_catalogue" and row["report_year"] == "2020"
    }

    assert len(items) == stated["grassroots_disclosure_items_total"] == 36_376
    assert levels["1"] == stated["grassroots_disclosure_items_level1"] == 10_060
    assert levels["2"] == stated["grassroots_disclosure_items_level2"] == 26_316
    regions = {row["region_code"] for row in items}
    assert len(regions) == stated["counties_with_grassroots_catalogue"] == 17
    assert {region[:4] for region in regions} == {"4503"}
    assert len({row["field"] for row in items}) == stated["grassroots_pilot_domains"] == 26


def test_what_falls_due_by_itself_is_invented_alike_for_every_county() -> None:
    found = defaultdict(set)
    for row in rows(ROOT / "datasets" / LARGE):
        if row["frequency"] != "ad_hoc":
            assert row["item_level"] == "2"
            found[row["region_code"]].add((row["obligation_code"], row["frequency"]))

    assert len(found) == 17
    [of_each] = {frozenset(items) for items in found.values()}
    assert Counter(frequency for _, frequency in of_each) == {"annual": 2, "quarterly": 2}


def test_what_is_invented_says_so_wherever_it_is_shown() -> None:
    for package in (each for each in PACKAGES if each.name.endswith("-illustrative")):
        told = descriptor(package)
        assert "示例" in told["title"]
        assert "illustrative" in told["titleEn"]
        assert "不得引用" in told["description"]
        for row in rows(package):
            assert row["publisher_name"].endswith("（示例）")
            assert row["note"].startswith("示例")


def test_the_invented_inspections_add_up_to_what_the_report_states() -> None:
    tasks = [
        row
        for row in rows(ROOT / "datasets" / "random-inspections-illustrative")
        if row["row_type"] == "task"
    ]
    (every, joint) = rows(ROOT / "datasets" / "random-inspections-2020")

    assert sum(int(row["subjects_drawn"]) for row in tasks) == int(every["subjects_drawn"]) == 7623
    assert len(tasks) == int(every["batches"]) == 225
    together = [row for row in tasks if row["inspection_kind"] == "joint"]
    assert len(together) == int(joint["batches"]) == 32
    assert sum(int(row["items"]) for row in together) == int(joint["items"]) == 113
    assert sum(int(row["subjects_drawn"]) for row in together) == int(joint["subjects_drawn"])
