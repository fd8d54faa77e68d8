"""Asking for information, and following what was asked: by anybody, without a key."""

from datetime import timedelta
from typing import Any

from flask import Response, after_this_request

from opendata.domain.requests import Kind
from opendata.runtime import Runtime
from opendata.stages import limits, requests
from opendata.stages.limits import Subject
from opendata.stages.requests import Application, On, Opened, Told
from opendata.web.access import client_network, client_site, opened_to, runtime
from opendata.web.requests.bodies import ApplicantEventBody, RequestApplicationBody
from opendata.web.requests.room import blp
from opendata.web.requests.told import FiledRequestBody, TrackedRequestBody, filed

HOUR = timedelta(hours=1)
# So many subscribers may file at once from the site, 48 bits of IPv6, that they share.
OF_A_SITE = 10


@blp.route("/requests", methods=["POST"])
@opened_to()
@blp.arguments(RequestApplicationBody)
@blp.doc(operationId="file_request")
@blp.refuses(404)
@blp.response(201, FiledRequestBody, description="已提交 Filed")
def file(body: dict[str, Any]) -> dict[str, Any]:
    """申请公开政府信息 Ask for information

    任何人都可以提出，不需要密钥或账号。申请人的信息和申请内容封存，只给办理机关；处理情况用查询码查询。
    机关与申请人确认收到之日起计算答复期限（《政府信息公开条例》第三十一条）。

    Anybody may, without key or account. Who asks for what is sealed, and told to the handling
    agency alone. Follow it with the tracking code. The term for the answer runs from the day on
    which the agency confirms its receipt.
    """
    after_this_request(kept_nowhere)
    return filed(taken(runtime(), Application(**body)))


@blp.route("/tracking/requests/<tracking>", methods=["GET"])
@opened_to()
@blp.doc(operationId="track_request")
@blp.refuses(404)
@blp.response(200, TrackedRequestBody, description="申请 The request")
def tracked(tracking: str) -> Opened:
    """查询申请的办理情况 Follow a request

    以提交时所得的查询码查询：处于何种状态、何时到期、如何答复，以及本人所填的内容。

    With the code that was given when it was filed: where it stands, when its answer is due, what
    was answered, and what one filled in oneself.
    """
    after_this_request(kept_nowhere)
    held = runtime()
    return requests.tracked(held.home, tracking, on_today(held))


@blp.route("/tracking/requests/<tracking>/events", methods=["POST"])
@opened_to()
@blp.arguments(ApplicantEventBody)
@blp.doc(operationId="tell_of_request")
@blp.refuses(404, 409)
@blp.response(201, TrackedRequestBody, description="已记录 Recorded")
def tell(body: dict[str, Any], tracking: str) -> Opened:
    """补正或者撤回申请 Correct or withdraw a request

    申请人以查询码补正（corrected，写明补正的内容）或者撤回（withdrawn），日期为今天。机关登记的申请
    凭查询码只能查询。

    With the code, the applicant corrects the request (corrected, in words) or withdraws it
    (withdrawn), as of today. Of a request that the agency registered, the code only shows it.
    """
    after_this_request(kept_nowhere)
    return told_by_applicant(runtime(), tracking, Kind(body["kind"]), body["statement"])


def taken(held: Runtime, asked: Application) -> requests.Filed:
    """File a request, as often as one address may; one that cannot be filed does not count.

    There is no such limit by agency: whoever used it up would keep others from asking it.
    """
    requests.check_application(held.home, asked)
    _spend(held, "request")
    return requests.file(held.home, asked, held.now())


def told_by_applicant(held: Runtime, tracking: str, kind: Kind, statement: str) -> Opened:
    """Record what an applicant says today, and return where the request stands."""
    _spend(held, "request-told")
    told = Told(kind, held.today(), statement=statement)
    requests.record_by_applicant(held.home, tracking, told, held.now())
    return requests.tracked(held.home, tracking, on_today(held))


def _spend(held: Runtime, what: str) -> None:
    """Count what somebody without a key does, by their address and the site it belongs to."""
    quota, now = held.settings.request_limit, held.now()
    if quota:
        here, site = Subject(what, client_network()), Subject(f"{what}-site", client_site())
        limits.spend_attempt(held.home, here, quota, HOUR, now)
        limits.spend_attempt(held.home, site, quota * OF_A_SITE, HOUR, now)


def on_today(held: Runtime) -> On:
    """Return by which day and rules clocks are shown."""
    return On(held.today(), held.rules)


def kept_nowhere(response: Response) -> Response:
    """Keep what is somebody's own out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
