"""Rules that look beyond the file: the previous year, other collections, regions above."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from opendata.tabular.messages import message
from tests.tabular.checks.plain import Texts, check_of, fields, found
from tests.tabular.checks.published import Record, Shelf, context

REPORT = fields(
    publisher="string",
    year="year",
    column="string",
    line="string",
    value="number",
    note="string",
    region="string",
)
CARRY: dict[str, Any] = {
    "type": "continuity",
    "name": "T-CARRY",
    "groupBy": ["publisher", "column"],
    "periodField": "year",
    "itemField": "line",
    "now": ["2"],
    "before": ["4"],
    "valueFields": ["value"],
    "counts": True,
    "reasonField": "note",
}


def row(line: str, value: str, /, **cells: str) -> Texts:
    """Return one cell of a report of 2020."""
    standard = {"publisher": "某厅", "year": "2020", "column": "C1", "region": "450300"}
    return {**standard, "line": line, "value": value, **cells}


def record(line: str, value: int, /, **cells: Any) -> Record:
    """Return one published cell of a report of 2019."""
    standard = {"publisher": "某厅", "year": 2019, "column": "C1", "region": "450000"}
    return {**standard, "line": line, "value": Decimal(value), **cells}


def test_what_is_carried_over_is_what_was_carried_forward(tmp_path: Path) -> None:
    shelf = Shelf({"last-year": [record("4", 7), record("4", 9, column="C2"), record("2", 5)]})
    rows = [row("2", "7"), row("2", "8", column="C2")]

    (error,) = found(tmp_path, REPORT, rows, CARRY, context=context(shelf))

    assert error["type"] == "continuity-broken"
    assert (error["expected"], error["found"], error["difference"]) == ("9", "8", "-1")
    assert (error["rowNumber"], error["rowNumbers"]) == (3, [3])
    assert error["group"] == "某厅 / C2 / 2020"
    assert error["relation"] == "4 (−1) = 2"


def test_only_the_year_before_of_the_same_publisher_is_asked_for(tmp_path: Path) -> None:
    shelf = Shelf({"others": [record("4", 1, publisher="他厅"), record("4", 1, year=2018)]})

    assert found(tmp_path, REPORT, [row("2", "7")], CARRY, context=context(shelf)) == []
    assert shelf.asked == [{"year": [2019], "publisher": ["某厅"]}]


def test_without_the_platform_it_does_not_run() -> None:
    assert check_of(CARRY).lacks_context
    assert check_of(CARRY, context(None)).lacks_context
    assert not check_of(CARRY, context(Shelf())).lacks_context


def test_a_stated_reason_makes_another_rule_of_it(tmp_path: Path) -> None:
    shelf = Shelf({"last-year": [record("4", 7)]})
    rows = [row("2", "8", note="机构改革")]

    assert found(tmp_path, REPORT, rows, CARRY, context=context(shelf)) == []
    reasoned = CARRY | {"reasoned": True}
    assert len(found(tmp_path, REPORT, rows, reasoned, context=context(shelf))) == 1


def test_a_stock_is_last_year_s_and_what_was_added_less_what_went(tmp_path: Path) -> None:
    rule = CARRY | {
        "groupBy": ["publisher", "line"],
        "itemField": "column",
        "now": ["in_force"],
        "before": ["in_force"],
        "added": ["issued"],
        "removed": ["repealed"],
    }
    shelf = Shelf({"last-year": [record("1", 10, column="in_force")]})

    def year(*, in_force: str) -> list[Texts]:
        cells = {"issued": "3", "repealed": "2", "in_force": in_force}
        return [row("1", value, column=column) for column, value in cells.items()]

    assert found(tmp_path, REPORT, year(in_force="11"), rule, context=context(shelf)) == []
    (error,) = found(tmp_path, REPORT, year(in_force="12"), rule, context=context(shelf))
    assert error["relation"] == "in_force (−1) + issued = in_force + repealed"
    assert (error["expected"], error["found"], error["rowNumber"]) == ("13", "14", 4)


COUNT: dict[str, Any] = {
    "type": "count-elsewhere",
    "groupBy": ["publisher", "year"],
    "where": [{"fieldName": "line", "equals": "20.6.1"}],
    "valueField": "value",
    "collection": "penalties",
    "whoField": "authority",
    "dateField": "decided",
    "distinct": ["number"],
}


def penalty(number: str, authority: str = "某厅", year: int = 2020) -> Record:
    """Return a published penalty; a decision may hit several parties."""
    return {"number": number, "authority": authority, "decided": date(year, 5, 6)}


def test_a_report_states_no_fewer_decisions_than_are_published(tmp_path: Path) -> None:
    decisions = [penalty("1"), penalty("1"), penalty("2"), penalty("3", year=2019)]
    shelf = Shelf(others={"penalties": [*decisions, penalty("4", "他厅")]})

    assert found(tmp_path, REPORT, [row("20.6.1", "2")], COUNT, context=context(shelf)) == []
    (error,) = found(tmp_path, REPORT, [row("20.6.1", "1")], COUNT, context=context(shelf))
    assert (error["expected"], error["found"], error["difference"]) == ("2", "1", "-1")
    assert error["relation"] == "penalties <= value"


def test_a_collection_that_does_not_exist_bounds_nothing(tmp_path: Path) -> None:
    rows = [row("20.6.1", "0")]

    assert found(tmp_path, REPORT, rows, COUNT, context=context(Shelf())) == []


SUBORDINATE: dict[str, Any] = {
    "type": "subordinate",
    "groupBy": ["year", "line"],
    "regionField": "region",
    "valueField": "value",
}


def test_no_region_states_more_than_one_above_it(tmp_path: Path) -> None:
    province = record("1", 8, year=2020, publisher="某省", region="450000")
    city = record("1", 9, year=2020, publisher="邻市", region="450200")
    shelf = Shelf({"province": [province], "city": [city]})

    assert found(tmp_path, REPORT, [row("1", "8")], SUBORDINATE, context=context(shelf)) == []
    (error,) = found(tmp_path, REPORT, [row("1", "9")], SUBORDINATE, context=context(shelf))
    assert error["relation"] == "450300 <= 450000"
    assert (error["expected"], error["found"]) == ("9", "8")


MERGED: dict[str, Any] = {
    "type": "constant",
    "name": "T-SAME",
    "groupBy": ["line"],
    "fieldNames": ["region"],
}


def test_a_table_that_is_added_is_judged_laid_over_the_current_release(tmp_path: Path) -> None:
    own = [record("p1", 0, publisher="甲", region="450300"), record("p2", 0, publisher="乙")]
    shelf = Shelf({"own": own, "another": [record("p3", 0)]})
    within = context(shelf, merged_by=("publisher",))
    rows = [
        row("p1", "0", publisher="丙", region="450200"),
        row("p2", "0", publisher="乙", region="450200"),
        row("p3", "0", publisher="丁", region="450200"),
    ]

    (error,) = found(tmp_path, REPORT, rows, MERGED, context=within)

    assert error["type"] == "not-constant"
    assert (error["expected"], error["found"]) == ("450300", "450200")
    assert (error["rowNumber"], error["rowNumbers"], error["released"]) == (2, [2], 1)
    assert "其中 1 行在本数据集现行的发布版本中。" in message(error, {}, 2).zh


def test_what_is_wrong_within_the_current_release_says_so(tmp_path: Path) -> None:
    own = [record("p1", 0, publisher="甲", region="1"), record("p1", 0, publisher="乙")]
    within = context(Shelf({"own": own}), merged_by=("publisher",))

    (error,) = found(tmp_path, REPORT, [row("p2", "0")], MERGED, context=within)

    assert error["released"] == 2
    assert error["rowNumbers"] == []
    assert "rowNumber" not in error


def test_a_first_release_has_nothing_to_be_laid_over(tmp_path: Path) -> None:
    within = context(Shelf(), merged_by=("publisher",))

    assert check_of(MERGED, within).gathered_fields == ("line", "region")
    assert found(tmp_path, REPORT, [row("p1", "0")], MERGED, context=within) == []
