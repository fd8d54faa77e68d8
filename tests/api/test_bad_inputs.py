"""What people really send: each is answered clearly, as a problem or as a report."""

import json
import re

import pytest

from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite
PROBLEM = {"type", "title", "status", "detail", "instance", "code"}
ROWS = real_rows("budgets-2019")


@pytest.fixture
def registered(chain):
    """A dataset that takes submissions, and rows of its own agency."""
    chain.register("b", "budgets", "2019")
    chain.rows = changed(ROWS, publisher_name=chain.who.agency.name.zh)
    return chain


def check_problem(answer, status, code):
    """An error is a problem document: whole, typed, and in the caller's language."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) >= PROBLEM
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    for each in answer.json.get("errors", []):
        assert set(each) == {"pointer", "detail", "code"}
    assert "Traceback" not in answer.text


def judged(chain, content, **headers):
    """Send a file in and return what became of it, with its report."""
    answer = chain.submit("b", content, **headers)
    assert answer.status_code == 202, answer.text
    chain.work()
    found = chain.submission(answer.json["id"])
    report = chain.client.get(
        f"/api/v1/submissions/{found['id']}/report", headers=chain.as_("author")
    )
    assert report.status_code == 200
    return found, report.json


def errors_of(report):
    return [error for task in report["tasks"] for error in task["errors"]] or report["errors"]


UNREADABLE = {
    "an image under a .csv name": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "a workbook of the old kind": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "nothing but zeros": bytes(5000),
    "text in GB 18030": csv_of(ROWS).decode().encode("gb18030"),
    "a web page": "<!DOCTYPE html><html><body>登录</body></html>".encode(),
    "nothing but line ends": b"\n\n\n\n",
    "JSON": b'{"data": []}\n',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_table_is_kept_and_reported_as_invalid(registered, content):
    found, report = judged(registered, content)

    assert found["state"] == "invalid"
    assert report["valid"] is False
    assert errors_of(report)
    for error in errors_of(report):
        assert re.search("[\u4e00-\u9fff]", error["messages"]["zh"])
        assert error["messages"]["en"]
    assert runtime_of(registered.client).home.vault.read(found["sha256"]) == content


def test_an_empty_file_is_refused_at_once(registered):
    check_problem(registered.submit("b", b""), 422, "empty-upload")


def test_a_header_without_rows_is_judged(registered):
    found, report = judged(registered, csv_of(registered.rows).splitlines(keepends=True)[0])

    assert found["state"] in ("invalid", "in_review")
    assert report["counts"]["rows"] == 0


def test_a_wrong_header_is_reported_by_column(registered):
    content = csv_of(registered.rows).replace(b"fiscal_year", b"fiscal_yaer", 1)
    found, report = judged(registered, content)

    assert found["state"] == "invalid"
    told = " ".join(each["messages"]["zh"] for each in errors_of(report))
    assert "fiscal_year" in told


def test_a_header_that_occurs_twice_is_reported(registered):
    lines = csv_of(registered.rows).decode().splitlines()
    lines[0] = lines[0].replace("region_code", "fiscal_year")
    found, report = judged(registered, "\n".join(lines).encode())

    assert found["state"] == "invalid"
    assert "duplicate-label" in {each["type"] for each in errors_of(report)}


def test_a_chinese_header_is_as_good_as_machine_names(registered):
    contract = runtime_of(registered.client).contracts["budgets"]
    titles = {each.name: each.title.zh for each in contract.fields}
    rows = [{titles[name]: value for name, value in row.items()} for row in registered.rows]

    assert judged(registered, csv_of(rows))[0]["state"] == "in_review"


def test_a_row_that_names_another_agency_is_reported_where_it_is(registered):
    rows = [*registered.rows]
    rows[2] = {**rows[2], "publisher_name": "别的机关"}
    found, report = judged(registered, csv_of(rows))

    [error] = errors_of(report)
    assert found["state"] == "invalid"
    assert (error["rowNumber"], error["source_line"]) == (4, 4)
    assert "publisher_name" in (error.get("fieldName"), *error.get("fieldNames", []))
    assert found["dataset"] == "b"


def test_a_row_of_another_year_is_reported(registered):
    found, report = judged(registered, csv_of(changed(registered.rows, fiscal_year="2018")))

    assert found["state"] == "invalid"
    assert len(errors_of(report)) == len(registered.rows)


def test_every_error_is_reported_not_the_first_thousand(registered):
    rows = [
        {**registered.rows[0], "line_no": str(number), "amount_total": "很多"}
        for number in range(1, 2501)
    ]
    found, report = judged(registered, csv_of(rows))

    wrong = [each for each in errors_of(report) if each["type"] == "type-error"]
    assert len(wrong) == 2500
    assert [each["rowNumber"] for each in wrong] == list(range(2, 2502))
    assert found["counts"]["errors"] == len(errors_of(report))
    assert report["complete"] is True


def test_a_line_of_twenty_million_bytes_is_refused_without_being_held(registered):
    found, report = judged(registered, b"a" * 20_000_000)

    assert found["state"] == "invalid"
    assert errors_of(report)
    assert len(json.dumps(report)) < 20_000


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_dataset_is_told_as_such(registered, method):
    if method == "get":
        check_problem(registered.get("datasets/nothing"), 404, "no-such-dataset")
    else:
        check_problem(registered.submit("nothing", csv_of(ROWS)), 404, "no-such-dataset")


def test_errors_are_told_in_the_callers_language(registered):
    def detail(language):
        answer = registered.client.get(
            "/api/v1/datasets/nothing", headers={"Accept-Language": language}
        )
        return answer.headers["Content-Language"], answer.json["detail"]

    for language in ("zh-CN,zh;q=0.9", "fr", ""):
        assert detail(language)[0] == "zh"
        assert "没有数据集" in detail(language)[1]
    assert detail("en-GB,en;q=0.9") == ("en", "There is no dataset nothing.")


class TestRegistration:
    """Everything that is wrong with a registration is told at once, each where it is."""

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"id": "Has Capitals"}, "/id"),
            ({"id": "-dash"}, "/id"),
            ({"id": "x" * 101}, "/id"),
            ({"period": "20"}, "/period"),
            ({"period": "2026-01"}, "/period"),
            ({"period": "rolling"}, "/period"),
            ({"collection": "no-such"}, "/collection"),
            ({"agency": "no-such"}, "/agency"),
            ({"title": ""}, "/title"),
            ({"title": None}, "/title"),
            ({"disclosure_attribute": None}, "/disclosure_attribute"),
            ({"disclosure_attribute": "secret"}, "/disclosure_attribute"),
            ({"disclosure_attribute": "on_request"}, "/attribute_reason"),
            ({"transcribes": "not a list"}, "/transcribes"),
            ({"sources": [{"path": "https://example.org"}]}, "/sources/0/title"),
            ({"unheard_of": 1}, "/unheard_of"),
        ],
    )
    def test_a_fault_is_located(self, chain, change, pointer):
        body = {"dataset": "b", "collection": "budgets", "period": "2026", **change}
        if "id" in body:
            body["dataset"] = "b"
        answer = chain.register(
            body.pop("dataset"), body.pop("collection"), body.pop("period"), **body
        )

        assert answer.status_code == 422, answer.text
        assert pointer in [each["pointer"] for each in answer.json["errors"]]

    def test_a_dataset_without_a_disclosure_attribute_is_refused(self, chain):
        body = {"id": "b", "collection": "budgets", "agency": "county-office", "period": "2026"}
        answer = chain.client.post(
            "/api/v1/datasets", json={**body, "title": "预算"}, headers=chain.as_("author")
        )

        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json["errors"]] == ["/disclosure_attribute"]

    def test_several_faults_are_told_together(self, chain):
        answer = chain.register("Bad Id", "budgets", "26", agency="no-such")

        assert {each["pointer"] for each in answer.json["errors"]} == {"/id", "/period", "/agency"}

    def test_an_id_or_a_period_is_registered_once(self, chain):
        assert chain.register("b", "budgets", "2026").status_code == 201
        check_problem(chain.register("b", "budgets", "2027"), 409, "dataset-exists")
        check_problem(chain.register("c", "budgets", "2026"), 409, "dataset-exists")

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 5000]
    )
    def test_a_body_that_is_no_object_is_refused(self, chain, body):
        answer = chain.client.post(
            "/api/v1/datasets",
            data=body,
            content_type="application/json",
            headers=chain.as_("author"),
        )

        assert answer.status_code in (400, 422)
        assert answer.mimetype == "application/problem+json"


class TestMetadata:
    """PATCH corrects what is said of a dataset; what it does not name stays."""

    def patch(self, chain, **body):
        return chain.client.patch("/api/v1/datasets/b", json=body, headers=chain.as_("author"))

    def test_a_correction_changes_what_it_names(self, registered, clock):
        path = "/api/v1/datasets/b"
        before = registered.client.get(path, headers=registered.as_("author")).json
        clock.advance(hours=1)
        after = self.patch(registered, description="新的说明").json

        assert after["description"] == "新的说明"
        assert after["modified_at"] > before["modified_at"]
        same = {"id", "title", "collection", "agency", "period", "registered_at", "transcribes"}
        assert {name: after[name] for name in same} == {name: before[name] for name in same}

    @pytest.mark.parametrize("name", ["id", "collection", "agency", "period"])
    def test_what_identifies_a_dataset_cannot_be_changed(self, registered, name):
        answer = self.patch(registered, **{name: "2020"})

        assert answer.status_code == 422
        assert answer.json["errors"][0]["pointer"] == f"/{name}"

    def test_a_dataset_that_is_no_longer_proactive_takes_no_more_submissions(self, registered):
        assert self.patch(registered, disclosure_attribute="withheld").status_code == 422
        changed_ = self.patch(
            registered, disclosure_attribute="withheld", attribute_reason="已定密"
        )
        assert changed_.status_code == 200
        check_problem(registered.submit("b", csv_of(ROWS)), 409, "not-for-publication")
