"""Working on requests for information: the agency's own views, and those of who supervises."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import after_this_request

from opendata.domain.listings import Row
from opendata.domain.people import Role
from opendata.domain.requests import REQUESTS
from opendata.stages import erasure, requests
from opendata.stages.requests import Application, Opened, Registration, Told
from opendata.web.access import ANY_ROLE, actor, opened_to, runtime
from opendata.web.listings import add_listing
from opendata.web.requests.bodies import NewRequestEventBody, RequestRegistrationBody
from opendata.web.requests.filing import kept_nowhere, on_today
from opendata.web.requests.room import blp
from opendata.web.requests.told import FiledRequestBody, RequestBody, filed
from opendata.web.submissions.bodies import ErasureBody


def _rows() -> Iterable[Row]:
    held = runtime()
    with held.home.database.read() as session:
        return requests.rows(session, actor(), on_today(held))


add_listing(blp, "/requests", REQUESTS, _rows, *ANY_ROLE)


@blp.route("/agencies/<agency>/requests", methods=["POST"])
@opened_to(*requests.HANDLERS)
@blp.arguments(RequestRegistrationBody)
@blp.doc(operationId="register_request")
@blp.refuses(404, 409)
@blp.response(201, FiledRequestBody, description="已登记 Registered")
def register(body: dict[str, Any], agency: str) -> dict[str, Any]:
    """登记申请 Register a request

    当面、邮寄、传真或者经本机关网站提出的申请，以本机关的编号登记。申请人的信息可以不录入。

    One that was handed in, posted, faxed, or sent by the agency's own site, under the agency's
    number. Who asks may be left out.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    asked = Application(agency, body["applicant_kind"], body["applicant"], body["wanted"])
    told = Registration(asked, body["channel"], body["number"], body["received_on"])
    return filed(requests.register(held.home, actor(), told, held.now()))


@blp.route("/requests/<uuid:request_id>", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.doc(operationId="read_request")
@blp.refuses(404)
@blp.response(200, RequestBody, description="申请 The request")
def one(request_id: UUID) -> Opened:
    """查看一件申请 Read one request

    申请人、申请内容和各事项的内容只给本机关的承办人、审查人和批准人；其他人看到的是 null。

    Who asks for what, and the words of events, are told to authors, reviewers and approvers of
    the agency itself; to others they are null.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    return requests.opened(held.home, actor(), request_id, on_today(held))


@blp.route("/requests/<uuid:request_id>/events", methods=["POST"])
@opened_to(*requests.HANDLERS)
@blp.arguments(NewRequestEventBody)
@blp.doc(operationId="record_request_event")
@blp.refuses(404, 409)
@blp.response(201, RequestBody, description="已记录 Recorded")
def record(body: dict[str, Any], request_id: UUID) -> Opened:
    """记录办理事项 Record what happened

    收到、补正、征求意见、延期、收费、中止、答复、送达、复议和诉讼，各以其日期记录；延期、收费、中止、
    答复、撤回、代申请人记录的补正和撤销误录由批准人记录。逾期的照记并标出，不因逾期而拒绝。须用该机关
    自己的密钥。

    Receipt, correction, hearings, extension, fees, suspension, answer, delivery, review and suit,
    each with its day. Extensions, fees, suspensions, answers, withdrawals, corrections that the
    applicant told the agency, and annulments are an approver's. What is late is recorded, and
    marked late. The key is one of that very agency.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    told = Told(body["kind"], body["on"], body["details"], body["statement"])
    requests.record(held.home, actor(), request_id, told, held.now())
    return requests.opened(held.home, actor(), request_id, on_today(held))


@blp.route("/requests/<uuid:request_id>/erasure", methods=["POST"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(ErasureBody)
@blp.doc(operationId="erase_request")
@blp.refuses(404, 409)
@blp.response(201, RequestBody, description="已删除 Erased")
def erase(body: dict[str, str], request_id: UUID) -> Opened:
    """删除申请人信息 Erase who asked

    申请人、申请内容和各事项的内容不可恢复；事项、日期和结果保留，统计不变。须已办结，或者从未记录过收到。

    Who asked for what and the words of events are gone for good; events, days and outcome stay,
    and so do all counts. The request has ended, or no receipt of it was ever recorded.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    word = erasure.Word(body["authority"], body["reason"])
    requests.erase(held.home, actor(), request_id, word, held.now())
    return requests.opened(held.home, actor(), request_id, on_today(held))
