"""What the scan finds and does not find in texts of which is known what they hold.

``labelled.csv`` was written for this: every number in it is made up (those who would have the
identity numbers were born before 1900), and nothing is left out of it because it is hard. The
figures are told in ``docs/explanation/privacy.md``.
"""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.plain import plain
from opendata.tabular.privacy.scanning import pattern_of, signs_in
from opendata.tabular.privacy.words import is_name

PERSONS = "legal_representative 法定代表人"
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.97
CASES = list(
    csv.DictReader(
        Path(__file__).with_name("labelled.csv").read_text("utf-8").splitlines(keepends=True)
    )
)


def found_in(case: dict[str, str]) -> set[str]:
    text, column = case["text"], case["column"]
    named = {Kind.PERSON_NAME.value} if column == PERSONS and is_name(plain(text)) else set()
    return named | {each.kind.value for each in signs_in(text, column) if not each.failed}


@pytest.fixture(scope="module")
def outcome() -> dict[str, Counter[str]]:
    """How often each kind was rightly found, falsely found and missed."""
    told: dict[str, Counter[str]] = {"right": Counter(), "false": Counter(), "missed": Counter()}
    for case in CASES:
        expected, found = set(case["kinds"].split()), found_in(case)
        told["right"].update(expected & found)
        told["false"].update(found - expected)
        told["missed"].update(expected - found)
    return told


def share(part: int, rest: int) -> float:
    return part / (part + rest)


def test_the_set_has_examples_and_lookalikes_of_every_kind():
    kinds = Counter(kind for case in CASES for kind in case["kinds"].split())

    assert set(kinds) == {each.value for each in Kind}
    assert min(kinds.values()) >= 10
    assert sum(not case["kinds"] for case in CASES) >= 250


def test_what_is_found_is_right_and_little_is_missed(outcome):
    right = outcome["right"].total()

    assert share(right, outcome["false"].total()) >= LEAST_PRECISION
    assert share(right, outcome["missed"].total()) >= LEAST_RECALL


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_is_found_much_worse_than_the_others(outcome, kind):
    right = outcome["right"][kind]

    assert share(right, outcome["false"][kind]) >= 0.94
    assert share(right, outcome["missed"][kind]) >= 0.94


CODES = ("USCC", "project code", "document number", "24-digit code", "24 digits")


def test_not_one_code_of_an_organisation_project_or_document_is_taken_for_anything():
    codes = [case for case in CASES if case["note"].startswith(CODES)]

    assert {each for each in CODES for case in codes if case["note"].startswith(each)} == {*CODES}
    assert len(codes) >= 60
    assert not [case["text"] for case in codes if found_in(case)]


def test_every_marking_is_found_and_no_sentence_about_secrets_is_one(outcome):
    assert not outcome["missed"][Kind.MARKING]
    assert not outcome["false"][Kind.MARKING]


def test_the_quick_look_loses_nothing_that_the_close_look_finds():
    lost = [
        case["text"]
        for case in CASES
        if any(not each.failed for each in signs_in(case["text"], case["column"]))
        and not pl.Series([case["text"]]).str.contains(pattern_of(case["column"]))[0]
    ]

    assert not lost
