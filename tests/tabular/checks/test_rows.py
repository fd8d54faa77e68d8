"""Rules over single rows: totals, codes, amounts in words, windows; and where they look."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from opendata.tabular.messages import message
from tests.tabular.checks.plain import Texts, doubted, fields, found

SUMS = fields(total="number", basic="number", project="number", kind="string")
SUM: dict[str, Any] = {
    "type": "sum",
    "name": "T-LINE",
    "fieldName": "total",
    "parts": ["basic", "project"],
    "when": {"fieldName": "kind", "equals": "complete"},
}
ZERO = SUM | {"absent": "zero", "relation": "<="}


def line(total: str, basic: str, project: str, kind: str = "complete") -> Texts:
    """Return one line of a table."""
    return {"total": total, "basic": basic, "project": project, "kind": kind}


SUM_ROWS = [
    (line("3", "1", "2"), False, False),
    (line("3.000", "1", "2.0"), False, False),
    (line("4.00", "1.00", "2.00"), True, False),
    (line("2.99", "1.00", "2.00"), False, False),
    (line("2.90", "1.00", "2.00"), True, True),
    (line("4.00", "1.00", "2.00", "partial"), False, False),
    (line("4.00", "1.00", ""), False, False),
    (line("4.00", "5.00", ""), False, True),
    (line("", "5.00", "1.00"), False, False),
    (line("4.00", "x", "9.00"), False, False),
    (line("-1.00", "0", "-1.00"), False, False),
    (line("1E+1", "5", "6"), False, False),
    (line(" 7.00 ", "5.00", "6.00"), True, True),
]


@pytest.mark.parametrize(("row", "unequal", "exceeded"), SUM_ROWS)
def test_a_total_is_the_sum_of_its_parts(
    tmp_path: Path, row: Texts, unequal: bool, exceeded: bool
) -> None:
    for rule, expected in ((SUM, unequal), (ZERO, exceeded)):
        errors = found(tmp_path, SUMS, [row], rule)
        broken = [each for each in errors if each["type"] == "sum-broken"]
        assert len(broken) == expected


def test_a_broken_total_names_its_figures(tmp_path: Path) -> None:
    (error,) = found(tmp_path, SUMS, [line("4.00", "1.00", "2.00")], SUM)

    assert (error["expected"], error["found"], error["difference"]) == ("3.00", "4.00", "1.00")
    assert (error["rowNumber"], error["fieldName"], error["cell"]) == (2, "total", "4.00")
    assert "分项之和应为 3.00，合计写为 4.00，相差 1.00。" in message(error, {}, 2).zh


PLACES = fields(region="string", year="year", day="date")
REGION: dict[str, Any] = {"type": "region-code", "fieldName": "region", "periodField": "year"}


@pytest.mark.parametrize(
    ("region", "year", "valid"),
    [
        ("450300", "2015", True),
        ("150800", "2003", True),
        ("150800", "2002", False),
        ("110103", "2010", True),
        ("110103", "2011", False),
        ("320193", "2020", False),
        ("100000", "2023", True),
        ("4503", "2015", False),
        ("45030０", "2015", False),
        ("990000", "2015", False),
        ("", "2015", True),
        ("150800", "", True),
    ],
)
def test_a_region_s_code_existed_in_the_year(
    tmp_path: Path, region: str, year: str, valid: bool
) -> None:
    row = {"region": region, "year": year, "day": f"{year}-06-01" if year else ""}

    by_day = REGION | {"periodField": "day"}
    assert (found(tmp_path, PLACES, [row], REGION) == []) is valid
    assert (found(tmp_path, PLACES, [row], by_day) == []) is valid


PROJECTS = fields(code="string", kind="string")
CODE: dict[str, Any] = {"type": "project-code", "fieldName": "code"}
REGION_OF_CODE = CODE | {"aspect": "region"}
KIND_OF_CODE = CODE | {"aspect": "procedure", "approvalField": "kind"}


@pytest.mark.parametrize(
    ("rule", "code", "kind", "expected"),
    [
        (CODE, "2020-450300-47-03-012345", "", None),
        (CODE, "2509-320193-89-01-54406X", "", None),
        (CODE, "2011-450300-04-01-12345A", "", None),
        (CODE, "2020-450300-47-03-01234A", "", "YYYY-"),
        (CODE, "2513-450300-04-01-123456", "", "YYYY-"),
        (CODE, "2021-450300-04-01-123456", "", "YYYY-"),
        (CODE, "2020-450300-47-03-12345", "", "YYYY-"),
        (CODE, "", "approval", None),
        (REGION_OF_CODE, "2509-320193-89-01-544060", "", "GB/T 2260 (2025)"),
        (REGION_OF_CODE, "2020-450300-47-03-012345", "", None),
        (REGION_OF_CODE, "nonsense", "", None),
        (KIND_OF_CODE, "2020-450300-47-03-012345", "approval", "kind = filing"),
        (KIND_OF_CODE, "2020-450300-47-03-012345", "filing", None),
        (KIND_OF_CODE, "2509-320193-89-03-544060", "approval", None),
    ],
)
def test_a_project_s_code(
    tmp_path: Path, rule: Mapping[str, Any], code: str, kind: str, expected: str | None
) -> None:
    errors = found(tmp_path, PROJECTS, [{"code": code, "kind": kind}], rule)

    assert len(errors) == (expected is not None)
    assert all(each["expected"].startswith(expected) for each in errors)


def test_declared_categories_are_enforced(tmp_path: Path) -> None:
    rule = {"type": "categories", "fieldName": "kind", "values": ["a", "b"]}
    rows = [{"code": "x", "kind": kind} for kind in ("a", "", "c", "b")]

    (error,) = found(tmp_path, PROJECTS, rows, rule)

    assert (error["cell"], error["rowNumber"], error["expected"]) == ("c", 4, "a, b")


FINES = fields(content="string", fine="number")
FINE: dict[str, Any] = {
    "type": "stated-amount",
    "fieldName": "content",
    "amountField": "fine",
    "scale": 10000,
}
FINE_ROWS = [
    ("1.没收违法所得300元；2.罚款1.1万元", "1.1", None),
    ("罚款人民币壹万贰仟元整", "1.2", None),
    ("罚款人民币壹万贰仟元整", "1.1", "12000"),
    ("罚款5000元", "5", "5000"),
    ("罚款5000元伍角", "0.5", "5000.5"),
    ("对甲罚款1万元；对乙罚款2万元", "3", None),
    ("对甲罚款1万元；对乙罚款2万元", "2", None),
    ("对甲罚款1万元；对乙罚款2万元", "4", "10000 / 20000"),
    ("责令改正", "1", None),
    ("罚款若干", "1", None),
    ("罚款100元", "", None),
    ("罚款一亿二千万元", "12000", None),
    ("罚款3,000元", "0.3", None),
]


@pytest.mark.parametrize(("content", "fine", "stated"), FINE_ROWS)
def test_a_fine_in_words_is_the_fine_in_its_column(
    tmp_path: Path, content: str, fine: str, stated: str | None
) -> None:
    errors = found(tmp_path, FINES, [{"content": content, "fine": fine}], FINE)

    assert [each["found"] for each in errors] == ([stated] if stated else [])


WINDOWS = fields(until="date", decided="date", rule="string", severity="string")
WINDOW: dict[str, Any] = {
    "type": "window",
    "name": "T-MAX",
    "fieldName": "until",
    "startField": "decided",
    "bound": "latest",
    "limits": [
        {
            "where": [
                {"fieldName": "rule", "equals": "R"},
                {"fieldName": "severity", "equals": ["minor"]},
            ],
            "months": 3,
        },
        {"where": [{"fieldName": "rule", "equals": "R"}], "months": 36},
    ],
}
EARLIEST = WINDOW | {"bound": "earliest"}
WINDOW_ROWS = [
    ("2026-11-30", "2027-02-28", "R", "minor", False, False),
    ("2026-11-30", "2027-03-01", "R", "minor", True, False),
    ("2026-11-30", "2027-02-27", "R", "minor", False, True),
    ("2026-11-30", "2029-11-30", "R", "serious", False, False),
    ("2026-11-30", "2029-12-01", "R", "", True, False),
    ("2026-11-30", "2029-11-29", "R", "", False, True),
    ("2026-11-30", "2099-12-31", "S", "minor", False, False),
    ("2026-11-30", "", "R", "minor", False, False),
    ("", "2099-12-31", "R", "minor", False, False),
]


def window(decided: str, until: str, rule: str, severity: str) -> Texts:
    """Return one decision."""
    return {"decided": decided, "until": until, "rule": rule, "severity": severity}


@pytest.mark.parametrize(("decided", "until", "rule", "severity", "late", "early"), WINDOW_ROWS)
def test_a_date_lies_within_the_months_of_the_first_limit_that_fits(
    tmp_path: Path, decided: str, until: str, rule: str, severity: str, late: bool, early: bool
) -> None:
    row = window(decided, until, rule, severity)

    assert len(found(tmp_path, WINDOWS, [row], WINDOW)) == late
    assert len(found(tmp_path, WINDOWS, [row], EARLIEST)) == early


def test_a_broken_window_says_until_when(tmp_path: Path) -> None:
    (error,) = found(tmp_path, WINDOWS, [window("2026-11-30", "2029-12-01", "R", "")], WINDOW)

    assert error["expected"] == "<= 2029-11-30 (decided + 36)"


LOOKED_AT: list[tuple[Mapping[str, Any], list[Texts], Mapping[str, Any], int]] = [
    (FINES, [{"content": text, "fine": fine} for text, fine, _ in FINE_ROWS], FINE, 10),
    (WINDOWS, [window(*each[:4]) for each in WINDOW_ROWS], WINDOW, 2),
    (WINDOWS, [window(*each[:4]) for each in WINDOW_ROWS], EARLIEST, 4),
    (
        PLACES,
        [{"region": code, "year": "2010"} for code in ("450300", "110103", "990000", "")],
        REGION,
        2,
    ),
    (
        PROJECTS,
        [{"kind": kind} for kind in ("a", "b", "")],
        {"type": "categories", "fieldName": "kind", "values": ["a"]},
        1,
    ),
]


@pytest.mark.parametrize(("schema", "rows", "rule", "most"), LOOKED_AT)
def test_a_row_that_is_wrong_is_always_looked_at_and_few_others_are(
    schema: Mapping[str, Any], rows: list[Texts], rule: Mapping[str, Any], most: int
) -> None:
    wrong, looked = doubted(schema, rows, rule)

    assert set(wrong) <= set(looked)
    assert len(looked) <= most
