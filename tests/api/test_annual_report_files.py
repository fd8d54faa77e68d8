"""The annual report on paper, and as a submission that goes the way of every file."""

import csv
import hashlib
import io
import re

import docx
import pytest

from opendata.domain.annual.paper import paper_of
from opendata.domain.annual.templates import template_of
from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
from opendata.tabular.ledgers import request_ledger
from opendata.web.annual_reports.document import document
from opendata.web.annual_reports.page import page
from tests.annual import NAME, report_on
from tests.chain import Chain, cast
from tests.platforms import on_sqlite

BUREAU = Agency("bureau", Text(NAME, "Sample bureau"), None, "220000")
HOSTILE = "<script>alert(1)</script>&\x07\n=cmd|' /C calc'!A0"
LEDGER = {
    "publisher_name": NAME,
    "number": "2020-1",
    "channel": "internet",
    "applicant_kind": "natural_person",
    "received_on": "2020-03-03",
    "answered_on": "2020-03-20",
    "outcome": "refused_third_party_rights",
}


@pytest.fixture
def printed(web):
    """What prints a paper as a page."""
    with web.test_request_context():
        yield page


def test_the_page_has_the_merged_headings_of_the_form(printed):
    text = printed(paper_of(report_on(2020, {("3", "1", "C1"): "1"})))

    assert '<th scope="colgroup" rowspan="3" colspan="3">(本列数据的勾稽关系为' in text
    assert '<th class="label" scope="rowgroup" rowspan="8">(三)不予公开</th>' in text
    assert '<th scope="colgroup" colspan="5">法人或其他组织</th>' in text
    assert "<h2>三、收到和处理政府信息公开申请情况</h2>" in text
    assert len(re.findall("<td", text)) == len(template_of(2020).units)


def test_what_people_wrote_is_escaped_and_nothing_is_loaded(printed):
    text = printed(paper_of(report_on(2020, text=HOSTILE)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in text
    assert "\x07" not in text
    assert not re.search(r"<script|<link|<img|url\(|https?://", text)


def test_the_document_has_real_tables_with_merged_cells():
    made = docx.Document(io.BytesIO(document(paper_of(report_on(2020, text=HOSTILE)))))

    proactive, requests, reviews = made.tables
    # A merged cell is met at each of its places.
    assert {requests.cell(row, column)._tc for row in range(3) for column in range(3)} == {
        requests.cell(0, 0)._tc
    }
    assert [each.text for each in requests.rows[1].cells][3:5] == ["自然人", "法人或其他组织"]
    assert requests.cell(7, 1)._tc is requests.cell(14, 1)._tc
    assert proactive.rows[0].cells[0]._tc is proactive.rows[0].cells[3]._tc
    assert [len(each.rows) for each in made.tables] == [18, 26, 4]
    assert reviews.cell(0, 5)._tc is reviews.cell(0, 14)._tc
    words = [each.text for each in made.paragraphs]
    assert words[0] == f"{NAME}2020年政府信息公开工作年度报告"
    assert "<script>alert(1)</script>&" in words


def test_the_document_numbers_its_pages_on_a4_and_is_the_same_every_time():
    paper = paper_of(report_on(2018))
    content = document(paper)
    made = docx.Document(io.BytesIO(content))

    [section] = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:instr="PAGE"' in section.footer.paragraphs[0]._p.xml
    assert [each.style.name for each in made.paragraphs if each.text.startswith("一、")] == [
        "Heading 1"
    ]
    assert content == document(paper)


@pytest.fixture
def chain(platform, client, work):
    """The bureau's way, over HTTP."""
    return Chain(client, cast(platform, BUREAU), work)


@on_sqlite
def test_a_report_is_completed_and_submitted_like_any_file(chain):
    report = "/api/v1/annual-reports/bureau/2020"
    author = chain.as_("author")

    def post(path, **sent):
        return chain.client.post(path, headers=author, **sent)

    assert post("/api/v1/requests/ledger", **as_file(LEDGER)).status_code == 200
    early = post(f"{report}/submission")
    assert (early.status_code, early.json["code"]) == (409, "statistics-not-registered")
    chain.register("statistics", "disclosure-statistics", "2020")
    unfit = post(f"{report}/submission")
    assert (unfit.status_code, unfit.json["code"]) == (422, "annual-report-unfit")
    assert {"missing-figure", "section-empty"} <= {each["code"] for each in unfit.json["errors"]}
    missing = [place for place in template_of(2020).units if place.table == "2"]
    figures = [{**place._asdict(), "value": "0", "explanation": "没有发生"} for place in missing]
    assert post(f"{report}/figures", json={"figures": figures}).status_code == 201
    texts = [{"number": number, "text": f"第{number}部分。"} for number in (1, 5, 6)]
    assert post(f"{report}/sections", json={"sections": texts}).status_code == 201

    table = chain.client.get(f"{report}.csv", headers=author)
    taken = post(f"{report}/submission?notes=年度报告")
    assert taken.status_code == 202, taken.text
    assert taken.headers["Location"].endswith(taken.json["id"])
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {each["value"] for each in rows if each["indicator_code"] == "3.3.4"} == {"0", "1"}
    assert chain.client.get(f"{report}.html").status_code == 404
    chain.work()
    found = chain.client.get(f"/api/v1/submissions/{taken.json['id']}", headers=author).json
    assert (found["state"], found["sha256"]) == (
        "in_review",
        hashlib.sha256(table.data).hexdigest(),
    )


def as_file(*rows):
    out = io.StringIO()
    lines = csv.DictWriter(out, [each.name for each in request_ledger().fields])
    lines.writeheader()
    lines.writerows(rows)
    return {"data": out.getvalue().encode(), "content_type": "text/csv"}
