"""What annual reports count of requests: whatever happened, the statutory identities hold."""

from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.requests import ApplicantKind, Kind, fees_collected, tally
from tests.domain.asked import any_request, request_of

K = Kind
COLUMNS = [f"C{number}" for number in range(1, 8)]
RULINGS = ["upheld", "corrected", "other_result", "pending"]


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_the_identities_of_tables_3_and_4_hold_for_any_ledger(seed):
    random = Random(seed)  # noqa: S311 - a ledger for a test is no secret.
    requests = [any_request(random, number) for number in range(25)]
    before = None
    for year in range(2018, 2030):
        cells = {cell: len(counted) for cell, counted in tally(requests, year).items()}
        for column in COLUMNS:
            results = sum(
                count
                for (table, row, each), count in cells.items()
                if (table, each) == ("3", column) and row.startswith("3.") and row != "3.7"
            )
            assert results == cells["3", "3.7", column]
            opened = cells["3", "1", column] + cells["3", "2", column]
            assert opened == cells["3", "3.7", column] + cells["3", "4", column]
            if before is not None:
                assert cells["3", "2", column] == before["3", "4", column]
        for table, row in {cell[:2] for cell in cells}:
            parts, total = (COLUMNS[:-1], "C7") if table == "3" else (RULINGS, "total")
            assert sum(cells[table, row, each] for each in parts) == cells[table, row, total]
        before = cells


@pytest.mark.parametrize(("year", "cells"), [(2020, 161 + 15), (2021, 175 + 15)])
def test_every_cell_of_the_years_template_is_there(year, cells):
    assert len(tally([], year)) == cells


def counted(request, year):
    return {
        (table, row)
        for (table, row, column), found in tally([request], year).items()
        if found and column not in ("C7", "total")
    }


def test_a_request_is_carried_over_until_the_year_of_its_answer():
    request = request_of(
        (K.RECEIVED, date(2023, 12, 29)),
        (K.ANSWERED, date(2025, 1, 2), {"outcome": "granted"}),
        (K.REVIEW, date(2025, 12, 31), {"outcome": "pending"}),
        (K.REVIEW, date(2026, 2, 1), {"outcome": "corrected"}),
        (K.LITIGATION, date(2026, 3, 1), {"outcome": "pending"}),
        applicant_kind=ApplicantKind.RESEARCH,
    )

    assert counted(request, 2022) == set()
    assert counted(request, 2023) == {("3", "1"), ("3", "4")}
    assert counted(request, 2024) == {("3", "2"), ("3", "4")}
    assert counted(request, 2025) == {("3", "2"), ("3", "3.1"), ("3", "3.7"), ("4", "1")}
    assert counted(request, 2026) == {("4", "1"), ("4", "2.2")}
    cells = tally([request], 2026)
    assert cells["4", "1", "corrected"] == (f"{UUID(int=1)}#3",)
    assert cells["4", "2.2", "pending"] == (f"{UUID(int=1)}#5",)
    assert tally([request], 2025)["3", "3.1", "C3"] == (str(UUID(int=1)),)


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ([(K.WITHDRAWN, date(2021, 5, 1))], set()),
        (
            [(K.RECEIVED, date(2021, 4, 1)), (K.WITHDRAWN, date(2021, 5, 1))],
            {("3", "1"), ("3", "3.6.3"), ("3", "3.7")},
        ),
        ([], set()),
        (
            [(K.RECEIVED, date(2021, 4, 1)), (K.ANNULLED, date(2021, 5, 1), {"number": 1})],
            set(),
        ),
    ],
)
def test_what_is_withdrawn_is_handled_otherwise_once_it_was_received(told, rows):
    assert counted(request_of(*told), 2021) == rows


def test_until_2020_everything_handled_otherwise_is_one_row():
    request = request_of((K.RECEIVED, date(2020, 4, 1)), (K.WITHDRAWN, date(2020, 5, 1)))

    assert counted(request, 2020) == {("3", "1"), ("3", "3.6"), ("3", "3.7")}


def test_fees_are_collected_in_the_year_in_which_they_are_paid():
    request = request_of(
        (K.RECEIVED, date(2025, 12, 1)),
        (K.FEE_NOTICED, date(2025, 12, 2), {"basis": "pages", "count": 31, "amount": "10"}),
        (K.FEE_PAID, date(2026, 1, 5), {"amount": "10.00"}),
    )

    assert fees_collected([request], 2025) == (Decimal(0), ())
    assert fees_collected([request], 2026) == (Decimal("10.00"), (str(UUID(int=1)),))
