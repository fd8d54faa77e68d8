"""How single values are written for people."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from opendata.domain.contracts import Category, Field
from opendata.domain.errors import Text
from opendata.web.pages.writing import Cell, cell, moment, number, size, unit_of


def field(kind: str, **more: object) -> Field:
    return Field("amount", kind, Text("金额", "Amount"), Text("", ""), "", {}, **more)  # type: ignore[arg-type]  # whatever a test needs.


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (-1234, "-1,234"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1234567.250000"), "1,234,567.25"),
        (Decimal("9007199254740993.000001"), "9,007,199,254,740,993.000001"),
        (Decimal("1E+3"), "1,000"),
    ],
)
def test_a_number_keeps_its_digits(value: int | Decimal, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("string", None, Cell("none", title="金额")),
        ("string", "", Cell("none", title="金额")),
        ("string", "简短", Cell("text", "简短", title="金额")),
        ("string", "长" * 49, Cell("long", "长" * 49, title="金额")),
        ("string", "https://a.gov.cn/b", Cell("link", "https://a.gov.cn/b", title="金额")),
        ("string", "javascript:alert(1)", Cell("text", "javascript:alert(1)", title="金额")),
        ("year", 2016, Cell("date", "2016", title="金额")),
        ("date", date(2026, 3, 1), Cell("date", "2026-03-01", title="金额")),
        ("integer", 2016, Cell("number", "2,016", "件", "", "金额")),
        ("boolean", False, Cell("text", "否", title="金额")),
    ],
)  # fmt: skip
def test_a_value_is_shown_by_its_type(kind: str, value: object, shown: Cell) -> None:
    assert cell(field(kind), value, "件") == shown


def test_a_coded_value_is_shown_by_its_label() -> None:
    coded = field("string", categories=(Category("final", "决算"),))

    assert cell(coded, "final") == Cell("code", "决算", "", "final", "金额")
    assert cell(coded, "unknown").text == "unknown"


def test_a_unit_is_the_fields_own_or_stands_in_the_record() -> None:
    holder = Field("unit", "string", Text("单位", "Unit"), Text("", ""), "", {})

    assert unit_of(field("number", unit="元"), {}, {}) == "元"
    assert unit_of(field("number", unit_field="unit"), {"unit": "万元"}, {"unit": holder}) == "万元"
    assert unit_of(field("number", unit_field="unit"), {"unit": None}, {"unit": holder}) == ""
    assert unit_of(field("number"), {"unit": "万元"}, {"unit": holder}) == ""


def test_an_instant_is_told_by_a_clock_in_china() -> None:
    assert moment(datetime(2026, 3, 1, 20, 30, tzinfo=UTC)) == "2026-03-02 04:30"


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (3 * 1024**3, "3.0 GB")]
)
def test_a_size_is_written_shortly(count: int, written: str) -> None:
    assert size(count) == written
