"""What the contracts refuse: one cell of a sound row is spoilt, and the rule that says so."""

import csv
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from frictionless import Checklist, Resource, Schema

from opendata.tabular.checks.plugin import register

ROOT = Path(__file__).parents[2]

Spoilt = dict[str, str]


def findings(package: str, number: int, spoilt: Spoilt, work: Path) -> set[tuple[str, str]]:
    """Return type and column of what is found in one row of a package, once it is spoilt."""
    register()
    folder = ROOT / "datasets" / package
    descriptor: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    contract = ROOT / "schemas" / descriptor["contract"]
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        row = next(islice(csv.DictReader(file), number, None)) | spoilt
    with (work / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    schema = json.loads((contract / "table-schema.json").read_text("utf-8"))
    checks = json.loads((contract / "checklist.json").read_text("utf-8"))
    resource = Resource(path="data.csv", basepath=str(work), schema=Schema.from_descriptor(schema))
    report = resource.validate(Checklist.from_descriptor(checks))
    return {(kind, column or "") for kind, column in report.flatten(["type", "fieldName"])}


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"coverage": "none"}, ("row-constraint", "")),
        ({"subject_scheme": "functional"}, ("required-when", "subject_code")),
        ({"subject_code": "2010301"}, ("empty-when", "subject_code")),
        ({"subject_scheme": "functional", "subject_code": "10101"}, ("not-marked", "subject_code")),
        (
            {"subject_scheme": "functional", "subject_code": "201", "subject_level": "level3"},
            ("not-marked", "subject_code"),
        ),
        ({"unit": "千元"}, ("constraint-error", "unit")),
        ({"unit": ""}, ("constraint-error", "unit")),
        ({"amount_total": "NaN"}, ("not-finite", "amount_total")),
        ({"amount_total": "1.1234567"}, ("decimal-places", "amount_total")),
        ({"publisher_uscc": "115002220093120272"}, ("uscc-invalid", "publisher_uscc")),
    ],
)
def test_a_budget_line_is_refused(
    spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert expected in findings("budgets-2016", 0, spoilt, tmp_path)


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"value": ""}, ("constraint-error", "value")),
        ({"unit": ""}, ("constraint-error", "unit")),
        ({"template": "T2021"}, ("row-constraint", "")),
        ({"data_year": "2021"}, ("row-constraint", "")),
        ({"column_code": "C1"}, ("not-marked", "column_code")),
        ({"quote": ""}, ("required-when", "quote")),
        ({"table_code": "3", "indicator_code": "3.8"}, ("not-marked", "indicator_code")),
        ({"table_code": "3", "indicator_code": "3.7"}, ("not-marked", "column_code")),
        (
            {"table_code": "3", "indicator_code": "3.6.1", "column_code": "C1"},
            ("row-constraint", ""),
        ),
        (
            {"table_code": "3", "indicator_code": "1", "column_code": "C1", "value": "-1"},
            ("row-constraint", ""),
        ),
        (
            {"table_code": "3", "indicator_code": "1", "column_code": "C1", "value": "0.5"},
            ("row-constraint", ""),
        ),
    ],
)
def test_a_statistic_is_refused(spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path) -> None:
    assert expected in findings("disclosure-statistics-2020", 0, spoilt, tmp_path)


# A cell by itself is not a whole form.
ALONE = {("grid-incomplete", "column_code")}


def test_the_change_column_may_fall(tmp_path: Path) -> None:
    cell = {
        "table_code": "2",
        "indicator_code": "20.5.1",
        "column_code": "items_change",
        "value": "-2",
    }

    assert findings("disclosure-statistics-2020", 0, cell, tmp_path) == ALONE


def test_the_cells_of_the_2021_template_are_accepted(tmp_path: Path) -> None:
    year = {"report_year": "2023", "data_year": "2023", "template": "T2021"}
    fees = {"indicator_code": "20.8.1", "column_code": "fees_collected", "value": "12.3456"}
    row = {"table_code": "3", "indicator_code": "3.6.2", "column_code": "C7", "value": "4"}

    package = "disclosure-statistics-2020"
    assert findings(package, 0, year | {"table_code": "2", **fees}, tmp_path) == ALONE
    assert findings(package, 0, year | row, tmp_path) == ALONE


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"record_no": ""}, ("constraint-error", "record_no")),
        ({"project_code": "2513-350121-04-01-374624"}, ("constraint-error", "project_code")),
        ({"amount_unit": "none"}, ("empty-when", "total_investment")),
        ({"land_area": "3"}, ("empty-when", "land_area")),
        ({"planned_start": "2025-13"}, ("constraint-error", "planned_start")),
        ({"accepted_date": "2025-01-23"}, ("date-order", "accepted_date")),
        ({"approval_type": "filing"}, ("row-constraint", "")),
        ({"decision_result": "filed"}, ("row-constraint", "")),
    ],
)
def test_an_approval_is_refused(spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path) -> None:
    assert expected in findings("project-approvals-transcribed", 0, spoilt, tmp_path)


PERSON = {
    "counterparty_name": "李*明",
    "counterparty_type": "自然人",
    "counterparty_uscc": "",
    "legal_representative": "",
}


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        (PERSON | {"counterparty_name": "李光明"}, ("not-marked", "counterparty_name")),
        (PERSON | {"legal_representative": "王某某"}, ("empty-when", "legal_representative")),
        ({"penalty_types": "罚款、警告"}, ("constraint-error", "penalty_types")),
        ({"fine_amount": ""}, ("required-when", "fine_amount")),
        ({"fine_amount": "0"}, ("constraint-error", "fine_amount")),
        ({"penalty_types": "罚款;吊销许可证件"}, ("required-when", "licence_affected")),
        ({"penalty_types": "罚款;行政拘留"}, ("not-marked", "counterparty_type")),
        ({"public_until": ""}, ("constraint-error", "public_until")),
        ({"public_until": "2001-01-01"}, ("date-order", "decision_date")),
        ({"procedure": "summary"}, ("required-when", "publication_necessity_reason")),
        ({"severity_class": "minor"}, ("required-when", "publication_necessity_reason")),
        ({"status": "withdrawn", "status_reason": ""}, ("required-when", "status_reason")),
        ({"counterparty_uscc": "0" * 18}, ("uscc-invalid", "counterparty_uscc")),
    ],
)
def test_a_penalty_is_refused(spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path) -> None:
    # Row 5 is a company's, with a fine and nothing else.
    assert expected in findings("administrative-penalties-sample", 5, spoilt, tmp_path)


def test_a_masked_natural_person_is_accepted(tmp_path: Path) -> None:
    assert findings("administrative-penalties-sample", 5, PERSON, tmp_path) == set()


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"obligation_code": "一"}, ("constraint-error", "obligation_code")),
        ({"region_code": "450399"}, ("region-invalid", "region_code")),
        ({"item_level": "3"}, ("constraint-error", "item_level")),
        ({"item_level": "2"}, ("required-when", "level2_item")),
        ({"level2_item": "申领条件"}, ("empty-when", "level2_item")),
        ({"audience": "specific"}, ("required-when", "audience_note")),
        ({"channels": "网站"}, ("constraint-error", "channels")),
        ({"channels": "政府网站;其他-"}, ("constraint-error", "channels")),
        ({"level": "县级、乡级"}, ("constraint-error", "level")),
        ({"deadline_rule": "PRO-GY"}, ("constraint-error", "deadline_rule")),
        ({"effective_until": "2019-01-01"}, ("date-order", "effective_from")),
        ({"item_level": "2", "level2_item": "甲"}, ("grid-incomplete", "item_level")),
    ],
)
def test_an_obligation_is_refused(
    spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert expected in findings("disclosure-obligations-illustrative", 0, spoilt, tmp_path)


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"inspection_kind": "all"}, ("row-constraint", "")),
        ({"task_name": ""}, ("required-when", "task_name")),
        ({"subjects_checked": "39"}, ("sum-broken", "subjects_drawn")),
        ({"subjects_listed": "37"}, ("sum-broken", "subjects_listed")),
        ({"no_problem": "0"}, ("sum-broken", "subjects_checked")),
        ({"checked_until": "2025-03-02"}, ("date-order", "drawn_on")),
        ({"batches": "-1"}, ("constraint-error", "batches")),
        ({"region_code": "459900"}, ("region-invalid", "region_code")),
    ],
)
def test_an_inspection_is_refused(
    spoilt: Spoilt, expected: tuple[str, str], tmp_path: Path
) -> None:
    assert expected in findings("random-inspections-illustrative", 0, spoilt, tmp_path)
