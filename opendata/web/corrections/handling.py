"""Following and answering corrections: the reporter by a code, the agency with its keys."""

from typing import Any
from uuid import UUID

from flask import Response, after_this_request

from opendata.domain.corrections import Word
from opendata.domain.people import Role
from opendata.stages import corrections, erasure
from opendata.stages.corrections import Asked, Correction
from opendata.web.access import ANY_ROLE, actor, opened_to, runtime
from opendata.web.corrections.bodies import (
    CorrectionBody,
    CorrectionList,
    CorrectionQuery,
    CorrectionWordBody,
    FullCorrectionBody,
    TrackedCorrectionBody,
)
from opendata.web.room import Room
from opendata.web.submissions.bodies import ErasureBody

blp = Room(
    "corrections",
    __name__,
    label="更正意见 Corrections",
    url_prefix="/api/v1",
    description="公众对记录的更正意见，及公开主体的答复（《政府信息公开条例》第四十一条）。"
    "Faults that the public reports, and what the agency answers.",
)


@blp.route("/tracking/<tracking>", methods=["GET"])
@opened_to()
@blp.doc(operationId="track_correction")
@blp.refuses(404)
@blp.response(200, TrackedCorrectionBody, description="更正意见 The correction")
def tracked(tracking: str) -> Correction:
    """查询更正意见的处理情况 Follow a correction

    以报告时所得的查询码查询：处于何种状态，是否公开，如何答复。

    With the code that was given when it was reported: where it stands, whether it is shown, what
    was answered.
    """
    after_this_request(_kept_nowhere)
    with runtime().home.database.read() as session:
        return corrections.tracked(session, tracking)


@blp.route("/corrections", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.arguments(CorrectionQuery, location="query")
@blp.doc(operationId="list_corrections")
@blp.response(200, CorrectionList, description="更正意见 The corrections")
def listed(asked: dict[str, Any]) -> dict[str, list[Correction]]:
    """列出更正意见 List corrections

    对本主体记录的更正意见，由新到旧。

    Those on records of the key's agency, newest first.
    """
    with runtime().home.database.read() as session:
        return {"data": corrections.corrections(session, actor(), Asked(**asked))}


@blp.route("/corrections/<uuid:correction_id>", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.doc(operationId="read_correction")
@blp.refuses(404)
@blp.response(200, FullCorrectionBody, description="更正意见 The correction")
def one(correction_id: UUID) -> Correction:
    """查看一条更正意见 Read one correction

    联系方式只给本机关的审查人和批准人；其他人看到的是 null。

    The contact is told to reviewers and approvers of the agency itself; to others it is null.
    """
    after_this_request(_kept_nowhere)
    return corrections.opened(runtime().home, actor(), correction_id)


@blp.route("/corrections/<uuid:correction_id>/words", methods=["POST"])
@opened_to(*corrections.HANDLERS)
@blp.arguments(CorrectionWordBody)
@blp.doc(operationId="answer_correction")
@blp.refuses(404, 409)
@blp.response(201, CorrectionBody, description="已记录 Recorded")
def say(body: dict[str, Any], correction_id: UUID) -> Correction:
    """处理更正意见 Say a word on a correction

    先说明是否公开（show、hide），再答复：refuse、transfer 或 correct；
    correct 须指明更正后的发布版本。公开的意见连同答复和理由列在记录旁边。

    First whether it is shown (show, hide), then the answer: refuse, transfer or correct, which
    names the release that corrects the record. What is shown stands beside the record with its
    answers and their reasons.
    """
    held = runtime()
    now = held.now()
    word = Word(at=now, **body)
    with held.home.database.begin() as session:
        return corrections.say(session, actor(), correction_id, word, now)


@blp.route("/corrections/<uuid:correction_id>/erasure", methods=["POST"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(ErasureBody)
@blp.doc(operationId="erase_correction_contact")
@blp.refuses(404, 409)
@blp.response(201, FullCorrectionBody, description="已删除 Erased")
def erase(body: dict[str, str], correction_id: UUID) -> Correction:
    """删除联系方式 Erase a contact

    联系方式不可恢复；依据、理由和经办人保留，意见本身不变。

    The contact is gone for good; authority, reason and person stay, and so does the correction.
    """
    held = runtime()
    word = erasure.Word(body["authority"], body["reason"])
    return corrections.erase_contact(held.home, actor(), correction_id, word, held.now())


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
