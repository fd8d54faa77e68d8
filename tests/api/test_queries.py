"""A query that cannot be carried out says every reason, and what was perhaps meant."""

import pytest


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"fiscal_yaer": "2016"}, "unknown-parameter"),
        ({"fiscal_year__near": "2016"}, "unknown-operator"),
        ({"fiscal_year__contains": "20"}, "unknown-operator"),
        ({"fiscal_year": "last"}, "invalid-value"),
        ({"fields": "publisher_name,nothing"}, "unknown-field"),
        ({"sort": "nothing"}, "unknown-field"),
        ({"limit": "0"}, "invalid-parameter"),
        ({"limit": "10001"}, "invalid-parameter"),
        ({"limit": "00000000000000010001"}, "invalid-parameter"),
        ({"count": "yes"}, "invalid-parameter"),
        ({"as_of": "yesterday"}, "invalid-value"),
        ({"cursor": "not one of ours"}, "invalid-cursor"),
        ({"facet": "nothing"}, "unknown-field"),
        ({"facet_size": "0"}, "invalid-parameter"),
        ({"release": "budgets-2018"}, "invalid-value"),
        ({"group_by": "unit"}, "misplaced-parameter"),
        ({"as_of": "2026-W01-1"}, "invalid-value"),
        ({"subject_name__endswith": list("abcdef")}, "too-many-filters"),
    ],
)
def test_each_fault_has_its_code(library, query, code):
    answer = library.get("budgets", **query)

    assert answer.status_code == 400, answer.text
    [error] = answer.json["errors"]
    assert (error["pointer"], error["code"]) == (f"?{next(iter(query))}", code)


def test_the_nearest_name_is_suggested(library):
    answer = library.get("budgets", fiscal_yaer="2016")

    assert "fiscal_year" in answer.json["detail"]


def test_an_operator_that_does_not_fit_is_told_with_those_that_do(library):
    answer = library.get("budgets", amount_total__contains="5")

    [error] = answer.json["errors"]
    assert error["code"] == "unknown-operator"
    for said in ("amount_total", "exact, not, gt, gte, lt, lte, between", "amount_total__exact"):
        assert said in error["detail"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"group_by": "fiscal_yaer"}, "unknown-field"),
        ({"group_by": "fiscal_year__month"}, "unknown-part"),
        ({"metrics": "total(amount_total)"}, "unknown-metric"),
        ({"metrics": "sum(line_no)"}, "unfit-metric"),
        ({"sort": "unit"}, "unknown-column"),
        ({"fields": "unit"}, "misplaced-parameter"),
        ({"fiscal_year__near": "2016"}, "unknown-operator"),
    ],
)
def test_a_request_for_totals_has_its_faults_too(library, query, code):
    answer = library.get("budgets/aggregate", **query)

    assert answer.status_code == 400, answer.text
    [error] = answer.json["errors"]
    assert (error["pointer"], error["code"]) == (f"?{next(iter(query))}", code)


@pytest.mark.parametrize("address", ["budgets", "budgets/aggregate", "budgets/known-issues"])
def test_a_release_that_never_was_is_not_found(library, address):
    for release in ("budgets-2018@2", "budgets-1949@1", "statistics-2018@1"):
        answer = library.get(address, release=release)
        assert answer.status_code == 404, answer.text


def test_the_address_to_cite_a_release_answers_the_same(library):
    asked = {"release": "budgets-2017@1", "limit": "3", "sort": "-line_no"}
    first = library.get("budgets", **asked)

    again = library.client.get(first.json["links"]["cite"])

    assert again.json["data"] == first.json["data"]
    assert {each["_dataset"] for each in first.json["data"]} == {"budgets-2017"}
    following = library.client.get(first.json["links"]["next"]).json["data"]
    assert {each["_dataset"] for each in following} == {"budgets-2017"}


def test_all_faults_are_told_together(library):
    answer = library.get("budgets", fiscal_yaer="2016", limit="-1", sort="x", fiscal_year="?")

    assert len(answer.json["errors"]) == 4
