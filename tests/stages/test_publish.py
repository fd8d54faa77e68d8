"""Publish: what a release is made of, in either mode, and what stays the same between releases."""

import base64
import hashlib

import pytest

from tests.chain import Chain
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, read_csv, real_rows, rows_of

pytestmark = on_sqlite

PROJECTS = real_rows("project-approvals-transcribed", 0, 6)


@pytest.fixture
def projects(chain):
    """Six projects of the agency's own; the dataset is registered and has none of them yet."""
    chain.register("p", "project-approvals", "rolling")
    return changed(PROJECTS, authority_name=chain.who.agency.name.zh)


@pytest.fixture
def budget(chain):
    """Five budget lines of the agency's own."""
    chain.register("b", "budgets", "2019")
    return changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)


def by(key, records):
    return {row[key]: row for row in records}


def test_a_collection_that_adds_merges_by_primary_key(chain, projects):
    chain.publish("p", csv_of(projects[:4]))
    corrected = {**projects[1], "note": "更正后的说明"}
    chain.publish("p", csv_of([corrected, projects[4]]))

    found = by("record_no", chain.records("project-approvals"))
    assert set(found) == {row["record_no"] for row in projects[:5]}
    assert found[projects[1]["record_no"]]["note"] == "更正后的说明"
    assert {row["_release"] for row in found.values()} == {2}
    assert sorted(row["_row"] for row in found.values()) == [1, 2, 3, 4, 5]
    files = read_csv(chain.get("datasets/p/releases/2/data.csv").data)
    assert by("_id", files).keys() == by("_id", found.values()).keys()


def test_a_collection_that_replaces_shows_the_last_file_only(chain, budget):
    chain.publish("b", csv_of(budget))
    chain.publish("b", csv_of(budget[1:3]))

    assert [row["line_no"] for row in chain.records("budgets")] == [2, 3]


def test_a_record_keeps_its_address_through_all_releases(chain, projects):
    chain.publish("p", csv_of(projects[:2]))
    before = by("record_no", chain.records("project-approvals"))
    chain.publish("p", csv_of([{**projects[0], "note": "更正"}, projects[2]]))
    after = by("record_no", chain.records("project-approvals"))

    number = projects[0]["record_no"]
    assert before[number]["_id"] == after[number]["_id"]
    told = chain.get(f"project-approvals/{before[number]['_id']}").json
    assert told["data"]["note"] == "更正"
    assert [each["release"] for each in told["history"]] == [2, 1]
    cited = chain.records("project-approvals", as_of=told["history"][1]["snapshot"])
    assert by("record_no", cited)[number] == before[number]


def test_a_record_that_left_with_a_correction_is_gone_and_still_cited(chain, budget):
    chain.publish("b", csv_of(budget))
    gone = chain.records("budgets", line_no="1")[0]
    snapshot = chain.release("b", 1)["snapshot"]
    chain.publish("b", csv_of(budget[1:]))

    assert chain.get(f"budgets/{gone['_id']}").status_code == 410
    assert chain.records("budgets", line_no="1", as_of=snapshot) == [gone]


@pytest.fixture
def neighbours(chain, client, others, work):
    """Another agency's way through the same platform."""
    return Chain(client, others, work)


def test_a_key_that_another_dataset_holds_is_refused_at_validation(chain, neighbours, projects):
    chain.publish("p", csv_of(projects[:2]))
    neighbours.register("q", "project-approvals", "rolling")
    theirs = changed(projects[:1], authority_name=neighbours.who.agency.name.zh)
    submission = neighbours.submitted("q", csv_of(theirs))

    found = neighbours.submission(submission)
    assert found["state"] == "invalid"
    path = f"/api/v1/submissions/{submission}/report"
    report = neighbours.client.get(path, headers=neighbours.as_("author")).json
    [error] = report["tasks"][0]["errors"]
    assert error["rowNumber"] == 2
    assert error["type"] == "key-elsewhere"


def test_a_key_that_another_dataset_took_meanwhile_is_refused_at_publication(
    chain, neighbours, projects
):
    neighbours.register("q", "project-approvals", "rolling")
    theirs = changed(projects[:1], authority_name=neighbours.who.agency.name.zh)
    late = neighbours.submitted("q", csv_of(theirs))
    neighbours.answer(late)
    neighbours.decide(late, "reviewer")
    chain.publish("p", csv_of(projects[:2]))
    neighbours.decide(late, "approver")
    neighbours.work()

    found = neighbours.submission(late)
    assert (found["state"], found["problem"]["code"]) == ("failed", "not-publishable")
    assert {row["_dataset"] for row in chain.records("project-approvals")} == {"p"}
    assert chain.get("datasets/q/releases").status_code == 404


def test_the_files_of_a_release_agree_with_each_other_and_with_their_digests(chain, budget):
    chain.publish("b", csv_of(budget))
    told = chain.release("b", 1)
    named = {each["name"]: each for each in told["files"]}
    manifest = chain.get("datasets/b/releases/1/manifest.json").json
    listed = {each["name"]: each["sha256"] for each in manifest["artefacts"]}

    for name, each in named.items():
        answer = chain.get(f"datasets/b/releases/1/{name}")
        digest = hashlib.sha256(answer.data).digest()
        assert digest.hex() == each["sha256"]
        assert len(answer.data) == each["size"] == answer.content_length
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
        assert listed.get(name, each["sha256"]) == each["sha256"]
    ids = {
        kind: [row["_id"] for row in rows_of(kind, chain.get(f"datasets/b/releases/1/{name}").data)]
        for name in named
        if (kind := name.removeprefix("data.")) != name
    }
    assert set(ids) == {"csv", "xlsx", "ndjson", "parquet"}
    assert all(each == ids["csv"] for each in ids.values())
    assert len(ids["csv"]) == len(budget) == manifest["rows"]


def test_a_manifest_names_who_signed_and_what_was_received(chain, budget):
    file = csv_of(budget)
    chain.publish("b", file)
    manifest = chain.get("datasets/b/releases/1/manifest.json").json

    assert [each["role"] for each in manifest["decisions"]] == ["reviewer", "approver"]
    assert len({each["person"] for each in manifest["decisions"]}) == 2
    assert manifest["submission"]["sha256"] == hashlib.sha256(file).hexdigest()
    assert manifest["submission"]["author"] == "county-office author"


def test_a_release_file_is_served_in_ranges_and_confirmed_by_its_tag(chain, budget):
    chain.publish("b", csv_of(budget))
    path = "/api/v1/datasets/b/releases/1/data.csv"
    whole = chain.client.get(path, buffered=True)
    part = chain.client.get(path, headers={"Range": "bytes=10-19"}, buffered=True)
    same = chain.client.get(path, headers={"If-None-Match": whole.headers["ETag"]}, buffered=True)

    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert same.status_code == 304
    # A suspension may come at any time: what is cached is asked for before it is served again.
    assert whole.headers["Cache-Control"] == "no-cache"


def test_many_releases_in_a_row_leave_every_one_citable(chain, budget):
    for number in range(1, 6):
        chain.publish("b", csv_of(changed(budget, explanation=f"第{number}版")))
    for number in range(1, 6):
        snapshot = chain.release("b", number)["snapshot"]
        cited = chain.records("budgets", as_of=snapshot)
        assert {row["explanation"] for row in cited} == {f"第{number}版"}
        assert len(cited) == len(budget)
