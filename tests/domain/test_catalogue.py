"""Registrations: ids, periods and the attribute that decides whether anything is published."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opendata.domain.catalogue import (
    MAX_SLUG,
    Agency,
    Dataset,
    DisclosureAttribute,
    Metadata,
    NotForPublication,
    check_takes_submissions,
    is_slug,
    metadata_faults,
    registration_faults,
)
from opendata.domain.contracts import PeriodKind
from opendata.domain.errors import Text
from tests.domain.made import contract

PROACTIVE, ON_REQUEST, WITHHELD = DisclosureAttribute
METADATA = Metadata(Text("题", "T"), Text("", ""), PROACTIVE, "", ("某县某局",), ())
DATASET = Dataset(
    id="d",
    collection="things",
    contract_version=1,
    agency=Agency("county", Text("某县", "A county"), None, None),
    period="2026",
    metadata=METADATA,
    registered_at=datetime(2026, 1, 1, tzinfo=UTC),
    modified_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("slug", ["a", "7", "a-b", "county-2026-budget", "x" * MAX_SLUG])
def test_a_slug_has_small_letters_digits_and_single_hyphens_between(slug):
    assert is_slug(slug)


@pytest.mark.parametrize(
    "text", ["", "-", "a-", "-a", "a--b", "A", "a b", "a_b", "县", "a\n", "x" * (MAX_SLUG + 1)]
)
def test_anything_else_is_no_slug(text):
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("kind", "period", "fits"),
    [
        (PeriodKind.YEAR, "2026", True),
        (PeriodKind.YEAR, "1999", True),
        (PeriodKind.YEAR, "1899", False),
        (PeriodKind.YEAR, "2026-01", False),
        (PeriodKind.YEAR, "２０２６", False),
        (PeriodKind.MONTH, "2026-01", True),
        (PeriodKind.MONTH, "2026-12", True),
        (PeriodKind.MONTH, "2026-13", False),
        (PeriodKind.MONTH, "2026-1", False),
        (PeriodKind.MONTH, "2026", False),
        (PeriodKind.ROLLING, "rolling", True),
        (PeriodKind.ROLLING, "2026", False),
        (PeriodKind.ROLLING, "", False),
    ],
)
def test_a_period_has_the_form_of_its_collection(kind, period, fits):
    faults = registration_faults("d", period, contract(period=kind))

    assert [each.pointer for each in faults] == ([] if fits else ["/period"])


def test_id_and_period_are_faulted_together():
    faults = registration_faults("Bad Id", "x", contract())

    assert [each.pointer for each in faults] == ["/id", "/period"]


@pytest.mark.parametrize(
    ("attribute", "reason", "fits"),
    [
        (PROACTIVE, "", True),
        (ON_REQUEST, "", False),
        (ON_REQUEST, " ", False),
        (ON_REQUEST, "第三方权益", True),
        (WITHHELD, "国家秘密", True),
    ],
)
def test_what_is_not_proactive_says_why(attribute, reason, fits):
    told = replace(METADATA, disclosure_attribute=attribute, attribute_reason=reason)

    assert [each.pointer for each in metadata_faults(told)] == (
        [] if fits else ["/attribute_reason"]
    )


@pytest.mark.parametrize("attribute", [ON_REQUEST, WITHHELD])
def test_only_what_is_proactive_takes_submissions(attribute):
    check_takes_submissions(DATASET)
    told = replace(METADATA, disclosure_attribute=attribute)

    with pytest.raises(NotForPublication):
        check_takes_submissions(replace(DATASET, metadata=told))


def test_a_series_is_an_agencys_datasets_of_a_collection():
    assert DATASET.series == "county.things"


def test_rows_name_the_agency_or_whom_it_transcribes():
    assert DATASET.publishers == {"某县", "某县某局"}


@pytest.mark.parametrize("each", DisclosureAttribute)
def test_every_attribute_has_its_official_name(each):
    assert not each.label.zh.isascii()
    assert each.label.en.isascii()
