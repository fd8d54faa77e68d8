"""Rules that hold one collection against another: counts and amounts of a publisher's year."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tabular.checks.plain import Texts, check_of, collected, fields, found
from tests.tabular.checks.published import Record, Shelf, context

PENALTIES = fields(authority="string", decided="date", number="string", kind="string")
STATED: dict[str, Any] = {
    "type": "stated-elsewhere",
    "name": "x-pen",
    "groupBy": ["authority"],
    "where": [{"fieldName": "kind", "equals": "penalty"}],
    "dateField": "decided",
    "distinct": ["number"],
    "collection": "statistics",
    "whoField": "publisher",
    "statedField": "value",
    "statedYearField": "year",
    "among": {"line": ["20.6.1"]},
}
FEES = fields(publisher="string", year="year", value="number", unit="string")
NEAR: dict[str, Any] = {
    "type": "near-elsewhere",
    "groupBy": ["publisher", "year"],
    "valueField": "value",
    "unitField": "unit",
    "collection": "budgets",
    "whoField": "name",
    "otherYearField": "fiscal_year",
    "otherValueField": "amount",
    "otherUnitField": "unit",
    "within": "0.05",
}


def penalty(number: str, day: str = "2020-05-06", **cells: str) -> Texts:
    """Return one party of a decision."""
    return {"authority": "某局", "decided": day, "number": number, "kind": "penalty", **cells}


def stated(value: int, year: int = 2020, **cells: Any) -> Record:
    """Return a number of decisions that a report states."""
    return {"publisher": "某局", "line": "20.6.1", "year": year, "value": Decimal(value), **cells}


def test_no_more_decisions_are_published_than_the_year_s_report_states(tmp_path: Path) -> None:
    shelf = Shelf(others={"statistics": [stated(1), stated(9, year=2021), stated(0, line="1")]})
    two_parties = [penalty("1"), penalty("1")]

    assert found(tmp_path, PENALTIES, two_parties, STATED, context=context(shelf)) == []
    rows = [*two_parties, penalty("2", "2020-12-31"), penalty("3", "2021-01-01")]
    (error,) = found(tmp_path, PENALTIES, rows, STATED, context=context(shelf))
    assert error["type"] == "bound-elsewhere"
    assert (error["expected"], error["found"], error["group"]) == ("2", "1", "某局 / 2020")
    assert error["rowNumbers"] == [2, 3, 4]


def test_what_no_report_states_bounds_nothing(tmp_path: Path) -> None:
    rows = [penalty("1"), penalty("2"), penalty("3", ""), penalty("4", kind="licence")]

    for shelf in (Shelf(), Shelf(others={"statistics": [stated(0, publisher="他局")]})):
        assert found(tmp_path, PENALTIES, rows, STATED, context=context(shelf)) == []


def test_only_rows_of_a_year_that_is_stated_are_looked_at() -> None:
    shelf = Shelf(others={"statistics": [stated(1)]})
    rows = [penalty("1"), penalty("2"), penalty("3", "2019-01-01"), penalty("4", authority="他局")]

    every, some, looked_at = collected(PENALTIES, rows, STATED, context(shelf))

    assert every == some != []
    assert looked_at == 2


def fee(value: str, unit: str = "万元", **cells: str) -> Texts:
    """Return the fees that a report states."""
    return {"publisher": "某局", "year": "2021", "value": value, "unit": unit, **cells}


def account(amount: str, unit: str = "元", year: int = 2021) -> Record:
    """Return what the accounts have."""
    return {"name": "某局", "fiscal_year": year, "amount": Decimal(amount), "unit": unit}


@pytest.mark.parametrize(
    ("row", "accounts", "errors"),
    [
        (fee("120"), [account("1200000")], 0),
        (fee("120"), [account("1255000")], 0),  # within five per cent of the larger
        (fee("120"), [account("1350000")], 1),
        (fee("0.1"), [account("1400")], 0),  # as near as 0.1 is written
        (fee("120"), [account("9"), account("120", "万元")], 0),  # one of several
        (fee("120"), [account("9", year=2020)], 0),
        (fee("120", "千元"), [account("9")], 0),  # no unit that can be compared
        (fee(""), [account("9")], 0),
        (fee("0"), [account("0.00", "万元")], 0),
        (fee("0"), [account("5000000")], 1),
    ],
)
def test_fees_are_near_what_the_accounts_have(
    row: Texts, accounts: list[Record], errors: int, tmp_path: Path
) -> None:
    shelf = Shelf(others={"budgets": accounts})

    assert len(found(tmp_path, FEES, [row], NEAR, context=context(shelf))) == errors


def test_what_is_apart_is_told_in_yuan(tmp_path: Path) -> None:
    shelf = Shelf(others={"budgets": [account("1.5", "亿元")]})

    (error,) = found(tmp_path, FEES, [fee("120")], NEAR, context=context(shelf))

    assert error["relation"] == "value ≈ budgets.amount [元]"
    assert (error["expected"], error["found"]) == ("150000000", "1200000")
    assert error["difference"] == "-148800000"


@pytest.mark.parametrize("rule", [STATED, NEAR], ids=lambda rule: rule["type"])
def test_outside_the_platform_neither_runs(rule: dict[str, Any]) -> None:
    assert check_of(rule).lacks_context
    assert not check_of(rule, context(Shelf())).lacks_context
