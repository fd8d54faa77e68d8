"""Complaints over HTTP: anybody reports, supervisors handle, the body answers."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, after_this_request

from opendata.domain.complaints.listing import ACCOUNTABILITY, COMPLAINTS, OUTCOMES
from opendata.domain.complaints.steps import Held, Step, Words
from opendata.domain.people import Role
from opendata.stages import complaints, erasure, limits
from opendata.stages.complaints import Filed, Filing, Said, Subject, What
from opendata.stages.limits import Subject as Attempted
from opendata.web.access import actor, client_network, opened_to, runtime
from opendata.web.complaints import lists, telling
from opendata.web.complaints.about import check_obligation
from opendata.web.complaints.answers import (
    ComplaintBody,
    ErasedComplaintBody,
    FiledComplaintBody,
    NamedReporterBody,
    TrackedComplaintBody,
)
from opendata.web.complaints.bodies import (
    ClueBody,
    ComplaintErasureBody,
    ComplaintFilingBody,
    StepBody,
    SupplementBody,
)
from opendata.web.links import api_url
from opendata.web.listings import add_listing
from opendata.web.room import Room

HOUR = timedelta(hours=1)
TAKING_PART = (Role.SUPERVISOR, Role.REVIEWER, Role.APPROVER)

blp = Room(
    "complaints",
    __name__,
    label="举报与责任追究 Complaints",
    url_prefix="/api/v1",
    description="举报不依法公开政府信息的行为，以及由此进行的调查、处理、复核和整改"
    "（《政府信息公开条例》第四十七条、第五十一条）。举报人的情况封存，不公开。"
    "Reporting that an agency does not disclose as it must, and what follows. Who reports is "
    "sealed and never published.",
)
add_listing(blp, "/complaints", COMPLAINTS, lists.cases, *TAKING_PART)
add_listing(blp, "/accountability", ACCOUNTABILITY, lists.accountability)
add_listing(blp, "/accountability/outcomes", OUTCOMES, lists.outcomes)


@blp.route("/complaints", methods=["POST"])
@opened_to()
@blp.arguments(ComplaintFilingBody)
@blp.doc(operationId="file_complaint")
@blp.refuses(404)
@blp.response(201, FiledComplaintBody, description="已收到 Received")
def file(body: dict[str, Any]) -> dict[str, Any]:
    """举报 Report a breach

    任何人都可以举报，不需要密钥，可以署名，也可以匿名。举报内容和举报人封存，只有办理此件的主管部门
    可见，被举报机关不可见。以查询码查询答复；查询码只显示这一次。

    Anybody may, without a key, by name or without one. What is said, and who says it, is sealed:
    supervisors who handle the case see it, the body complained about never does. The answer is
    found by the tracking code, which is shown this once.
    """
    held = runtime()
    now = held.now()
    after_this_request(kept_nowhere)
    _spend()
    return _filed(complaints.file(held.home, _filing(body), now))


@blp.route("/complaints/clues", methods=["POST"])
@opened_to(Role.SUPERVISOR)
@blp.arguments(ClueBody)
@blp.doc(operationId="register_clue")
@blp.refuses(404)
@blp.response(201, FiledComplaintBody, description="已登记 Registered")
def register(body: dict[str, Any]) -> dict[str, Any]:
    """登记线索 Register a clue

    来信来访、监督检查中发现的、其他机关转来的线索，由主管部门登记。登记人视为参与调查，不作决定。

    From a letter, an inspection or another body. Who registers it counts as investigating it, and
    does not decide.
    """
    held = runtime()
    after_this_request(kept_nowhere)
    source = body.pop("source")
    return _filed(complaints.register(held.home, actor(), _filing(body), source, held.now()))


@blp.route("/tracking/complaints/<tracking>", methods=["GET"])
@opened_to()
@blp.doc(operationId="track_complaint")
@blp.refuses(404)
@blp.response(200, TrackedComplaintBody, description="举报的办理情况 Where it stands")
def track(tracking: str) -> dict[str, Any]:
    """查询举报的办理情况 Follow a complaint

    以举报时所得的查询码查询办理情况和答复。不显示举报内容和举报人。

    With the code that was given when it was filed: where it stands, and the answer. Neither what
    was said nor who said it is shown.
    """
    after_this_request(kept_nowhere)
    return telling.tracked(*complaints.tracked(runtime().home, tracking))


@blp.route("/tracking/complaints/<tracking>/supplements", methods=["POST"])
@opened_to()
@blp.arguments(SupplementBody)
@blp.doc(operationId="supplement_complaint")
@blp.refuses(404, 409)
@blp.response(201, TrackedComplaintBody, description="已收到 Received")
def supplement(body: dict[str, str], tracking: str) -> dict[str, Any]:
    """补充情况 Tell more

    作出决定之前，举报人可以凭查询码补充情况；同样封存。

    Until it is decided, whoever reported it may tell more, by the tracking code; sealed as well.
    """
    held = runtime()
    after_this_request(kept_nowhere)
    _spend()
    complaints.supplement(held.home, tracking, body["text"], held.now())
    return telling.tracked(*complaints.tracked(held.home, tracking))


@blp.route("/complaints/<uuid:complaint_id>", methods=["GET"])
@opened_to(*TAKING_PART)
@blp.doc(operationId="read_complaint")
@blp.refuses(404)
@blp.response(200, ComplaintBody, description="案件 The case")
def one(complaint_id: UUID) -> dict[str, Any]:
    """查看案件 Read a case

    主管部门看到全部；被举报机关的审查人、批准人在被要求说明、听取陈述申辩或者书面告知之后，看到对其说的和
    其自己说的，看不到举报内容、举报人、收到日期和来源。持有或者曾持有该机关密钥的，不论用什么密钥为其登记、报送、说明、
    审查、批准过数据，答复过更正申请，申报、撰写过年度报告，或者记录过公开事项的起算日、履行情况的，放行、裁定过被举报内容，
    代其他机关答复过征询或者参加过集体决定的人员，应当回避。

    Supervisors read the whole. Reviewers and approvers of the body, once it was asked to explain,
    heard or given notice, read what was said to it and by it: not the report, the reporter, the
    day or the source. No part takes whoever has, or had, a key of that agency; by any key
    registered, prepared, explained, reviewed or approved data for it, answered a correction,
    declared or wrote of its annual report, or recorded an occasion or a fulfilment of its
    obligations; cleared or ruled on what is complained about, answered about it for another
    agency, or sat in the body that decided.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    return telling.case(complaints.opened(held.home, actor(), complaint_id, held.now()))


@blp.route("/complaints/<uuid:complaint_id>/reporter", methods=["GET"])
@opened_to(Role.SUPERVISOR)
@blp.doc(operationId="read_reporter")
@blp.refuses(404)
@blp.response(200, NamedReporterBody, description="署名举报人 Who reported it")
def reporter(complaint_id: UUID) -> dict[str, Any]:
    """查看署名举报人 Who reported a case

    只有办理此件的主管部门可以查看；每次查看都记入审计日志。

    For supervisors who handle it alone; each look leaves a line in the audit log.
    """
    held = runtime()
    after_this_request(kept_nowhere)
    return telling.of_reporter(complaints.reporter(held.home, actor(), complaint_id, held.now()))


@blp.route("/complaints/<uuid:complaint_id>/events", methods=["POST"])
@opened_to(*TAKING_PART)
@blp.arguments(StepBody)
@blp.doc(operationId="record_complaint_step")
@blp.refuses(404, 409)
@blp.response(201, ComplaintBody, description="已记录 Recorded")
def record(body: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """记录一个步骤 Record a step

    按规定的程序：初步核实、调查认定、听取陈述申辩、处理决定、书面告知、复核、整改。作决定、责令整改的人不能是调查的人，
    复核的人不能是调查或者决定的人，办理过此件的人不能代表被举报机关。被举报机关的批准人记录说明（answered）、申请复核（review_asked）和
    整改情况（rectified）。may_follow 列出此时可以记录的步骤。

    In the order of the rules. Who decides, or orders to rectify, did not investigate; who reviews
    did neither; who handled the case does not act for the body. The body's approver records
    answered, review_asked and rectified. may_follow lists what may be recorded.
    """
    held = runtime()
    after_this_request(kept_nowhere)
    said = _said(body)
    complaints.record(held.home, actor(), complaint_id, said, held.now())
    return telling.case(complaints.opened(held.home, actor(), complaint_id, held.now()))


@blp.route("/complaints/<uuid:complaint_id>/erasure", methods=["POST"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(ComplaintErasureBody)
@blp.doc(operationId="erase_of_complaint")
@blp.refuses(404, 409)
@blp.response(201, ErasedComplaintBody, description="已删除 Erased")
def erase(body: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """删除封存的内容 Erase what is sealed

    举报人的情况可以随时删除；举报内容和各步骤的记载在结案之后。依据、理由和经办人保留，案件本身不变。

    Who reported it at any time; what was reported and said once the case is closed. Authority,
    reason and person stay, and so does the case.
    """
    held = runtime()
    word = erasure.Word(body["authority"], body["reason"])
    what = What(complaint_id, body["part"], body["number"])
    complaints.erase(held.home, actor(), what, word, held.now())
    return {"id": complaint_id, "part": body["part"]}


def kept_nowhere(response: Response) -> Response:
    """Forbid every cache to keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _spend() -> None:
    """Count what somebody without a key sends in, by address.

    There is no such limit by agency: whoever used it up would keep others from reporting.
    """
    held = runtime()
    quota = held.settings.correction_limit
    if quota:
        subject = Attempted("complaint", client_network())
        limits.spend_attempt(held.home, subject, quota, HOUR, held.now())


def _filing(body: dict[str, Any]) -> Filing:
    names = ("dataset", "release", "obligation")
    subject = Subject(**{name: body.pop(name) for name in names})
    told = Filing(**body, subject=subject)
    check_obligation(told)
    return told


def _filed(found: Filed) -> dict[str, Any]:
    links = {"tracking": api_url(f"tracking/complaints/{found.tracking}")}
    return {"id": found.id, "tracking": found.tracking, "links": links}


def _said(body: dict[str, Any]) -> Said:
    persons = body.pop("persons")
    text = ("text", "departure", "reference", "url")
    words = Words(
        **{name: body.pop(name) for name in text}, names=tuple(each["name"] for each in persons)
    )
    held = tuple(Held(each["part"], each["share"], tuple(each["measures"])) for each in persons)
    given: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in body.items()
    }
    given["on"] = given["on"] or runtime().today()
    return Said(Step(**given, persons=held), words)
