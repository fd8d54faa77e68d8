"""A rule that would be silently true or false for every table is refused with its contract."""

from collections.abc import Mapping
from typing import Any

import pytest

from opendata.tabular.contract import UnusableContract
from tests.tabular.conftest import Declarations

IDENTITY: dict[str, Any] = {
    "type": "identity",
    "groupBy": ["agency_name"],
    "itemField": "kind",
    "valueFields": ["amount"],
    "parts": ["fine"],
    "stated": ["warning"],
}
GRID: dict[str, Any] = {
    "type": "grid",
    "groupBy": ["agency_name"],
    "rowField": "kind",
    "columnField": "types",
    "blocks": [{"rows": ["fine"], "columns": ["罚款"]}],
}
ROLLUP: dict[str, Any] = {
    "type": "rollup",
    "groupBy": ["agency_name"],
    "codeField": "agency_code",
    "lengths": [3, 5],
    "valueFields": ["amount"],
}
WINDOW: dict[str, Any] = {
    "type": "window",
    "fieldName": "decided",
    "startField": "accepted",
    "bound": "latest",
    "limits": [{"where": [{"fieldName": "kind", "equals": "fine"}], "months": 3}],
}
MISUSES: list[tuple[str, Mapping[str, Any], str]] = [
    ("an unknown column", IDENTITY | {"itemField": "nothing"}, "no such field: nothing"),
    ("an item that is no code", IDENTITY | {"parts": ["fee"]}, "never has the value fee"),
    ("an item on both sides", IDENTITY | {"stated": ["fine"]}, "an item occurs twice"),
    ("an item that is a number", IDENTITY | {"itemField": "serial"}, "must be of type string"),
    ("figures that are text", IDENTITY | {"valueFields": ["types"]}, "must be of type number"),
    ("groups by a number", IDENTITY | {"groupBy": ["amount"]}, "amount must be of type"),
    (
        "a condition that never holds",
        IDENTITY | {"where": [{"fieldName": "kind", "equals": "fee"}]},
        "never has the value 'fee'",
    ),
    ("a misspelt property", IDENTITY | {"absnet": "zero"}, "unknown properties: absnet"),
    ("a relation there is not", IDENTITY | {"relation": "<"}, "'<'"),
    (
        "a form's row that is no code",
        GRID | {"blocks": [{"rows": ["fee"], "columns": ["罚款"]}]},
        "never has the value fee",
    ),
    ("lengths in disorder", ROLLUP | {"lengths": [5, 3]}, "from short to long"),
    (
        "a depth that is no length",
        {key: ROLLUP[key] for key in ("groupBy", "codeField", "lengths")}
        | {"type": "depth", "depth": 4},
        "depth must be one of lengths",
    ),
    ("a window of texts", WINDOW | {"fieldName": "types"}, "types must be of type date"),
    (
        "a limit that never holds",
        WINDOW | {"limits": [{"where": [{"fieldName": "kind", "equals": "fee"}], "months": 3}]},
        "never has the value 'fee'",
    ),
    (
        "a total that is text",
        {"type": "sum", "fieldName": "types", "parts": ["amount"]},
        "types must be of type number",
    ),
    (
        "a share of no item",
        {
            "type": "share",
            "groupBy": ["agency_name"],
            "itemField": "kind",
            "valueField": "amount",
            "shares": [{"share": "fine", "part": "warning", "total": "fee"}],
        },
        "never has the value fee",
    ),
    (
        "an aspect that lacks its column",
        {"type": "project-code", "fieldName": "agency_code", "aspect": "procedure"},
        "go together",
    ),
    (
        "other categories than the column's",
        {"type": "categories", "fieldName": "kind", "values": ["fine"]},
        "categories rule of the same values",
    ),
    ("keys that are not declared", {"type": "unique-keys", "keys": [["party"]]}, "uniqueKeys"),
    (
        "a column that is dropped",
        {"type": "constant", "groupBy": ["party_id"], "fieldNames": ["party"]},
        "may not use what is dropped or treated: party_id",
    ),
]


@pytest.mark.parametrize(
    ("rule", "why"), [pytest.param(rule, why, id=name) for name, rule, why in MISUSES]
)
def test_a_wrong_declaration_is_refused(
    declarations: Declarations, rule: Mapping[str, Any], why: str
) -> None:
    declarations.checklist["checks"].append({"name": "T-NEW", **rule})

    with pytest.raises(UnusableContract) as refusal:
        declarations.load()

    faults = refusal.value.faults
    assert [each for each in faults if why in each.detail.en], faults
    assert all(
        each.detail.zh != each.detail.en for each in faults if "Frictionless" not in each.detail.zh
    )


@pytest.mark.parametrize("rule", [IDENTITY, GRID, ROLLUP, WINDOW])
def test_a_right_declaration_is_taken(declarations: Declarations, rule: Mapping[str, Any]) -> None:
    if rule is ROLLUP:
        del declarations.column("agency_code")["constraints"]
    declarations.checklist["checks"].append({"name": "T-NEW", **rule})

    assert declarations.load().checklist["checks"][-1]["name"] == "T-NEW"


def test_unique_keys_are_declared_and_enforced(declarations: Declarations) -> None:
    keys = [["party", "serial"], ["source"]]
    declarations.schema["uniqueKeys"] = keys
    declarations.checklist["checks"].append({"type": "unique-keys", "keys": keys})

    assert declarations.load().table_schema["uniqueKeys"] == keys


def test_categories_may_be_enforced_by_a_rule(declarations: Declarations) -> None:
    del declarations.column("kind")["constraints"]["enum"]
    rule = {"type": "categories", "fieldName": "kind", "values": ["warning", "fine"]}
    declarations.checklist["checks"].append(rule)

    kind = declarations.load().field("kind")

    assert kind is not None
    assert [each.value for each in kind.categories] == ["fine", "warning"]
