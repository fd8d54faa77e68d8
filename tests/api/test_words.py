"""What is published beside the cells: numbers left in texts, notes, and a dataset's description."""

import pytest
from sqlalchemy import text

from tests.api.test_natural_persons import HIDDEN
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")[:4]
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
PERSONAL = csv_of([*changed(ROWS[:1], explanation=f"身份证{HIDDEN}"), *ROWS[1:]])
WITHHELD = {"columns": [], "rows": [2]}
MARKING = "机密★10年"


@pytest.fixture
def registered(chain):
    """A dataset without anything sent in."""
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    return chain


def patch(chain, **body):
    return chain.client.patch("/api/v1/datasets/b", json=body, headers=chain.as_("author"))


def with_notes(chain, notes):
    answer = chain.client.post(
        "/api/v1/datasets/b/submissions",
        query_string={"notes": notes},
        data=csv_of(ROWS),
        content_type="text/csv",
        headers=chain.as_("author"),
    )
    chain.work()
    return answer.json["id"]


def test_the_number_of_an_identity_document_is_not_released_with_a_reason(registered):
    submission = registered.submitted("b", PERSONAL)
    registered.answer(submission)
    refused = registered.decide(submission, "reviewer", reason="ok")

    assert (refused.status_code, refused.json["code"]) == (422, "withheld-mismatch")
    assert [each["code"] for each in refused.json["errors"]] == ["identifier-left"]
    assert HIDDEN not in refused.text
    registered.approve(submission, "disclose_in_part", reason="隐去该行", withheld=WITHHELD)
    registered.work()
    assert registered.submission(submission)["state"] == "published"


def test_what_was_approved_with_such_a_number_before_is_not_published(registered, platform):
    submission = registered.submitted("b", PERSONAL)
    _as_before_the_scan(platform)
    registered.approve(submission, reason="ok")
    registered.work()

    told = registered.submission(submission)
    assert (told["state"], told["problem"]["code"]) == ("failed", "not-publishable")
    assert "explanation" in str(told["problem"]["detail"])
    assert registered.get("datasets/b/releases/1").status_code == 404


def test_a_marked_file_that_nobody_scanned_is_not_published(registered, platform):
    marked = csv_of([*changed(ROWS[:1], explanation=MARKING), *ROWS[1:]])
    submission = registered.submitted("b", marked)
    _as_before_the_scan(platform)
    registered.approve(submission, reason="ok")
    registered.work()

    assert registered.submission(submission)["problem"]["code"] == "not-publishable"


def _as_before_the_scan(platform):
    """Have every report say nothing of flags, as those of early versions do."""
    with platform.home.database.begin() as session:
        session.execute(text("DROP TRIGGER IF EXISTS report_refuse_update"))
        session.execute(text("UPDATE report SET flags = NULL"))


@pytest.mark.parametrize(
    ("notes", "kind", "code"),
    [(MARKING, "classification-marking", "not-due"), (HIDDEN, "resident-id", "withheld-mismatch")],
)
def test_notes_are_scanned_as_cells_are(registered, notes, kind, code):
    submission = with_notes(registered, f"更正第二行\n{notes}")
    (flag,) = registered.submission(submission)["flags"]

    assert (flag["kind"], flag["field"], flag["where"]) == (kind, "notes", "submission-notes")
    registered.answer(submission)
    assert registered.decide(submission, "reviewer", reason="ok").json["code"] == code


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"title": "2019年预算-机密"}, "/title", "marked-text"),
        ({"description": f"说明\n{MARKING}"}, "/description", "marked-text"),
        ({"description_en": f"Call 13900001234, {HIDDEN}"}, "/description_en", "personal-text"),
        (
            {"sources": [{"title": f"身份证{HIDDEN}", "path": ""}]},
            "/sources/0/title",
            "personal-text",
        ),
    ],
)
def test_a_dataset_is_not_described_in_words_that_must_not_be_public(
    registered, body, pointer, code
):
    before = registered.get("datasets/b").json
    amended = patch(registered, **body)
    made = registered.register("c", "budgets", "2018", **body)

    for answer in (amended, made):
        assert answer.status_code == 422
        assert {(each["pointer"], each["code"]) for each in answer.json["errors"]} == {
            (pointer, code)
        }
        assert HIDDEN not in answer.text
    assert registered.get("datasets/b").json == before


def test_what_a_release_says_does_not_change_after_its_approval(registered):
    submission = registered.submitted("b", csv_of(ROWS))
    assert patch(registered, title="审查期间的题名").status_code == 200
    registered.approve(submission)
    frozen = patch(registered, description="批准之后的话")

    assert (frozen.status_code, frozen.json["code"]) == (409, "metadata-frozen")
    assert patch(registered, title="审查期间的题名").status_code == 200
    assert patch(registered, coordinates_with=[]).status_code == 200
    registered.work()
    package = registered.get("datasets/b/releases/1/datapackage.json")
    assert "批准之后的话" not in package.text
    assert patch(registered, description="发布之后的话").status_code == 200


def unfit(answer):
    """Return where an answer finds words that may not stay, and check that none is quoted."""
    assert (answer.status_code, answer.json["code"]) == (422, "unfit-words"), answer.text
    assert HIDDEN not in answer.text
    return [(each["pointer"], each["code"]) for each in answer.json["errors"]]


def test_no_number_and_no_marking_stands_in_what_is_said_on_the_way(chain):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    submission = chain.submitted_only("b", csv_of(ROWS))
    [caution, *_] = chain.submission(submission)["cautions"]
    named = {name: caution[name] for name in ("code", "name", "field")}
    said = [{**named, "reason": f"承办人 {HIDDEN}"}]

    assert unfit(chain.answer_with(submission, said)) == [("/answers/0/reason", "personal-text")]
    reviewed = chain.decide(submission, "reviewer", reason=f"已问 {HIDDEN}")
    assert unfit(reviewed) == [("/reason", "personal-text")]
    returned = chain.decide(submission, "reviewer", "return", reason="秘密")
    assert returned.status_code == 201
    submission = chain.submitted_only("b", csv_of(ROWS[:3]))
    chain.answer(submission)
    chain.approve(submission)
    chain.work()
    takedown = chain.client.post(
        "/api/v1/datasets/b/releases/1/suspension",
        json={"authority": "示例县保密局", "reason": MARKING},
        headers=chain.as_("approver"),
    )
    assert unfit(takedown) == [("/reason", "marked-text")]
    assert chain.release("b", 1)["takedowns"] == []


def test_what_a_stranger_wrote_is_not_shown_with_a_number(registered):
    registered.publish("b", csv_of(ROWS))
    record = registered.records("budgets", limit="1", fields="_id")[0]["_id"]
    reported = registered.client.post(
        f"/api/v1/budgets/{record}/corrections", json={"claim": f"应为 {HIDDEN}"}
    )

    def say(kind):
        return registered.client.post(
            f"/api/v1/corrections/{reported.json['id']}/words",
            json={"kind": kind, "reason": "某理由"},
            headers=registered.as_("reviewer"),
        )

    assert [each["pointer"] for each in say("show").json["errors"]] == ["/kind"]
    assert say("hide").status_code == 201
