"""Annual reports as files: a page that prints, a Word document, the table that is submitted."""

from typing import Any
from urllib.parse import quote

from flask import Response

from opendata.domain.annual.model import AnnualReport
from opendata.domain.annual.paper import paper_of
from opendata.stages.annual_report.table import table_of
from opendata.web.access import opened_to
from opendata.web.annual_reports.document import document
from opendata.web.annual_reports.page import content_policy, page
from opendata.web.annual_reports.room import PATH, blp, means, opened
from opendata.web.negotiation import MEDIA_TYPES
from opendata.web.room import ACCEPT, itself

HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = MEDIA_TYPES["csv"]
_VALIDATED = ["If-None-Match"]


def _answers(media_type: str, *headers: str) -> dict[str, Any]:
    names = ("ETag", "Link", *headers)
    return {
        "200": {
            "description": "年度报告 The report",
            "headers": {name: name for name in names},
            "content": {media_type: {"schema": {"type": "string"}} if media_type != DOCX else {}},
        },
        "304": "NotModified",
    }


@blp.route(f"{PATH}.html", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(operationId="read_annual_report_as_page", parameters=_VALIDATED, responses=_answers(HTML))
@blp.refuses(404)
def as_page(agency: str, year: int) -> Response:
    """查看年度报告（网页） Read an annual report as a page

    按规定的格式排版，A4 纸可直接打印；不含脚本，可保存。公布之前标明草稿和尚存的问题。

    Laid out as the official form is, to print on A4; without a script, to save. Until it is
    published it says that it is a draft, and what does not hold.
    """
    report = opened(agency, year)
    response = Response(page(paper_of(report)), mimetype=HTML)
    response.headers["Content-Security-Policy"] = content_policy()
    return response


@blp.route(f"{PATH}.docx", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(
    operationId="export_annual_report_document",
    parameters=_VALIDATED,
    responses=_answers(DOCX, "Content-Disposition"),
)
@blp.refuses(404)
def as_document(agency: str, year: int) -> Response:
    """下载年度报告（DOCX） Download an annual report as a document

    与网页内容相同，表格、标题、页码可在 Word、WPS、LibreOffice 中编辑。

    What the page has, with tables, headings and page numbers for Word, WPS or LibreOffice.
    """
    report = opened(agency, year)
    return _attached(Response(document(paper_of(report)), mimetype=DOCX), report, "docx")


@blp.route(f"{PATH}.csv", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(
    operationId="export_annual_report_table",
    parameters=_VALIDATED,
    responses=_answers(CSV, "Content-Disposition"),
)
@blp.refuses(404)
def as_table(agency: str, year: int) -> Response:
    """下载年度报告的数据（CSV） Download the figures of an annual report

    一行一格，列与政府信息公开统计的数据规范相同；报送的就是这份文件，逐字节相同。

    One figure a row, in the columns of the collection disclosure-statistics: byte for byte the
    file that is submitted.
    """
    report = opened(agency, year)
    return _attached(Response(table_of(means().contract, report), mimetype=CSV), report, "csv")


def _attached(response: Response, report: AnnualReport, suffix: str) -> Response:
    # Who reads only the plain name, as curl does, gets a whole one in ASCII.
    plain = f"annual-report-{quote(report.agency.id, safe='')}-{report.year}.{suffix}"
    named = quote(f"{paper_of(report).title}.{suffix}", safe="")
    disposition = f"attachment; filename={plain}; filename*=UTF-8''{named}"
    response.headers["Content-Disposition"] = disposition
    return response
