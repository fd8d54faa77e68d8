"""Record identifiers: stable, typed, and unambiguous."""

import re
from datetime import date
from decimal import Decimal

import pytest

from opendata.domain.identifiers import KeyValue, record_id


def test_an_identifier_never_changes() -> None:
    # Written down once: published links depend on it.
    assert record_id("budgets", ["某市财政局", 2020, date(2020, 1, 31)]) == (
        "mlkjlju7z3ap322nzwnp3vtkavlgoiu2hrpweoythxf3nlhlfdla"
    )


def test_an_identifier_fits_into_a_path() -> None:
    assert re.fullmatch(r"[a-z2-7]{52}", record_id("budgets", ["x"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([7], ["7"]),
        ([True], [1]),
        ([1], [Decimal(1)]),
        (["a", "b"], ["ab", ""]),
        (['a","b'], ["a", "b"]),
        ([date(2020, 1, 1)], ["2020-01-01"]),
        (["é"], ["e\u0301"]),
    ],
)
def test_different_keys_have_different_identifiers(
    one: list[KeyValue], other: list[KeyValue]
) -> None:
    assert record_id("c", one) != record_id("c", other)


def test_a_number_is_the_same_however_it_was_written() -> None:
    assert record_id("c", [Decimal("1.50")]) == record_id("c", [Decimal("1.5")])


def test_collections_do_not_share_identifiers() -> None:
    assert record_id("a", ["x"]) != record_id("b", ["x"])


def test_a_secret_keeps_personal_keys_from_being_guessed() -> None:
    plain, one, other = (record_id("c", ["张三"], secret) for secret in (None, b"1", b"2"))

    assert len({plain, one, other}) == 3
    assert record_id("c", ["张三"], b"1") == one
