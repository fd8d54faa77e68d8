"""Submissions over HTTP: sending a file in, following it, deciding on it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from opendata.domain.approvals import State, Verdict, Withheld
from opendata.domain.people import Role
from opendata.stages import receive, reports, review
from opendata.stages.receive import Stored
from opendata.stages.standing import Standing
from opendata.web.access import ANY_ROLE, actor, opened_to, runtime
from opendata.web.bodies import incoming
from opendata.web.forms import Instant
from opendata.web.json import to_bytes
from opendata.web.links import api_url

blp = Blueprint(
    "submissions",
    __name__,
    url_prefix="/api/v1",
    description="报送、校验报告、审查意见。Submissions, reports, decisions.",
)
REASON = validate.Length(0, 2000)


class WithheldBody(Schema):
    """What ``disclose_in_part`` keeps back."""

    columns = fields.List(fields.String(), load_default=list, validate=validate.Length(0, 200))
    rows = fields.List(
        fields.Integer(strict=True), load_default=list, validate=validate.Length(0, 100_000)
    )


class DecisionBody(Schema):
    """One person's word. Basis and reason are published with the release."""

    verdict = fields.Enum(Verdict, by_value=True, required=True)
    basis = fields.String(load_default="", validate=REASON)
    reason = fields.String(load_default="", validate=REASON)
    withheld = fields.Nested(WithheldBody)


class GivenDecisionBody(DecisionBody):
    """A word as it was given."""

    person = fields.String()
    role = fields.Enum(Role, by_value=True)
    base_release = fields.Integer()
    at = Instant()


class CancellationBody(Schema):
    """Why the author takes a submission back."""

    reason = fields.String(load_default="", validate=REASON)


class StateBody(Schema):
    """A state's name in both languages."""

    zh = fields.String()
    en = fields.String()


class SubmissionBody(Schema):
    """One uploaded file and what became of it."""

    id = fields.UUID(attribute="submission.id")
    dataset = fields.String(attribute="submission.dataset")
    collection = fields.String(attribute="submission.collection")
    agency = fields.String(attribute="submission.agency")
    state = fields.Enum(State, by_value=True)
    state_label = fields.Nested(StateBody, attribute="state.label")
    waiting_for = fields.Enum(Role, by_value=True, attribute="due_role", allow_none=True)
    author = fields.String(attribute="submission.author")
    filename = fields.String(attribute="submission.filename")
    media_type = fields.String(attribute="submission.media_type")
    sha256 = fields.String(attribute="submission.sha256")
    size = fields.Integer(attribute="submission.size")
    received_at = Instant(attribute="submission.received_at")
    reported_at = Instant(attribute="report.reported_at", allow_none=True)
    counts = fields.Dict(attribute="report.counts")
    cautions = fields.Integer(attribute="report.caution_count")
    provenance = fields.Dict(attribute="report.provenance")
    problem = fields.Dict(attribute="told_problem", allow_none=True)
    decisions = fields.List(fields.Nested(GivenDecisionBody))
    base_release = fields.Integer(attribute="course.base_release")
    release = fields.Integer(allow_none=True)
    links = fields.Function(lambda each: _links(each), metadata={"type": "object"})


class SubmissionList(Schema):
    """Submissions, newest first; those waiting for the caller, oldest first."""

    data = fields.List(fields.Nested(SubmissionBody))


class SubmissionQuery(Schema):
    """Which submissions are listed."""

    dataset = fields.String(validate=validate.Length(1, 200))
    waiting_for = fields.String(validate=validate.OneOf(["me"]))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


def _links(each: Standing) -> dict[str, str]:
    own = f"submissions/{each.submission.id}"
    links = {"self": api_url(own), "dataset": api_url(f"datasets/{each.submission.dataset}")}
    if each.report is not None:
        links["report"] = api_url(f"{own}/report")
    if each.release is not None:
        links["release"] = api_url(f"datasets/{each.submission.dataset}/releases/{each.release}")
    return links


@blp.route("/datasets/<dataset>/submissions", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.doc(
    parameters=[
        {
            "in": "header",
            "name": "Content-Digest",
            "schema": {"type": "string"},
            "description": "RFC 9530, sha-256=:…:",
        },
        {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}},
    ],
    requestBody={
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    },
)
@blp.response(202, SubmissionBody)
def submit(dataset: str) -> tuple[Standing, int, dict[str, str]]:
    """报送文件 Send a file in"""
    held, acting = runtime(), actor()
    upload, chunks = incoming(dataset)
    with held.home.database.begin() as session:
        receive.begin(session, acting, upload, held.now())
    blob = _store(upload, chunks)
    with held.home.database.begin() as session:
        found, _ = receive.record(session, acting, upload, blob, held.now())
    return found, 202, {"Location": api_url(f"submissions/{found.submission.id}")}


def _store(upload: receive.Upload, chunks: Iterator[bytes]) -> Stored:
    """Keep the bytes; an upload that fails gives its idempotency key back."""
    held = runtime()
    try:
        return receive.store(held.home.vault, chunks, upload, held.settings.max_upload_bytes)
    except Exception:
        with held.home.database.begin() as session:
            receive.abandon(session, actor(), upload)
        raise


@blp.route("/submissions", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.arguments(SubmissionQuery, location="query")
@blp.response(200, SubmissionList)
def listed(asked: dict[str, Any]) -> dict[str, list[Standing]]:
    """列出报送 List submissions"""
    with runtime().home.database.read() as session:
        if "waiting_for" in asked:
            found = review.waiting_for(session, actor(), limit=asked["limit"])
        else:
            dataset = asked.get("dataset")
            found = review.submissions(session, actor(), dataset=dataset, limit=asked["limit"])
    return {"data": found}


@blp.route("/submissions/<uuid:submission_id>", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.response(200, SubmissionBody)
def one(submission_id: UUID) -> Standing:
    """查看报送 Follow one submission"""
    with runtime().home.database.read() as session:
        return review.visible(session, actor(), submission_id)


@blp.route("/submissions/<uuid:submission_id>/report", methods=["GET"])
@blp.route("/submissions/<uuid:submission_id>/report.json", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.response(200, {"type": "object"}, description="Frictionless Report 校验报告")
def report(submission_id: UUID) -> Response:
    """查看校验报告 Read the report"""
    held = runtime()
    with held.home.database.read() as session:
        found = review.visible(session, actor(), submission_id)
    return Response(to_bytes(reports.report(held.home, found)), mimetype="application/json")


@blp.route("/submissions/<uuid:submission_id>/decisions", methods=["POST"])
@opened_to(*review.DECIDERS)
@blp.arguments(DecisionBody)
@blp.response(201, SubmissionBody)
def decide(body: dict[str, Any], submission_id: UUID) -> Standing:
    """提出审查或批准意见 Decide on a submission"""
    held = runtime()
    parts = body.get("withheld", {})
    word = review.Word(
        verdict=body["verdict"],
        basis=body["basis"],
        reason=body["reason"],
        withheld=Withheld(tuple(parts.get("columns", ())), tuple(parts.get("rows", ()))),
    )
    with held.home.database.begin() as session:
        return review.decide(session, actor(), submission_id, word, (held.contracts, held.now()))


@blp.route("/submissions/<uuid:submission_id>/cancellation", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(CancellationBody)
@blp.response(201, SubmissionBody)
def cancel(body: dict[str, str], submission_id: UUID) -> Standing:
    """取消报送 Take a submission back"""
    held = runtime()
    with held.home.database.begin() as session:
        return review.cancel(session, actor(), submission_id, body["reason"], held.now())
