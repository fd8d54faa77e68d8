"""What a version number says, by the Data Package recipe."""

import pytest

from opendata.domain.versions import (
    FIRST,
    Change,
    ContractChange,
    contract_change,
    next_version,
)

SAME, COMPATIBLE, INCOMPATIBLE = ContractChange


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(), "2.3.5"),
        (Change(added=1), "2.4.0"),
        (Change(COMPATIBLE), "2.4.0"),
        (Change(removed=1), "3.0.0"),
        (Change(added=1, removed=1), "3.0.0"),
        (Change(INCOMPATIBLE), "3.0.0"),
        (Change(INCOMPATIBLE, added=9), "3.0.0"),
    ],
)
def test_the_gravest_change_decides(change, expected):
    assert next_version("2.3.4", change) == expected


def test_the_first_release_is_1_0_0_whatever_is_in_it():
    assert next_version(None, Change(added=7)) == FIRST == "1.0.0"


def field(name="amount", kind="number", **more):
    return {"name": name, "type": kind, "title": name, **more}


def schema(*fields, **more):
    return {"fields": list(fields), "primaryKey": ["id"], **more}


def limited(**constraints):
    return schema(field(constraints=constraints))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (schema(field()), schema(field(description="words", titleEn="Amount", example="1"))),
        (schema(field()), schema({**field(), "title": "金额"})),
        (schema(field()), schema(field(), title="决算")),
        (limited(required=False), limited()),
        (
            schema(field(categories=[{"value": "a", "label": "A"}])),
            schema(field(categories=[{"value": "a", "label": "甲"}])),
        ),
    ],
)
def test_words_for_people_change_no_promise(before, after):
    assert contract_change(before, after) is SAME
    assert contract_change(after, before) is SAME


@pytest.mark.parametrize(
    ("strict", "loose"),
    [
        (limited(required=True), limited()),
        (limited(unique=True), limited(unique=False)),
        (limited(minimum=3), limited(minimum=2)),
        (limited(maximum="2026-01-01"), limited(maximum="2027-01-01")),
        (limited(minLength=2), limited(minLength=1)),
        (limited(maxLength=10), limited()),
        (limited(enum=["a"]), limited(enum=["b", "a"])),
        (limited(pattern="[0-9]+"), limited()),
        (limited(required=True, minimum=1), limited(required=True)),
        (schema(field(categories=["a"])), schema(field(categories=["a", "b"]))),
    ],
)
def test_a_looser_constraint_is_compatible_and_a_stricter_one_is_not(strict, loose):
    assert contract_change(strict, loose) is COMPATIBLE
    assert contract_change(loose, strict) is INCOMPATIBLE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (schema(field()), schema(field(), field("more"))),
        (schema(field(), field("more")), schema(field("more"), field())),
        (schema(field()), schema(field("renamed"))),
        (schema(field()), schema(field(kind="integer"))),
        (schema(field(unit="元")), schema(field(unit="万元"))),
        (schema(field()), schema(field(), primaryKey=["other"])),
        (limited(pattern="[0-9]+"), limited(pattern="[0-9]*")),
        (limited(minimum=1), limited(minimum="1")),
        (limited(enum=["a", "b"]), limited(enum=["a", "c"])),
        (limited(required=True), limited(minimum=1)),
    ],
)
def test_whatever_is_not_known_to_be_harmless_is_incompatible(before, after):
    assert contract_change(before, after) is INCOMPATIBLE
    assert contract_change(after, before) is INCOMPATIBLE


def test_a_schema_without_fields_is_the_same_as_itself():
    assert contract_change(schema(), schema()) is SAME
