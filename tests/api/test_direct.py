"""The direct way and the views give the same answers, byte for byte and header for header."""

import pytest
from werkzeug.exceptions import ImATeapot

from tests.platforms import remembering_nothing

# This wish is for the views to weigh, and comes to the same.
BY_THE_VIEWS = {"Accept": "application/json;q=1.0"}
# Questions that are plain, and what is answered by the views in any case.
PLAIN = [
    "",
    ".json",
    "?limit=1",
    "?limit=10000",
    "?count=exact&limit=1",
    "?fiscal_year=2016&sort=-amount_total&fields=_id,amount_total",
    "?subject_name__contains=%E6%8E%A5%E5%BE%85",
    "?subject_name__contains=a+b%20c%26d",
    "?publisher_name=%E6%B2%A1%E6%9C%89",
    "?as_of=2026-03-02",
    "?_dataset=budgets-2018&limit=2",
    "?subject_name=",
]
REFUSED = [
    "?limite=1",
    "?limit=0",
    "?limit=1&limit=2",
    "?as_of=yesterday",
    "?as_of=1999-01-01",
    "?cursor=nonsense",
    "?subject_name=%00",
    "?subject_name=%FF",
    "?with_bom=2",
    "?use_labels=1",
    "/none",
    "/" + "a" * 52,
    "/schema",
    "/schema?limit=1",
]


@pytest.fixture
def client(library):
    """Anybody, asking a process that remembers nothing yet."""
    with remembering_nothing(library.client):
        yield library.client


@pytest.fixture
def without_views(monkeypatch, client):
    """Let every question that comes as far as the views fail."""

    def fail():
        raise ImATeapot

    def close():
        monkeypatch.setattr(client.application, "dispatch_request", fail)

    return close


def same(one, other):
    assert (one.status, one.data) == (other.status, other.data)
    assert sorted(one.headers) == sorted(other.headers)


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}])
@pytest.mark.parametrize("question", PLAIN)
def test_a_plain_question_is_answered_as_the_views_answer_it(
    client, without_views, question, headers
):
    path = f"/api/v1/budgets{question}"
    slow = client.get(path, headers={**BY_THE_VIEWS, **headers})
    without_views()

    assert slow.status_code == 200
    same(client.get(path, headers=headers), slow)
    known = {"If-None-Match": slow.headers["ETag"]}
    assert client.get(path + "&" * ("?" in path), headers=headers).status_code == 200
    assert client.get(path, headers={**headers, **known}).status_code == 304


def test_a_record_is_answered_as_the_view_answers_it(client, without_views):
    [found] = client.get("/api/v1/budgets?limit=1").json["data"]
    path = f"/api/v1/budgets/{found['_id']}"
    slow = client.get(path, headers=BY_THE_VIEWS)
    without_views()

    same(client.get(path), slow)
    assert client.head(path).headers["Content-Length"] == slow.headers["Content-Length"]


def test_the_pages_of_a_question_are_answered_as_the_views_answer_them(client, without_views):
    first = client.get("/api/v1/budgets?limit=3&sort=-amount_total").json
    path = first["links"]["next"].removeprefix("http://localhost")
    slow = client.get(path, headers=BY_THE_VIEWS)
    without_views()

    same(client.get(path), slow)


@pytest.mark.parametrize("question", REFUSED)
def test_what_is_not_plain_is_left_to_the_views(client, question):
    path = f"/api/v1/budgets{question}"

    same(client.get(path), client.get(path, headers=BY_THE_VIEWS))


def test_a_conditional_question_is_answered_before_it_is_worked_out(client, monkeypatch):
    tag = client.get("/api/v1/budgets?limit=2").headers["ETag"]
    monkeypatch.setattr("opendata.stages.query.page", None)
    with remembering_nothing(client):
        answer = client.get("/api/v1/budgets?limit=2", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.headers["ETag"]) == (304, tag)


def test_a_record_says_of_its_own_release_only(client):
    [found] = client.get("/api/v1/budgets?limit=1").json["data"]
    page = client.get("/api/v1/budgets?limit=1").json["meta"]
    meta = client.get(f"/api/v1/budgets/{found['_id']}").json["meta"]
    own = found["_dataset"]

    assert meta["releases"] == {own: page["releases"][own]}
    assert meta["known_issues"].keys() <= {own}
    assert len(page["releases"]) == 3
    same_in_both = page.keys() - {"releases", "known_issues"}
    assert {name: meta[name] for name in same_in_both} == {
        name: page[name] for name in same_in_both
    }
