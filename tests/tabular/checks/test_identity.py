"""勾稽关系: sums of named items within a group, as Frictionless alone reports them."""

from pathlib import Path
from typing import Any

import pytest

from opendata.tabular.messages import message
from tests.tabular.checks.plain import Texts, fields, found

SCHEMA = fields(body="string", item="string", year="year", amount="number", kind="string")
RULE: dict[str, Any] = {
    "type": "identity",
    "name": "T-SUM",
    "basis": "某规定第一条",
    "groupBy": ["body", "year"],
    "itemField": "item",
    "valueFields": ["amount"],
    "parts": ["a", "b"],
    "stated": ["total"],
}


def table(body: str = "某局", /, **amounts: str) -> list[Texts]:
    """Return the rows of one body, an item each."""
    return [
        {"body": body, "item": item, "year": "2020", "amount": amount, "kind": "x"}
        for item, amount in amounts.items()
    ]


def test_a_sum_that_holds_is_not_reported(tmp_path: Path) -> None:
    assert found(tmp_path, SCHEMA, table(a="1", b="2", total="3"), RULE) == []


def test_a_sum_that_fails_names_rows_and_figures(tmp_path: Path) -> None:
    rows = [*table("甲", a="1", b="2", total="3"), *table("乙", b="1.50", total="4.00", a="1.25")]

    (error,) = found(tmp_path, SCHEMA, rows, RULE)

    assert error["type"] == "identity-broken"
    assert (error["rule"], error["basis"]) == ("T-SUM", "某规定第一条")
    assert (error["expected"], error["found"], error["difference"]) == ("2.75", "4.00", "1.25")
    assert error["comparison"] == "violated"
    assert error["rowNumber"] == 6
    assert error["rowNumbers"] == [5, 6, 7]
    assert error["fieldName"] == "amount"
    assert error["group"] == "乙 / 2020"
    assert error["relation"] == "a + b = total"
    assert "cells" not in error


def test_its_words_say_expected_found_and_difference_in_two_languages(tmp_path: Path) -> None:
    (error,) = found(tmp_path, SCHEMA, table(a="1", b="2", total="4"), RULE | {"counts": True})

    text = message(error, {"amount": {"name": "amount", "title": "金额"}}, 4)

    assert (
        "第 4 行“金额”（amount）：某局 / 2020：a + b = total，应为 3，实为 4，相差 1。" in text.zh
    )
    assert "expected 3, found 4, a difference of 1" in text.en


def test_amounts_compare_as_closely_as_they_are_written(tmp_path: Path) -> None:
    # 乌鲁木齐市政务服务中心 2023: 434.16 + 0.00 + 0.55 is printed as 434.72.
    rule = RULE | {"parts": ["a", "b", "c"]}
    rows = table(a="434.16", b="0.00", c="0.55", total="434.72")

    assert found(tmp_path, SCHEMA, rows, rule) == []
    (caution,) = found(tmp_path, SCHEMA, rows, rule | {"report": "within_rounding"})
    assert caution["comparison"] == "within_rounding"
    assert (caution["expected"], caution["found"]) == ("434.71", "434.72")
    assert "（在四舍五入的误差之内）" in message(caution, {}, 2).zh


def test_counts_are_exact(tmp_path: Path) -> None:
    rows = table(a="1", b="2", total="4")

    assert found(tmp_path, SCHEMA, rows, RULE) == []
    assert len(found(tmp_path, SCHEMA, rows, RULE | {"counts": True})) == 1


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(table(a="1", total="9"), id="an item is absent"),
        pytest.param(table(a="1", b="", total="9"), id="a figure is empty"),
        pytest.param([*table(a="1", b="2", total="9"), *table(a="6")], id="an item is there twice"),
        pytest.param(table(a="1", b="NaN", total="9"), id="a figure is no finite number"),
        pytest.param(table(a="1", b="1E+999", total="9"), id="a figure is astronomic"),
    ],
)
def test_what_cannot_be_said_is_not_judged(tmp_path: Path, rows: list[Texts]) -> None:
    assert found(tmp_path, SCHEMA, rows, RULE) == []


def test_a_figure_that_is_unreadable_is_its_own_error_and_not_a_broken_sum(tmp_path: Path) -> None:
    errors = found(tmp_path, SCHEMA, table(a="1", b="two", total="9"), RULE)

    assert [each["type"] for each in errors] == ["type-error"]


def test_an_absent_item_may_be_declared_to_be_nothing(tmp_path: Path) -> None:
    rule = RULE | {"absent": "zero"}

    assert found(tmp_path, SCHEMA, table(a="3", total="3"), rule) == []
    assert len(found(tmp_path, SCHEMA, table(a="3", total="9"), rule)) == 1
    assert found(tmp_path, SCHEMA, table(a="3"), rule) == []


def test_an_item_may_be_needed_where_others_may_be_absent(tmp_path: Path) -> None:
    rule = RULE | {"absent": "zero", "needed": ["b"]}

    assert found(tmp_path, SCHEMA, table(a="3", total="9"), rule) == []
    assert len(found(tmp_path, SCHEMA, table(b="3", total="9"), rule)) == 1


def test_a_bound_is_broken_from_one_side_only(tmp_path: Path) -> None:
    rule = RULE | {"relation": "<=", "parts": ["a"]}

    assert found(tmp_path, SCHEMA, table(a="3", total="9"), rule) == []
    assert len(found(tmp_path, SCHEMA, table(a="9", total="3"), rule)) == 1


def test_a_factor_multiplies_what_is_stated(tmp_path: Path) -> None:
    rule = RULE | {"relation": "<=", "parts": ["a"], "factor": "1.1"}

    assert found(tmp_path, SCHEMA, table(a="110.00", total="100.00"), rule) == []
    (error,) = found(tmp_path, SCHEMA, table(a="110.10", total="100.00"), rule)
    assert error["relation"] == "a <= total × 1.1"


def test_only_rows_that_meet_the_conditions_are_looked_at(tmp_path: Path) -> None:
    rows = table(a="1", b="2", total="9")

    other = RULE | {"where": [{"fieldName": "kind", "equals": "y"}]}
    same = RULE | {"where": [{"fieldName": "kind", "equals": ["x", "y"]}]}
    assert found(tmp_path, SCHEMA, rows, other) == []
    assert len(found(tmp_path, SCHEMA, rows, same)) == 1


def test_lines_are_known_by_their_names_however_they_are_numbered(tmp_path: Path) -> None:
    rule = RULE | {
        "headings": True,
        "yearField": "year",
        "parts": [["公务用车购置费", "公务用车购置"], "公务用车运行维护费"],
        "stated": ["公务用车费"],
    }
    names = {"（一）公务用车购置": "0", "2.公务用车运行维护费": "32.65", "2020年“公务用车费”": "0"}
    rows = [row for name, amount in names.items() for row in table(**{name: amount})]

    (error,) = found(tmp_path, SCHEMA, rows, rule)

    # 桂林市司法局 2015: cars run 32.65 and bought 0, the line above them 0.
    assert (error["expected"], error["found"], error["difference"]) == ("32.65", "0", "-32.65")
    assert error["comparison"] == "violated"


def test_a_long_relation_is_told_by_its_ends(tmp_path: Path) -> None:
    parts = [f"p{number}" for number in range(20)]
    rows = table(**dict.fromkeys(parts, "1"), total="9")

    (error,) = found(tmp_path, SCHEMA, rows, RULE | {"parts": parts, "counts": True})

    assert error["relation"] == "p0 + p1 + … + p19 = total"
