"""Two typed values have one key exactly if Python calls them equal."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from dateutil import tz
from frictionless import Field
from hypothesis import given
from isodate import Duration

from opendata.tabular.certify.canonical import canonical_key, same_family

ZONES = [None, UTC, tz.UTC, tz.tzoffset(None, 28800), timezone(timedelta(hours=-3, minutes=-30))]
ZONE = st.sampled_from(ZONES)
FEW = st.integers(-3, 3)
NUMBERS = st.one_of(
    FEW,
    st.booleans(),
    st.sampled_from([0.5, -0.0, 0.1, 1e22, 1e300, float("inf"), float("-inf")]),
    st.sampled_from(
        ["0.5", "0.50", "5E-1", "-0", "0E+9", "0.1", "1E+22", "10000000000000000000000", "1E+500"]
    ).map(Decimal),
    st.sampled_from([10**22, 10**500, 10**300, 2**70]),
    st.decimals(allow_nan=False),
    st.floats(allow_nan=False),
)
CLOCKS = st.builds(time, st.integers(0, 2), st.sampled_from([0, 30]), tzinfo=ZONE)
SPLIT = st.builds(time, st.just(1), microsecond=st.sampled_from([0, 5, 500000]), tzinfo=ZONE)
MOMENTS = st.builds(
    datetime,
    st.sampled_from([1, 2020, 9999]),
    st.sampled_from([1, 12]),
    st.sampled_from([1, 31]),
    st.sampled_from([0, 8, 23]),
    st.sampled_from([0, 30]),
    microsecond=st.sampled_from([0, 500000]),
    tzinfo=ZONE,
)
PERIODS = st.one_of(
    st.builds(timedelta, FEW, FEW),
    st.builds(
        Duration, days=st.integers(0, 1), months=st.sampled_from([0, 1, 12]), years=FEW.map(abs)
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | FEW | st.sampled_from(["", "1", "a", '"', "null"]) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
).filter(lambda value: isinstance(value, list | dict))
PAIRS = st.tuples(NUMBERS, NUMBERS)
FAMILIES = (NUMBERS, CLOCKS | SPLIT, MOMENTS, PERIODS, JSON, PAIRS, st.dates() | MOMENTS)


@pytest.mark.parametrize("values", FAMILIES)
@given(st.data())
def test_keys_are_equal_exactly_if_values_are(values: st.SearchStrategy[Any], data):
    one, other = data.draw(values), data.draw(values)

    assert (canonical_key(one) == canonical_key(other)) is (one == other)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, None),
        ("", ""),
        ("1.50", "1.50"),
        (-12, "-12"),
        (True, "1"),
        (False, "0"),
        (Decimal("1.50"), "1.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00010"), "0.0001"),
        (0.1, "0.1000000000000000055511151231257827021181583404541015625"),
        (date(1, 2, 3), "0001-02-03"),
        (datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),  # noqa: DTZ001 - a clock's reading.
        (time(3, 4, 5, 600000), "03:04:05.6"),
    ],
)
def test_a_key_can_be_read(value, key):
    assert canonical_key(value) == key


def test_what_equals_nothing_has_a_key_of_its_own():
    in_a_repeated_hour = datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    for value in (Decimal("NaN"), float("nan"), [float("nan")], in_a_repeated_hour):
        assert canonical_key(value) != canonical_key(value)


def test_a_short_cell_cannot_fill_the_memory():
    assert canonical_key(Decimal("1E+999999999")) == "1E999999999"
    assert canonical_key(Decimal("-12E-999999")) == "-12E-999999"


def test_keys_of_texts_and_numbers_are_not_to_be_compared():
    text, number, whole, day = (
        Field.from_descriptor({"name": "a", "type": kind})
        for kind in ("string", "number", "integer", "date")
    )

    assert same_family(number, whole)
    assert not same_family(text, number)
    assert not same_family(text, day)
