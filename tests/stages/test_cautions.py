"""Cautions are answered before they are published, and published as known issues."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select

from opendata.domain.people import Role
from opendata.stages import access, publish
from opendata.storage.tables import AuditRow, CautionAnswerRow
from tests.chain import AGENCY, sign
from tests.dying import DIED, work_until
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

ROWS = real_rows("budgets-2019")
# What the contract expects of budgets and these rows lack: a credit code, and the whole table.
KNOWN = {"code": "value-expected", "name": "bud-uscc-known", "field": "publisher_uscc"}
PARTIAL = {"code": "row-constraint", "name": "bud-partial", "field": None}


@pytest.fixture
def waiting(chain):
    """A submission in review, with cautions that nobody has answered."""
    chain.register("b", "budgets", "2019")
    own = changed(ROWS, publisher_name=chain.who.agency.name.zh)
    return chain.submitted("b", csv_of(own))


def code_of(answer):
    return answer.status_code, answer.json.get("code")


def answers_of(chain, submission):
    """Return the reason that stands for each kind, by the name of its rule."""
    cautions = chain.submission(submission)["cautions"]
    return {each["name"]: each["answer"] and each["answer"]["reason"] for each in cautions}


def others_of(chain, submission):
    """Return an answer to every kind that is not named above."""
    return [
        {**{key: each[key] for key in KNOWN}, "reason": "来源如此"}
        for each in chain.submission(submission)["cautions"]
        if each["name"] not in (KNOWN["name"], PARTIAL["name"])
    ]


def test_author_and_reviewer_answer_and_the_last_answer_of_a_kind_stands(chain, waiting):
    assert set(answers_of(chain, waiting).values()) == {None}
    first = chain.answer_with(
        waiting, [{**KNOWN, "reason": "写错了"}, {**PARTIAL, "reason": "节录"}]
    )
    second = chain.answer_with(waiting, [{**KNOWN, "reason": "来源没有载明"}], "reviewer")

    assert (first.status_code, second.status_code) == (201, 201)
    found = {each["name"]: each for each in second.json["cautions"]}
    assert found["bud-uscc-known"]["answer"]["reason"] == "来源没有载明"
    assert found["bud-uscc-known"]["answer"]["person"] == "county-office reviewer"
    assert found["bud-uscc-known"]["answer"]["role"] == "reviewer"
    assert found["bud-partial"]["answer"]["person"] == "county-office author"
    assert second.json == chain.submission(waiting)


def test_every_answer_is_kept_with_its_line_in_the_log(chain, platform, waiting):
    chain.answer_with(waiting, [{**KNOWN, "reason": "写错了"}, {**PARTIAL, "reason": "节录"}])
    chain.answer_with(waiting, [{**KNOWN, "reason": "来源没有载明"}])

    with platform.home.database.read() as session:
        rows = session.scalars(select(CautionAnswerRow).order_by(CautionAnswerRow.number)).all()
        lines = session.scalars(select(AuditRow.subject).filter_by(action="caution-answered")).all()
    assert [row.reason for row in rows] == ["写错了", "节录", "来源没有载明"]
    named = [each.partition(" ")[0] for each in lines]
    assert named == [f"{waiting}#{number}" for number in (1, 2, 3)]


@on_sqlite
def test_the_report_tells_the_answers_beside_the_cautions(chain, waiting):
    chain.answer_with(waiting, [{**PARTIAL, "reason": "节录"}])
    path = f"/api/v1/submissions/{waiting}/report"
    report = chain.client.get(path, headers=chain.as_("author")).json

    reasons = {
        each["name"]: each["answer"] and each["answer"]["reason"] for each in report["cautions"]
    }
    assert reasons == answers_of(chain, waiting)
    assert reasons["bud-partial"] == "节录"


def test_an_approver_waits_until_every_kind_is_answered(chain, waiting):
    assert chain.decide(waiting, "reviewer").status_code == 201
    refused = chain.decide(waiting, "approver")

    assert code_of(refused) == (409, "cautions-unanswered")
    named = {each["detail"] for each in refused.json["errors"]}
    assert len(named) == len(chain.submission(waiting)["cautions"])
    assert {each["code"] for each in refused.json["errors"]} == {"caution-unanswered"}
    chain.answer(waiting)
    assert chain.decide(waiting, "approver").status_code == 201
    assert chain.submission(waiting)["state"] == "approved"


@on_sqlite
def test_what_is_returned_or_withheld_needs_no_answers(chain, waiting):
    chain.decide(waiting, "reviewer", "withhold", reason="涉密")
    assert chain.decide(waiting, "approver", "withhold", reason="涉密").status_code == 201


@on_sqlite
@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ([{**KNOWN, "field": None, "reason": "某"}], "/answers/0", "unknown-caution"),
        ([{**KNOWN, "name": "no-such", "reason": "某"}], "/answers/0", "unknown-caution"),
        ([{"code": "bud-partial", "reason": "某"}], "/answers/0", "unknown-caution"),
        ([{**KNOWN, "reason": "某"}, {**KNOWN, "reason": "另"}], "/answers/1", "repeated-caution"),
        ([{**PARTIAL, "reason": " 　\n"}], "/answers/0/reason", "reason-required"),
        ([{**PARTIAL, "reason": ""}], "/answers/0/reason", "invalid-value"),
        ([{**PARTIAL}], "/answers/0/reason", "invalid-value"),
        ([{**PARTIAL, "reason": "某" * 2001}], "/answers/0/reason", "invalid-value"),
        ([{**PARTIAL, "reason": "某", "more": 1}], "/answers/0/more", "invalid-value"),
        ([], "/answers", "invalid-value"),
    ],
)
def test_an_answer_that_fits_nothing_or_says_nothing_is_refused(
    chain, waiting, answers, pointer, code
):
    refused = chain.answer_with(waiting, answers)

    assert refused.status_code == 422
    assert (refused.json["errors"][0]["pointer"], refused.json["errors"][0]["code"]) == (
        pointer,
        code,
    )


@on_sqlite
def test_of_several_answers_one_that_is_refused_keeps_all_from_being_recorded(chain, waiting):
    refused = chain.answer_with(
        waiting, [{**KNOWN, "reason": "某"}, {**PARTIAL, "name": "no-such", "reason": "某"}]
    )

    assert code_of(refused) == (422, "invalid-answers")
    assert "bud-partial (row-constraint)" in refused.json["detail"]
    assert set(answers_of(chain, waiting).values()) == {None}


@on_sqlite
@pytest.mark.parametrize("role", ["approver", "supervisor", "admin"])
def test_only_author_and_reviewer_answer(chain, waiting, role):
    refused = chain.answer_with(waiting, [{**KNOWN, "reason": "某"}], role)

    assert code_of(refused) == (403, "wrong-role")


@on_sqlite
def test_another_agency_answers_nothing(chain, others, waiting):
    chain.who = others

    assert code_of(chain.answer_with(waiting, [{**KNOWN, "reason": "某"}])) == (403, "wrong-agency")


@on_sqlite
def test_nobody_answers_for_a_submission_that_there_is_not(chain):
    nothing = chain.answer_with(str(UUID(int=1)), [{**KNOWN, "reason": "某"}])

    assert code_of(nothing) == (404, "no-such-submission")


@on_sqlite
def test_answers_are_given_while_the_review_lasts(chain, waiting):
    """What the approver saw is what is published: nothing is answered after the approval."""

    def answered():
        return code_of(chain.answer_with(waiting, [{**KNOWN, "reason": "某"}]))

    assert answered() == (201, None)
    chain.decide(waiting, "reviewer", "refer", reason="定密不明")
    assert answered() == (201, None)
    chain.decide(waiting, "supervisor", reason="可以公开")
    chain.answer(waiting)
    chain.decide(waiting, "approver", reason="依主管部门意见")
    assert answered() == (409, "not-answerable")
    chain.work()
    assert chain.submission(waiting)["state"] == "published"
    assert answered() == (409, "not-answerable")


@on_sqlite
def test_before_its_verdict_a_submission_has_nothing_to_answer(chain):
    chain.register("b", "budgets", "2019")
    received = chain.submit("b", csv_of(ROWS)).json["id"]

    refused = chain.answer_with(received, [{**KNOWN, "reason": "某"}])
    assert code_of(refused) == (409, "not-answerable")


@on_sqlite
def test_whoever_answered_does_not_approve(chain, platform, people, waiting):
    """Neither with another key: what nobody else has looked at would be published."""
    chain.answer(waiting)
    with platform.home.database.begin() as session:
        person = access.add_person(session, "两职一身", platform.now())
        keys = [
            access.create_key(session, person, access.KeyTerms(role, AGENCY.id), platform.now())
            for role in (Role.AUTHOR, Role.APPROVER)
        ]
    people.keys[Role.AUTHOR], others = keys[0], people.keys[Role.APPROVER]
    chain.answer_with(waiting, [{**KNOWN, "reason": "某"}])
    chain.decide(waiting, "reviewer")

    people.keys[Role.APPROVER] = keys[1]
    assert code_of(chain.decide(waiting, "approver")) == (403, "own-answer")
    people.keys[Role.APPROVER] = others
    assert chain.decide(waiting, "approver").status_code == 201


def test_answers_stay_valid_in_a_new_round(chain, waiting):
    second = chain.submitted("b", csv_of(changed(ROWS[:2], publisher_name=AGENCY.name.zh)))
    chain.approve(waiting)
    chain.answer(second, "第二份的理由")
    chain.decide(second, "reviewer")
    chain.work()

    assert chain.submission(second)["waiting_for"] == "reviewer"
    assert set(answers_of(chain, second).values()) == {"第二份的理由"}
    for role in ("reviewer", "approver"):
        assert chain.decide(second, role).status_code == 201
    chain.work()
    issues = chain.release("b", 2)["known_issues"]
    assert {each["answer"]["reason"] for each in issues} == {"第二份的理由"}


def test_a_release_tells_its_known_issues_on_every_path(chain, waiting):
    given = [{**KNOWN, "reason": "来源没有载明"}, {**PARTIAL, "reason": "来源只刊出一部分"}]
    chain.answer_with(waiting, [*given, *others_of(chain, waiting)])
    chain.approve(waiting)
    chain.work()
    cautions = chain.submission(waiting)["cautions"]

    assert chain.release("b", 1)["known_issues"] == cautions
    assert chain.get("datasets/b/releases/1/manifest.json").json["known_issues"] == cautions
    assert chain.get("datasets/b/releases/1/datapackage.json").json["knownIssues"] == cautions
    page = chain.get("budgets", limit="1").json
    assert page["meta"]["known_issues"] == {"b": len(cautions)}
    told = chain.client.get(page["links"]["known_issues"].removeprefix("http://localhost")).json
    assert told["data"] == [{"dataset": "b", "release": 1, "issues": cautions}]
    assert told["meta"] == page["meta"]
    record = chain.get(f"budgets/{page['data'][0]['_id']}").json
    assert record["meta"]["known_issues"] == {"b": len(cautions)}
    html = chain.client.get("/datasets/b/releases/1", headers={"Accept": "text/html"}).text
    assert "来源只刊出一部分" in html
    assert "county-office author" in html


@on_sqlite
def test_the_workbook_tells_the_known_issues_on_its_sheet_of_notes(chain, waiting, tmp_path):
    chain.answer(waiting, "来源只刊出一部分")
    chain.approve(waiting)
    chain.work()
    file = tmp_path / "data.xlsx"
    file.write_bytes(chain.get("datasets/b/releases/1/data.xlsx").data)

    book = openpyxl.load_workbook(file, read_only=True)
    said = " ".join(str(cell) for row in book["说明"].iter_rows(values_only=True) for cell in row)
    book.close()
    assert "已知问题" in said
    assert "来源只刊出一部分" in said


@on_sqlite
def test_a_state_of_the_past_has_the_known_issues_of_its_time(chain, waiting):
    assert chain.get("budgets").json["meta"]["known_issues"] == {}
    assert chain.get("budgets/known-issues").json["data"] == []
    chain.answer(waiting, "第一版的理由")
    chain.approve(waiting)
    chain.work()
    first = chain.release("b", 1)["snapshot"]
    second = chain.submitted("b", csv_of(changed(ROWS[:1], publisher_name=AGENCY.name.zh)))
    chain.answer(second, "第二版的理由")
    chain.approve(second)
    chain.work()

    def reasons(**query):
        [release] = chain.get("budgets/known-issues", **query).json["data"]
        return release["release"], {each["answer"]["reason"] for each in release["issues"]}

    assert reasons() == (2, {"第二版的理由"})
    assert reasons(as_of=first) == (1, {"第一版的理由"})
    refused = chain.get("budgets/known-issues", limit="1")
    assert code_of(refused) == (400, "bad-query")
    assert code_of(chain.get("budgets/known-issues", as_of="2020-01-01")) == (
        404,
        "no-such-snapshot",
    )


@on_sqlite
def test_of_a_suspended_release_no_known_issue_is_told(chain, waiting):
    chain.answer(waiting, "不应再公开的理由")
    chain.approve(waiting)
    chain.work()
    pinned = chain.release("b", 1)["snapshot"]
    chain.suspend("b", 1)

    assert chain.release("b", 1)["known_issues"] == []
    for path in ("budgets/known-issues", f"budgets/known-issues?as_of={pinned}", "budgets"):
        answer = chain.client.get(f"/api/v1/{path}")
        assert answer.json["data"] == []
        assert answer.json["meta"]["known_issues"] == {}
        assert "不应再公开的理由" not in answer.text
    for path in ("/datasets/b", "/datasets/b/releases/1"):
        page = chain.client.get(path, headers={"Accept": "text/html"})
        assert "不应再公开的理由" not in page.text


@on_sqlite
def test_an_issue_about_a_withheld_column_is_not_published(chain, waiting):
    """What is said of it would tell about the column."""
    chain.answer(waiting)
    withheld = {"columns": ["publisher_uscc"]}
    chain.approve(waiting, "disclose_in_part", reason="某", withheld=withheld)
    chain.work()

    published = {each["field"] for each in chain.release("b", 1)["known_issues"]}
    assert published
    assert "publisher_uscc" not in published
    assert "bud-uscc-known" not in chain.get("datasets/b/releases/1/manifest.json").text
    assert "bud-uscc-known" not in chain.get("datasets/b/releases/1/datapackage.json").text


@on_sqlite
def test_nothing_is_said_of_a_withheld_row(chain, waiting):
    """Neither its number nor that one more row has the fault; of every row that is left, both."""
    before = chain.submission(waiting)["cautions"]
    chain.answer(waiting)
    chain.approve(waiting, "disclose_in_part", reason="某", withheld={"rows": [2]})
    chain.work()

    issues = chain.release("b", 1)["known_issues"]
    told = {(each["name"], each["field"]): (each["count"], each["rows"]) for each in issues}
    assert any(2 in each["rows"] for each in before)
    assert told == {
        (each["name"], each["field"]): (
            each["count"] - (2 in each["rows"]),
            [row for row in each["rows"] if row != 2],
        )
        for each in before
        if each["rows"] != [2]
    }
    for path in ("manifest.json", "datapackage.json"):
        body = chain.get(f"datasets/b/releases/1/{path}").json
        assert issues in (body.get("known_issues"), body.get("knownIssues"))
    [listed] = chain.get("budgets/known-issues").json["data"]
    assert listed["issues"] == issues


def test_answers_given_at_once_are_all_kept_in_one_order(chain, platform, people, waiting):
    """Each has its own number; the one numbered last is the one that stands."""
    path = f"/api/v1/submissions/{waiting}/caution-answers"

    def speak(number):
        role = Role.AUTHOR if number % 2 else Role.REVIEWER
        body = {"answers": [{**KNOWN, "reason": f"理由{number}"}, {**PARTIAL, "reason": "节录"}]}
        client = chain.client.application.test_client()
        return client.post(path, json=body, headers=sign(people.keys[role])).status_code

    with ThreadPoolExecutor(6) as threads:
        answers = Counter(threads.map(speak, range(6)))

    assert answers == {201: 6}
    with platform.home.database.read() as session:
        rows = session.scalars(select(CautionAnswerRow).order_by(CautionAnswerRow.number)).all()
    assert [row.number for row in rows] == list(range(1, 13))
    last = next(row for row in reversed(rows) if row.name == "bud-uscc-known")
    assert answers_of(chain, waiting)["bud-uscc-known"] == last.reason


def test_an_answer_and_the_approval_given_at_once_take_turns(chain, people, waiting):
    """Whatever the order: what is published is what stood when the approval was given."""
    chain.answer(waiting, "先前的理由")
    chain.decide(waiting, "reviewer")
    said = {"answers": [{**KNOWN, "reason": "后来的理由"}]}

    def speak(what):
        path, body, role = what
        client = chain.client.application.test_client()
        url = f"/api/v1/submissions/{waiting}/{path}"
        return client.post(url, json=body, headers=sign(people.keys[role])).status_code

    with ThreadPoolExecutor(2) as threads:
        approved, answered = threads.map(
            speak,
            [
                ("decisions", {"verdict": "disclose"}, Role.APPROVER),
                ("caution-answers", said, Role.AUTHOR),
            ],
        )
    chain.work()

    assert approved == 201
    stood = "后来的理由" if answered == 201 else "先前的理由"
    issues = chain.release("b", 1)["known_issues"]
    package = chain.get("datasets/b/releases/1/datapackage.json").json
    assert issues == package["knownIssues"]
    [known] = [each for each in issues if each["name"] == "bud-uscc-known"]
    assert known["answer"]["reason"] == stood


@on_sqlite
@pytest.mark.parametrize("step", ["files-built", "recorded", "released"])
def test_known_issues_appear_with_their_release_and_once(chain, platform, clock, waiting, step):
    chain.answer(waiting, "来源如此")
    chain.approve(waiting)
    assert work_until(platform, step) == DIED
    clock.advance(seconds=30)
    if step != "released":
        assert chain.get("budgets").json["meta"]["known_issues"] == {}
    chain.work()

    cautions = chain.submission(waiting)["cautions"]
    assert chain.release("b", 1)["known_issues"] == cautions
    assert chain.get("budgets").json["meta"]["known_issues"] == {"b": len(cautions)}


@on_sqlite
def test_nothing_is_answered_between_the_files_and_the_release(chain, platform, waiting):
    chain.answer(waiting, "批准时的理由")
    chain.approve(waiting)
    tried = []

    def meanwhile(step):
        if step == "files-built":
            tried.append(code_of(chain.answer_with(waiting, [{**KNOWN, "reason": "事后的理由"}])))

    done = publish.publish(
        platform.home, platform.contracts, UUID(waiting), platform.now, meanwhile
    )
    assert done is True
    assert tried == [(409, "not-answerable")]
    reasons = {each["answer"]["reason"] for each in chain.release("b", 1)["known_issues"]}
    assert reasons == {"批准时的理由"}


@on_sqlite
def test_a_file_without_cautions_is_approved_without_answers(chain, platform):
    rows = real_rows("administrative-penalties-sample", -3)
    chain.publish_rows("p", "administrative-penalties", "rolling", rows)

    assert chain.release("p", 1)["known_issues"] == []
    with platform.home.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CautionAnswerRow)) == 0
    assert "没有已知问题" in chain.client.get("/datasets/p").text
