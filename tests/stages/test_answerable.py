"""Who is answerable, and what a reviewer is shown: told to those whom it concerns."""

from datetime import date
from uuid import uuid4

import pytest

from opendata.domain.people import Role
from opendata.runtime.worker import Worker
from opendata.stages import access
from opendata.storage import audit
from opendata.storage.tables import OccasionRow
from tests.platforms import on_sqlite, runtime_of
from tests.stages.test_review import code_of
from tests.stages.test_timeliness import penalties
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")[:3]
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
CHIEFS = [
    {"name": "county-office approver", "stance": "agreed"},
    {"name": "局长（虚构）", "stance": "decided"},
    {"name": "副局长（虚构）", "stance": "opposed"},
]


@pytest.fixture
def waiting(chain):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    submission = chain.submitted("b", csv_of(ROWS))
    chain.answer(submission)
    return submission


def answerable(chain, number=1, role="supervisor"):
    path = f"/api/v1/datasets/b/releases/{number}/responsibility"
    return chain.client.get(path, headers=chain.as_(role))


def shares(told):
    names = (each["person"].removeprefix("county-office ") for each in told["persons"])
    return dict(zip(names, (each["share"] for each in told["persons"]), strict=True))


def begun(chain, rule, occasion, day):
    """Record that a term of the agency began, of an obligation by this rule."""
    held, who = runtime_of(chain.client), chain.who
    with held.home.database.begin() as session:
        row = OccasionRow(agency_id=who.agency.id, obligation=rule, occasion=occasion, title="")
        row.id, row.rule, row.trigger_date = uuid4(), rule, date.fromisoformat(day)
        row.person_id, row.recorded_at = who.persons[Role.REVIEWER], held.now()
        row.key_id = access.find_key(session, who.keys[Role.REVIEWER])
        row.audit_seq = audit.append(session, "x", "occasion-recorded", str(row.id), held.now())
        session.add(row)


def test_an_approver_who_overrode_the_reviewer_answers_alone(chain, waiting):
    chain.decide(waiting, "reviewer", "withhold", reason="商业秘密")
    chain.decide(waiting, "approver", reason="已征得同意")
    chain.work()

    told = answerable(chain).json
    assert told["branch"] == "overridden"
    assert told["rule"].endswith("第六条第（二）项")
    assert shares(told) == {"author": "none", "reviewer": "none", "approver": "whole"}
    assert [each["what"]["zh"] for each in told["facts"]][1:] == ["意见：不予公开", "意见：公开"]
    assert len(told["missing"]) == 1


def test_who_agreed_to_what_was_wrong_answers_with_whoever_prepared_it(chain, waiting):
    chain.approve(waiting)
    chain.work()
    chain.suspend("b", 1)

    told = answerable(chain, role="admin").json
    assert told["branch"] == "uncorrected"
    assert shares(told) == {"author": "main", "reviewer": "main", "approver": "secondary"}


def test_what_a_body_decided_is_told_by_what_each_of_it_held_and_is_not_published(chain, waiting):
    chain.decide(waiting, "reviewer", "withhold", reason="商业秘密")
    body = {"minutes": "会议纪要〔2026〕3号", "members": CHIEFS}
    said = chain.decide(waiting, "approver", reason="集体讨论决定", collective=body)
    assert said.json["decisions"][1]["collective"] == body
    chain.work()

    told = answerable(chain).json
    assert told["branch"] == "collective"
    assert shares(told) == {
        "author": "secondary",
        "reviewer": "none",
        "approver": "secondary",
        "局长（虚构）": "main",
        "副局长（虚构）": "none",
    }
    for path in ("datasets/b/releases/1", "datasets/b/releases/1/manifest.json"):
        assert "局长" not in chain.get(path).text


def test_a_release_that_there_is_not_has_nobody_to_answer_for_it(chain, waiting):
    assert code_of(answerable(chain)) == (404, "no-such-dataset")


def test_a_collective_decision_without_a_decider_is_refused(chain, waiting):
    chain.decide(waiting, "reviewer")
    body = {"minutes": "会议纪要〔2026〕3号", "members": CHIEFS[:1]}

    refused = chain.decide(waiting, "approver", collective=body)
    assert code_of(refused) == (422, "invalid-collective")
    assert [each["code"] for each in refused.json["errors"]] == ["no-decider"]


def test_the_dossier_shows_what_would_change_the_deadline_and_earlier_rounds(chain, waiting):
    chain.decide(waiting, "reviewer", reason="第一轮的意见")
    chain.publish("b", csv_of(ROWS[:2]))

    def dossier():
        path = f"/api/v1/submissions/{waiting}/dossier"
        return chain.client.get(path, headers=chain.as_("reviewer")).json

    assert dossier()["change"] is None
    Worker(runtime_of(chain.client)).compare_all()
    told = dossier()
    assert told["submission"]["base_release"] == 1
    assert (told["change"]["added"], told["change"]["rows_before"]) == (1, 2)
    assert told["said_now"] == []
    assert [each["reason"] for each in told["said_earlier"]] == ["第一轮的意见"]
    assert [(each["rule"], each["due"], each["records"]) for each in told["deadlines"]] == [
        ("BUD-GOV", None, 1),
        ("BUD-DEPT", None, 0),
        ("BUD-UNIT", None, 0),
    ]
    chain.client.application.extensions["opendata"].home.derived.diffs.forget(waiting)
    assert {each["records"] for each in dossier()["deadlines"]} == {None}
    Worker(runtime_of(chain.client)).compare_all()
    begun(chain, "BUD-GOV", "2019", "2026-02-10")
    begun(chain, "BUD-GOV", "2020", "2026-02-11")
    begun(chain, "PRO", "2019", "2026-02-12")
    assert [(each["due"], each["records"]) for each in dossier()["deadlines"]] == [
        ("2026-03-02", 1),
        (None, 0),
        (None, 0),
    ]
    chain.decide(waiting, "reviewer", reason="第二轮的意见")
    told = dossier()
    assert [each["reason"] for each in told["said_now"]] == ["第二轮的意见"]
    assert [each["reason"] for each in told["said_earlier"]] == ["第一轮的意见"]


def test_the_dossier_tells_by_when_the_records_that_would_be_added_are_due(chain):
    chain.register("p", "administrative-penalties", "rolling")

    def told(submission):
        path = f"/api/v1/submissions/{submission}/dossier"
        (found,) = chain.client.get(path, headers=chain.as_("reviewer")).json["deadlines"]
        names = ("rule", "due", "due_rolled", "last_due", "last_due_rolled")
        return [found[name] for name in (*names, "records", "indeterminate")]

    first = chain.submitted("p", csv_of(penalties(chain, "2025-11-03")))
    chain.answer(first)
    assert told(first) == ["PEN-7", None, None, None, None, None, None]
    Worker(runtime_of(chain.client)).compare_all()
    assert told(first) == ["PEN-7", *["2025-11-12"] * 4, 1, 0]
    chain.approve(first)
    chain.work()

    days = ("2025-11-03", "2026-02-13", "2026-02-12")
    second = chain.submitted("p", csv_of(penalties(chain, *days)))
    Worker(runtime_of(chain.client)).compare_all()
    ends = ["2026-02-28"] * 2 + ["2026-03-02"] * 2
    assert told(second) == ["PEN-7", *ends, 2, 0]
