"""Recording over HTTP: what an obligation's term runs from, and by what it was met."""

from typing import Any

from flask import Response

from opendata.domain.compliance import Case, Word
from opendata.domain.compliance.listing import rows
from opendata.stages import comply
from opendata.web.access import actor, opened_to, runtime
from opendata.web.compliance.bodies import FulfilmentBody, OccasionBody
from opendata.web.compliance.room import blp, sources
from opendata.web.json import to_bytes
from opendata.web.links import api_url

ROW = {"$ref": "#/components/schemas/ComplianceCasesRow"}
_MADE = {"Location": "Location"}


@blp.route("/obligations/<obligation>/occasions", methods=["POST"])
@opened_to(*comply.RECORDERS)
@blp.arguments(OccasionBody)
@blp.doc(operationId="record_occasion")
@blp.refuses(404, 409, 410)
@blp.response(201, ROW, description="已记录 Recorded", headers=_MADE)
def record(body: dict[str, Any], obligation: str) -> Response:
    """记录起算日 Record what a term runs from

    随时公开的事项，每有一次应公开的事，记录其名称和起算日；按期公开的事项，起算日不是时段末日的
    （如预算批准之日），以时段为名记录。记录即公开，不能改动。

    Of what is disclosed as it happens, each time it does, with the day the term runs from; of what
    is disclosed by period, where that day is another than the period's last (a budget's approval),
    under the period's name. It is public at once, and stays.
    """
    told = comply.Happened(**{**body, "title": body["title"] or ""})
    return _told(comply.record_occasion(sources(), actor(), obligation, told, runtime().now()))


@blp.route("/obligations/<obligation>/fulfilments", methods=["POST"])
@opened_to(*comply.RECORDERS)
@blp.arguments(FulfilmentBody)
@blp.doc(operationId="record_fulfilment")
@blp.refuses(404, 409, 410)
@blp.response(201, ROW, description="已记录 Recorded", headers=_MADE)
def fulfil(body: dict[str, Any], obligation: str) -> Response:
    """记录履行情况 Record by what an obligation was met

    本主体的发布版本、别处公开的文件（https 网址），或说明理由免予公开（仅批准人）。以最后一次说明
    为准，annulment 撤销前一次。数据集按时段发布的，平台自行认定，无须记录。

    A release of the agency's own, a document made public elsewhere (its https address), or a
    reasoned exemption (by an approver). The last word counts; annulment takes it back. What is
    released as the dataset of the period needs no word.
    """
    word = Word(
        kind=body["kind"],
        on=body["fulfilled_on"],
        dataset=body["dataset"],
        release=body["release"],
        url=body["url"],
        basis=body["basis"] or "",
        reason=body["reason"] or "",
    )
    named = (obligation, body["occasion"])
    return _told(comply.fulfil(sources(), actor(), named, word, runtime().now()))


def _told(case: Case) -> Response:
    [row] = rows([case])
    pairs = [("obligation", case.obligation.id), ("occasion", case.occasion)]
    made = {"Location": api_url("compliance/cases", pairs)}
    return Response(to_bytes(row) + b"\n", 201, made, content_type="application/json")
