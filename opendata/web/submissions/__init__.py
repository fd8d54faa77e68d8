"""Submissions over HTTP: sending a file in, following it, deciding on it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from opendata.domain.approvals import Withheld
from opendata.domain.cautions import CautionKind
from opendata.domain.collective import CollectiveDecision
from opendata.domain.people import Role
from opendata.stages import answer, coordinate, receive, review
from opendata.stages.standing import Standing
from opendata.web.access import ANY_ROLE, actor, opened_to, runtime
from opendata.web.bodies import UPLOAD, UPLOAD_HEADERS, incoming
from opendata.web.links import api_url
from opendata.web.submissions import clearances, coordination, diffs, dossiers, erasures, reports
from opendata.web.submissions.bodies import (
    CancellationBody,
    CautionAnswersBody,
    RemarksQuery,
    SubmissionBody,
    SubmissionList,
    SubmissionQuery,
)
from opendata.web.submissions.decided import DecisionBody
from opendata.web.submissions.room import blp

__all__ = ["blp", "clearances", "coordination", "diffs", "dossiers", "erasures", "reports"]


@blp.route("/datasets/<dataset>/submissions", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(RemarksQuery, location="query")
@blp.doc(operationId="submit", parameters=UPLOAD_HEADERS, requestBody=UPLOAD)
@blp.refuses(404, 409, 422)
@blp.response(202, SubmissionBody, description="已收到 Received", headers={"Location": "Location"})
def submit(remarks: dict[str, Any], dataset: str) -> tuple[Standing, int, dict[str, str]]:
    """报送文件 Send a file in

    正文为文件本身，或为恰含一个文件的表单。答复 202 之时文件已妥存；随后自动校验，结果见
    Location 所指的报送。带 Idempotency-Key 重发同一文件不会产生第二份报送。notes 说明此次发布，
    corrects 指明所更正的版本，均随版本公开。

    The body is the file, or a form with exactly one. When 202 is answered the file is durable;
    validation follows, see Location. The same Idempotency-Key makes no second submission. What
    notes say of the release, and which one it corrects, is published with it.
    """
    held, acting = runtime(), actor()
    upload, chunks = incoming(dataset)
    upload = replace(upload, remarks=receive.Remarks(**remarks))
    with held.home.database.begin() as session:
        receive.begin(session, acting, upload, held.now())
    found = _taken(upload, chunks)
    return found, 202, {"Location": api_url(f"submissions/{found.submission.id}")}


def _taken(upload: receive.Upload, chunks: Iterator[bytes]) -> Standing:
    """Keep the bytes and record them; an upload that fails gives its idempotency key back."""
    held, acting = runtime(), actor()
    try:
        blob = receive.store(held.home.vault, chunks, upload, held.settings.max_upload_bytes)
        with held.home.database.begin() as session:
            return receive.record(session, acting, upload, blob, held.now())[0]
    except Exception:
        with held.home.database.begin() as session:
            receive.abandon(session, acting, upload)
        raise


@blp.route("/submissions", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.arguments(SubmissionQuery, location="query")
@blp.doc(operationId="list_submissions")
@blp.response(200, SubmissionList, description="报送 The submissions")
def listed(asked: dict[str, Any]) -> dict[str, list[Standing]]:
    """列出报送 List submissions

    本主体的报送，由新到旧；waiting_for=me 时只列等待本人意见的，由旧到新。

    Those of the key's agency, newest first; with waiting_for=me those that await the caller's
    word, oldest first.
    """
    with runtime().home.database.read() as session:
        if "waiting_for" in asked:
            found = review.waiting_for(session, actor(), limit=asked["limit"])
            found += coordinate.waiting_for(session, actor())
            found = sorted(found, key=lambda each: each.submission.received_at)[: asked["limit"]]
        else:
            dataset = asked.get("dataset")
            found = review.submissions(session, actor(), dataset=dataset, limit=asked["limit"])
    return {"data": found}


@blp.route("/submissions/<uuid:submission_id>", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.doc(operationId="read_submission")
@blp.refuses(404)
@blp.response(200, SubmissionBody, description="报送 The submission")
def one(submission_id: UUID) -> Standing:
    """查看报送 Follow one submission

    所处的状态、校验结果、各人意见和发布版本。

    Where it stands: the verdict of validation, the decisions, the release.
    """
    with runtime().home.database.read() as session:
        return coordinate.visible(session, actor(), submission_id)


@blp.route("/submissions/<uuid:submission_id>/decisions", methods=["POST"])
@opened_to(*review.DECIDERS)
@blp.arguments(DecisionBody)
@blp.doc(operationId="decide")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已记录 Recorded")
def decide(body: dict[str, Any], submission_id: UUID) -> Standing:
    """提出审查或批准意见 Decide on a submission

    审查人、批准人各发表一次意见，均非报送人本人；意见具名，依据和理由随版本公开。批准人可以指定
    publish_at，在此之前不公开。

    A reviewer and an approver, neither of them the author, each say their word once, by name;
    basis and reason are published with the release. An approver may say publish_at, before which
    nothing of it is public.
    """
    held = runtime()
    parts, body_of = body.get("withheld", {}), body["collective"]
    word = review.Word(
        verdict=body["verdict"],
        basis=body["basis"],
        reason=body["reason"],
        withheld=Withheld(tuple(parts.get("columns", ())), tuple(parts.get("rows", ()))),
        basis_code=body["basis_code"],
        publish_at=body["publish_at"],
        collective=None if body_of is None else CollectiveDecision.of(body_of),
    )
    with held.home.database.begin() as session:
        return review.decide(session, actor(), submission_id, word, (held.contracts, held.now()))


@blp.route("/submissions/<uuid:submission_id>/caution-answers", methods=["POST"])
@opened_to(*answer.ANSWERERS)
@blp.arguments(CautionAnswersBody)
@blp.doc(operationId="answer_cautions")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已记录 Recorded")
def answer_cautions(body: dict[str, Any], submission_id: UUID) -> Standing:
    """说明提示 Answer cautions

    提示由 code、name、field 三项指明，与报送所列相同。每种提示都说明之后才能批准公开；理由具名，
    随版本公开为已知问题。审查期间可再次说明，以最后一次为准。

    code, name and field name a kind of caution, as the submission lists it. Publication can be
    approved once every kind is answered; the reason is published, by name, as a known issue.
    While the review lasts a kind may be answered again, and the last answer stands.
    """
    held = runtime()
    given = [
        answer.Answer(CautionKind(each["code"], each["name"], each["field"]), each["reason"])
        for each in body["answers"]
    ]
    with held.home.database.begin() as session:
        return answer.answer(session, actor(), submission_id, given, held.now())


@blp.route("/submissions/<uuid:submission_id>/cancellation", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(CancellationBody, required=False)
@blp.doc(operationId="cancel_submission")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已取消 Cancelled")
def cancel(body: dict[str, str], submission_id: UUID) -> Standing:
    """取消报送 Take a submission back

    只有报送人本人可以取消，且只能在发布之前。

    Only the person who sent it in may, and only before it is published.
    """
    held = runtime()
    with held.home.database.begin() as session:
        return review.cancel(session, actor(), submission_id, body["reason"], held.now())
