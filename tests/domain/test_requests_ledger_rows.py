"""Rows of a ledger's file: every day becomes an event, and every fault leads back to a column."""

from datetime import date
from decimal import Decimal

import pytest

from opendata.domain.errors import Fault, Text
from opendata.domain.requests import Kind
from opendata.domain.requests.ledger_rows import STEPS, read_row, undated
from opendata.tabular.ledgers import request_ledger

COLUMNS = [each.name for each in request_ledger().fields]
SAID = Text("有误", "wrong")


def row(**values):
    given = {
        "publisher_name": "某局",
        "number": "2025-1",
        "channel": "internet",
        "applicant_kind": "research",
        "received_on": date(2025, 3, 3),
    }
    return {**dict.fromkeys(COLUMNS), **given, **values}


def test_no_column_of_the_contract_is_left_out():
    told = {step.on for step in STEPS} | {column for step in STEPS for column in step.columns}

    assert set(COLUMNS) - told == {"publisher_name", "number", "channel", "applicant_kind"}


def test_events_come_in_the_order_of_their_days():
    entry = read_row(
        row(
            answered_on=date(2025, 4, 8),
            outcome="granted",
            extended_on=date(2025, 3, 28),
            extended_days=20,
            extended_by="某主任",
            correction_asked_on=date(2025, 3, 4),
            corrected_on=date(2025, 3, 4),
        ),
        "/line/2",
    ).entry

    assert [each.kind for each in entry.events] == [
        Kind.RECEIVED, Kind.CORRECTION_ASKED, Kind.CORRECTED, Kind.EXTENDED, Kind.ANSWERED,
    ]  # fmt: skip
    assert entry.events[3].details == {"days": 20, "approved_by": "某主任"}
    assert entry.events[4].details == {"outcome": "granted"}


def test_a_decided_review_was_pending_before():
    entry = read_row(
        row(
            review_on=date(2025, 5, 6),
            review_decided_on=date(2025, 6, 20),
            review_outcome="corrected",
        ),
        "/line/2",
    ).entry

    assert [(each.on.month, each.details["outcome"]) for each in entry.events[1:]] == [
        (5, "pending"),
        (6, "corrected"),
    ]


def test_a_fee_is_paid_as_it_was_noticed():
    noticed, paid = read_row(
        row(
            fee_noticed_on=date(2025, 3, 20),
            fee_basis="requests",
            fee_count=3,
            fee_before=10,
            fee_yuan=Decimal("300"),
            fee_paid_on=date(2025, 3, 21),
        ),
        "/line/2",
    ).entry.events[1:]

    assert noticed.details["amount"] == paid.details["amount"] == "300.00"


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/line/7/events/1/details/days", "extended_days"),
        ("/line/7/events/1/on", "extended_on"),
        ("/line/7/events/1", "extended_on"),
        ("/line/7/channel", "channel"),
    ],
)
def test_a_fault_of_an_event_leads_to_its_column(pointer, column):
    read = read_row(row(extended_on=date(2025, 3, 28), extended_days=20), "/line/7")

    assert read.located(Fault(pointer, SAID, "x")).pointer == f"/line/7/{column}"


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"extended_days": 5}, ["extended_on"]),
        ({"outcome": "granted"}, ["answered_on"]),
        ({"fee_yuan": Decimal(1)}, ["fee_noticed_on"]),
        ({"review_on": date(2025, 5, 6), "review_outcome": "pending"}, []),
        ({"extended_on": date(2025, 3, 28), "extended_days": 5}, []),
    ],
)
def test_a_value_without_its_day_would_be_lost(values, needed):
    found = [each.pointer for each in undated(row(**values), "/line/2")]

    assert found == [f"/line/2/{each}" for each in needed]
