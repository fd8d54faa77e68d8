"""Trees of codes, full grids, two sides, shares and unique keys, by Frictionless alone."""

from pathlib import Path
from typing import Any

from opendata.tabular.messages import message
from tests.tabular.checks.plain import Texts, fields, found

CODES = fields(body="string", code="string", amount="number", basic="number")
ROLLUP: dict[str, Any] = {
    "type": "rollup",
    "name": "T-TREE",
    "groupBy": ["body"],
    "codeField": "code",
    "lengths": [3, 5, 7],
    "valueFields": ["amount", "basic"],
}
DEPTH: dict[str, Any] = {
    "type": "depth",
    "groupBy": ["body"],
    "codeField": "code",
    "lengths": [3, 5, 7],
    "depth": 7,
}


def codes(**amounts: str) -> list[Texts]:
    """Return rows of one body; a code is the name without its first letter."""
    return [
        {"body": "某局", "code": code[1:], "amount": amount, "basic": ""}
        for code, amount in amounts.items()
    ]


def test_each_level_is_the_sum_of_the_level_below(tmp_path: Path) -> None:
    rows = codes(c201="10", c20101="6", c2010101="2", c2010102="4", c20102="4", c208="7")

    assert found(tmp_path, CODES, rows, ROLLUP) == []


def test_a_level_that_does_not_add_up_is_located(tmp_path: Path) -> None:
    rows = codes(c201="10.00", c20101="6.00", c2010101="2.00", c2010102="3.00", c20102="4.00")

    (error,) = found(tmp_path, CODES, rows, ROLLUP)

    assert error["type"] == "rollup-broken"
    assert error["rowNumber"] == 3
    assert error["rowNumbers"] == [3, 4, 5]
    assert (error["expected"], error["found"], error["difference"]) == ("5.00", "6.00", "1.00")
    assert error["relation"] == "Σ 20101… = 20101"


def test_a_code_needs_its_parent(tmp_path: Path) -> None:
    (error,) = found(tmp_path, CODES, codes(c201="6", c2010101="6", c205="1"), ROLLUP)

    assert error["type"] == "parent-missing"
    assert (error["expected"], error["rowNumber"]) == ("20101", 3)
    assert "列出了 2010101，没有列出其上级 20101" in message(error, {}, 3).zh


def test_every_column_of_figures_is_judged_where_it_is_filled(tmp_path: Path) -> None:
    rows = [
        {"body": "某局", "code": "201", "amount": "3", "basic": "9.0"},
        {"body": "某局", "code": "20101", "amount": "3", "basic": "2.0"},
    ]

    (error,) = found(tmp_path, CODES, rows, ROLLUP)

    assert error["fieldName"] == "basic"


def test_codes_must_be_broken_down_to_the_prescribed_level(tmp_path: Path) -> None:
    rows = codes(c201="3", c20101="3", c2010101="3", c205="1", c20501="1")

    (error,) = found(tmp_path, CODES, rows, DEPTH)

    assert error["type"] == "not-detailed"
    assert (error["found"], error["rowNumber"]) == ("20501", 6)


CELLS = fields(body="string", line="string", column="string", value="integer")
GRID: dict[str, Any] = {
    "type": "grid",
    "name": "T-GRID",
    "groupBy": ["body"],
    "rowField": "line",
    "columnField": "column",
    "blocks": [{"rows": ["1", "2"], "columns": ["A", "B"]}, {"rows": ["3"], "columns": ["A"]}],
}


def cells(body: str, *places: str) -> list[Texts]:
    """Return the cells of one body's form, each written ``1A``."""
    return [{"body": body, "line": at[0], "column": at[1], "value": "0"} for at in places]


def test_a_whole_form_passes_and_a_body_without_one_is_not_asked(tmp_path: Path) -> None:
    assert found(tmp_path, CELLS, cells("甲", "1A", "1B", "2A", "2B", "3A", "9Z"), GRID) == []


def test_missing_cells_are_named_line_by_line(tmp_path: Path) -> None:
    rows = [*cells("甲", "1A", "1B", "2A", "2B", "3A"), *cells("乙", "1A", "2A", "2B")]

    first, second = found(tmp_path, CELLS, rows, GRID)

    assert (first["relation"], first["found"], first["rowNumbers"]) == ("1", "B", [7])
    assert (second["relation"], second["found"], second["rowNumber"]) == ("3", "A", 7)
    assert "乙：1 缺少 B。" in message(first, {}, None).zh


SIDES = fields(body="string", side="string", amount="number")
BALANCE: dict[str, Any] = {
    "type": "balance",
    "groupBy": ["body"],
    "sideField": "side",
    "incoming": ["revenue", "carried_over"],
    "outgoing": ["expenditure", "carried_forward"],
    "valueFields": ["amount"],
}


def test_both_sides_add_up_to_the_same(tmp_path: Path) -> None:
    sides = [("revenue", "7.5"), ("revenue", "1.0"), ("carried_over", "1.5")]
    balanced = [*sides, ("expenditure", "9.0"), ("carried_forward", "1.0"), ("limit", "99")]
    rows = [{"body": "某局", "side": side, "amount": amount} for side, amount in balanced]

    assert found(tmp_path, SIDES, rows, BALANCE) == []
    assert found(tmp_path, SIDES, rows[:3], BALANCE) == []
    (error,) = found(tmp_path, SIDES, rows[:4], BALANCE)
    assert (error["expected"], error["found"], error["rowNumber"]) == ("10.0", "9.0", 5)


SHARES = fields(body="string", item="string", value="number")
SHARE: dict[str, Any] = {
    "type": "share",
    "groupBy": ["body"],
    "itemField": "item",
    "valueField": "value",
    "shares": [{"share": "fax_share", "part": "fax", "total": "all"}],
}


def shares(**values: str) -> list[Texts]:
    """Return one body's items."""
    return [{"body": "广东", "item": item, "value": value} for item, value in values.items()]


def test_a_share_is_rounded_half_up_to_the_digits_it_is_printed_with(tmp_path: Path) -> None:
    for printed in ("0.3", "0", "0.32", "0.315"):
        rows = shares(fax_share=printed, fax="167", all="52971")
        assert found(tmp_path, SHARES, rows, SHARE) == []
    assert found(tmp_path, SHARES, shares(fax_share="13", fax="1", all="8"), SHARE) == []


def test_guangdong_s_share_of_faxes_is_wrong(tmp_path: Path) -> None:
    (error,) = found(tmp_path, SHARES, shares(all="52971", fax_share="0.4", fax="167"), SHARE)

    assert (error["expected"], error["found"], error["difference"]) == ("0.3", "0.4", "0.1")
    assert (error["rowNumber"], error["relation"]) == (3, "fax ÷ all")


def test_a_share_of_nothing_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, SHARES, shares(fax_share="0", fax="0", all="0"), SHARE) == []


def test_unique_keys_are_compared_as_values_and_not_where_a_part_is_empty(tmp_path: Path) -> None:
    schema = fields(body="string", number="integer", note="string")
    rule = {"type": "unique-keys", "name": "T-UNIQUE", "keys": [["body", "number"], ["note"]]}
    rows: list[Texts] = [
        {"body": "甲", "number": "7", "note": "x"},
        {"body": "甲", "number": "8", "note": ""},
        {"body": "甲", "number": " 7", "note": ""},
        {"body": "", "number": "9", "note": "y"},
        {"body": "", "number": "9", "note": "x"},
    ]

    first, second = found(tmp_path, schema, rows, rule)

    assert (first["relation"], first["rowNumber"], first["rowNumbers"]) == (
        "body + number",
        4,
        [2, 4],
    )
    assert (second["relation"], second["group"], second["rowNumbers"]) == ("note", "x", [2, 6])
