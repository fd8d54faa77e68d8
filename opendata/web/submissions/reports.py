"""Reports over HTTP: as JSON, as a page, as the sender's workbook with the findings marked."""

import hashlib
import os
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, current_app, request, send_file

from opendata import __version__
from opendata.runtime.marking import marked
from opendata.stages import coordinate, reports, review
from opendata.stages.standing import Standing
from opendata.tabular.annotate import SUFFIXES, style_digest
from opendata.web.access import actor, opened_to, runtime
from opendata.web.negotiation import MEDIA_TYPES, wanted_format
from opendata.web.room import ACCEPT, itself
from opendata.web.submissions.room import blp

FORMS = {"json": MEDIA_TYPES["json"], "html": "text/html", "xlsx": MEDIA_TYPES["xlsx"]}
# The page brings its own style, and whoever saves it has all of it.
_CONTENT_POLICY = (
    "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REPORT = {
    "type": "object",
    "description": "Frictionless Report",
    "required": ["valid", "tasks"],
    "properties": {
        "valid": {"type": "boolean"},
        "tasks": {"type": "array", "items": {"type": "object"}},
    },
}
_CONTENT: dict[str, Any] = {
    FORMS["json"]: {"schema": _REPORT},
    FORMS["html"]: {"schema": {"type": "string"}},
    FORMS["xlsx"]: {},
}


def _answers(*forms: str) -> dict[str, Any]:
    # A documented header is in every answer: the workbook alone is always a download.
    names = ("ETag", "Link", *(("Content-Disposition",) if forms == ("xlsx",) else ()))
    content = {FORMS[form]: _CONTENT[FORMS[form]] for form in forms}
    if "xlsx" in forms:
        content |= dict.fromkeys(SUFFIXES.values(), _CONTENT[FORMS["xlsx"]])
    return {
        "200": {
            "description": "校验报告 The report",
            "headers": {name: name for name in names},
            "content": content,
        },
        "304": "NotModified",
    }


_VALIDATED = ["If-None-Match"]


@blp.route("/submissions/<uuid:submission_id>/report", methods=["GET"])
@opened_to(*reports.LOOKING)
@itself(ACCEPT)
@blp.doc(operationId="read_report", parameters=_VALIDATED, responses=_answers(*FORMS))
@blp.refuses(404, 406, 409, 503)
def report(submission_id: UUID) -> Response:
    """查看校验报告 Read the report

    按 Accept 给出 JSON、网页或标出问题的工作簿，与带扩展名的地址相同。

    As Accept asks: JSON, a page, or the workbook with the findings marked; the same as the
    addresses with an extension.
    """
    form = wanted_format(FORMS)
    return _FORMS[form](_visible(submission_id, whole=form == "xlsx"))


@blp.route("/submissions/<uuid:submission_id>/report.json", methods=["GET"])
@opened_to(*reports.LOOKING)
@blp.doc(operationId="read_report_as_json", parameters=_VALIDATED, responses=_answers("json"))
@blp.refuses(404, 409)
def report_as_json(submission_id: UUID) -> Response:
    """查看校验报告（JSON） Read the report as JSON

    完整的 Frictionless 校验报告：每处错误的行、列、规则和处理办法，另附提示。

    The whole Frictionless Report: row, column and rule of every error, with the cautions.
    """
    return _as_json(_visible(submission_id))


@blp.route("/submissions/<uuid:submission_id>/report.html", methods=["GET"])
@opened_to(*reports.LOOKING)
@itself(ACCEPT)
@blp.doc(operationId="read_report_as_page", parameters=_VALIDATED, responses=_answers("html"))
@blp.refuses(404, 409)
def report_as_page(submission_id: UUID) -> Response:
    """查看校验报告（网页） Read the report as a page

    不含脚本，可打印，可保存；列出前 1000 处错误。

    Without a script, to print or to save; it shows the first 1,000 errors.
    """
    return _as_page(_visible(submission_id))


@blp.route("/submissions/<uuid:submission_id>/report.xlsx", methods=["GET"])
@opened_to(*reports.LOOKING)
@itself(ACCEPT)
@blp.doc(operationId="read_report_as_workbook", parameters=_VALIDATED, responses=_answers("xlsx"))
@blp.refuses(404, 409, 503)
def report_as_workbook(submission_id: UUID) -> Response:
    """下载标出问题的工作簿 Download the workbook with the findings marked

    报送的 XLSX 原样退回，仅加底色、批注和“校验结果”工作表；其他格式按相同内容新做一份。至多标出
    一万处。

    An XLSX comes back as it was sent in, but for colours, comments and the sheet 校验结果; of other
    formats a new workbook has the same cells. At most 10,000 findings are marked.
    """
    return _as_workbook(_visible(submission_id, whole=True))


def _visible(submission_id: UUID, *, whole: bool = False) -> Standing:
    # The workbook is the file itself: another agency that is asked is not shown every cell.
    looked_up = review.visible if whole else coordinate.visible
    with runtime().home.database.read() as session:
        found = looked_up(session, actor(), submission_id)
    reports.check_shown(actor(), found)
    return found


def _as_json(found: Standing) -> Response:
    size, pieces = reports.report(runtime().home, found)
    response = Response(pieces, mimetype=FORMS["json"])
    response.content_length = size
    return _validated(response, _tag("json", found))


def _as_page(found: Standing) -> Response:
    page = reports.page(runtime().home, found)
    response = Response(page, mimetype=FORMS["html"])
    response.headers["Content-Security-Policy"] = _CONTENT_POLICY.format(style_digest())
    return _validated(response, hashlib.sha256(page.encode()).hexdigest()[:32])


def _as_workbook(found: Standing) -> Response:
    held = runtime()
    given = reports.given_back(held.home, held.contracts, found)
    tag = _tag("xlsx", found)
    if request.if_none_match.contains(tag):
        # Making it takes seconds; that it has not changed is known without.
        return _validated(Response(mimetype=FORMS["xlsx"]), tag)
    file, suffix = marked(current_app.extensions["opendata.marking"], held.home.scratch, given)
    response = send_file(
        file,
        mimetype=SUFFIXES[suffix],
        etag=False,
        conditional=False,
    )
    response.headers["Content-Disposition"] = _saved_as(found.submission.filename, suffix)
    response.content_length = os.fstat(file.fileno()).st_size
    return _validated(response, tag)


def _saved_as(filename: str, suffix: str) -> str:
    # Who reads only the plain name, as curl does, gets a whole one: letters left over from a
    # Chinese name would be none.
    name = quote(reports.marked_name(filename, suffix), safe="")
    return f"attachment; filename=report{suffix}; filename*=UTF-8''{name}"


def _tag(form: str, found: Standing) -> str:
    """Return what changes whenever the report does: with the code, the report and the answers."""
    told = found.report.report_sha256 if found.report else None
    answers = [each.as_dict() for each in found.cautions.issues]
    return hashlib.sha256(f"{__version__} {form} {told} {answers}".encode()).hexdigest()[:32]


def _validated(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.vary.update(("Accept", "Accept-Encoding"))
    response.make_conditional(request)
    return response


_FORMS = {"json": _as_json, "html": _as_page, "xlsx": _as_workbook}
