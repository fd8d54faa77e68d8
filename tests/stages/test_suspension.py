"""Suspension: one person takes a release down at once, another confirms it."""

import pytest

from opendata.domain.people import Role
from opendata.stages import access
from tests.chain import AGENCY, sign
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, read_csv, real_rows

pytestmark = on_sqlite

FILES = (
    "data.csv",
    "data.xlsx",
    "data.ndjson",
    "data.parquet",
    "datapackage.json",
    "report.json",
    "manifest.json",
)


@pytest.fixture
def published(chain):
    """A release of five records beside another dataset that stays as it is."""
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    chain.publish_rows("stays", "budgets", "2018", real_rows("budgets-2018", 0, 2))
    return chain


def shown(chain, **query):
    return {row["_dataset"] for row in chain.records("budgets", **query)}


def test_a_suspended_release_leaves_every_path_at_once(published):
    page = published.get("budgets", limit="1", sort="_dataset")
    record = published.records("budgets", _dataset="b")[0]
    pinned = published.get("budgets").json["meta"]["snapshot"]
    assert published.suspend("b", 1).status_code == 201

    assert shown(published) == shown(published, as_of=pinned) == {"stays"}
    assert published.get("budgets", count="exact").json["meta"]["total"] == 2
    assert "b" not in published.get("budgets").json["meta"]["releases"]
    csv = read_csv(published.get("budgets.csv").data)
    assert {row["_dataset"] for row in csv} == {"stays"}
    follow = published.client.get(page.json["links"]["next"].removeprefix("http://localhost"))
    assert {row["_dataset"] for row in follow.json["data"]} <= {"stays"}
    gone = published.get(f"budgets/{record['_id']}")
    assert (gone.status_code, gone.json["code"]) == (410, "gone")
    for name in FILES:
        answer = published.get(f"datasets/b/releases/1/{name}")
        assert (answer.status_code, answer.json["code"]) == (410, "suspended"), name


def test_what_is_suspended_says_when_why_and_on_whose_authority(published):
    published.suspend("b", 1)
    answer = published.get("datasets/b/releases/1/data.csv")

    for word in ("2026-03-02", "示例县保密局", "含应当隐去的内容"):
        assert word in answer.json["detail"]
    told = published.release("b", 1)
    assert (told["public"], told["files"]) == (False, [])
    assert told["takedowns"][0]["authority"] == "示例县保密局"


def test_another_person_confirms_and_nobody_says_it_twice(published):
    assert published.suspend("b", 1, "reviewer").status_code == 201
    again = published.suspend("b", 1, "reviewer")
    assert (again.status_code, again.json["code"]) == (409, "already-suspended")
    confirmed = published.suspend("b", 1, "approver")
    assert (confirmed.status_code, len(confirmed.json["takedowns"])) == (201, 2)
    assert published.suspend("b", 1, "admin").status_code == 409


def test_the_same_person_with_another_key_does_not_confirm(published, platform, people):
    published.suspend("b", 1, "reviewer")
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.APPROVER, AGENCY.id)
        key = access.create_key(session, people.persons[Role.REVIEWER], terms, platform.now())
    answer = published.client.post(
        "/api/v1/datasets/b/releases/1/suspension",
        json={"authority": "a", "reason": "r"},
        headers=sign(key),
    )

    assert (answer.status_code, answer.json["code"]) == (409, "already-suspended")


@pytest.mark.parametrize("body", [{}, {"authority": "a"}, {"authority": "", "reason": "r"}])
def test_a_suspension_names_its_authority_and_its_reason(published, body):
    answer = published.client.post(
        "/api/v1/datasets/b/releases/1/suspension", json=body, headers=published.as_("approver")
    )

    assert answer.status_code == 422
    assert answer.json["errors"]
    assert shown(published) == {"b", "stays"}


def test_the_words_of_its_signers_are_not_told_of_a_suspended_release(chain):
    chain.register("b", "budgets", "2019")
    rows = changed(real_rows("budgets-2019", 0, 2), publisher_name=chain.who.agency.name.zh)
    chain.publish("b", csv_of(rows), basis="第某条之内容", reason="第二行有不应公开的内容")

    def told(headers=None):
        answer = chain.client.get("/api/v1/datasets/b/releases/1", headers=headers)
        return {
            (each["person"], each["basis"], each["reason"]) for each in answer.json["decisions"]
        }

    public = told()
    assert {each[1:] for each in public} == {("第某条之内容", "第二行有不应公开的内容")}
    chain.suspend("b", 1)
    assert told() == {(person, "", "") for person, *_ in public}
    assert told(chain.as_("supervisor")) == public
    page = chain.client.get("/datasets/b/releases/1", headers={"Accept": "text/html"})
    assert "第二行有不应公开的内容" not in page.text
    chain.lift("b", 1, "reviewer")
    assert told() == public


def test_a_release_that_replaces_the_suspended_one_is_public(published):
    published.suspend("b", 1)
    rows = changed(real_rows("budgets-2019", 0, 2), publisher_name=published.who.agency.name.zh)
    published.publish("b", csv_of(rows))

    assert shown(published) == {"b", "stays"}
    assert len(published.records("budgets", _dataset="b")) == 2
    assert published.get("datasets/b/releases/2/data.csv").status_code == 200
    assert published.get("datasets/b/releases/1/data.csv").status_code == 410


def test_what_is_not_released_cannot_be_suspended(published):
    assert published.suspend("b", 2).json["code"] == "no-such-release"
    assert published.suspend("none", 1).json["code"] == "no-such-dataset"
