"""What was taken down, or kept back, does not come back by another way."""

import pytest

from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite

PATH = "project-approvals"


@pytest.fixture
def projects(chain):
    """Four records of a collection whose submissions are added to what is public."""
    rows = real_rows("project-approvals-transcribed", 0, 4)
    chain.register("p", PATH, "rolling")
    return changed(rows, authority_name=chain.who.agency.name.zh)


def shown(chain, **query):
    return sorted(row["record_no"] for row in chain.records(PATH, **query))


def numbers(rows):
    return sorted(row["record_no"] for row in rows)


def test_a_suspension_hides_every_release_that_carries_the_rows(chain, projects):
    chain.publish("p", csv_of(projects[:2]))
    second = chain.publish("p", csv_of(projects[2:3]))
    assert chain.suspend("p", 1).status_code == 201

    assert shown(chain) == []
    assert shown(chain, as_of=second["snapshot"]) == []
    told = chain.release("p", 2)
    assert (told["public"], told["takedowns"][0]["authority"]) == (False, "示例县保密局")
    assert chain.get("datasets/p/releases/2/data.csv").status_code == 410


def test_after_a_suspension_rows_are_added_to_the_last_public_release(chain, projects):
    chain.publish("p", csv_of(projects[:2]))
    chain.publish("p", csv_of(projects[2:3]))
    chain.suspend("p", 2)
    assert shown(chain) == []
    chain.publish("p", csv_of(projects[3:]))

    assert shown(chain) == numbers([*projects[:2], projects[3]])
    assert chain.release("p", 3)["public"]


def test_an_approval_from_before_a_suspension_releases_nothing(chain):
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    twin = chain.submitted("b", csv_of(rows))
    chain.approve(twin)
    chain.suspend("b", 1)
    chain.work()

    assert chain.submission(twin)["state"] == "in_review"
    assert chain.records("budgets") == []
    # The same persons look again, knowing of the suspension.
    chain.approve(twin)
    chain.work()
    assert chain.submission(twin)["state"] == "published"
    assert len(chain.release("b", 2)["decisions"]) == 2


def test_a_record_that_is_withheld_now_leaves_with_its_earlier_version(chain, projects):
    chain.publish("p", csv_of(projects[:2]))
    correction = changed(projects[:1], project_name="更正后的名称")
    chain.publish(
        "p",
        csv_of([*correction, projects[2]]),
        verdict="disclose_in_part",
        reason="涉及第三方商业秘密",
        withheld={"rows": [2]},
    )

    assert shown(chain) == numbers(projects[1:3])


def test_a_column_cannot_be_withheld_where_submissions_are_added(chain, projects):
    waiting = chain.submitted("p", csv_of(projects))
    answer = chain.decide(
        waiting,
        "reviewer",
        "disclose_in_part",
        reason="个人隐私",
        withheld={"columns": ["location"]},
    )

    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "column-in-add-mode"


def test_a_dataset_that_stops_being_proactive_stops_being_published(chain, projects):
    waiting = chain.submitted("p", csv_of(projects))
    chain.approve(waiting)
    answer = chain.client.patch(
        "/api/v1/datasets/p",
        json={"disclosure_attribute": "withheld", "attribute_reason": "已定密"},
        headers=chain.as_("author"),
    )
    assert answer.status_code == 200
    chain.work()

    assert chain.submission(waiting)["state"] == "approved"
    assert shown(chain) == []


def test_what_nobody_has_reviewed_is_seen_by_its_agency_alone(chain, others, projects):
    path = "/api/v1/datasets/p"
    assert chain.client.get(path).status_code == 404
    assert chain.client.get("/datasets/p").status_code == 404
    assert chain.client.get("/api/v1/datasets").json["data"] == []
    assert chain.client.get(path, headers=chain.as_("reviewer")).status_code == 200
    listed = chain.client.get("/api/v1/datasets", headers=chain.as_("author")).json["data"]
    assert [each["id"] for each in listed] == ["p"]
    mine, chain.who = chain.who, others
    assert chain.client.get(path, headers=chain.as_("author")).status_code == 404

    chain.who = mine
    chain.publish("p", csv_of(projects))
    assert chain.client.get(path).status_code == 200
    assert "attribute_reason" not in chain.client.get(path).json
