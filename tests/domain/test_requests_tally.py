"""What annual reports count of requests: whatever happened, the statutory identities hold."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.annual.templates import T2014
from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Kind,
    Outcome,
    Ruling,
    Source,
    annexed,
    clock_events,
    fees_collected,
    marks,
    tally,
)
from opendata.domain.requests.annexed import ROWS
from opendata.stages.holidays import announced
from opendata.stages.requests.model import _by
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


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.integers(2018, 2029))
def test_a_years_tables_follow_from_what_was_known_by_its_end(seed, year):
    random = Random(seed)  # noqa: S311 - a ledger for a test is no secret.
    requests = [any_request(random, number) for number in range(40)]

    assert tally(_by(requests, date(year, 12, 31)), year) == tally(requests, year)


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


def filed_here(*told):
    """Return a request that was filed here; each event has the day of its recording, too."""
    request = request_of(
        (K.RECEIVED, date(2025, 12, 8)),
        *((kind, on, *details) for kind, on, _, *details in told),
        source=Source.PUBLIC,
    )
    days = [date(2025, 12, 8), *(recorded_on for _, _, recorded_on, *_ in told)]
    events = zip(request.events, days, strict=True)
    return replace(request, events=tuple(replace(e, recorded_on=on) for e, on in events))


FIRST = (K.ANSWERED, date(2025, 12, 30), date(2025, 12, 30), {"outcome": "granted"})
LATER = date(2026, 2, 2)
CARRIED = {("3", "1"), ("3", "4")}, {("3", "2"), ("3", "3.2"), ("3", "3.7")}
IN_ITS_YEAR = {("3", "1"), ("3", "3.2"), ("3", "3.7")}, set()


def partly(on, recorded_on):
    return (K.ANSWERED, on, recorded_on, {"outcome": "partially_granted"})


def annulled(number, recorded_on):
    return (K.ANNULLED, recorded_on, recorded_on, {"number": number})


@pytest.mark.parametrize(
    ("told", "ended_on", "rows"),
    [
        # Told under a day of a year that is over, it leaves that year as it was.
        ([partly(date(2025, 12, 30), LATER)], LATER, CARRIED),
        # The mending of a slip makes nothing late, and moves nothing into another year.
        (
            [FIRST, annulled(2, LATER), partly(date(2025, 12, 30), LATER)],
            date(2025, 12, 30),
            IN_ITS_YEAR,
        ),
        (
            [
                *(FIRST, annulled(2, LATER), partly(date(2025, 12, 30), LATER)),
                *(annulled(4, date(2026, 3, 2)), partly(date(2025, 12, 31), date(2026, 3, 2))),
            ],
            date(2025, 12, 31),
            IN_ITS_YEAR,
        ),
        ([FIRST, annulled(2, LATER), partly(LATER, LATER)], LATER, CARRIED),
        # In between nobody had an answer on record.
        (
            [FIRST, annulled(2, date(2026, 1, 30)), partly(date(2025, 12, 30), LATER)],
            LATER,
            CARRIED,
        ),
    ],
)
def test_an_answer_counts_from_the_day_on_which_one_was_on_record(told, ended_on, rows):
    request = filed_here(*told)

    assert request.course.ended_on == clock_events(request)[-1].on == ended_on
    assert (counted(request, 2025), counted(request, 2026)) == rows
    on, recorded_on = told[-1][1:3]
    is_marked = ["RECORDED-LATE"] if recorded_on > on else []
    assert [each.rule for each in marks(request, announced())] == is_marked


def test_an_answer_of_the_agencys_own_ledger_counts_by_its_own_day():
    told = filed_here(partly(date(2025, 12, 30), LATER)).events
    own = request_of(source=Source.LEDGER)
    request = replace(own, events=tuple(replace(each, recorded_on=None) for each in told))

    assert (counted(request, 2025), counted(request, 2026)) == IN_ITS_YEAR


ONE_RULING = st.tuples(
    st.sampled_from([K.REVIEW, K.LITIGATION]),
    st.integers(0, 3).map(lambda years: date(2020, 7, 1) + timedelta(days=365 * years)),
    st.sampled_from(list(Ruling)).map(lambda ruling: {"outcome": str(ruling)}),
)


@settings(max_examples=50)
@given(st.lists(ONE_RULING, max_size=7), st.randoms(use_true_random=False))
def test_table_4_is_the_same_in_whatever_order_it_was_told(told, random):
    def cells(said):
        request = request_of((K.RECEIVED, date(2020, 1, 2)), *said)
        years = [tally([request], year) for year in range(2020, 2025)]
        return [{cell: len(counted) for cell, counted in each.items()} for each in years]

    assert cells(random.sample(told, len(told))) == cells(told)


def test_a_suit_is_after_a_review_that_was_told_later():
    suit = (K.LITIGATION, date(2025, 6, 2), {"outcome": "pending"})
    review = (K.REVIEW, date(2025, 5, 6), {"outcome": "upheld"})
    later = (K.REVIEW, date(2025, 6, 3), {"outcome": "upheld"})

    assert counted(request_of(suit, review), 2025) == {("4", "1"), ("4", "2.2")}
    assert counted(request_of(later, suit), 2025) == {("4", "1"), ("4", "2.1")}


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


def annex(*requests, year=2018):
    """Return what the annex counts, zeros left out, and which rows it cannot tell."""
    found = {row: len(counted) for (_, row, _), counted in annexed(requests, year).items()}
    everything = {row for _, row, _ in annexed([], year)}
    return {row: count for row, count in found.items() if count}, everything - set(found)


def answered_in_2018(outcome, **more):
    return request_of(
        (K.RECEIVED, date(2018, 5, 2)),
        (K.ANSWERED, date(2018, 5, 4), {"outcome": str(outcome)}),
        **more,
    )


def test_the_annex_has_no_row_that_the_form_of_2014_has_not():
    rows = set(annexed([], 2018))

    assert rows <= set(T2014.units)
    left = {row for table, row, _ in set(T2014.units) - rows if row.startswith(("req", "ans"))}
    assert left == {
        *("requests_closed_on_time", "requests_closed_extended"),
        *("answers_already_public", "answers_other"),
    }


@pytest.mark.parametrize(
    ("channel", "row"),
    [
        (Channel.IN_PERSON, "requests_in_person"),
        (Channel.FAX, "requests_fax"),
        (Channel.INTERNET, "requests_online"),
        (Channel.MAIL, "requests_letter"),
        (Channel.REGISTERED_MAIL, "requests_letter"),
    ],
)
def test_the_annex_counts_by_channel_in_the_year_of_receipt_and_by_answer_in_that_of_its_end(
    channel, row
):
    request = request_of(
        (K.RECEIVED, date(2017, 12, 29)),
        (K.ANSWERED, date(2018, 1, 3), {"outcome": "granted"}),
        channel=channel,
    )

    assert annex(request, year=2016) == ({}, set())
    assert annex(request, year=2017) == ({"requests_received": 1, row: 1}, set())
    ended = {"requests_closed": 1, "requests_answered": 1, "answers_granted": 1}
    assert annex(request, year=2018) == (ended, set())


def test_every_outcome_has_its_place_in_the_annex_and_the_kinds_of_answers_add_up():
    assert set(ROWS) == set(Outcome)
    told = [each for each in Outcome if len(ROWS[each]) < 2]
    found, untold = annex(*(answered_in_2018(each) for each in told))

    assert (found["requests_closed"], untold) == (20, set())
    assert found["requests_answered"] == 15
    assert {row: count for row, count in found.items() if row.startswith("answers")} == {
        "answers_granted": 1,
        "answers_partially_granted": 1,
        "answers_refused": 7,
        "answers_not_existing": 1,
        "answers_clarification_asked": 2,
        "answers_other_channel": 3,
    }


def test_what_an_answer_may_be_or_not_is_left_to_declare():
    found, untold = annex(answered_in_2018(Outcome.UNABLE_NOT_HELD))

    assert found["requests_answered"] == 1
    assert untold == {"answers_not_existing", "answers_not_this_authority"}


def test_what_was_withdrawn_is_closed_and_not_answered():
    received = (K.RECEIVED, date(2018, 5, 2))
    gone = (K.WITHDRAWN, date(2018, 5, 4))

    assert annex(request_of(received, gone))[0]["requests_closed"] == 1
    assert "requests_answered" not in annex(request_of(received, gone))[0]
    assert annex(request_of(gone)) == ({}, set())


def test_the_annex_counts_reviews_and_suits_in_the_year_of_their_ruling():
    request = request_of(
        (K.REVIEW, date(2017, 5, 2), {"outcome": "pending"}),
        (K.REVIEW, date(2018, 5, 2), {"outcome": "corrected"}),
        (K.LITIGATION, date(2018, 6, 1), {"outcome": "other"}),
        (K.LITIGATION, date(2018, 7, 2), {"outcome": "pending"}),
    )

    assert annex(request, year=2017) == ({}, set())
    assert annex(request)[0] == {
        "review_cases": 1,
        "review_corrected": 1,
        "litigation_cases": 1,
        "litigation_other": 1,
    }
    assert annexed([request], 2018)["annex", "review_cases", "none"] == (f"{UUID(int=1)}#1",)
