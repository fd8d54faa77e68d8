"""Responsibility over HTTP: who would have to answer for a release, and by which facts."""

from marshmallow import fields

from opendata.domain.people import Role
from opendata.domain.responsibility import Branch, Part, Responsibility, Share
from opendata.stages.answerable import answerable
from opendata.web.access import actor, opened_to, runtime
from opendata.web.forms import Answer, Instant, TextBody
from opendata.web.room import Room

blp = Room(
    "responsibility",
    __name__,
    label="责任归属 Responsibility",
    url_prefix="/api/v1",
    description="发布版本的责任归属。Who is answerable for a release.",
)
RELEASE = "/datasets/<dataset>/releases/<int(min=1, max=2147483647):number>"


class CaseFactBody(Answer):
    """One fact that a conclusion rests on."""

    number = fields.Integer()
    person = fields.String()
    part = fields.Enum(Part, by_value=fields.String)
    what = fields.Nested(TextBody)
    at = Instant()


class AnswerablePersonBody(Answer):
    """One person's share, and the numbers of the facts it rests on."""

    person = fields.String()
    part = fields.Enum(Part, by_value=fields.String)
    share = fields.Enum(
        Share,
        by_value=fields.String,
        metadata={"description": "whole 全部、main 主要、secondary 次要、none 无 The share"},
    )
    share_label = fields.Nested(TextBody, attribute="share.label")
    rests_on = fields.List(fields.Integer())


class ResponsibilityBody(Answer):
    """Who is answerable for a release, were it found to break the rules."""

    branch = fields.Enum(Branch, by_value=fields.String)
    branch_label = fields.Nested(TextBody, attribute="branch.label")
    rule = fields.String(
        attribute="branch.clause", metadata={"description": "所据条款 The clause it is by"}
    )
    persons = fields.List(fields.Nested(AnswerablePersonBody))
    facts = fields.List(fields.Nested(CaseFactBody))
    missing = fields.List(
        fields.Nested(TextBody),
        metadata={"description": "事实中没有的 What the facts do not say"},
    )


@blp.route(f"{RELEASE}/responsibility", methods=["GET"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.doc(operationId="read_responsibility")
@blp.refuses(404)
@blp.response(200, ResponsibilityBody, description="责任归属 Who is answerable")
def one(dataset: str, number: int) -> Responsibility:
    """查看责任归属 Who is answerable for a release

    假定此版本被认定违反规定，依所记事实推得各人责任及其根据。是否违反规定，不由平台认定。

    On the assumption that the release is found to break the rules: everybody's share, and the
    facts it follows from. Whether it does is not for the platform to find.
    """
    held = runtime()
    with held.home.database.read() as session:
        return answerable(session, actor(), dataset, number, held.now())
