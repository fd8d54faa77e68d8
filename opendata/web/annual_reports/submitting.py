"""Submitting an annual report: its figures go the way of every submission."""

from typing import Any

from flask import request

from opendata.domain.people import Role
from opendata.stages import receive
from opendata.stages.annual_report import Named
from opendata.stages.annual_report.submission import Sending, submit
from opendata.stages.standing import Standing
from opendata.web.access import actor, opened_to
from opendata.web.annual_reports.room import PATH, blp, means
from opendata.web.bodies import UPLOAD_HEADERS
from opendata.web.links import api_url
from opendata.web.submissions.bodies import RemarksQuery, SubmissionBody

_HEADERS = [each for each in UPLOAD_HEADERS if each["name"] == "Idempotency-Key"]


@blp.route(f"{PATH}/submission", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(RemarksQuery, location="query")
@blp.doc(operationId="submit_annual_report", parameters=_HEADERS)
@blp.refuses(404, 409, 422)
@blp.response(202, SubmissionBody, description="已收到 Received", headers={"Location": "Location"})
def submission(
    remarks: dict[str, Any], agency: str, year: int
) -> tuple[Standing, int, dict[str, str]]:
    """报送年度报告 Submit an annual report

    将报告的数据作为本机关该年度政府信息公开统计的报送，随后与其他报送一样校验、审查、批准。缺数字、
    缺文字或勾稽关系不成立的不予报送，逐项列出。相同的数据生成相同的文件。文字和说明一并送审，公布之前改动的
    不公布。

    Sends the figures in to the agency's disclosure-statistics of that year; validation, review
    and approval follow as with any file. A report that lacks a figure or a section, or breaks an
    identity, is refused, item by item. The same facts give the same file. The words go with
    it for review; if they are changed before the release, they are not published.
    """
    sending = Sending(receive.Remarks(**remarks), request.headers.get("Idempotency-Key"))
    found = submit(means(), actor(), Named(agency, year), sending)
    return found, 202, {"Location": api_url(f"submissions/{found.submission.id}")}
