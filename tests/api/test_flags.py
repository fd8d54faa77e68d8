"""Flags over HTTP: who sees them, what they stop, and who lets go on what they stopped."""

import json

import pytest

from opendata.domain.people import Role
from opendata.stages import access
from tests.chain import AGENCY, sign
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
MOBILE = "13900001234"
MARKED = csv_of([*changed(ROWS[:1], explanation="机密★10年"), *ROWS[1:]])
PERSONAL = csv_of([*ROWS[:1], *changed(ROWS[1:2], explanation=f"联系人电话{MOBILE}"), *ROWS[2:]])
CLEARANCE = {"reference": "解密审核〔2026〕3号", "reason": "保密期限已满"}


@pytest.fixture
def sent(chain):
    """Register a dataset, and return what sends a file in and answers its cautions."""
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)

    def send(content: bytes) -> str:
        submission = chain.submitted("b", content)
        chain.answer(submission)
        return submission

    return send


def clear(chain, submission, role="supervisor", body=CLEARANCE):
    return chain.client.post(
        f"/api/v1/submissions/{submission}/clearance", json=body, headers=chain.as_(role)
    )


def test_a_marked_file_waits_for_a_supervisor(chain, sent):
    submission = sent(MARKED)
    found = chain.submission(submission)
    (flag,) = found["flags"]

    assert (found["state"], found["waiting_for"]) == ("referred", "supervisor")
    assert (flag["kind"], flag["field"], flag["rows"]) == (
        "classification-marking",
        "explanation",
        [2],
    )
    assert chain.decide(submission, "reviewer").json["code"] == "not-due"
    assert chain.decide(submission, "supervisor", reason="可以").json["code"] == "not-due"
    waiting = chain.client.get(
        "/api/v1/submissions?waiting_for=me", headers=chain.as_("supervisor")
    ).json
    assert [each["id"] for each in waiting["data"]] == [submission]


def test_a_clearance_opens_the_review_and_nothing_else(chain, sent):
    submission = sent(MARKED)
    answer = clear(chain, submission)

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["waiting_for"]) == ("in_review", "reviewer")
    assert answer.json["clearance"].items() >= CLEARANCE.items()
    assert clear(chain, submission).json["code"] == "not-due"
    chain.approve(submission)
    chain.work()
    assert chain.submission(submission)["state"] == "published"


def test_the_cells_of_a_marked_file_are_for_its_author_and_the_supervisor(chain, sent):
    submission = sent(MARKED)

    def refused(role):
        at = f"/api/v1/submissions/{submission}"
        paths = [f"{at}/{told}" for told in ("report.json", "report.html", "report.xlsx", "diff")]
        answers = [chain.client.get(each, headers=chain.as_(role), buffered=True) for each in paths]
        return [answer.status_code == 403 for answer in answers]

    assert {role: any(refused(role)) for role in ("author", "supervisor")} == {
        "author": False,
        "supervisor": False,
    }
    for role in ("reviewer", "approver", "admin"):
        assert all(refused(role))
    clear(chain, submission)
    assert not any(refused("reviewer"))
    assert all(refused("admin"))


def test_only_a_supervisor_clears_and_says_by_which_decision(chain, sent):
    submission = sent(MARKED)

    assert clear(chain, submission, "approver").status_code == 403
    assert clear(chain, submission, body={**CLEARANCE, "reference": " "}).status_code == 422
    assert chain.submission(submission)["state"] == "referred"


def test_whoever_cleared_it_reviews_it_with_no_other_key(chain, sent, platform, people):
    submission = sent(MARKED)
    clear(chain, submission)
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.REVIEWER, AGENCY.id)
        key = access.create_key(session, people.persons[Role.SUPERVISOR], terms, platform.now())

    answer = chain.client.post(
        f"/api/v1/submissions/{submission}/decisions",
        json={"verdict": "disclose", "basis": "《政府信息公开条例》第十九条"},
        headers=sign(key),
    )

    assert (answer.status_code, answer.json["code"]) == (403, "already-decided")


@pytest.mark.parametrize(("verdict", "state"), [("withhold", "withheld"), ("return", "returned")])
def test_what_cannot_be_cleared_a_supervisor_ends(chain, sent, verdict, state):
    submission = sent(MARKED)

    chain.decide(submission, "supervisor", verdict, reason="仍属国家秘密")

    assert chain.submission(submission)["state"] == state
    assert clear(chain, submission).json["code"] == "already-decided"


def test_a_sign_of_personal_data_makes_every_release_say_why(chain, sent):
    submission = sent(PERSONAL)
    (flag,) = chain.submission(submission)["flags"]

    assert (flag["kind"], flag["strong"], flag["lines"]) == ("mobile", True, [3])
    assert chain.decide(submission, "reviewer").json["code"] == "reason-required"
    assert chain.decide(submission, "reviewer", reason="值班电话").status_code == 201
    assert chain.decide(submission, "approver").json["code"] == "reason-required"
    assert chain.decide(submission, "approver", reason="值班电话").status_code == 201


def test_flags_never_quote_and_stay_with_the_agency(chain, sent, others):
    submission = sent(PERSONAL)
    address = f"/api/v1/submissions/{submission}"
    stranger = chain.client.get(address, headers=sign(others.keys[Role.REVIEWER]))

    assert stranger.status_code == 403
    assert MOBILE not in json.dumps(chain.submission(submission)["flags"])
    page = chain.client.get(f"{address}/report.html", headers=chain.as_("author")).text
    assert "手机号" in page
    assert MOBILE not in page
    chain.approve(submission, reason="值班电话")
    chain.work()
    for name in ("report.json", "manifest.json", "datapackage.json"):
        public = chain.client.get(f"/api/v1/datasets/b/releases/1/{name}")
        assert public.status_code == 200
        assert '"mobile"' not in public.text
        assert '"flags"' not in public.text


def test_a_plain_file_has_no_flags(chain, sent):
    assert chain.submission(sent(csv_of(ROWS)))["flags"] == []
