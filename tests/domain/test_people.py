"""Roles and agencies: a key opens what its role opens, within its agency."""

from dataclasses import replace

import pytest

from opendata.domain.people import (
    EVERY_AGENCY,
    Actor,
    Role,
    WrongAgency,
    WrongCollection,
    WrongRole,
    check_agency,
    check_role,
    check_scope,
    is_within,
)
from tests.domain.made import person


def actor(role=Role.AUTHOR, agency="county"):
    return Actor(person(1), "某人", role, agency, person(9))


@pytest.mark.parametrize(
    ("collections", "agency", "collection", "refusal"),
    [
        (None, "county", "budgets", None),
        ({"budgets"}, "county", "budgets", None),
        ({"budgets"}, "county", "penalties", WrongCollection),
        (set(), "county", "budgets", WrongCollection),
        (None, "town", "budgets", WrongAgency),
        ({"budgets"}, "town", "penalties", WrongAgency),
    ],
)
def test_a_key_may_be_good_for_some_collections_only(collections, agency, collection, refusal):
    own = None if collections is None else frozenset(collections)
    who = replace(actor(), collections=own)
    assert is_within(who, agency, collection) is (refusal is None)
    if refusal is None:
        check_scope(who, agency, collection)
    else:
        with pytest.raises(refusal):
            check_scope(who, agency, collection)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("allowed", [frozenset({each}) for each in Role])
def test_a_role_opens_what_names_it(role, allowed):
    if role in allowed:
        check_role(actor(role), allowed)
    else:
        with pytest.raises(WrongRole) as refused:
            check_role(actor(role), allowed)
        assert role.label.zh in refused.value.detail.zh


@pytest.mark.parametrize(
    ("own", "wanted", "opens"),
    [
        ("county", "county", True),
        ("county", "town", False),
        (EVERY_AGENCY, "town", True),
        ("county", EVERY_AGENCY, False),
    ],
)
def test_a_key_acts_for_its_agency_or_for_all(own, wanted, opens):
    if opens:
        check_agency(actor(agency=own), wanted)
    else:
        with pytest.raises(WrongAgency):
            check_agency(actor(agency=own), wanted)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_name_in_both_languages(role):
    assert not role.label.zh.isascii()
    assert role.label.en.isascii()
