"""Coordination over HTTP: other agencies answer, and who is late is told."""

from typing import Any
from uuid import UUID

from opendata.domain.bases import BASES, Basis
from opendata.domain.editions import local_day
from opendata.domain.people import Role
from opendata.stages import coordinate
from opendata.stages.standing import Standing
from opendata.web.access import actor, opened_to, runtime
from opendata.web.submissions.bodies import SubmissionBody
from opendata.web.submissions.consulted import BasisList, ConsentBody, OverdueConsentList
from opendata.web.submissions.room import blp


@blp.route("/submissions/<uuid:submission_id>/consents", methods=["POST"])
@opened_to(*coordinate.CONSENTERS)
@blp.arguments(ConsentBody)
@blp.doc(operationId="answer_consultation")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已记录 Recorded")
def consent(body: dict[str, Any], submission_id: UUID) -> Standing:
    """答复发布协调 Answer another agency's question

    数据集登记的所涉机关，由其审查人或批准人以书面答复：同意或不同意。全部同意之后才能批准公开；
    逾期不答复不视为同意。不同意的由主管部门决定，或由同一机关改为同意。

    A reviewer or approver of an agency that the dataset names answers in writing: it consents, or
    it objects. Publication is approved once all consent; silence is no consent. An objection is
    decided by the supervisor, or followed by the same agency's consent.
    """
    held = runtime()
    given = coordinate.Answer(body["verdict"], body["reference"], body["reason"])
    with held.home.database.begin() as session:
        return coordinate.answer(session, actor(), submission_id, given, held.now())


@blp.route("/overdue-consents", methods=["GET"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.doc(operationId="list_overdue_consents")
@blp.response(200, OverdueConsentList, description="逾期未答复的 Answers that are late")
def overdue() -> dict[str, list[coordinate.Overdue]]:
    """列出逾期的答复 List answers that are late

    被征求的机关未在 10 个工作日内答复的，由最久的开始。所到期日的节假日安排尚未公布的不在其中。

    Agencies that did not answer within ten working days, the longest awaited first. Where the
    holidays of the year are not announced nobody is late yet.
    """
    held = runtime()
    with held.home.database.read() as session:
        return {"data": coordinate.overdue(session, actor(), local_day(held.now()))}


@blp.route("/review-bases", methods=["GET"])
@opened_to()
@blp.doc(operationId="list_review_bases")
@blp.response(200, BasisList, description="依据代码表 The code list")
def bases() -> dict[str, list[Basis]]:
    """列出审查依据 List the legal bases of a review

    《政府信息公开条例》的条、项，及可以其为依据的意见；用于审查意见的 basis_code。

    Articles and items of the Regulation, and the verdicts that may rest on them: what a decision
    names as its basis_code.
    """
    return {"data": list(BASES.values())}
