"""A supervisor assesses an agency by facts; it appeals; another one confirms, and all may read.

Of the first quarter of 2026: three obligations fell due, two requests, two faults were reported.
"""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from opendata.app import app_of
from opendata.domain.assessment.reading import UnusableScheme
from opendata.domain.people import EVERY_AGENCY, Role
from opendata.runtime import Runtime
from opendata.stages import access
from opendata.storage.tables import AssessmentRow, AssessmentWordRow, AuditRow
from tests.api.test_compliance import duty
from tests.chain import AGENCY, OTHER, Chain, Clock, cast, sign, work_off
from tests.domain.assessments import SCHEME
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import csv_of

SAMPLE = {"agency": AGENCY.id, "scheme": "guyuan-sample", "period": "2026Q1"}
DUTIES = [
    duty(f"01-00{number}", frequency="quarterly", effective_from="2025-10-01")
    for number in (1, 2, 3)
]


class Town:
    """An agency, a second supervisor, and another agency."""

    def __init__(self, home):
        self.runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
        mine, self.others = cast(self.runtime, AGENCY), cast(self.runtime, OTHER)
        client = app_of(self.runtime).test_client()
        self.chain = Chain(client, mine, lambda: work_off(self.runtime))
        with self.runtime.home.database.begin() as session:
            person = access.add_person(session, "second supervisor", BEGINNING)
            terms = access.KeyTerms(Role.SUPERVISOR, EVERY_AGENCY)
            self.second = access.create_key(session, person, terms, BEGINNING)

    def post(self, path, body, who="supervisor"):
        headers = sign(self.second) if who == "second" else self.chain.as_(who)
        return self.chain.client.post(
            f"/api/v1/{path}", json=body, headers={**headers, "Accept-Language": "en"}
        )

    def done(self, path, body, who="supervisor"):
        answer = self.post(path, body, who)
        assert answer.status_code == 201, answer.text
        return answer.json

    def get(self, path, headers=None):
        return self.chain.client.get(f"/api/v1/{path}", headers=headers)

    def at(self, moment):
        self.runtime.now.set(moment)


@pytest.fixture(scope="module")
def built(tmp_path_factory, template_home):
    """The town with its facts, on 20 April 2026."""
    town = Town(shutil.copytree(template_home, tmp_path_factory.mktemp("assessed") / "home"))
    town.chain.publish_rows("duties", "disclosure-obligations", "rolling", DUTIES)
    obligations = town.chain.records("disclosure-obligations", sort="obligation_code", fields="_id")
    for each, day in zip(obligations, ("2026-01-20", "2026-03-02"), strict=False):
        town.done(
            f"obligations/{each['_id']}/fulfilments",
            {"occasion": "2025Q4", "kind": "document", "url": "https://www.example.gov.cn/1",
             "fulfilled_on": day},
            "reviewer",
        )  # fmt: skip
    for number, answered in (("1", "2026-01-20"), ("2", "2026-03-02")):
        asked = town.done(
            f"agencies/{AGENCY.id}/requests",
            {"number": number, "channel": "mail", "applicant_kind": "other"},
            "author",
        )
        events = f"requests/{asked['id']}/events"
        town.done(events, {"kind": "received", "on": "2026-01-05"}, "author")
        word = {"kind": "answered", "on": answered, "details": {"outcome": "granted"}}
        town.done(events, {**word, "statement": "见附件"}, "approver")
    record = f"disclosure-obligations/{obligations[0]['_id']}/corrections"
    first, _ = (
        town.chain.client.post(f"/api/v1/{record}", json={"claim": claim}).json["id"]
        for claim in ("错字", "漏字")
    )
    for kind in ("show", "refuse"):
        town.done(f"corrections/{first}/words", {"kind": kind, "reason": "并无错误"}, "reviewer")
    town.at("2026-04-20T10:00:00+08:00")
    yield town
    close(town.runtime)


@pytest.fixture
def town(built):
    """The town; its clock stands where it stood when the test is over."""
    yield built
    built.at("2026-04-20T10:00:00+08:00")


def test_every_point_says_what_it_counts_and_the_cases_are_as_many(town):
    made = town.done("assessments", SAMPLE)
    figures = {
        each["indicator"]: (each["figure"]["counted"], each["figure"]["among"], each["points"])
        for each in made["points"]
    }

    assert figures == {
        "catalogue-met": (2, 3, 5),
        "overdue": (1, None, 9),
        "report-sections": (0, 0, None),
        "as-data": (0, 2, 0),
        "known-issues": (0, 1, 10),
        "on-time": (1, 3, 0),
        "requests-on-time": (1, 2, 0),
        "report-on-time": (0, 0, None),
        "corrections-in-time": (1, 2, 2.5),
        "complaints": (0, None, 5),
        "reviews": (0, None, 5),
    }
    # 36.5 of the 90 points that count.
    assert (made["score"], made["grade"]["id"]) == (40.56, "failed")
    assert made["points"][0]["explanation"]["en"] == (
        "2/3 = 66.67 %; none at 50 %, all at 100 %, in proportion between: 5 of 15 points."
    )
    assert (made["state"], made["day"], made["appeal_until"]) == (
        "open", "2026-04-20", "2026-04-27",
    )  # fmt: skip
    for name in ("catalogue-met", "overdue", "on-time", "requests-on-time"):
        assert_cases_are_counted(town, next(x for x in made["points"] if x["indicator"] == name))


def assert_cases_are_counted(town, point):
    figure = point["figure"]
    counts = [figure["counted"], *([] if figure["among"] is None else [figure["among"]])]
    for case, expected in zip(figure["cases"], counts, strict=True):
        address = urlsplit(case["address"])
        listed = town.chain.client.get(
            f"{address.path}?{address.query}&count=exact", headers=town.chain.as_("reviewer")
        )
        assert listed.json["meta"]["total"] == expected, case


def test_the_same_facts_give_the_same_points_byte_by_byte(town):
    again = [town.done("assessments", SAMPLE) for _ in range(2)]

    assert again[0]["computed_sha256"] == again[1]["computed_sha256"]
    assert again[1]["number"] == again[0]["number"] + 1
    kept = json.loads(town.runtime.home.vault.read(again[0]["computed_sha256"]))
    assert kept["agency"] == AGENCY.id
    scheme = town.get(f"assessments/{again[0]['id']}/scheme.toml", town.chain.as_("author"))
    assert sha256(scheme.data).hexdigest() == again[0]["scheme"]["sha256"]


def test_an_agency_appeals_and_another_supervisor_adjusts_and_confirms(town):
    old = town.done("assessments", {**SAMPLE, "period": "2026-02"})
    made = town.done("assessments", {**SAMPLE, "period": "2026-02"})
    words = f"assessments/{made['id']}/words"
    appeal = {"kind": "appeal", "indicator": "complaints", "reason": "情况有误"}
    adjust = {**appeal, "kind": "adjust", "points": 2.5}
    confirm = {"kind": "confirm", "reason": "属实"}

    def refused(body, who, status, code, path=words):
        answer = town.post(path, body, who)
        assert (answer.status_code, answer.json["code"]) == (status, code), answer.text

    assert shown(town, made) == 404
    assert shown(town, made, town.chain.as_("author")) == 200
    assert shown(town, made, sign(town.others.keys[Role.AUTHOR])) == 404
    refused(appeal, "supervisor", 403, "wrong-role")
    refused(adjust, "approver", 403, "wrong-role")
    refused(adjust, "second", 409, "appeal-not-possible")
    refused({**appeal, "indicator": "none"}, "approver", 422, "invalid-assessment-word")
    refused({**adjust, "points": "1e-9"}, "second", 422, "invalid-assessment-word")
    for points in ("NaN", "1e999999999", "-1", True, "x"):
        refused({**adjust, "points": points}, "second", 422, "invalid-body")
    refused({**appeal, "reason": ""}, "approver", 422, "invalid-body")
    personal = {**appeal, "reason": "承办人 11010519491231002X 有误"}
    refused(personal, "approver", 422, "invalid-assessment-word")
    refused(appeal, "approver", 409, "assessment-closed", f"assessments/{old['id']}/words")
    assert town.done(words, appeal, "approver")["state"] == "appealed"
    refused(appeal, "approver", 409, "appeal-not-possible")
    refused(adjust, "supervisor", 403, "own-assessment")
    refused(confirm, "second", 409, "appeals-open")
    adjusted = town.done(words, adjust, "second")
    assert adjusted["score"] < made["score"] == adjusted["computed_score"]
    refused(confirm, "second", 409, "appeals-open")
    town.at("2026-04-28T10:00:00+08:00")
    assert town.done(words, confirm, "second")["state"] == "confirmed"
    refused(confirm, "second", 409, "assessment-closed")
    refused({**SAMPLE, "period": "2026-02"}, "supervisor", 409, "assessment-closed", "assessments")

    public = town.get(f"assessments/{made['id']}").json
    assert [each["kind"] for each in public["words"]] == ["appeal", "adjust", "confirm"]
    assert public["score"] == adjusted["score"]
    assert "second supervisor" not in json.dumps(public)
    assert "assessor" not in public
    [row] = town.get("assessments?period=2026-02").json["data"]
    assert (row["id"], row["score"]) == (made["id"], public["score"])
    inside = town.get("assessments.csv?period=2026-02", town.chain.as_("author")).text
    assert inside.count(AGENCY.id) == 2
    with town.runtime.home.database.read() as session:
        subjects = session.scalars(select(AuditRow.subject)).all()
        said = select(AssessmentWordRow.kind).filter_by(assessment_id=UUID(made["id"]))
        assert session.scalars(said).all() == ["appeal", "adjust", "confirm"]
        assert session.scalars(select(AssessmentRow.number).filter_by(period="2026-02")).all() == [
            1, 2,
        ]  # fmt: skip
    assert f"{made['id']}#3" in [each.partition(" ")[0] for each in subjects]


def test_who_assesses_and_decides_is_from_outside(town):
    made = town.done("assessments", {**SAMPLE, "period": "2026-01"})
    with town.runtime.home.database.begin() as session:
        person = access.add_person(session, "went over", BEGINNING)
        own = access.KeyTerms(Role.SUPERVISOR, AGENCY.id)
        of_agency = access.create_key(session, person, own, BEGINNING)
        access.revoke_key(session, of_agency, BEGINNING)
        wide = access.KeyTerms(Role.SUPERVISOR, EVERY_AGENCY)
        went_over = access.create_key(session, person, wide, BEGINNING)
        another = access.add_person(session, "own supervisor", BEGINNING)
        inside = access.create_key(session, another, own, BEGINNING)
        third = access.add_person(session, "recorded by a key of every agency", BEGINNING)
        recorded = access.create_key(session, third, wide, BEGINNING)
        terms = access.KeyTerms(Role.APPROVER, EVERY_AGENCY)
        recorder = access.create_key(session, third, terms, BEGINNING)
        fourth = access.add_person(session, "approved by a key of every agency", BEGINNING)
        approved = access.create_key(session, fourth, wide, BEGINNING)
        approver = access.create_key(session, fourth, terms, BEGINNING)
    owed = town.chain.records("disclosure-obligations", obligation_code="01-003", fields="_id")
    met = {"occasion": "2026Q1", "kind": "exemption", "basis": "某法", "reason": "某因"}
    path = f"/api/v1/obligations/{owed[0]['_id']}/fulfilments"
    answer = town.chain.client.post(path, json=met, headers=sign(recorder))
    assert answer.status_code == 201, answer.text
    sent = town.chain.submitted("duties", csv_of([*DUTIES, duty("01-004", frequency="quarterly")]))
    assert town.chain.decide(sent, "reviewer").status_code == 201
    decided = town.chain.client.post(
        f"/api/v1/submissions/{sent}/decisions",
        json={"verdict": "return", "reason": "某因"},
        headers=sign(approver),
    )
    assert decided.status_code == 201, decided.text
    appeal = {"kind": "appeal", "indicator": "overdue", "reason": "情况有误"}
    answer = town.chain.client.post(
        f"/api/v1/assessments/{made['id']}/words", json=appeal, headers=sign(recorder)
    )
    assert (answer.status_code, answer.json["code"]) == (403, "wrong-agency")
    word = {"kind": "confirm", "reason": "属实"}
    asked = (("assessments", SAMPLE), (f"assessments/{made['id']}/words", word))

    own_work = [(each, "own-assessment") for each in (went_over, recorded, approved)]
    for key, code in ((inside, "wrong-agency"), *own_work):
        for path, body in asked:
            answer = town.chain.client.post(f"/api/v1/{path}", json=body, headers=sign(key))
            assert (answer.status_code, answer.json["code"]) == (403, code)


def test_what_was_appealed_is_not_assessed_anew(town):
    asked = {**SAMPLE, "period": "2026-03"}
    made = town.done("assessments", asked)
    appeal = {"kind": "appeal", "indicator": "overdue", "reason": "情况有误"}
    town.done(f"assessments/{made['id']}/words", appeal, "approver")

    again = town.post("assessments", asked)
    assert (again.status_code, again.json["code"]) == (409, "assessment-closed")


def shown(town, made, headers=None):
    return town.get(f"assessments/{made['id']}", headers).status_code


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"agency": "none"}, 404, "no-such-agency", None),
        ({"scheme": "guyuan"}, 404, "no-such-scheme", None),
        ({"period": "2026Q2"}, 422, "invalid-assessed-period", "/period"),
        ({"period": "2026-4"}, 422, "invalid-assessed-period", "/period"),
        ({"period": "20260"}, 422, "invalid-assessed-period", "/period"),
        ({"period": "0000"}, 422, "invalid-assessed-period", "/period"),
        ({"period": "x" * 8}, 422, "invalid-body", "/period"),
        ({"scheme": "\0"}, 422, "invalid-text", "/scheme"),
        ({"as_of": "2026-04-01"}, 422, "invalid-body", "/as_of"),
    ],
)
def test_what_cannot_be_assessed_is_refused(town, change, status, code, pointer):
    answer = town.post("assessments", {**SAMPLE, **change})

    assert (answer.status_code, answer.json["code"]) == (status, code)
    if pointer is not None:
        assert answer.json["errors"][0]["pointer"] == pointer


def test_schemes_are_public(town):
    [sample] = town.get("assessment-schemes").json["data"]

    assert town.get("assessment-schemes/guyuan-sample").json == sample
    assert sum(each["weight"] for each in sample["indicators"]) == 100
    missing = town.get("assessment-schemes/guyuan-smple")
    assert missing.status_code == 404
    assert "guyuan-sample" in missing.json["detail"]


def test_an_operators_scheme_is_known_and_a_bad_one_keeps_the_platform_from_starting(
    tmp_path, template_home
):
    home = shutil.copytree(template_home, tmp_path / "home")
    settings = replace(settings_of(home), assessments=tmp_path)
    (tmp_path / "tried.toml").write_text(SCHEME, "utf-8")
    runtime = Runtime.of(settings, Clock(BEGINNING))
    assert set(runtime.schemes) == {"guyuan-sample", "tried"}
    close(runtime)

    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "own.toml").write_text("id = 1", "utf-8")
    with pytest.raises(UnusableScheme):
        Runtime.of(replace(settings, assessments=bad), Clock(BEGINNING))
