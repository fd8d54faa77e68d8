"""What comes back to whoever sent a file in: the report as JSON, as a page, as a workbook."""

import io
import shutil
from urllib.parse import quote

import openpyxl
import pytest
import xlsxwriter

from opendata.app import app_of
from opendata.runtime import Runtime, marking
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.pages.document import Document
from tests.platforms import BEGINNING, close, runtime_of, settings_of
from tests.tables import changed, csv_of, real_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = real_rows("budgets-2019")
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
WRONG = [*ROWS[:3], *changed(ROWS[3:4], fiscal_year="二〇一九<b>"), *ROWS[4:]]


def workbook(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("预算")
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name)
            for at, row in enumerate(rows, start=1):
                sheet.write_string(at, column, row[name])
    return out.getvalue()


@pytest.fixture(scope="module")
def chain(tmp_path_factory, template_home):
    """A platform to which files were sent; nothing but reports is asked for afterwards."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("reports") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    yield chain
    close(runtime)


@pytest.fixture(scope="module")
def sent(chain):
    """Return where what is told of a file is: one of ``FILES``, each sent in once."""
    known = {}

    def send(which: str = "csv") -> str:
        if which not in known:
            answer = chain.submit("b", FILES[which](), **HEADERS.get(which, {}))
            chain.work()
            known[which] = f"/api/v1/submissions/{answer.json['id']}"
        return known[which]

    return send


FILES = {
    "csv": lambda: csv_of(WRONG),
    "xlsx": lambda: workbook(WRONG),
    "valid": lambda: workbook(ROWS),
    "published": lambda: workbook(ROWS),
    "refused": lambda: csv_of(ROWS[:3]) + b'a,"b"c,d\n',
}
HEADERS = {
    "xlsx": {
        "Content_Disposition": f"attachment; filename*=UTF-8''{quote('2019年预算.xlsx')}",
    }
}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json;q=0.5, text/html", "text/html"),
        (XLSX, XLSX),
    ],
)
def test_accept_chooses_the_form_of_the_report(chain, sent, accept, kind):
    answer = chain.client.get(
        f"{sent()}/report", headers={**chain.as_("author"), "Accept": accept}, buffered=True
    )

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert {"Accept", "Authorization"} <= set(answer.vary)
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_what_accept_rules_out_is_406(chain, sent):
    headers = {**chain.as_("author"), "Accept": "text/csv"}

    assert chain.client.get(f"{sent()}/report", headers=headers).status_code == 406


def test_the_workbook_of_an_agency_comes_back_under_its_own_name(chain, sent):
    here = sent("xlsx")

    answer = chain.client.get(f"{here}/report.xlsx", headers=chain.as_("reviewer"), buffered=True)

    assert answer.mimetype == XLSX
    expected = f"filename*=UTF-8''{quote('2019年预算-校验结果.xlsx')}"
    assert expected in answer.headers["Content-Disposition"]
    assert "filename=report.xlsx;" in answer.headers["Content-Disposition"]
    assert answer.content_length == len(answer.data)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["校验结果", "预算"]
    column = list(ROWS[0]).index("fiscal_year") + 1
    cell = book["预算"].cell(5, column)
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert "不是四位年份" in cell.comment.text


def test_a_workbook_whose_making_fails_comes_back_as_the_rows_that_are_quoted(
    chain, sent, monkeypatch
):
    monkeypatch.setattr(marking.MarkApart, "_apart", lambda *_: None)
    apart = marking.MarkApart(runtime_of(chain.client).settings)
    monkeypatch.setitem(chain.client.application.extensions, "opendata.marking", apart)

    answer = chain.client.get(f"{sent()}/report.xlsx", headers=chain.as_("author"), buffered=True)

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [row[0].value for row in book["数据"].iter_rows()] == ["行 Line", "5"]


def test_who_waits_too_long_is_told_so(chain, sent, monkeypatch):
    monkeypatch.setattr(marking, "WAIT_SECONDS", 0)
    busy = marking.MarkApart(runtime_of(chain.client).settings)
    busy._turns.acquire()
    monkeypatch.setitem(chain.client.application.extensions, "opendata.marking", busy)

    answer = chain.client.get(f"{sent()}/report.xlsx", headers=chain.as_("author"))

    assert (answer.status_code, answer.json["code"]) == (503, "marking-busy")


@pytest.mark.parametrize("form", ["json", "html", "xlsx"])
def test_a_report_that_has_not_changed_is_not_sent_again(chain, sent, form):
    here, who = f"{sent()}/report.{form}", chain.as_("author")
    first = chain.client.get(here, headers=who, buffered=True)

    again = chain.client.get(here, headers={**who, "If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert not again.data


@pytest.mark.parametrize("form", ["json", "html", "xlsx"])
def test_head_says_how_long_the_report_is(chain, sent, form):
    here, who = f"{sent()}/report.{form}", chain.as_("author")

    head = chain.client.head(here, headers=who, buffered=True)

    assert head.content_length == len(chain.client.get(here, headers=who, buffered=True).data)


def test_the_page_says_what_is_wrong_and_needs_nothing_else(chain, sent):
    answer = chain.client.get(f"{sent()}/report.html", headers=chain.as_("author"))

    page = Document(answer.text)
    assert "不是四位年份，如 2026" in answer.text
    assert "二〇一九&lt;b&gt;" in answer.text
    assert "平台如何读懂这份文件" in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not page.faults


def test_the_answers_to_cautions_stand_on_the_page(chain, sent):
    here = sent("valid")
    chain.answer(here.rpartition("/")[2], "来源没有载明")

    page = chain.client.get(f"{here}/report.html", headers=chain.as_("author")).text

    assert "来源没有载明" in page


def test_a_refused_file_is_told_of_by_place(chain, sent):
    here = sent("refused")

    report = chain.client.get(f"{here}/report", headers=chain.as_("author")).json
    (error,) = report["errors"]
    assert (error["type"], error["source_line"]) == ("broken-quoting", 5)
    page = chain.client.get(f"{here}/report.html", headers=chain.as_("author"))
    assert "第 5 行" in page.text
    book = chain.client.get(f"{here}/report.xlsx", headers=chain.as_("author"), buffered=True)
    assert openpyxl.load_workbook(io.BytesIO(book.data)).sheetnames == ["校验结果"]


@pytest.mark.parametrize("form", ["", ".json", ".html", ".xlsx"])
def test_before_the_verdict_there_is_no_report(chain, form):
    found = chain.submit("b", csv_of(ROWS[:1])).json["id"]

    answer = chain.client.get(
        f"/api/v1/submissions/{found}/report{form}", headers=chain.as_("author")
    )

    assert (answer.status_code, answer.json["code"]) == (409, "not-reported")


@pytest.mark.parametrize("form", [".html", ".xlsx"])
def test_it_is_not_for_everybody(chain, sent, form):
    assert chain.client.get(f"{sent()}/report{form}").status_code == 401


def test_the_public_report_has_places_and_no_values(chain, sent):
    chain.approve(sent("published").rpartition("/")[2])
    chain.work()

    public = chain.client.get("/api/v1/datasets/b/releases/1/report.json", buffered=True)

    assert public.status_code == 200
    assert public.json["valid"] is True
    assert "provenance" not in public.json
