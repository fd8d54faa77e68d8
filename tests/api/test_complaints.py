"""Anybody reports a breach, supervisors handle it in order, its outcome is public: of nobody else.

Nothing of who reported it is public on any path, in the database, in any log, or told to the body.
"""

import csv
import io
import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Measure
from opendata.domain.complaints.procedure import Kind
from opendata.domain.complaints.steps import Held, Part, Step, Words
from opendata.domain.errors import Unprocessable
from opendata.domain.people import EVERY_AGENCY, Role
from opendata.domain.responsibility import Share
from opendata.stages import access, complaints
from opendata.stages.complaints import Filing
from opendata.storage.tables import AuditRow, ComplaintEventRow, ComplaintRow
from tests.api.duties import duty
from tests.chain import AGENCY, OTHER, sign
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

REPORTER = {"name": "李举报", "email": "li.jubao@example.org", "phone": "13800138000"}
STATEMENT = "向该局申请公开某村补助名册，对方口头拒绝并索要三百元。"
REQUEST = "某公开申请〔2026〕17号"
SECRETS = (*REPORTER.values(), STATEMENT, REQUEST)


class Cases:
    """The persons of a case, and what they do over HTTP."""

    def __init__(self, client, keys):
        self.client = client
        self.keys = keys

    def file(self, **more):
        body = {"agency": AGENCY.id, "ground": "illegal_fees", "statement": STATEMENT, **more}
        return self.client.post("/api/v1/complaints", json=body, headers={"Accept-Language": "en"})

    def as_(self, who):
        return {**sign(self.keys[who]), "Accept-Language": "en"}

    def step(self, who, complaint, kind, result=None, **more):
        body = {"kind": kind, "text": f"{kind} 的内容", **({"result": result} if result else {})}
        path = f"/api/v1/complaints/{complaint}/events"
        return self.client.post(path, json={**body, **more}, headers=self.as_(who))

    def done(self, who, complaint, kind, result=None, **more):
        answer = self.step(who, complaint, kind, result, **more)
        assert answer.status_code == 201, answer.text
        return answer.json

    def read(self, who, complaint):
        return self.client.get(f"/api/v1/complaints/{complaint}", headers=self.as_(who))

    def listed(self, who, path="complaints", **asked):
        headers = self.as_(who) if who else {}
        answer = self.client.get(f"/api/v1/{path}", query_string=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json["data"]

    def to_finding(self, complaint, **finding):
        """Let the finder check the complaint, find it so and hear the body."""
        found = {"grounds": ["illegal_fees"], "gravity": "serious", **finding}
        self.done("finder", complaint, "preliminary_check", "proceed")
        self.done("finder", complaint, "finding", "substantiated", **found)
        self.done("finder", complaint, "heard", party="body", manner="written")

    def to_notice(self, complaint, *measures):
        """Let it be found, decided and told to the body."""
        self.to_finding(complaint)
        self.done("decider", complaint, "decided", body=measures or ["rectification_ordered"])
        return self.done("decider", complaint, "notified", party="body")


@pytest.fixture
def cases(client, platform, people, others):
    """A case's persons: three supervisors, the body's own, and those of another agency."""
    keys = {
        "approver": people.keys[Role.APPROVER],
        "reviewer": people.keys[Role.REVIEWER],
        "author": people.keys[Role.AUTHOR],
        "admin": people.keys[Role.ADMIN],
        "finder": people.keys[Role.SUPERVISOR],
        "decider": others.keys[Role.SUPERVISOR],
        "stranger": others.keys[Role.APPROVER],
    }
    with platform.home.database.begin() as session:
        person = access.add_person(session, "市政务公开办己", platform.now())
        terms = access.KeyTerms(Role.SUPERVISOR, EVERY_AGENCY)
        keys["reviser"] = access.create_key(session, person, terms, platform.now())
    return Cases(client, keys)


def code(answer):
    return answer.status_code, answer.json.get("code")


def pointers(answer, status=422):
    assert answer.status_code == status, answer.text
    return [each["pointer"] for each in answer.json["errors"]]


def test_a_complaint_goes_from_clue_to_rectification_and_its_reporter_is_answered(cases, clock):
    filed = cases.file(reporter=REPORTER, request=REQUEST)
    assert filed.status_code == 201, filed.text
    complaint, follow = filed.json["id"], filed.json["links"]["tracking"]

    def followed():
        told = cases.client.get(follow).json
        return told["state"], [each["text"] for each in told["answers"]]

    assert followed() == ("received", [])
    whole = cases.read("finder", complaint).json
    assert whole["reported"] == {"statement": STATEMENT, "request": REQUEST, "erasure": None}
    assert whole["may_follow"] == ["preliminary_check"]
    cases.done("finder", complaint, "preliminary_check", "proceed")
    cases.done("finder", complaint, "answer_asked", due_on="2026-03-06", text="请说明收费情况。")
    cases.done("approver", complaint, "answered", text="经查，确有一名工作人员索要费用。")
    found = {"grounds": ["illegal_fees", "request_refused"], "gravity": "serious"}
    cases.done("finder", complaint, "finding", "substantiated", **found)
    cases.done("finder", complaint, "heard", party="body", manner="oral")
    cases.done("finder", complaint, "heard", party="person", manner="waived")
    person = {
        "name": "承办人庚",
        "part": "responsible",
        "share": "main",
        "measures": ["sanctioned"],
    }
    measures = ["rectification_ordered", "criticism_circulated"]
    decision = {"body": measures, "persons": [person], "departure": "对个人依法提出处理建议。"}
    decided = cases.done("decider", complaint, "decided", **decision)
    assert decided["steps"][-1]["words"]["names"] == ["承办人庚"]
    assert decided["steps"][-1]["departs"] is True
    assert followed() == ("in_progress", [])
    clock.set("2026-03-06T10:00:00+08:00")
    cases.done("decider", complaint, "notified", party="body", reference="某通〔2026〕1号")
    assert followed() == ("answer_owed", [])
    cases.done("decider", complaint, "notified", party="person")
    cases.done("decider", complaint, "notified", party="reporter", text="已责令退费并整改。")
    assert followed() == ("answered", ["已责令退费并整改。"])
    cases.done("decider", complaint, "transferred", party="authority")
    cases.done("decider", complaint, "rectification_ordered", rule="RECT-GY")
    clock.set("2026-03-17T10:00:00+08:00")
    [late] = cases.listed("finder", is_overdue="true")
    assert (late["rectify_by"], late["late_by"]) == ("2026-03-13", 2)
    cases.done("approver", complaint, "rectified", url="https://example.org/tuifei")
    cases.done("decider", complaint, "rectification_checked", "accepted")
    closed = cases.done("decider", complaint, "closed")
    assert closed["rectification"]["late_by"] == 2
    assert followed()[0] == "closed"
    [outcome] = cases.listed(None, "accountability/outcomes")
    assert outcome["measures"].split() == measures
    assert outcome["grounds"].split() == found["grounds"]
    assert (outcome["state"], outcome["rectified_on"]) == ("closed", "2026-03-17")
    told = {
        (each["target"], each["measure_level"]): each
        for each in cases.listed(None, "accountability")
    }
    assert told["body", 2]["rectified_late"] == told["body", 2]["rectification_rate"] == 1
    assert told["person", 3]["cases"] is None


@on_sqlite
def test_a_decision_is_reviewed_by_a_third_person_and_may_fall(cases):
    complaint = cases.file().json["id"]
    cases.to_notice(complaint)
    cases.done("approver", complaint, "review_asked", party="body")
    refused = [cases.step(who, complaint, "reviewed", "revoked") for who in ("finder", "decider")]
    assert [code(each) for each in refused] == [(409, "second-person-needed")] * 2
    assert cases.listed(None, "accountability")[0]["state"] == "under_review"
    cases.done("reviser", complaint, "reviewed", "revoked")
    assert cases.listed(None, "accountability/outcomes") == []
    cases.done("reviser", complaint, "notified", party="body")
    assert cases.read("approver", complaint).json["place"] == "dismissed"
    cases.done("reviser", complaint, "closed")


@on_sqlite
def test_what_is_unfounded_is_dismissed_by_another_person_and_explained(cases, clock):
    filed = cases.file(reporter={"name": "某甲"}).json
    complaint = filed["id"]
    cases.done("finder", complaint, "preliminary_check", "unfounded")
    assert code(cases.step("finder", complaint, "dismissed")) == (409, "second-person-needed")
    cases.done("decider", complaint, "dismissed")
    assert code(cases.step("decider", complaint, "closed")) == (409, "not-settled")

    def owed():
        [row] = cases.listed("finder")
        names = ("reporter_due_on", "reporter_answered", "reporter_late_by", "is_overdue")
        return tuple(row[name] for name in names)

    assert owed() == ("2026-03-02", False, 0, False)
    clock.set("2026-06-01T10:00:00+08:00")
    assert owed() == ("2026-03-02", False, 62, True)
    assert cases.read("finder", complaint).json["reply"]["late_by"] == 62
    assert cases.client.get(filed["links"]["tracking"]).json["state"] == "answer_owed"
    cases.done(
        "decider", complaint, "notified", party="reporter", text="经核，情况不实，说明如下。"
    )
    assert owed() == ("2026-03-02", True, 62, False)
    assert cases.read("finder", complaint).json["reply"]["given_on"] == "2026-06-01"
    cases.done("decider", complaint, "closed")
    assert (
        cases.client.get(filed["links"]["tracking"]).json["answers"][0]["text"].startswith("经核")
    )
    # The body was never asked, and learns from no list that somebody reported it.
    assert code(cases.read("approver", complaint)) == (404, "no-such-complaint")
    [line] = cases.listed(None, "accountability")
    assert (line["state"], line["agency"], line["cases"]) == ("unfounded", "*", 1)


@on_sqlite
def test_the_body_is_told_of_the_case_when_it_is_asked_and_nothing_of_the_report(cases):
    complaint = cases.file(reporter=REPORTER, request=REQUEST).json["id"]
    cases.done("finder", complaint, "preliminary_check", "proceed")
    hidden = [cases.read("approver", complaint), cases.step("approver", complaint, "answered")]
    assert [code(each) for each in hidden] == [(404, "no-such-complaint")] * 2
    assert cases.listed("approver") == []
    cases.done("finder", complaint, "answer_asked", text="请说明有无收费。")
    told = cases.read("reviewer", complaint)
    assert [each["words"]["text"] for each in told.json["steps"]] == ["请说明有无收费。"]
    for secret in ("source", "is_named", "received_on", "reported"):
        assert told.json[secret] is None
    assert {each[name] for each in told.json["steps"] for name in ("number", "person", "at")} == {
        None
    }
    assert told.json["may_follow"] == ["answered"]
    [row] = cases.listed("approver")
    assert {row[name] for name in ("source", "is_named", "received_on", "gravity")} == {None}
    assert not [each for each in SECRETS if each in told.text]
    assert code(cases.step("reviewer", complaint, "answered")) == (403, "wrong-role")
    assert code(cases.step("approver", complaint, "closed")) == (409, "complaint-not-in-turn")
    assert pointers(cases.step("approver", complaint, "answered", on="2026-03-01")) == ["/on"]
    assert code(cases.read("stranger", complaint)) == (404, "no-such-complaint")
    assert code(cases.read("author", complaint)) == (403, "wrong-role")
    cases.done("approver", complaint, "answered")


@on_sqlite
def test_who_has_or_had_a_key_of_the_agency_takes_no_part(cases, platform, people):
    complaint = cases.file(reporter=REPORTER).json["id"]
    with platform.home.database.begin() as session:
        person, now = people.persons[Role.SUPERVISOR], platform.now()
        terms = access.KeyTerms(Role.AUTHOR, AGENCY.id)
        access.revoke_key(session, access.create_key(session, person, terms, now), now)
        own = access.KeyTerms(Role.SUPERVISOR, OTHER.id)
        elsewhere = access.add_person(session, "邻县督查", now)
        cases.keys["elsewhere"] = access.create_key(session, elsewhere, own, now)
        some = access.KeyTerms(Role.SUPERVISOR, EVERY_AGENCY, collections=frozenset({"budgets"}))
        cases.keys["scoped"] = access.create_key(session, elsewhere, some, now)
    path = f"/api/v1/complaints/{complaint}"
    refused = [
        cases.read("finder", complaint),
        cases.step("finder", complaint, "preliminary_check", "proceed"),
        cases.client.get(f"{path}/reporter", headers=cases.as_("finder")),
        cases.client.post(
            f"{path}/erasure",
            json={"part": "reporter", "authority": "某机关", "reason": "某原因"},
            headers=cases.as_("finder"),
        ),
        cases.client.post(
            "/api/v1/complaints/clues",
            json={"agency": AGENCY.id, "ground": "late", "statement": "某事", "source": "letter"},
            headers=cases.as_("finder"),
        ),
    ]
    assert [code(each) for each in refused] == [(403, "involved")] * 5
    assert cases.listed("finder") == cases.listed("elsewhere") == []
    assert [each["id"] for each in cases.listed("decider")] == [complaint]
    assert code(cases.read("elsewhere", complaint)) == (404, "no-such-complaint")
    assert code(cases.read("scoped", complaint)) == (403, "wrong-collection")


def publish_by_ruling(chain):
    """Publish the first release of a dataset of the agency, which its supervisor ruled on."""
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    submission = chain.submitted("b", csv_of(rows))
    chain.answer(submission)
    for role, word in (("reviewer", "refer"), ("supervisor", "disclose"), ("approver", "disclose")):
        assert chain.decide(submission, role, word, reason="某因").status_code == 201
    chain.work()


@on_sqlite
def test_who_ruled_on_a_release_takes_no_part_and_a_key_for_complaints_is_enough(
    cases, chain, platform
):
    publish_by_ruling(chain)
    scope = frozenset({"complaints"})
    with platform.home.database.begin() as session:
        person = access.add_person(session, "市督查庚", platform.now())
        terms = access.KeyTerms(Role.SUPERVISOR, EVERY_AGENCY, collections=scope)
        cases.keys["scoped"] = access.create_key(session, person, terms, platform.now())
    about = {"dataset": "b", "release": 1}
    complaint = cases.file(ground="untrue", **about).json["id"]
    clue = {"agency": AGENCY.id, "ground": "late", "statement": "某事", "source": "letter", **about}
    refused = [
        cases.read("finder", complaint),
        cases.step("finder", complaint, "preliminary_check", "unfounded"),
        cases.client.post("/api/v1/complaints/clues", json=clue, headers=cases.as_("finder")),
    ]
    assert [code(each) for each in refused] == [(403, "involved")] * 3
    assert (cases.listed("finder"), len(cases.listed("decider"))) == ([], 1)
    cases.done("decider", complaint, "preliminary_check", "proceed")
    found = {"grounds": ["untrue"], "gravity": "minor"}
    cases.done("decider", complaint, "finding", "substantiated", **found)
    cases.done("decider", complaint, "heard", party="body", manner="written")
    decision = {"body": ["correction_ordered"], "departure": "某理由"}
    assert cases.done("scoped", complaint, "decided", **decision)["steps"][-1]["departs"] is True


@on_sqlite
def test_who_recorded_what_an_agency_did_takes_no_part_by_whatever_key(
    cases, chain, platform, people
):
    complaint = cases.file().json["id"]
    assert len(cases.listed("finder")) == 1
    chain.publish_rows("duties", "disclosure-obligations", "rolling", [duty("01-001")])
    [owed] = chain.records("disclosure-obligations", fields="_id")
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.REVIEWER, EVERY_AGENCY)
        wide = access.create_key(session, people.persons[Role.SUPERVISOR], terms, platform.now())
    began = {"occasion": "某文", "trigger_date": "2026-02-02"}
    path = f"/api/v1/obligations/{owed['_id']}/occasions"
    answer = cases.client.post(path, json=began, headers=sign(wide))
    assert answer.status_code == 201, answer.text

    assert code(cases.read("finder", complaint)) == (403, "involved")
    assert (cases.listed("finder"), len(cases.listed("decider"))) == ([], 1)


@on_sqlite
def test_who_handled_a_case_does_not_answer_in_it_for_the_body(cases, platform, others, people):
    first, second = cases.file().json["id"], cases.file().json["id"]
    for complaint in (first, second):
        cases.done("finder", complaint, "preliminary_check", "proceed")
        cases.done("decider", complaint, "answer_asked")
    with platform.home.database.begin() as session:
        terms, now = access.KeyTerms(Role.APPROVER, AGENCY.id), platform.now()
        for who, person in (
            ("finder", people.persons[Role.SUPERVISOR]),
            ("decider", others.persons[Role.SUPERVISOR]),
        ):
            cases.keys[f"{who} went over"] = access.create_key(session, person, terms, now)

    for who in ("finder went over", "decider went over"):
        assert code(cases.step(who, first, "answered")) == (403, "involved")
    # What is recorded on the body's behalf is no handling.
    cases.done("reviser", second, "answered")
    cases.done("reviser", second, "answer_asked")
    cases.done("approver", second, "answered")


@on_sqlite
def test_who_consented_to_a_release_for_another_agency_takes_no_part(
    cases, chain, platform, others
):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019", coordinates_with=[OTHER.id])
    submission = chain.submitted("b", csv_of(rows))
    given = {"verdict": "consent", "reference": "邻县函〔2026〕1号"}
    answer = cases.client.post(
        f"/api/v1/submissions/{submission}/consents", json=given, headers=cases.as_("stranger")
    )
    assert answer.status_code == 201, answer.text
    chain.approve(submission)
    chain.work()
    with platform.home.database.begin() as session:
        person, terms = others.persons[Role.APPROVER], access.KeyTerms(Role.SUPERVISOR, "*")
        cases.keys["consented"] = access.create_key(session, person, terms, platform.now())
    about = cases.file(dataset="b", release=1).json["id"]

    assert code(cases.read("consented", about)) == (403, "involved")
    assert cases.listed("consented") == []


@on_sqlite
def test_a_rectification_is_proved_by_what_was_published_since_and_is_public(cases, chain, clock):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows[:2]))
    clock.set("2026-03-03T10:00:00+08:00")
    complaint = cases.file().json["id"]
    cases.to_notice(complaint)
    cases.done("decider", complaint, "rectification_ordered", due_on="2026-03-31")
    chain.publish("b", csv_of(rows))

    def proved_by(number):
        return cases.step("approver", complaint, "rectified", dataset="b", release=number)

    assert pointers(proved_by(1)) == ["/release"]
    assert chain.suspend("b", 2).status_code == 201
    assert pointers(proved_by(2)) == ["/release"]
    assert chain.lift("b", 2, "supervisor").status_code == 201
    assert proved_by(2).status_code == 201


@on_sqlite
def test_who_ruled_that_more_of_a_dataset_is_not_published_takes_no_part(cases, chain):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows[:2]))
    whole, first = (
        cases.file(ground="duty_not_met", dataset="b", **more).json["id"]
        for more in ({}, {"release": 1})
    )
    assert len(cases.listed("finder")) == 2
    submission = chain.submitted("b", csv_of(rows))
    for role, word in (("reviewer", "refer"), ("supervisor", "withhold")):
        said = chain.decide(submission, role, word, reason="某因")
        assert said.status_code == 201, said.text

    assert code(cases.read("finder", whole)) == (403, "involved")
    assert [each["id"] for each in cases.listed("finder")] == [first]
    assert len(cases.listed("decider")) == 2


@on_sqlite
def test_what_is_sealed_is_kept_by_no_cache_and_has_no_digest(cases):
    filed = cases.file(reporter=REPORTER)
    clue = {"agency": AGENCY.id, "ground": "late", "statement": "某事", "source": "letter"}
    follow, path = filed.json["links"]["tracking"], f"/api/v1/complaints/{filed.json['id']}"
    answers = [
        filed,
        cases.client.post("/api/v1/complaints/clues", json=clue, headers=cases.as_("finder")),
        cases.client.post(f"{follow}/supplements", json={"text": "某事"}),
        cases.client.get(follow),
        cases.read("finder", filed.json["id"]),
        cases.client.get(f"{path}/reporter", headers=cases.as_("finder")),
        cases.client.get("/api/v1/complaints", headers=cases.as_("finder")),
        cases.client.get("/api/v1/complaints.csv", headers=cases.as_("finder")),
    ]
    assert {each.headers["Cache-Control"] for each in answers} == {"no-store"}
    assert not [each for each in answers if "ETag" in each.headers]


@on_sqlite
def test_who_reported_it_is_found_nowhere(cases, platform, caplog):
    with caplog.at_level(logging.DEBUG):
        filed = cases.file(reporter=REPORTER, request=REQUEST)
        complaint, follow = filed.json["id"], filed.json["links"]["tracking"]
        cases.client.post(f"{follow}/supplements", json={"text": f"补充：{STATEMENT}"})
        cases.to_notice(complaint)
        answers = [
            cases.client.get(path)
            for path in (
                follow,
                "/api/v1/accountability",
                "/api/v1/accountability.csv",
                "/api/v1/accountability/outcomes",
                "/api/v1/accountability/outcomes.ndjson",
                "/feed.atom",
                "/catalog.jsonld",
                "/metrics",
            )
        ]
        answers += [
            cases.read("approver", complaint),
            cases.step("approver", complaint, "closed"),
            cases.step("finder", complaint, "closed"),
            cases.step("finder", complaint, "decided"),
            cases.client.get("/api/v1/complaints", headers=cases.as_("finder")),
            cases.file(reporter={**REPORTER, "name": ""}, request=REQUEST),
            cases.file(reporter=REPORTER, statement=STATEMENT, release=1),
        ]
        looked = cases.client.get(
            f"/api/v1/complaints/{complaint}/reporter", headers=cases.as_("finder")
        )
    assert {name: looked.json[name] for name in REPORTER} == REPORTER
    assert looked.headers["Cache-Control"] == "no-store"
    files = platform.settings.home.glob("opendata.db*")
    written = [*(each.text for each in answers), caplog.text]
    written += [repr(dict(each.headers)) for each in answers]
    raw = b"".join(path.read_bytes() for path in files)
    for secret in SECRETS:
        assert not [text for text in written if secret in text]
        assert secret.encode() not in raw
        assert json.dumps(secret)[1:-1].encode() not in raw
    assert filed.json["tracking"] not in caplog.text
    with platform.home.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
        [row] = session.scalars(select(ComplaintRow)).all()
        details = session.scalars(select(ComplaintEventRow.details)).all()
    about = [(each.actor, each.action) for each in rows if complaint in each.subject]
    assert [action for _, action in about] == [
        "complaint-received",
        "complaint-reporter_named",
        "complaint-supplemented",
        "complaint-preliminary_check",
        "complaint-finding",
        "complaint-heard",
        "complaint-decided",
        "complaint-notified",
        "complaint-reporter-read",
    ]
    assert {actor for actor, _ in about[:3]} == {"anonymous"}
    assert (row.subject, row.person_id) == ({}, None)
    assert not [each for each in details if "内容" in repr(each)]


@on_sqlite
def test_what_is_sealed_is_erased_and_the_case_stays(cases, platform):
    complaint = cases.file(reporter=REPORTER).json["id"]

    def erase(who, part, **more):
        body = {"part": part, "authority": "某法第四十七条", "reason": "本人要求", **more}
        path = f"/api/v1/complaints/{complaint}/erasure"
        return cases.client.post(path, json=body, headers=cases.as_(who))

    before = set(platform.home.vault.objects.rglob("*"))
    assert code(erase("admin", "statement")) == (409, "still-needed")
    assert code(erase("admin", "step", number=7)) == (404, "no-such-complaint")
    assert erase("admin", "reporter").status_code == 201
    assert len(before - set(platform.home.vault.objects.rglob("*"))) == 1
    looked = cases.client.get(
        f"/api/v1/complaints/{complaint}/reporter", headers=cases.as_("finder")
    )
    assert (looked.json["name"], looked.json["erasure"]["reason"]) == (None, "本人要求")
    cases.done("finder", complaint, "preliminary_check", "duplicate")
    cases.done("decider", complaint, "dismissed")
    cases.done("decider", complaint, "notified", party="reporter")
    cases.done("decider", complaint, "closed", text="")
    assert erase("finder", "statement").status_code == 201
    assert erase("finder", "step", number=2).status_code == 201
    whole = cases.read("finder", complaint).json
    assert (whole["reported"]["statement"], whole["is_named"]) == (None, True)
    assert whole["attribution"][0]["missing"][0]["zh"].startswith("举报内容已删除")
    assert whole["reported"]["erasure"]["authority"] == "某法第四十七条"
    assert [bool(each["erasure"]) for each in whole["steps"]] == [True, False, False, False]
    assert whole["steps"][-1]["words"]["text"] is None


@on_sqlite
def test_what_is_reviewed_after_all_is_evidence_again_and_reviewed_once(cases):
    complaint = cases.file().json["id"]
    cases.to_notice(complaint, "criticism_circulated")
    cases.done("decider", complaint, "closed")
    cases.done("approver", complaint, "review_asked", party="body")
    erasing = {"part": "statement", "authority": "某法", "reason": "某因"}
    path = f"/api/v1/complaints/{complaint}/erasure"
    refused = cases.client.post(path, json=erasing, headers=cases.as_("admin"))
    assert code(refused) == (409, "still-needed")
    cases.done("reviser", complaint, "reviewed", "upheld")
    cases.done("reviser", complaint, "notified", party="body")
    again = cases.step("approver", complaint, "review_asked", party="body")
    assert code(again) == (409, "complaint-not-in-turn")
    assert cases.read("approver", complaint).json["may_follow"] == []
    assert cases.client.post(path, json=erasing, headers=cases.as_("admin")).status_code == 201


@on_sqlite
def test_a_decision_against_a_person_alone_is_no_outcome_of_the_agency(cases):
    complaint = cases.file().json["id"]
    cases.to_finding(complaint)
    cases.done("finder", complaint, "heard", party="person", manner="oral")
    person = {"name": "承办人庚", "part": "responsible", "share": "main"}
    persons = [{**person, "measures": ["self_criticism"]}]
    cases.done("decider", complaint, "decided", persons=persons)
    cases.done("decider", complaint, "notified", party="person")
    cases.done("decider", complaint, "review_asked", party="person")
    assert cases.listed(None, "accountability/outcomes") == []
    [line] = cases.listed(None, "accountability")
    assert (line["agency"], line["target"], line["cases"]) == ("*", "person", None)
    # The body was heard, and is told of the decision by its notice alone.
    told = cases.read("approver", complaint).json
    assert (told["place"], told["under_review"]) == ("investigation", False)
    assert (told["may_follow"], told["measures"]) == ([], [])
    assert cases.listed("approver")[0]["under_review"] is False


@on_sqlite
def test_an_anonymous_report_has_no_reporter_and_is_answered_by_its_code(cases):
    filed = cases.file().json
    path = f"/api/v1/complaints/{filed['id']}/reporter"
    looked = cases.client.get(path, headers=cases.as_("finder"))
    assert code(looked) == (404, "no-such-complaint")
    cases.to_notice(filed["id"], "criticism_circulated")
    cases.done("decider", filed["id"], "notified", party="reporter", text="已通报批评。")
    assert [
        each["text"] for each in cases.client.get(filed["links"]["tracking"]).json["answers"]
    ] == ["已通报批评。"]
    cases.done("decider", filed["id"], "closed")


@on_sqlite
def test_a_reporter_tells_more_until_it_is_decided_and_is_not_told_why_not_after(cases):
    filed = cases.file().json
    follow = filed["links"]["tracking"] + "/supplements"
    assert cases.client.post(follow, json={"text": "另有收据一张。"}).json["state"] == "received"
    cases.to_finding(filed["id"])
    cases.done("decider", filed["id"], "decided", body=["criticism_circulated"])
    late = cases.client.post(follow, json={"text": "再补充"}, headers={"Accept-Language": "en"})
    assert code(late) == (409, "complaint-not-in-turn")
    assert "decided" not in late.text.replace(follow, "")
    steps = cases.read("finder", filed["id"]).json["steps"]
    assert [each["words"]["text"] for each in steps if each["kind"] == "supplemented"] == [
        "另有收据一张。"
    ]


@on_sqlite
def test_a_clue_of_an_inspection_is_registered_and_decided_by_another(cases):
    body = {"agency": AGENCY.id, "ground": "not_updated", "statement": "指南三年未更新。"}
    path = "/api/v1/complaints/clues"
    public = cases.client.post(path, json={**body, "source": "public"}, headers=cases.as_("finder"))
    assert pointers(public) == ["/source"]
    body["source"] = "inspection"
    complaint = cases.client.post(path, json=body, headers=cases.as_("finder")).json["id"]
    for kind, result, more in (
        ("preliminary_check", "proceed", {}),
        ("finding", "partly", {"grounds": ["not_updated"], "gravity": "minor"}),
        ("heard", None, {"party": "body", "manner": "oral"}),
    ):
        cases.done("decider", complaint, kind, result, **more)
    decision = {"body": ["correction_ordered"]}
    for who in ("finder", "decider"):
        refused = cases.step(who, complaint, "decided", **decision)
        assert code(refused) == (409, "second-person-needed")
    nobody = cases.step("reviser", complaint, "notified", party="reporter")
    assert pointers(nobody) == ["/party"]
    cases.done("reviser", complaint, "decided", **decision)


@on_sqlite
def test_a_decision_about_a_release_follows_the_facts_or_says_why_it_does_not(cases, chain):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    complaint = cases.file(ground="untrue", dataset="b", release=1).json["id"]
    cases.to_finding(complaint, grounds=["untrue"], gravity="minor")
    cases.done("finder", complaint, "heard", party="person", manner="oral")
    told = chain.client.get(
        "/api/v1/datasets/b/releases/1/responsibility", headers=cases.as_("finder")
    ).json
    persons = [
        {
            "name": each["person"],
            "part": each["part"],
            "share": each["share"],
            "measures": ["admonition"],
        }
        for each in told["persons"]
    ]
    assert [each["share"] for each in persons] == ["main", "main", "secondary"]
    body = ["correction_ordered"]
    spared = cases.step("decider", complaint, "decided", body=body, persons=persons[:1])
    assert pointers(spared) == ["/departure"]
    needless = cases.step(
        "decider", complaint, "decided", body=body, persons=persons, departure="某理由"
    )
    assert pointers(needless) == ["/departure"]
    harsher = [{**each, "measures": ["self_criticism"]} for each in persons]
    assert pointers(cases.step("decider", complaint, "decided", persons=harsher)) == ["/departure"]
    decided = cases.done("decider", complaint, "decided", body=body, persons=persons)
    assert decided["steps"][-1]["departs"] is False
    cases.done("decider", complaint, "notified", party="body")
    cases.done("decider", complaint, "rectification_ordered", due_on="2026-03-31")
    proof = {"dataset": "b", "release": 2}
    assert pointers(cases.step("approver", complaint, "rectified", **proof)) == ["/release"]
    proof["release"] = 1
    assert cases.done("approver", complaint, "rectified", **proof)["place"] == "rectified"
    [outcome] = cases.listed(None, "accountability/outcomes", dataset="b")
    assert (outcome["release"], outcome["rectify_by"]) == (1, "2026-03-31")
    other = cases.file(agency=OTHER.id, dataset="b")
    assert pointers(other, 404) == ["/dataset"]
    assert pointers(cases.file(dataset="b", release=9), 404) == ["/release"]


class Office:
    """The body's own persons, working on a request that somebody complains about."""

    def __init__(self, cases):
        self.cases = cases

    def send(self, who, path, **body):
        path = f"/api/v1/{path}"
        answer = self.cases.client.post(path, json=body, headers=self.cases.as_(who))
        assert answer.status_code == 201, answer.text
        return answer.json

    def registered(self, number):
        asked = {"number": number, "channel": "in_person", "applicant_kind": "other"}
        asked["received_on"] = "2026-03-02"
        return self.send("author", f"agencies/{AGENCY.id}/requests", **asked)["id"]

    def record(self, who, request, kind, **details):
        words = {"statement": "告知书全文"} if kind in ("extended", "answered") else {}
        said = {"kind": kind, "on": "2026-03-02", "details": details, **words}
        return self.send(who, f"requests/{request}/events", **said)


@on_sqlite
def test_of_a_request_the_facts_say_who_did_what_and_of_what_was_left_undone_nobody(cases):
    office = Office(cases)
    request = office.registered("17")
    filed = {"ground": "request_delayed", "request": " 17 ", "reporter": {"name": "某甲"}}
    complaint = cases.file(**filed).json["id"]

    def by_the_facts():
        [about] = cases.read("finder", complaint).json["attribution"]
        assert (about["about"], about["named"], about["persons"]) == ("request", "17", [])
        deeds = [(each["role"], each["what"]["zh"], each["person"]) for each in about["facts"]]
        return deeds, " ".join(each["zh"] for each in about["missing"])

    deeds, missing = by_the_facts()
    assert [each[:2] for each in deeds] == [("author", "登记申请"), ("author", "收到")]
    assert "机关未作为" in missing
    office.record("approver", request, "extended", days=20, approved_by="负责人壬")
    office.record("approver", request, "answered", outcome="granted")
    deeds, missing = by_the_facts()
    approver = next(person for role, what, person in deeds if role == "approver")
    assert deeds[2:] == [
        ("approver", "延长答复期限", approver),
        (None, "同意延长答复期限", "负责人壬"),
        ("approver", "答复：予以公开", approver),
    ]
    assert approver
    assert "份额由调查认定" in missing
    assert "机关未作为" not in missing
    # What was recorded by mistake stays on record; there is no answer then.
    office.record("approver", request, "annulled", number=3)
    deeds, missing = by_the_facts()
    assert deeds[-1][:2] == ("approver", "撤销误录")
    assert "机关未作为" in missing
    cases.done("finder", complaint, "preliminary_check", "proceed")
    cases.done("finder", complaint, "answer_asked")
    # Who did what is told to those who handle it; the request would tell the body who reports.
    assert cases.read("approver", complaint).json["attribution"] is None
    assert cases.done("approver", complaint, "answered")["attribution"] is None


@on_sqlite
def test_no_fact_of_a_request_names_who_made_it(cases):
    body = {
        "agency": AGENCY.id,
        "applicant_kind": "natural_person",
        "applicant": {"name": "申请人庚某", "id_document": "某证", "phone": "0000"},
        "wanted": {"information": "某计划"},
    }
    made = cases.client.post("/api/v1/requests", json=body).json
    given_up = {"kind": "withdrawn", "statement": "不再需要"}
    told = cases.client.post(f"{made['links']['tracking']}/events", json=given_up)
    assert told.status_code == 201, told.text
    named = [made["number"], made["tracking"]]
    found = [cases.read("finder", cases.file(request=each).json["id"]) for each in named]

    assert [each.json["attribution"][0]["facts"] for each in found] == [[], []]
    # The code would show who asked: nothing is looked up by it.
    assert [each.json["attribution"][0]["missing"][0]["en"][:8] for each in found] == [
        "Shares f",
        "The body",
    ]
    assert not [each for each in found if "庚某" in each.text]


@on_sqlite
def test_where_the_facts_lead_to_nobody_the_case_says_why(cases, chain):
    chain.publish_rows("duties", "disclosure-obligations", "rolling", [duty("01-001")])
    [owed] = chain.records("disclosure-obligations", fields="_id")
    began = {"occasion": "某文", "trigger_date": "2026-02-02"}
    Office(cases).send("approver", f"obligations/{owed['_id']}/occasions", **began)

    def by_the_facts(**subject):
        complaint = cases.file(ground="duty_not_met", **subject).json["id"]
        told = cases.read("decider", complaint).json["attribution"]
        return [
            (each["about"], len(each["facts"]), each["missing"][-1]["zh"][:11]) for each in told
        ]

    missed = by_the_facts(obligation=owed["_id"], request="404")
    assert missed == [
        ("request", 0, "被举报机关没有这一编号"),
        ("obligation", 1, "没有人记录过以什么履行"),
    ]
    assert by_the_facts(dataset="duties") == [("nothing", 0, "举报只写明数据集，没有")]
    assert by_the_facts() == [("nothing", 0, "举报没有写明所涉的版本")]
    Office(cases).send(
        "approver",
        f"obligations/{owed['_id']}/fulfilments",
        occasion="某文",
        kind="document",
        url="https://www.example.gov.cn/1",
        fulfilled_on="2026-02-25",
    )
    [met] = by_the_facts(obligation=owed["_id"])
    assert met == ("obligation", 2, "责任份额依承办人、批准")
    [release] = by_the_facts(dataset="duties", release=1)
    assert release[:2] == ("release", 3)


@on_sqlite
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"ground": "no_such"}, ["/ground"]),
        ({"statement": " "}, ["/statement"]),
        ({"statement": "x" * 5001}, ["/statement"]),
        ({"obligation": "x"}, ["/obligation"]),
        ({"request": "x" * 61}, ["/request"]),
        ({"reporter": {"email": "a@example.org"}}, ["/reporter/name"]),
        ({"reporter": {"name": " "}}, ["/reporter/name"]),
        ({"reporter": {"name": "甲", "shoe_size": "43"}}, ["/reporter/shoe_size"]),
        ({"more": 1}, ["/more"]),
    ],
)
def test_a_report_that_cannot_be_taken_is_told_where(cases, platform, more, expected):
    assert pointers(cases.file(**more)) == expected
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_a_report_is_about_what_there_is(cases, platform):
    assert code(cases.file(agency="none")) == (404, "no-such-agency")
    unknown = cases.file(obligation="a" * 52)
    assert (code(unknown), pointers(unknown, 404)) == ((404, "not-an-obligation"), ["/obligation"])
    for more in ({"release": 1}, {"dataset": "none"}):
        refused = cases.file(**more)
        assert (code(refused), pointers(refused, 404)) == ((404, "no-such-dataset"), ["/dataset"])
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_a_step_that_cannot_be_taken_is_told_where_and_leaves_nothing(cases, platform):
    complaint = cases.file().json["id"]
    kept = set(platform.home.vault.objects.rglob("*"))
    for expected, kind, more in (
        (["/kind"], "reporter_named", {"text": ""}),
        (["/result"], "preliminary_check", {}),
        (["/rule"], "rectification_ordered", {"rule": "REQ-2019"}),
        (["/on"], "preliminary_check", {"result": "proceed", "on": "2026-03-03"}),
        (["/on"], "preliminary_check", {"result": "proceed", "on": "2026-03-01"}),
        (["/on"], "preliminary_check", {"result": "proceed", "on": "2026-02-30"}),
        (["/persons/0/name"], "decided", {"persons": [{"part": "author", "share": "main"}]}),
        (["/url"], "rectified", {"url": "javascript:alert(1)"}),
        (["/text"], "preliminary_check", {"result": "proceed", "text": "x" * 5001}),
    ):
        assert pointers(cases.step("finder", complaint, kind, **more)) == expected
    assert cases.read("finder", complaint).json["steps"] == []
    assert set(platform.home.vault.objects.rglob("*")) == kept
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_what_the_form_would_not_let_through_is_refused_behind_it_too(cases, platform, others):
    def refused(call, *given):
        with pytest.raises(Unprocessable) as found:
            call(platform.home, *given, platform.now())
        return [each.pointer for each in found.value.faults]

    empty = Filing(AGENCY.id, Ground.LATE, " ", reporter={"name": " "})
    assert refused(complaints.file, empty) == ["/statement", "/reporter/name"]
    complaint = UUID(cases.file().json["id"])
    with platform.home.database.read() as session:
        key = others.keys[Role.SUPERVISOR]
        actor = access.authenticate(session, key, platform.now(), loopback=True)
    unnamed = Step(Kind.DECIDED, platform.today(), persons=(Held(Part.AUTHOR, Share.MAIN),))
    said = complaints.Said(unnamed, Words("某事"))
    assert refused(complaints.record, actor, complaint, said) == ["/body", "/persons"]
    half = complaints.Said(Step(Kind.RECTIFIED, platform.today(), dataset="b"), Words("某事"))
    assert refused(complaints.record, actor, complaint, half) == ["/release"]


@on_sqlite
def test_there_is_nothing_under_another_code_or_id(cases):
    unknown = uuid4()
    answers = [
        cases.read("finder", unknown),
        cases.read("approver", unknown),
        cases.step("finder", unknown, "closed"),
        cases.step("stranger", cases.file().json["id"], "answered"),
        cases.client.get("/api/v1/tracking/complaints/nothing"),
        cases.client.post("/api/v1/tracking/complaints/nothing/supplements", json={"text": "某事"}),
        cases.client.get(f"/api/v1/complaints/{UUID(int=1)}/reporter", headers=cases.as_("finder")),
    ]
    assert [code(each) for each in answers] == [(404, "no-such-complaint")] * 7


def test_persons_who_decide_at_once_leave_one_decision(cases):
    complaint = cases.file().json["id"]
    cases.to_finding(complaint)

    def decide(who):
        fresh = Cases(cases.client.application.test_client(), cases.keys)
        return code(fresh.step(who, complaint, "decided", body=["criticism_circulated"]))

    with ThreadPoolExecutor(4) as threads:
        answers = Counter(threads.map(decide, ["decider", "reviser"] * 2))

    assert answers == {(201, None): 1, (409, "complaint-not-in-turn"): 3}
    kinds = [each["kind"] for each in cases.read("finder", complaint).json["steps"]]
    assert Counter(kinds)["decided"] == 1


@on_sqlite
def test_who_is_stopped_before_the_fact_is_recorded_leaves_nothing_sealed(
    cases, platform, monkeypatch
):
    def stopped(*_given):
        raise RuntimeError

    monkeypatch.setattr("opendata.stages.complaints.filing.audit.append", stopped)
    before = set(platform.home.vault.objects.rglob("*"))
    assert cases.file(reporter=REPORTER).status_code == 500
    assert set(platform.home.vault.objects.rglob("*")) == before
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_an_address_reports_so_often_an_hour_whatever_the_agency(cases, platform):
    limited = replace(platform, settings=replace(platform.settings, correction_limit=2))
    cases.client.application.extensions["opendata"] = limited
    answers = [cases.file(agency=each.id).status_code for each in (AGENCY, OTHER, AGENCY)]

    assert answers == [201, 201, 429]


@on_sqlite
def test_statistics_are_files_too_and_the_annual_report_has_the_figures(cases, platform):
    for _ in range(2):
        complaint = cases.file().json["id"]
        cases.to_notice(complaint, "criticism_circulated")
    answer = cases.client.get("/api/v1/accountability.csv?use_labels=1")
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["机关"], row["件（人）数"], row["状态"]) == (AGENCY.id, "2", "已作出处理决定")
    with platform.home.database.read() as session:
        for agency, upheld in ((AGENCY.id, 2), (OTHER.id, 0), (None, 2)):
            found = complaints.accountability_results(
                session, platform.rules, 2026, platform.today(), agency
            )
            assert found.upheld == upheld
    assert found.bodies == {Measure.CRITICISM_CIRCULATED: 2}
