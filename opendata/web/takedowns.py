"""Takedowns over HTTP: a release is suspended, put back or withdrawn, and who is late."""

from typing import Any

from marshmallow import Schema, fields

from opendata.domain.people import Role
from opendata.domain.takedowns import Kind, State
from opendata.stages import takedowns
from opendata.stages.releases import Release
from opendata.web.access import actor, opened_to, runtime
from opendata.web.forms import TELLING, Answer, Instant, Links
from opendata.web.releases import ReleaseBody, release_links
from opendata.web.room import Room
from opendata.web.tombstones import TakedownWordBody

blp = Room(
    "takedowns",
    __name__,
    label="停止公开与撤回 Takedowns",
    url_prefix="/api/v1",
    description="停止公开、恢复公开与撤回。Suspending, putting back and withdrawing releases.",
)
RELEASE = "/datasets/<dataset>/releases/<int(min=1, max=2147483647):number>"


class SuspensionBody(Schema):
    """Why a release must not be public, or may be again, and on whose authority."""

    authority = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "依据 On whose authority", "example": "示例县保密局"},
    )
    reason = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "原因 Why", "example": "含应当隐去的内容"},
    )


class WithdrawalBody(SuspensionBody):
    """The same for a withdrawal, which names its legal basis."""

    basis = fields.String(
        required=True,
        validate=TELLING,
        metadata={
            "description": "法律依据 The legal basis",
            "example": "《政府信息公开条例》第十四条",
        },
    )


class TakenDownBody(ReleaseBody):
    """A release as those see it who may take it down."""

    withdrawal_pending = fields.Boolean(
        attribute="status.withdrawal_pending",
        metadata={"description": "撤回是否待另一人确认 Whether a withdrawal awaits its second"},
    )


class OpenBody(Answer):
    """A release about which a word is awaited, or may yet come."""

    dataset = fields.String(attribute="dataset.id")
    agency = fields.String(attribute="dataset.agency.id")
    collection = fields.String(attribute="dataset.collection")
    release = fields.Integer(attribute="number")
    state = fields.Enum(State, by_value=True, attribute="status.state")
    confirmed = fields.Boolean(
        attribute="status.confirmed",
        metadata={"description": "是否已由另一人确认 Whether a second person confirmed it"},
    )
    due_by = Instant(
        attribute="status.due_by",
        allow_none=True,
        metadata={"description": "确认或恢复的期限 Until when it is to be confirmed or lifted"},
    )
    overdue = fields.Boolean()
    withdrawal_pending = fields.Boolean(attribute="status.withdrawal_pending")
    words = fields.List(fields.Nested(TakedownWordBody), attribute="status.words")
    links = Links(lambda each: release_links(each.dataset.id, each.number))


class OpenList(Answer):
    """Releases about which a word is awaited, or may yet come; the most urgent first."""

    data = fields.List(fields.Nested(OpenBody))


class OpenQuery(Schema):
    """Which of them to list."""

    overdue = fields.Boolean(
        truthy={"1", "true"},
        falsy={"0", "false"},
        metadata={"description": "true：只列逾期未确认的 Only those that are overdue"},
    )


@blp.route(f"{RELEASE}/suspension", methods=["POST"])
@opened_to(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(SuspensionBody)
@blp.doc(operationId="suspend_release")
@blp.refuses(404, 409)
@blp.response(201, TakenDownBody, description="已停止公开 Suspended")
def suspend(body: dict[str, str], dataset: str, number: int) -> Release:
    """停止公开，或确认停止 Suspend a release, or confirm a suspension

    一人即可立即停止公开，须有依据和原因；二十四小时内由另一人以同一请求确认，或恢复公开；
    逾期的予以列明。

    One person ends the publication at once, with authority and reason; within 24 hours another
    person confirms it by the same request, or lifts it. What is late is said to be.
    """
    return _said(Kind.SUSPEND, body, dataset, number)


@blp.route(f"{RELEASE}/lifting", methods=["POST"])
@opened_to(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
@blp.arguments(SuspensionBody)
@blp.doc(operationId="lift_suspension")
@blp.refuses(404, 409)
@blp.response(201, TakenDownBody, description="已记录 Recorded")
def lift(body: dict[str, str], dataset: str, number: int) -> Release:
    """恢复公开 Lift a suspension

    一人停止公开、尚未确认的，由另一人恢复；经二人停止公开的，由二人恢复，第二人以同一请求作出。

    What one person suspended and nobody confirmed, another person lifts; what two persons
    suspended, two persons lift, the second by the same request.
    """
    return _said(Kind.LIFT, body, dataset, number)


@blp.route(f"{RELEASE}/withdrawal", methods=["POST"])
@opened_to(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
@blp.arguments(WithdrawalBody)
@blp.doc(operationId="withdraw_release")
@blp.refuses(404, 409)
@blp.response(201, TakenDownBody, description="已记录 Recorded")
def withdraw(body: dict[str, str], dataset: str, number: int) -> Release:
    """撤回发布版本 Withdraw a release

    须载明机关、法律依据和原因；由两人以同一请求在三十天内先后作出，第二人作出时生效，不能恢复。
    各地址此后返回 410，并说明何时、依据什么、为何。

    With authority, legal basis and reason; two persons send the same request within 30 days, and
    with the second it takes effect, for good. Every address then answers 410 and says when, on what
    basis and why.
    """
    return _said(Kind.WITHDRAW, body, dataset, number)


@blp.route("/suspensions", methods=["GET"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(OpenQuery, location="query")
@blp.doc(operationId="list_suspensions")
@blp.response(200, OpenList, description="停止公开的发布版本 The releases")
def waiting(asked: dict[str, Any]) -> dict[str, list[takedowns.Open]]:
    """列出停止公开的版本 List suspensions

    停止公开的发布版本，以及有一人提出撤回的，期限近者在前；overdue=true 时只列逾期未确认的。

    Releases that are suspended, and those that one person wants withdrawn, the most urgent first;
    with overdue=true only those that nobody confirmed or lifted in time.
    """
    held = runtime()
    with held.home.database.read() as session:
        found = takedowns.waiting(session, actor(), held.now())
    return {"data": [each for each in found if each.overdue or not asked.get("overdue")]}


def _said(kind: Kind, body: dict[str, str], dataset: str, number: int) -> Release:
    held = runtime()
    said = takedowns.Said(kind, body["authority"], body["reason"], body.get("basis", ""))
    with held.home.database.begin() as session:
        return takedowns.say(session, actor(), (dataset, number), said, held.now())
