"""Values: read strictly, written exactly."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from opendata.domain.contracts import Category
from opendata.domain.values import NotAValue, decimal_text, read_instant, read_value
from tests.domain.made import KIND, field


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "", ""),
        ("string", " 1 ", " 1 "),
        ("uri", "x", "x"),
        ("integer", "+007", 7),
        ("integer", "9223372036854775807", 2**63 - 1),
        ("integer", "-9223372036854775808", -(2**63)),
        ("year", "2020", 2020),
        ("number", "1", Decimal(1)),
        ("number", "-0.50", Decimal("-0.5")),
        ("number", "1e2", Decimal(100)),
        ("number", "9" * 36, Decimal("9" * 36)),
        ("date", "0001-01-01", date(1, 1, 1)),
        ("datetime", "2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
        ("datetime", "2020-01-01T08:00:00.5+08:00", datetime(2020, 1, 1, 0, 0, 0, 500000, UTC)),
        ("boolean", "是", True),
        ("boolean", "0", False),
    ],
)
def test_a_text_is_read_as_its_type(kind, text, value):
    found = read_value(field("x", kind, decimal_places=2), text)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1 "),
        ("integer", "1_000"),
        ("integer", "0x1"),
        ("integer", "9223372036854775808"),
        ("integer", "-9223372036854775809"),
        ("integer", "1" * 5000),
        ("number", "1."),
        ("number", ".5"),
        ("number", "inf"),
        ("number", "1.234"),
        ("number", "1e99"),
        ("number", "9" * 37),
        ("date", "2020-1-1"),
        ("date", "2021-02-29"),
        ("datetime", "2020-01-01"),
        ("datetime", "9999-12-31T23:59:59-01:00"),
        ("boolean", "True"),
        ("boolean", "yes"),
    ],
)
def test_anything_else_is_refused_saying_what_is_expected(kind, text):
    with pytest.raises(NotAValue) as refused:
        read_value(field("x", kind, decimal_places=2), text)
    assert refused.value.expected.zh
    assert refused.value.expected.en.isascii()


def test_a_coded_field_takes_code_or_label_and_names_them_all():
    assert read_value(KIND, "fine") == read_value(KIND, "罚款") == "fine"
    with pytest.raises(NotAValue) as refused:
        read_value(KIND, "没收")
    assert all(each in refused.value.expected.zh for each in ("fine", "罚款", "warning", "警告"))


def test_a_code_goes_before_a_label_that_is_spelled_like_it():
    confusing = field("x", categories=(Category("1", "2"), Category("2", "1")))

    assert [read_value(confusing, text) for text in ("1", "2")] == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.000", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("1E-6", "0.000001"),
        ("-12.3400", "-12.34"),
    ],
)
def test_a_decimal_is_written_with_its_digits_and_no_more(value, text):
    assert decimal_text(Decimal(value)) == text


def test_an_instant_without_a_zone_is_none():
    assert read_instant("2020-01-01T00:00:00") is None
    assert read_instant("nonsense") is None
    assert read_instant("2026-W01-1T00:00:00+08:00") is None
    assert read_instant("20260101T000000Z") is None
    assert read_instant("2020-01-01T00:00:00+08:00") == datetime(2019, 12, 31, 16, tzinfo=UTC)
