"""What the contracts declare about real figures: budgets, projects, penalties."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata.domain.contracts import Contract
from opendata.tabular.context import Context
from opendata.tabular.contract import load, packaged_schemas
from tests.tables import Row, changed, csv_of, real_rows
from tests.tabular.checks.plain import found
from tests.tabular.checks.published import Shelf
from tests.tabular.conftest import judged_twice


def contract_of(collection: str) -> Contract:
    """Load a contract that ships."""
    return load(packaged_schemas() / collection / "v1")


def broken(
    folder: Path, contract: Contract, rows: list[dict[str, str]], *, cautions: bool = False
) -> list[dict[str, Any]]:
    """Return what Frictionless alone reports by the checklist, or by the cautions."""
    rules = contract.cautions if cautions else contract.checklist
    return found(folder, contract.table_schema, rows, *rules["checks"])


@pytest.fixture(scope="module")
def budgets() -> Contract:
    """The contract of budgets and final accounts."""
    return contract_of("budgets")


def three_public(**amounts: str) -> list[dict[str, str]]:
    """Return the table of the three public expenses of one publisher."""
    real = [row for row in real_rows("budgets-2018") if row["publisher_name"] == "龙泉市财政局"]
    return [
        real[0]
        | {
            "line_no": str(number),
            "subject_name": name,
            "amount_total": amount,
            "actual_amount": "",
            "fiscal_year": "2015",
            "region_code": "450300",
        }
        for number, (name, amount) in enumerate(amounts.items(), start=1)
    ]


def test_guilin_s_justice_bureau_lists_a_sum_that_its_parts_do_not_make(
    tmp_path: Path, budgets: Contract
) -> None:
    # 桂林市司法局 2015: the total holds only with the 32.65 that the line for cars leaves out.
    amounts = {
        "合计": "34.35",
        "1.因公出国（境）费用": "0",
        "2.公务接待费": "1.70",
        "3.公务用车费": "0",
        "其中：公务用车运行维护费": "32.65",
        "公务用车购置": "0",
    }

    errors = broken(tmp_path, budgets, three_public(**amounts))

    assert [(each["rule"], each["expected"], each["found"]) for each in errors] == [
        ("bud-3p", "1.70", "34.35"),
        ("bud-3p-cars", "32.65", "0"),
    ]
    assert [each["rowNumber"] for each in errors] == [2, 5]


def test_a_sum_that_rounding_explains_is_no_error(tmp_path: Path, budgets: Contract) -> None:
    # 凉山州 2022: 0 + 7634.75 + 602.47 is printed as 8237.23.
    rows = [row for row in real_rows("budgets-2022") if row["table_code"] == "P01"]

    assert rows[0]["amount_total"] == "8237.23"
    assert broken(tmp_path, budgets, rows) == []
    wrong = [dict(rows[0], amount_total="8237.32"), *rows[1:]]
    assert {each["rule"] for each in broken(tmp_path, budgets, wrong)} == {
        "bud-3p",
        "bud-3p-lines",
    }


def test_what_is_wrong_in_a_partial_table_is_a_caution(tmp_path: Path, budgets: Contract) -> None:
    rows = changed(three_public(合计="9", 因公出国费="1"), table_extent="partial")
    rows += changed(
        three_public(**{"因公出国(境)费": "1.00", "公务用车费": "2.00", "公务接待费": "3.00"}),
        table_extent="partial",
    )
    rows = [row | {"line_no": str(number)} for number, row in enumerate(rows, start=1)]

    assert broken(tmp_path, budgets, rows) == []
    rules = {
        each["rule"] for each in broken(tmp_path, budgets, rows, cautions=True) if "rule" in each
    }
    assert "bud-3p-partial" in rules


def functional(**amounts: str) -> list[dict[str, str]]:
    """Return a department's expenditure by functional codes (a name begins with a letter)."""
    real = real_rows("budgets-2018")[0]
    levels = {3: "level1", 5: "level2", 7: "level3"}
    return [
        real
        | {
            "level": "department",
            "coverage": "none",
            "table_code": "GK05",
            "line_no": str(number),
            "subject_scheme": "functional",
            "subject_code": code[1:],
            "subject_name": "科目",
            "subject_level": levels[len(code) - 1],
            "amount_total": amount,
            "actual_amount": amount,
        }
        for number, (code, amount) in enumerate(amounts.items(), start=1)
    ]


def test_functional_codes_add_up_level_by_level_down_to_items(
    tmp_path: Path, budgets: Contract
) -> None:
    sound = functional(c201="9.00", c20101="9.00", c2010101="4.00", c2010102="5.00")

    assert broken(tmp_path, budgets, sound) == []
    assert {each["rule"] for each in broken(tmp_path, budgets, sound[:2])} == {
        "bud-depth-functional"
    }
    assert {each["type"] for each in broken(tmp_path, budgets, sound[:3])} == {"rollup-broken"}
    assert {each["type"] for each in broken(tmp_path, budgets, sound[2:])} == {"parent-missing"}


def test_debt_stays_within_its_limit_of_the_same_year(tmp_path: Path, budgets: Contract) -> None:
    rows = [
        row
        for row in real_rows("budgets-2017")
        if row["publisher_name"] == "财政部" and row["table_code"] == "F05"
    ]
    low = [
        row
        | (
            {"amount_total": "61000.00"}
            if "2017年末" in row["subject_name"] and row["side"] == "limit"
            else {}
        )
        for row in rows
    ]

    def debts(each: list[dict[str, str]]) -> list[str]:
        found_ = broken(tmp_path, budgets, each, cautions=True)
        return [
            str(one["found"]) for one in found_ if one.get("rule") == "bud-debt-special-partial"
        ]

    assert debts(rows) == []
    assert debts(low) == ["61000.00"]


def test_the_stages_of_a_project_are_approved_in_order(tmp_path: Path) -> None:
    contract = contract_of("project-approvals")
    real = real_rows("project-approvals-transcribed")[0]
    code = "2104-610902-04-01-123456"
    stages = {
        "feasibility_study": ("2022-05-01", "100"),
        "preliminary_design": ("2022-04-01", "112"),
    }
    rows = [
        real
        | {
            "record_no": f"T-{number}",
            "project_code": code,
            "approval_type": "approval",
            "approval_item": stage,
            "decision_result": "approved",
            "decision_date": day,
            "total_investment": amount,
            "amount_unit": "万元",
        }
        for number, (stage, (day, amount)) in enumerate(stages.items(), start=1)
    ]

    assert broken(tmp_path, contract, rows) == []
    cautions = broken(tmp_path, contract, rows, cautions=True)
    kinds = {each["rule"] for each in cautions if "rule" in each}
    assert {"prj-stages", "prj-estimate"} <= kinds
    assert "prj-same-project" not in kinds


def test_a_penalty_is_not_published_longer_than_its_rule_allows(tmp_path: Path) -> None:
    contract = contract_of("administrative-penalties")
    rows = [
        row
        for row in real_rows("administrative-penalties-sample")
        if row["window_rule"] == "R-2023"
    ][:1]

    assert broken(tmp_path, contract, rows) == []
    (error,) = broken(tmp_path, contract, changed(rows, public_until="2099-12-31"))
    assert (error["rule"], error["fieldName"]) == ("pen-max", "public_until")


@pytest.fixture(scope="module")
def items() -> list[Row]:
    """The first item of the illustrative catalogue, and the two below it."""
    return real_rows("disclosure-obligations-illustrative", 0, 3)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda rows: rows[1:], "obl-parent"),  # the first-level item is left out
        (lambda rows: rows[:1] + rows[2:], "obl-counts"),  # one of the second level is
        (lambda rows: [*rows, rows[0] | {"obligation_code": "99"}], "obl-level1-once"),
        (lambda rows: [rows[0], rows[1] | {"second_level_items": "2"}], "obl-count-level2"),
    ],
)
def test_items_of_a_catalogue_fit_together(
    spoil: Callable[[list[Row]], list[Row]], rule: str, items: list[Row], tmp_path: Path
) -> None:
    contract = contract_of("disclosure-obligations")

    assert broken(tmp_path, contract, items) == []
    assert rule in {each["rule"] for each in broken(tmp_path, contract, spoil(items))}


@pytest.mark.parametrize(
    "package",
    [
        "administrative-penalties-sample",
        *(f"budgets-{year}" for year in range(2016, 2024)),
        *(f"disclosure-statistics-{year}" for year in (2017, 2018, 2020)),
        "project-approvals-transcribed",
    ],
)
def test_every_package_is_valid_by_frictionless_alone(tmp_path: Path, package: str) -> None:
    collection = next(
        name
        for name in (
            "administrative-penalties",
            "budgets",
            "disclosure-statistics",
            "project-approvals",
        )
        if package.startswith(name)
    )

    assert broken(tmp_path, contract_of(collection), real_rows(package)) == []


def test_both_engines_lay_a_table_over_the_same_release(tmp_path: Path) -> None:
    contract = contract_of("project-approvals")
    sent = changed(
        real_rows("project-approvals-transcribed", 0, 3),
        project_code="2104-610902-04-01-123456",
        decision_result="approved",
    )
    released = [
        {"record_no": f"R-{at}", "project_code": row["project_code"], "project_name": "旧名"}
        for at, row in enumerate(sent)
    ]
    publishers = frozenset(row["authority_name"] for row in sent)
    context = Context(
        publishers,
        "rolling",
        dataset="own",
        releases=Shelf({"own": released}),
        merged_by=contract.primary_key,
    )

    judgement = judged_twice(csv_of(sent), contract, context, tmp_path)

    rows = {(each.name, each.field): each.rows for each in judgement.cautions}
    assert rows["prj-same-project", "project_name"] == (2,)
