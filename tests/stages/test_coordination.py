"""Coordination: agencies that a dataset names are shown what they must judge, and consent first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from opendata.domain.people import Role
from opendata.stages import access, verify
from opendata.storage.tables import AuditRow, ConsentRow
from tests.chain import AGENCY, OTHER, Chain, sign
from tests.platforms import on_sqlite
from tests.stages.test_review import code_of
from tests.tables import changed, csv_of, real_rows

ROWS = real_rows("budgets-2019")[:2]
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
YES = {"verdict": "consent", "reference": "示例函〔2026〕12号"}
NO = {"verdict": "object", "reference": "示例函〔2026〕13号", "reason": "口径与我局不一致"}


@pytest.fixture
def theirs(client, others, work):
    """The way of the agency that is asked."""
    return Chain(client, others, work)


@pytest.fixture
def waiting(chain, theirs):
    """A submission that awaits the reviewer, and another agency's consent."""
    made = chain.register(
        "b", "budgets", "2019", transcribes=PUBLISHERS, coordinates_with=[OTHER.id, OTHER.id]
    )
    assert made.json["coordinates_with"] == [OTHER.id]
    submission = chain.submitted("b", csv_of(ROWS))
    chain.answer(submission)
    return submission


def consent(theirs, submission, body=YES, role="reviewer"):
    return theirs.client.post(
        f"/api/v1/submissions/{submission}/consents", json=body, headers=theirs.as_(role)
    )


def seen(theirs, path, role="reviewer"):
    return theirs.client.get(f"/api/v1/{path}", headers=theirs.as_(role))


@on_sqlite
def test_publication_waits_for_the_other_agencys_written_consent(platform, chain, theirs, waiting):
    chain.decide(waiting, "reviewer")
    refusal = chain.decide(waiting, "approver")
    assert code_of(refusal) == (409, "consents-awaited")
    assert [each["pointer"] for each in refusal.json["errors"]] == ["/verdict"]

    given = consent(theirs, waiting)
    assert (given.status_code, given.json["consents"][0]["answer"]["reference"]) == (
        201,
        YES["reference"],
    )
    assert chain.decide(waiting, "approver").status_code == 201
    chain.work()
    found = chain.submission(waiting)
    assert found["state"] == "published"
    assert [each["answer"]["verdict"] for each in found["consents"]] == ["consent"]
    with platform.home.database.read() as session:
        lines = session.execute(select(AuditRow.action, AuditRow.subject)).all()
        assert ("consent-given", waiting) in lines


@on_sqlite
def test_what_was_answered_is_in_the_signed_manifest_and_is_verified(
    platform, chain, theirs, waiting
):
    consent(theirs, waiting)
    chain.approve(waiting)
    chain.work()

    [told] = chain.get("datasets/b/releases/1/manifest.json").json["consents"]
    assert (told["agency"], told["verdict"]) == (OTHER.id, "consent")
    trust = verify.Trust(tuple(platform.home.signer.public_keys), pinned=False)
    found = verify.Inspection()
    verify.check_home(platform.home, platform.settings.lake, trust, platform.now(), found)
    assert found.misfits == []
    assert found.counts


@on_sqlite
def test_who_is_asked_sees_what_it_must_judge_and_nothing_that_was_said(
    platform, chain, theirs, waiting
):
    chain.decide(waiting, "reviewer", reason="内部意见")
    [mine] = seen(theirs, "submissions?waiting_for=me").json["data"]
    assert mine["id"] == waiting
    assert seen(theirs, "submissions").json["data"] == []

    dossier = seen(theirs, f"submissions/{waiting}/dossier").json
    for told in (mine, seen(theirs, f"submissions/{waiting}").json, dossier["submission"]):
        assert told["decisions"] == []
        assert {each["answer"] for each in told["cautions"]} <= {None}
        assert [each["agency"] for each in told["consents"]] == [OTHER.id]
        assert told["counts"]["rows"] == len(ROWS)
    assert (dossier["said_now"], dossier["said_earlier"]) == ([], [])
    assert "内部意见" not in str((mine, dossier))
    assert seen(theirs, f"submissions/{waiting}/report.json").status_code == 200
    # Reading is all that it may do besides.
    for role in ("reviewer", "approver"):
        answer = theirs.decide(waiting, role)
        assert code_of(answer) == (403, "wrong-agency")
    assert code_of(theirs.answer_with(waiting, [{"code": "x", "reason": "y"}], "reviewer")) == (
        403,
        "wrong-agency",
    )
    assert code_of(seen(theirs, f"submissions/{waiting}", "author")) == (403, "wrong-agency")


@on_sqlite
def test_who_is_asked_is_not_given_the_file_nor_why_a_marking_was_cleared(chain, theirs):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS, coordinates_with=[OTHER.id])
    marked = chain.submitted("b", csv_of(changed(ROWS, explanation="机密★10年")))
    cleared = {"reference": "解密审核〔2026〕3号", "reason": "保密期限已满"}
    path = f"/api/v1/submissions/{marked}"
    made = chain.client.post(f"{path}/clearance", json=cleared, headers=chain.as_("supervisor"))
    assert made.json["clearance"]["reference"] == cleared["reference"]

    for told in ("", "/dossier", "/report.json", "/report.html"):
        answer = seen(theirs, f"submissions/{marked}{told}")
        assert answer.status_code == 200
        assert cleared["reference"] not in answer.text
        assert cleared["reason"] not in answer.text
    assert seen(theirs, f"submissions/{marked}").json["clearance"] is None
    assert code_of(seen(theirs, f"submissions/{marked}/report.xlsx")) == (403, "wrong-agency")
    as_workbook = {
        **theirs.as_("reviewer"),
        "Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    negotiated = theirs.client.get(f"{path}/report", headers=as_workbook)
    assert code_of(negotiated) == (403, "wrong-agency")


@on_sqlite
def test_who_is_asked_sees_it_from_the_verdict_on_and_until_the_end(chain, theirs):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS, coordinates_with=[OTHER.id])
    received = chain.submit("b", csv_of(ROWS)).json["id"]
    assert code_of(seen(theirs, f"submissions/{received}")) == (403, "wrong-agency")
    assert code_of(consent(theirs, received)) == (403, "wrong-agency")
    chain.work()
    assert seen(theirs, f"submissions/{received}").status_code == 200

    chain.decide(received, "reviewer", "return", reason="请更正")
    assert code_of(seen(theirs, f"submissions/{received}")) == (403, "wrong-agency")
    assert code_of(consent(theirs, received)) == (403, "wrong-agency")
    assert chain.submission(received)["consents"] == []
    assert seen(theirs, "submissions?waiting_for=me").json["data"] == []


@on_sqlite
def test_an_objection_is_ruled_on_by_the_supervisor(chain, theirs, waiting):
    assert code_of(consent(theirs, waiting, {**NO, "reason": ""})) == (422, "invalid-consent")
    assert consent(theirs, waiting, NO).status_code == 201
    chain.decide(waiting, "reviewer")
    found = chain.submission(waiting)
    assert (found["state"], found["waiting_for"]) == ("referred", "supervisor")
    assert code_of(chain.decide(waiting, "approver")) == (409, "not-due")

    assert chain.decide(waiting, "supervisor", reason="属报送主体权限").status_code == 201
    assert chain.decide(waiting, "approver").status_code == 201
    chain.work()
    assert chain.submission(waiting)["state"] == "published"


@on_sqlite
def test_an_agency_that_objected_may_consent_after_all(chain, theirs, waiting):
    consent(theirs, waiting, NO)
    chain.decide(waiting, "reviewer")
    assert code_of(consent(theirs, waiting, NO, "approver")) == (409, "consent-not-awaited")
    assert consent(theirs, waiting).status_code == 201

    assert chain.submission(waiting)["waiting_for"] == "approver"
    assert chain.decide(waiting, "approver").status_code == 201
    assert code_of(consent(theirs, waiting, NO)) == (409, "consent-not-awaited")


@on_sqlite
def test_silence_is_told_after_ten_working_days_and_is_no_consent(clock, chain, theirs, waiting):
    def late():
        answer = chain.client.get("/api/v1/overdue-consents", headers=chain.as_("supervisor"))
        return [(each["submission"], each["agency"], each["due"]) for each in answer.json["data"]]

    [asked] = chain.submission(waiting)["consents"]
    assert (asked["due"], asked["overdue"], asked["answer"]) == ("2026-03-16", False, None)
    clock.set("2026-03-16T23:59:00+08:00")
    assert late() == []
    clock.set("2026-03-17T00:00:00+08:00")
    assert late() == [(waiting, OTHER.id, "2026-03-16")]
    assert chain.submission(waiting)["consents"][0]["overdue"] is True

    chain.decide(waiting, "reviewer")
    assert code_of(chain.decide(waiting, "approver")) == (409, "consents-awaited")
    consent(theirs, waiting)
    assert late() == []


@on_sqlite
def test_a_term_that_ends_in_a_year_not_announced_has_no_day_yet(clock, chain, theirs):
    clock.set("2026-12-25T10:00:00+08:00")
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS, coordinates_with=[OTHER.id])
    submission = chain.submitted("b", csv_of(ROWS))

    [asked] = chain.submission(submission)["consents"]
    assert (asked["due"], asked["overdue"]) == (None, None)


@on_sqlite
def test_another_release_asks_for_consent_anew(chain, theirs, waiting):
    second = chain.submitted("b", csv_of(ROWS[:1]))
    for each in (waiting, second):
        assert consent(theirs, each).status_code == 201
        chain.approve(each)
    chain.work()

    found = chain.submission(second)
    assert (found["state"], found["waiting_for"]) == ("in_review", "reviewer")
    assert [each["answer"] for each in found["consents"]] == [None]
    chain.decide(second, "reviewer")
    assert code_of(chain.decide(second, "approver")) == (409, "consents-awaited")
    assert consent(theirs, second).status_code == 201
    assert chain.decide(second, "approver").status_code == 201
    chain.work()
    assert chain.submission(second)["release"] == 2


@on_sqlite
def test_what_the_supervisor_ruled_to_be_withheld_no_approver_releases(chain, theirs, waiting):
    consent(theirs, waiting, NO)
    chain.decide(waiting, "reviewer")
    kept = {"rows": [2], "columns": ["explanation"]}
    ruling = chain.decide(waiting, "supervisor", "disclose_in_part", reason="依异议", withheld=kept)
    assert ruling.status_code == 201

    refusal = chain.decide(waiting, "approver", reason="全部公开")
    assert code_of(refusal) == (422, "withheld-mismatch")
    assert {each["code"] for each in refusal.json["errors"]} == {"withheld-by-ruling"}
    same = chain.decide(waiting, "approver", "disclose_in_part", reason="依裁定", withheld=kept)
    assert same.status_code == 201


@on_sqlite
def test_an_agency_no_longer_named_is_still_asked_about_what_was_sent_in_before(
    chain, theirs, waiting
):
    amended = chain.client.patch(
        "/api/v1/datasets/b", json={"coordinates_with": []}, headers=chain.as_("author")
    )
    assert amended.json["coordinates_with"] == []
    chain.decide(waiting, "reviewer")
    assert code_of(chain.decide(waiting, "approver")) == (409, "consents-awaited")


@on_sqlite
def test_only_another_persons_striking_an_agency_out_spares_what_is_sent_in_later(chain, theirs):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS, coordinates_with=[OTHER.id])

    def named(agencies, role):
        amended = chain.client.patch(
            "/api/v1/datasets/b", json={"coordinates_with": agencies}, headers=chain.as_(role)
        )
        assert amended.json["coordinates_with"] == agencies

    def asked(rows):
        found = chain.submission(chain.submitted("b", csv_of(rows)))
        return [each["agency"] for each in found["consents"]]

    named([], "author")
    assert asked(ROWS) == [OTHER.id]
    named([OTHER.id], "author")
    named([], "admin")
    assert asked(ROWS[:1]) == []


@on_sqlite
def test_an_agency_is_named_by_its_id_and_is_another_one(chain, theirs):
    made = chain.register("b", "budgets", "2019", coordinates_with=["no-such", OTHER.id, AGENCY.id])

    assert code_of(made) == (422, "invalid-registration")
    assert [(each["pointer"], each["code"]) for each in made.json["errors"]] == [
        ("/coordinates_with/0", "no-such-agency"),
        ("/coordinates_with/2", "own-agency"),
    ]


@on_sqlite
def test_a_person_of_both_agencies_acts_for_one_of_them(platform, people, chain, theirs, waiting):
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.APPROVER, OTHER.id)
        reviewer = people.persons[Role.REVIEWER]
        theirs.who.keys[Role.APPROVER] = access.create_key(session, reviewer, terms, platform.now())

    assert consent(theirs, waiting, role="approver").status_code == 201
    assert code_of(chain.decide(waiting, "reviewer")) == (403, "already-decided")


def test_answers_and_approvals_that_come_at_once_take_turns(platform, chain, theirs, waiting):
    """Two persons of the agency and three clicks of the approver: one answer, one approval."""
    chain.decide(waiting, "reviewer")
    own, asked = chain.as_("approver"), [theirs.as_("reviewer"), theirs.as_("approver")]
    path = f"/api/v1/submissions/{waiting}"
    calls = [(f"{path}/consents", YES, headers) for headers in asked * 2]
    calls += [(f"{path}/decisions", {"verdict": "disclose"}, own)] * 3

    def say(call):
        address, body, headers = call
        client = chain.client.application.test_client()
        answer = client.post(address, json=body, headers=headers)
        return address.rpartition("/")[2], *code_of(answer)

    with ThreadPoolExecutor(len(calls)) as threads:
        answers = Counter(threads.map(say, calls))

    assert answers["consents", 201, None] == 1
    assert answers["consents", 409, "consent-not-awaited"] == 3
    approved = answers["decisions", 201, None]
    late = answers["decisions", 403, "already-decided"]
    early = answers["decisions", 409, "consents-awaited"]
    assert approved + late + early == 3
    assert (approved, late) in [(0, 0), (1, 0), (1, 1), (1, 2)]
    with platform.home.database.read() as session:
        assert len(session.scalars(select(ConsentRow)).all()) == 1


@on_sqlite
def test_only_agencies_that_were_asked_answer(platform, chain, theirs, waiting):
    with platform.home.database.begin() as session:
        person = access.add_person(session, "某人", platform.now())
        everywhere = access.create_key(
            session, person, access.KeyTerms(Role.REVIEWER, "*"), platform.now()
        )
    path = f"/api/v1/submissions/{waiting}/consents"

    own = chain.client.post(path, json=YES, headers=chain.as_("reviewer"))
    assert code_of(own) == (409, "consent-not-awaited")
    anybody = chain.client.post(path, json=YES, headers=sign(everywhere))
    assert code_of(anybody) == (409, "consent-not-awaited")
