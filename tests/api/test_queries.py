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


def test_all_faults_are_told_together(library):
    answer = library.get("budgets", fiscal_yaer="2016", limit="-1", sort="x", fiscal_year="?")

    assert len(answer.json["errors"]) == 4
