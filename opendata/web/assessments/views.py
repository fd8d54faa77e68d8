"""The views of assessments: make one, say a word on it, read them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response, after_this_request

from opendata.domain.assessment.listing import ASSESSMENTS
from opendata.domain.assessment.words import Word
from opendata.domain.listings import Row
from opendata.domain.people import Role
from opendata.stages import assessment
from opendata.stages.comply import Sources
from opendata.stages.schemes import no_such_scheme
from opendata.web.access import actor, opened_to, reader, runtime
from opendata.web.assessments.bodies import (
    AssessmentBody,
    AssessmentWordBody,
    NewAssessmentBody,
    SchemeBody,
    SchemeList,
)
from opendata.web.assessments.room import blp
from opendata.web.assessments.told import told
from opendata.web.links import api_url
from opendata.web.listings import add_listing

ONE = "/assessments/<uuid:assessment_id>"


@blp.route("/assessments", methods=["POST"])
@opened_to(Role.SUPERVISOR)
@blp.arguments(NewAssessmentBody)
@blp.doc(operationId="create_assessment")
@blp.refuses(404, 409)
@blp.response(201, AssessmentBody, description="考核结果 The assessment")
def create(body: dict[str, str]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """考核一个公开主体 Assess an agency

    按方案由事实计分，并留存方案、所计数值和每一分的说明；申诉、确认之前可以重新考核。事实不变，得分不变。
    须用所有主体（*）的主管部门密钥，且本人没有持有过被考核主体的密钥，没有用任何密钥为其登记、报送、说明、审查、批准过数据，
    答复过更正申请，申报、撰写过年度报告，或者记录过公开事项的起算日、履行情况。

    Points are computed from the facts by the scheme; scheme, figures and the reason of every point
    are kept. Until one is appealed or confirmed, the agency may be assessed anew. The same facts
    give the same points. It takes a supervisor's key of every agency (*), of a person who never
    had one of the agency assessed, nor by any key registered, prepared, explained, reviewed or
    approved data for it, answered a correction, declared or wrote of its annual report, or
    recorded an occasion or a fulfilment of its obligations.
    """
    held = runtime()
    declared = held.schemes.get(body["scheme"])
    if declared is None:
        raise no_such_scheme(body["scheme"], held.schemes)
    asked = assessment.Asked(body["agency"], declared, body["period"])
    sources = Sources(held.home, held.contracts, held.rules)
    found = assessment.assess(sources, actor(), asked, held.now())
    after_this_request(_kept_nowhere)
    return told(found, inside=True), 201, {"Location": api_url(f"assessments/{found.id}")}


@blp.route(ONE, methods=["GET"])
@opened_to()
@blp.doc(operationId="read_assessment", security=[{}, {"key": []}])
@blp.refuses(404)
@blp.response(200, AssessmentBody, description="考核结果 The assessment")
def one(assessment_id: UUID) -> dict[str, Any]:
    """查看一项考核 Read one assessment

    每一分都说明怎样得来、所计各件列在何处。确认后公开；此前须带本主体或主管部门的密钥。

    Every point says how it came about, and where what it counts is listed. Public once confirmed;
    before that it takes a key of the agency, or of its supervisors.
    """
    held, reading = runtime(), reader()
    with held.home.database.read() as session:
        found = assessment.opened(session, held.home, reading, assessment_id)
    return told(found, inside=assessment.is_inside(found, reading))


@blp.route(f"{ONE}/scheme.toml", methods=["GET"])
@opened_to()
@blp.doc(operationId="read_assessment_scheme", security=[{}, {"key": []}])
@blp.refuses(404)
@blp.response(200, {"type": "string"}, content_type="application/toml", description="方案 Scheme")
def scheme_text(assessment_id: UUID) -> Response:
    """取得所用方案的原文 The text of the scheme used

    考核时所声明的方案，逐字节留存，SHA-256 与 scheme.sha256 一致。

    The scheme as it was declared then, byte for byte; its SHA-256 is scheme.sha256.
    """
    held = runtime()
    with held.home.database.read() as session:
        found = assessment.opened(session, held.home, reader(), assessment_id)
    return Response(found.scheme_text, mimetype="application/toml")


@blp.route(f"{ONE}/words", methods=["POST"])
@opened_to(Role.APPROVER, Role.SUPERVISOR)
@blp.arguments(AssessmentWordBody)
@blp.doc(operationId="say_on_assessment")
@blp.refuses(404, 409)
@blp.response(201, AssessmentBody, description="已记录 Recorded")
def say(body: dict[str, Any], assessment_id: UUID) -> dict[str, Any]:
    """申诉、处理、确认 Appeal, answer, confirm

    本主体自己的批准人（不是所有主体的）可就每一指标申诉一次（appeal）；主管部门维持（uphold）或调整（adjust），并在申诉期过后确认
    （confirm），确认后公开。处理和确认须用所有主体（*）的主管部门密钥，由考核人、申诉人以外、可以考核本主体的人进行；
    作过考核、处理过申诉的人不得申诉。

    The agency's own approver, not one of every agency, may appeal each indicator once; a
    supervisor upholds or adjusts, and confirms when the term for appeals is over: then it is
    public. Who decides and confirms has a supervisor's key of every agency (*), is neither who
    assessed nor who appealed, and may assess the agency. Who assessed or decided does not appeal.
    """
    held = runtime()
    word = Word(at=held.now(), **body)
    found = assessment.say(held.home, actor(), assessment_id, word)
    after_this_request(_kept_nowhere)
    return told(found, inside=True)


@blp.route("/assessment-schemes", methods=["GET"])
@opened_to()
@blp.doc(operationId="list_assessment_schemes")
@blp.response(200, SchemeList, description="考核方案 The schemes")
def schemes() -> dict[str, Any]:
    """列出考核方案 List the schemes

    所声明的方案：指标、权重、门槛、等次。

    What is declared: indicators, weights, grades.
    """
    return {"data": [each.scheme for each in runtime().schemes.values()]}


@blp.route("/assessment-schemes/<scheme>", methods=["GET"])
@opened_to()
@blp.doc(operationId="read_declared_scheme")
@blp.refuses(404)
@blp.response(200, SchemeBody, description="考核方案 The scheme")
def one_scheme(scheme: str) -> Any:
    """查看一个考核方案 Read one scheme

    方案现在的内容；已作出的考核各自留存当时的方案。

    The scheme as it is declared now; assessments keep the one they were made by.
    """
    held = runtime()
    if scheme not in held.schemes:
        raise no_such_scheme(scheme, held.schemes)
    return held.schemes[scheme].scheme


def _rows() -> Iterable[Row]:
    held, reading = runtime(), reader()
    with held.home.database.read() as session:
        return assessment.rows(session, held.home, reading)


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


add_listing(blp, "/assessments", ASSESSMENTS, _rows)
