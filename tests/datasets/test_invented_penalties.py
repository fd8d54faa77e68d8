"""The illustrative penalties: nobody real is in them, and their windows are those of the rules."""

import csv
from datetime import date
from pathlib import Path

import pytest
from stdnum.cn import ric

from datasets.build.invention import Draw, identity_number
from datasets.build.penalty_windows import add_months, window

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def penalties() -> list[dict[str, str]]:
    path = ROOT / "datasets/administrative-penalties-sample/data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_name_and_code_says_that_it_is_invented(penalties: list[dict[str, str]]) -> None:
    for row in penalties:
        assert row["authority_name"].endswith("（虚构）")
        assert row["counterparty_name"].endswith("（虚构）") or "*" in row["counterparty_name"]
        for code in (row["authority_uscc"], row["counterparty_uscc"]):
            assert code[2:8] in ("999999", "")


def test_the_document_numbers_that_must_never_be_seen_are_there_and_are_nobodys(
    penalties: list[dict[str, str]],
) -> None:
    columns = ("person_id_no", "legal_rep_id_no")
    numbers = [row[name] for row in penalties for name in columns if row[name]]

    assert len(numbers) > 20
    assert not any(ric.is_valid(number) for number in numbers)


def test_an_identity_number_is_invalid_for_its_check_digit_alone_already() -> None:
    for serial in range(200):
        number = identity_number(Draw("test", serial))
        assert ric.calc_check_digit(number) != number[-1]


def test_some_windows_have_ended_some_end_soon_and_some_run_for_years(
    penalties: list[dict[str, str]],
) -> None:
    ends = sorted(row["public_until"] for row in penalties)

    assert ends[0] < "2020-01-01"
    assert sum("2026-11-23" <= end <= "2026-12-31" for end in ends) > 20
    assert ends[-1] > "2030-01-01"


def test_every_rule_of_publication_windows_occurs(penalties: list[dict[str, str]]) -> None:
    assert {row["window_rule"] for row in penalties} == {"R-2019", "R-2023", "R-2026", "R-SAMR"}


@pytest.mark.parametrize(
    ("decided", "severity", "sector", "market", "until"),
    [
        (date(2020, 2, 29), "general", "fire", False, date(2021, 2, 28)),
        (date(2020, 2, 29), "serious", "fire", False, date(2023, 2, 28)),
        (date(2024, 5, 6), "general", "transport", False, date(2027, 5, 6)),
        (date(2026, 4, 1), "minor", "health", False, date(2026, 7, 1)),
        (date(2026, 4, 1), "general", "health", False, date(2027, 4, 1)),
        (date(2026, 4, 1), "serious", "health", False, date(2029, 4, 1)),
        (date(2024, 5, 6), "minor", "food", True, date(2024, 8, 20)),  # from publication
        (date(2024, 5, 6), "general", "food", True, date(2027, 5, 20)),
    ],
)
def test_a_window_ends_when_the_rule_in_force_says(
    decided: date, severity: str, sector: str, market: bool, until: date
) -> None:
    assert window(decided, severity, sector, market=market).until == until


def test_months_are_clipped_to_the_end_of_a_month() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
