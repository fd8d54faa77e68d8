"""The vectorised twins: what they suspect is enough for a rule to find all that is wrong."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.tabular.checks.plain import Rule, Texts, collected, fields

SCHEMA = fields(
    body="string",
    year="year",
    count="integer",
    day="date",
    item="string",
    code="string",
    kind="string",
    amount="number",
    other="number",
)
ITEMS = ("a", "b", "total", "a", "b", "total", "other", "", "（一）a")
CODES = ("201", "20101", "20102", "2010101", "2010102", "301", "30101", "2", "")
# Figures as they are written, oddly written and not figures at all.
FIGURES = (
    "0",
    "1",
    "2",
    "3",
    "1.0",
    "2.50",
    "0.50",
    "-1",
    "+1",
    "1e0",
    " 2 ",
    "NaN",
    "x",
    "",
    "007",
)
WHOLE: dict[str, Any] = {"groupBy": ["body", "year"], "valueFields": ["amount", "other"]}
ITEM: dict[str, Any] = {"type": "identity", "itemField": "item", "stated": ["total"], **WHOLE}
RULES: dict[str, Rule] = {
    "identity": ITEM | {"parts": ["a", "b"]},
    "identity of counts": ITEM | {"parts": ["a", "b"], "counts": True},
    "identity, absent is zero": ITEM | {"parts": ["a", "b"], "absent": "zero"},
    "identity, absent is zero, one needed": ITEM
    | {"parts": ["a", "b"], "absent": "zero", "needed": ["b"]},
    "identity of alternatives": ITEM | {"parts": [["a", "other"], "b"]},
    "identity of headings": ITEM | {"parts": ["a", "b"], "headings": True},
    "bound": ITEM | {"parts": ["a"], "relation": "<="},
    "bound with a factor": ITEM | {"parts": ["a"], "relation": "<=", "factor": "1.1"},
    "identity within rounding": ITEM | {"parts": ["a", "b"], "report": "within_rounding"},
    "identity under conditions": ITEM
    | {
        "parts": ["a", "b"],
        "where": [
            {"fieldName": "kind", "contains": "x"},
            {"fieldName": "count", "equals": [1, 7]},
        ],
    },
    "identity of one group": ITEM | {"parts": ["a"], "groupBy": ["kind"]},
    "identity by days and counts": ITEM | {"parts": ["a"], "groupBy": ["day", "count"]},
    "balance": {
        "type": "balance",
        "sideField": "item",
        "incoming": ["a", "b"],
        "outgoing": ["total"],
        **WHOLE,
    },
    "rollup": {"type": "rollup", "codeField": "code", "lengths": [3, 5, 7], **WHOLE},
    "depth": {
        "type": "depth",
        "codeField": "code",
        "lengths": [3, 5, 7],
        "depth": 5,
        "groupBy": ["body"],
    },
    "grid": {
        "type": "grid",
        "groupBy": ["body"],
        "rowField": "item",
        "columnField": "kind",
        "blocks": [{"rows": ["a", "b"], "columns": ["x", "xy"]}],
    },
    "share": {
        "type": "share",
        "groupBy": ["body"],
        "itemField": "item",
        "valueField": "amount",
        "shares": [{"share": "b", "part": "a", "total": "total"}],
    },
    "unique keys": {"type": "unique-keys", "keys": [["body", "count"], ["item", "day", "year"]]},
    "stage order": {
        "type": "stage-order",
        "groupBy": ["body"],
        "stageField": "item",
        "dateField": "day",
        "stages": ["a", "b", "total"],
    },
    "constant": {
        "type": "constant",
        "groupBy": ["item"],
        "fieldNames": ["kind", "count"],
        "unless": {"fieldName": "code", "equals": "301"},
    },
}

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "body": st.sampled_from(("甲", "甲", "甲", "乙", "")),
            "year": st.sampled_from(("2020", "2020", "2020", "2021", " 2020", "", "20x0")),
            "count": st.sampled_from(("1", "7", "07", "-1", "", "x", "1.0")),
            "day": st.sampled_from(("2020-01-01", "2020-1-1", "2020-02-30", "", "2021-05-06")),
            "item": st.sampled_from(ITEMS),
            "code": st.sampled_from(CODES),
            "kind": st.sampled_from(("x", "xy", "z", "")),
            "amount": st.sampled_from(FIGURES),
            "other": st.sampled_from(FIGURES),
        }
    ),
    max_size=14,
)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_the_suspects_of_a_rule_are_enough_to_find_all_that_is_wrong(
    name: str, rows: list[Texts]
) -> None:
    everything, suspected, _ = collected(SCHEMA, rows, RULES[name])

    assert suspected == everything


@pytest.mark.soak
@pytest.mark.parametrize("name", RULES)
@settings(max_examples=800, deadline=None)
@given(rows=ROWS)
def test_the_suspects_are_enough_however_long_one_tries(name: str, rows: list[Texts]) -> None:
    everything, suspected, _ = collected(SCHEMA, rows, RULES[name])

    assert suspected == everything


def sound(body: str) -> list[Texts]:
    """Return rows in which no rule finds anything."""
    amounts = {"a": "1.25", "b": "2.75", "total": "4.00"}
    return [
        {
            "body": body,
            "year": "2020",
            "item": item,
            "amount": amount,
            "other": "",
            "kind": "x",
            "count": body[1:],
            "day": f"2020-01-0{at}",
            "code": {"a": "20101", "b": "20102", "total": "201"}[item],
        }
        for at, (item, amount) in enumerate(amounts.items(), start=1)
    ]


@pytest.mark.parametrize("name", ["identity", "balance", "rollup", "depth"])
def test_sound_groups_are_not_suspected(name: str) -> None:
    rows = [row for number in range(5) for row in sound(f"局{number}")]
    broken = [{**row, "amount": row["amount"] + "1"} for row in sound("局9")]

    assert collected(SCHEMA, rows, RULES[name])[2] == 0
    if name not in ("depth",):
        assert collected(SCHEMA, [*rows, *broken], RULES[name])[2] == len(broken)


def test_rows_with_keys_of_their_own_are_not_suspected() -> None:
    rows = [{"body": "甲", "count": str(number)} for number in range(9)]
    rule = {"type": "unique-keys", "keys": [["body", "count"]]}

    assert collected(SCHEMA, rows, rule)[2] == 0
    assert collected(SCHEMA, [*rows, {"body": "甲", "count": "03"}], rule)[2] == 2


def test_counts_in_a_column_of_integers_are_added_up() -> None:
    rule = RULES["balance"] | {"valueFields": ["count"], "groupBy": ["body"], "counts": True}
    sound_rows = [{"body": "甲", "item": item, "count": "2"} for item in ("a", "total")]
    odd = [
        {"body": "乙", "item": item, "count": count}
        for item, count in zip("ab", ("+1", " 2 "), strict=True)
    ]
    broken = [*odd, {"body": "乙", "item": "total", "count": "4"}]

    every, some, suspected = collected(SCHEMA, [*sound_rows, *broken], rule)

    assert [each["expected"] for each in every] == ["3"]
    assert (some, suspected) == (every, 3)
