"""People ask for information on pages that need no script; the code is in no address."""

from tests.chain import AGENCY
from tests.pages.document import BROWSER, Document
from tests.platforms import on_sqlite

pytestmark = on_sqlite
FILLED = {
    "agency": AGENCY.id,
    "applicant_kind": "natural_person",
    "name": "申请人庚某",
    "id_document": "某证",
    "email": "geng.mou@example.org",
    "information": "农村公路养护计划<b>",
    "purpose": "",
    "form": "paper",
    "delivery": "post",
}


def sent(chain, path, status=200, **given):
    answer = chain.client.post(path, data=given, headers=BROWSER)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    page = Document(answer.text)
    assert page.faults == []
    assert not page.all("script")
    return page


def text_of(page):
    return page.one("main").text


def test_a_request_is_filed_followed_corrected_and_withdrawn_by_forms_alone(chain):
    filed = sent(chain, "/requests/new", 201, **FILLED)
    code = filed.one("pre").text
    [listed] = chain.client.get("/api/v1/requests", headers=chain.as_("author")).json["data"]
    page = sent(chain, "/requests/status", code=code)
    assert "待确认收到" in text_of(page)
    assert "农村公路养护计划<b>" in text_of(page)
    for kind, more in (
        ("received", {}),
        ("correction_asked", {"statement": "请写明年度"}),
    ):
        answer = chain.client.post(
            f"/api/v1/requests/{listed['id']}/events",
            json={"kind": kind, "on": "2026-03-02", **more},
            headers=chain.as_("author"),
        )
        assert answer.status_code == 201, answer.text

    page = sent(chain, "/requests/status", code=code)
    assert "请写明年度" in text_of(page)
    sent(chain, "/requests/status", 422, code=code, kind="corrected", statement=" ")
    page = sent(chain, "/requests/status", code=code, kind="corrected", statement="2025 年的")
    assert "2026-03-30" in text_of(page)
    assert not page.all("textarea")
    page = sent(chain, "/requests/status", code=code, kind="withdrawn")
    assert "已撤回" in text_of(page)
    assert code not in str([each.attributes for each in page.all("a")])
    assert "没有这件申请" in text_of(sent(chain, "/requests/status", 404, code="nobody"))


def test_a_correction_is_taken_whole_or_not_at_all(chain):
    code = sent(chain, "/requests/new", 201, **FILLED).one("pre").text
    [listed] = chain.client.get("/api/v1/requests", headers=chain.as_("author")).json["data"]
    for kind, more in (("received", {}), ("correction_asked", {"statement": "请写明年度"})):
        told = {"kind": kind, "on": "2026-03-02", **more}
        address = f"/api/v1/requests/{listed['id']}/events"
        chain.client.post(address, json=told, headers=chain.as_("author"))
    lines = "\r\n" + "甲\r\n" * 9_999
    asked = {"code": code, "kind": "corrected"}

    page = sent(chain, "/requests/status", 422, **asked, statement=f"乙丙{lines}")
    assert page.one("textarea").text.startswith("乙丙")
    sent(chain, "/requests/status", 422, **asked, statement="a\0b")
    page = sent(chain, "/requests/status", **asked, statement=f"乙{lines}")
    assert text_of(page).count("甲") == 9_999


def test_a_form_that_another_site_sends_is_refused(chain):
    for path in ("/requests/new", "/requests/status"):
        headers = {**BROWSER, "Sec-Fetch-Site": "cross-site"}
        answer = chain.client.post(path, data=FILLED, headers=headers)
        assert answer.status_code == 403
        assert "来自别的网站" in answer.text
    same = chain.client.post(
        "/requests/new", data=FILLED, headers={**BROWSER, "Sec-Fetch-Site": "same-origin"}
    )
    assert same.status_code == 201


def test_what_is_missing_is_marked_and_what_was_filled_in_stays(chain):
    wrong = {**FILLED, "agency": "", "name": "", "email": "", "information": "x" * 5001}
    page = sent(chain, "/requests/new", 422, **wrong)
    marked = {
        each.attributes["name"] for each in page.elements if "aria-invalid" in each.attributes
    }

    assert marked == {"agency", "information"}
    assert page.one("input", name="id_document").attributes["value"] == "某证"
    page = sent(chain, "/requests/new", 422, **{**FILLED, "name": "", "email": ""})
    marked = {
        each.attributes["name"] for each in page.elements if "aria-invalid" in each.attributes
    }
    assert marked == {"name"}
    assert "电子邮箱、电话或地址" in text_of(page)
    page = sent(chain, "/requests/new", 422, **{**FILLED, "agency": "a\0b"})
    assert page.one("select", name="agency").attributes["aria-invalid"] == "true"
