"""Stated figures and how closely they may be compared."""

from decimal import Decimal

import pytest

from opendata.domain.rounding import (
    Verdict,
    compare,
    figure,
    precision,
    rounded_share,
    total,
)

EXACT, ROUNDED, VIOLATED = Verdict.EXACT, Verdict.WITHIN_ROUNDING, Verdict.VIOLATED


def decimals(*texts: str) -> list[Decimal]:
    """Return figures as they are written."""
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("parts", "stated", "verdict"),
    [
        (["1", "2"], ["3"], EXACT),
        (["434.16", "0.00", "0.55"], ["434.72"], ROUNDED),  # 乌鲁木齐市政务服务中心 2023
        (["434.16", "0.00", "0.55"], ["434.73"], ROUNDED),
        (["434.16", "0.00", "0.55"], ["434.74"], VIOLATED),
        (["7634.75", "602.47", "0"], ["8237.23"], ROUNDED),  # 凉山州 2022
        (["0", "1.70", "0"], ["34.35"], VIOLATED),  # 桂林市司法局 2015
        (["32.65", "0"], ["0"], VIOLATED),
        (["0", "1.70", "0"], ["2.00"], VIOLATED),  # a bare zero is as fine as what is beside it
        (["0", "0"], ["0"], EXACT),
        (["0"], ["1"], ROUNDED),
        (["100"], ["101"], ROUNDED),
        (["100"], ["102"], VIOLATED),
        (["-5"], ["-5.0"], EXACT),
        ([], [], EXACT),
        (["1E+3"], ["1400"], ROUNDED),
    ],
)
def test_amounts_are_compared_as_closely_as_they_are_written(
    parts: list[str], stated: list[str], verdict: Verdict
) -> None:
    assert compare(decimals(*parts), decimals(*stated)).verdict is verdict


def test_counts_have_no_precision_to_lose() -> None:
    assert compare(decimals("1"), decimals("2"), counts=True).verdict is VIOLATED


@pytest.mark.parametrize(
    ("part", "most", "verdict"),
    [("3", "9", EXACT), ("9", "9", EXACT), ("9.5", "9", ROUNDED), ("12", "9", VIOLATED)],
)
def test_a_bound_is_broken_from_above_only(part: str, most: str, verdict: Verdict) -> None:
    assert compare(decimals(part), decimals(most), "<=").verdict is verdict


def test_a_factor_widens_the_bound_and_its_precision() -> None:
    found = compare(decimals("110.05"), decimals("100.0"), "<=", factor=Decimal("1.1"))

    assert (found.verdict, found.found) == (ROUNDED, Decimal("110.00"))


def test_the_difference_is_what_was_found_less_what_was_expected() -> None:
    found = compare(decimals("434.16", "0.55"), decimals("434.72"))

    assert found.difference == Decimal("0.01")
    assert (found.expected, found.found) == (Decimal("434.71"), Decimal("434.72"))


def test_sums_are_exact_however_many_digits_they_need() -> None:
    long = Decimal("12345678901234567890123456789012345678.123456")

    assert total([long, long.copy_negate(), Decimal("0.000001")]) == Decimal("0.000001")
    assert compare([long], [long]).verdict is EXACT


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, Decimal(3)),
        (Decimal("4.70"), Decimal("4.70")),
        (True, None),
        (None, None),
        ("3", None),
        (Decimal("Infinity"), None),
        (Decimal("1E+60"), None),
        (Decimal("1E-60"), None),
        (Decimal("1." + "0" * 60), None),
    ],
)
def test_only_finite_figures_of_earthly_size_are_calculated_with(
    value: object, number: Decimal | None
) -> None:
    assert figure(value) == number


def test_precision_is_half_a_unit_of_the_last_digit() -> None:
    assert [precision(each) for each in decimals("0.00", "7", "1E+2")] == decimals(
        "0.005", "0.5", "5E+1"
    )


@pytest.mark.parametrize(
    ("part", "whole", "like", "share"),
    [
        ("167", "52971", "0.4", "0.3"),
        ("1", "8", "13", "13"),
        ("1", "8", "12.5", "12.5"),
        ("1", "3", "33.3333", "33.3333"),
        ("2", "3", "67", "67"),
        ("3", "3", "1E+2", "100"),
    ],
)
def test_a_share_has_as_many_digits_as_the_printed_one(
    part: str, whole: str, like: str, share: str
) -> None:
    found = rounded_share(Decimal(part), Decimal(whole), Decimal(like), Decimal(100))

    assert str(found) == share
