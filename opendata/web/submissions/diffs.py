"""What a submission would change, for those of its agency who decide about it."""

from uuid import UUID

from flask import Response, request

from opendata.stages import diff, reports, review
from opendata.web.access import actor, opened_to, runtime
from opendata.web.diff_bodies import (
    LINES_ANSWERS,
    PARAMETERS,
    DiffQuery,
    SubmissionDiffBody,
    answers,
)
from opendata.web.diffs import FORMS, json_answer, listed, tag_of, validated
from opendata.web.downloads import RANGE, Sending, unless_known
from opendata.web.links import api_url
from opendata.web.negotiation import wanted_format
from opendata.web.room import ACCEPT, itself
from opendata.web.submissions.room import blp


@blp.route("/submissions/<uuid:submission_id>/diff", methods=["GET"])
@opened_to(*reports.LOOKING)
@itself(ACCEPT)
@blp.arguments(DiffQuery, location="query")
@blp.response(200, SubmissionDiffBody, description="变动 What would change")
@blp.doc(
    operationId="read_submission_diff",
    parameters=PARAMETERS,
    responses=answers("变动 What would change", "SubmissionDiff"),
)
@blp.refuses(404, 406, 409)
def submission_diff(asked: dict[str, int], submission_id: UUID) -> Response:
    """查看报送带来的变动 See what a submission would change

    按将要发布的样子（已去除或处理个人信息，逐次并入的已并入），与现在公开的最新版本逐行比较；尚无公开
    版本时全部为新增。校验通过之后由后台比较，未完成时返回 409。按 Accept 给出 JSON 或 NDJSON。

    The rows as they would be published, personal columns treated, merged where the collection is
    added to, against the newest release that is public; all are new where there is none. It is
    compared in the background after validation; until then the answer is 409. JSON or NDJSON as
    Accept asks.
    """
    wanted = _proposal(submission_id)
    if wanted_format(FORMS) == "ndjson":
        return _as_lines(wanted)
    return _as_json(wanted, asked["limit"])


@blp.route("/submissions/<uuid:submission_id>/diff.ndjson", methods=["GET"])
@opened_to(*reports.LOOKING)
@itself(ACCEPT)
@blp.doc(
    operationId="download_submission_diff",
    parameters=["If-None-Match", RANGE],
    responses=LINES_ANSWERS,
)
@blp.refuses(404, 409, 416)
def submission_diff_lines(submission_id: UUID) -> Response:
    """下载报送带来的全部变动 Download every change of a submission

    每行一个 JSON 对象，与版本之间的变动同一格式；最后一行是汇总。

    One JSON object a line, in the form of the changes between releases; the last one sums up.
    """
    return _as_lines(_proposal(submission_id))


def _proposal(submission_id: UUID) -> diff.Proposal:
    held = runtime()
    with held.home.database.read() as session:
        found = review.visible(session, actor(), submission_id)
        reports.check_shown(actor(), found)
        wanted = diff.proposal(session, held.contracts, found)
    if wanted is None:
        raise diff.no_diff()
    return wanted


def _as_json(wanted: diff.Proposal, limit: int) -> Response:
    found = diff.kept(runtime().home, wanted)
    tag = tag_of(found.lines.tag, limit)
    if request.if_none_match.contains_weak(tag):
        return validated(Response(mimetype=FORMS["json"]), tag)
    submission = wanted.candidate.standing.submission
    body = {
        "submission": submission.id,
        "dataset": submission.dataset,
        "collection": submission.collection,
        "base": wanted.base.number if wanted.base else None,
        **listed(found.summary, found.first(limit)),
    }
    return json_answer(body, tag, _links(wanted))


def _as_lines(wanted: diff.Proposal) -> Response:
    found = diff.kept(runtime().home, wanted)
    name = f"{wanted.candidate.standing.submission.id}.ndjson"
    how = Sending(name, FORMS["ndjson"], negotiated=True)
    return unless_known(found.lines.tag, lambda: found.lines, how)


def _links(wanted: diff.Proposal) -> dict[str, str]:
    submission = wanted.candidate.standing.submission
    own, dataset = f"submissions/{submission.id}", f"datasets/{submission.dataset}"
    links = {
        "self": api_url(f"{own}/diff"),
        "ndjson": api_url(f"{own}/diff.ndjson"),
        "submission": api_url(own),
        "dataset": api_url(dataset),
    }
    if wanted.base is not None:
        links["base"] = api_url(f"{dataset}/releases/{wanted.base.number}")
    return links
