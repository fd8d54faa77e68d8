"""What is told about complaints."""

from marshmallow import fields

from opendata.domain.complaints.deeds import About
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Gravity, Measure
from opendata.domain.complaints.procedure import Kind, Place, Result, Source
from opendata.domain.complaints.steps import Manner, Part, Party
from opendata.domain.complaints.views import Phase
from opendata.domain.people import Role
from opendata.domain.responsibility import Share
from opendata.web.forms import Answer, Instant, TextBody
from opendata.web.responsibility import AnswerablePersonBody
from opendata.web.submissions.bodies import GivenErasureBody


class FiledComplaintBody(Answer):
    """That a complaint is on record, and the code by which to follow it."""

    id = fields.UUID()
    tracking = fields.String(
        metadata={"description": "查询码，只显示这一次 The tracking code, shown this once"}
    )
    links = fields.Dict(keys=fields.String(), values=fields.String())


class ComplaintReplyBody(Answer):
    """What the reporter is answered."""

    on = fields.Date()
    text = fields.String(allow_none=True)


class TrackedComplaintBody(Answer):
    """A complaint as its reporter follows it: nothing of what they said, nor of themselves."""

    id = fields.UUID()
    agency = fields.String()
    ground = fields.Enum(Ground, by_value=fields.String)
    received_on = fields.Date()
    state = fields.Enum(Phase, by_value=fields.String)
    state_label = fields.Nested(TextBody)
    answers = fields.List(fields.Nested(ComplaintReplyBody))


class GivenWordsBody(Answer):
    """What was said with a step, as it was sealed; ``None`` for what was not said."""

    text = fields.String(allow_none=True)
    names = fields.List(fields.String(), metadata={"description": "责任人，依次 Persons, in turn"})
    departure = fields.String(allow_none=True)
    reference = fields.String(allow_none=True)
    url = fields.String(allow_none=True)


class GivenHeldBody(Answer):
    """A person who is held answerable, by their part; the name is among the words."""

    part = fields.Enum(Part, by_value=fields.String)
    share = fields.Enum(Share, by_value=fields.String)
    measures = fields.List(fields.Enum(Measure, by_value=fields.String))


class GivenStepBody(Answer):
    """One step as it is told: ``number`` and ``person`` to who handles the case alone."""

    number = fields.Integer(allow_none=True)
    kind = fields.Enum(Kind, by_value=fields.String)
    label = fields.Nested(TextBody)
    on = fields.Date()
    result = fields.Enum(Result, by_value=fields.String, allow_none=True)
    party = fields.Enum(Party, by_value=fields.String, allow_none=True)
    manner = fields.Enum(Manner, by_value=fields.String, allow_none=True)
    grounds = fields.List(fields.Enum(Ground, by_value=fields.String))
    gravity = fields.Enum(Gravity, by_value=fields.String, allow_none=True)
    body = fields.List(fields.Enum(Measure, by_value=fields.String))
    persons = fields.List(fields.Nested(GivenHeldBody))
    departs = fields.Boolean(
        metadata={"description": "是否与事实推得的不同 Whether it departs from the facts"}
    )
    rule = fields.String(allow_none=True)
    due_on = fields.Date(allow_none=True)
    dataset = fields.String(allow_none=True)
    release = fields.Integer(allow_none=True)
    words = fields.Nested(GivenWordsBody)
    erasure = fields.Nested(GivenErasureBody, allow_none=True)
    person = fields.String(allow_none=True)
    at = Instant(allow_none=True)


class RectificationBody(Answer):
    """What is to be put right, by when, and whether it was."""

    term = fields.Nested(TextBody)
    due = fields.Date(allow_none=True)
    done_on = fields.Date(allow_none=True)
    accepted = fields.Boolean()
    late_by = fields.Integer(
        allow_none=True, metadata={"description": "逾期几个工作日 Working days late"}
    )


class ReplyBody(Answer):
    """The answer that a reporter who gave a name is owed, and whether it was given."""

    term = fields.Nested(TextBody)
    basis = fields.String(metadata={"description": "依据 Where the rules have it"})
    due = fields.Date(metadata={"description": "处理结束之日 The day it is owed from"})
    given_on = fields.Date(allow_none=True)
    late_by = fields.Integer(
        allow_none=True,
        metadata={"description": "逾期几个工作日 Working days since, up to the answer or today"},
    )


class ReportedBody(Answer):
    """What was reported, for who handles it alone."""

    statement = fields.String(allow_none=True)
    request = fields.String(allow_none=True)
    erasure = fields.Nested(GivenErasureBody, allow_none=True)


class AttributedFactBody(Answer):
    """Who did what about a thing that a complaint names."""

    person = fields.String()
    role = fields.Enum(
        Role,
        by_value=fields.String,
        allow_none=True,
        metadata={
            "description": "所用密钥的身份；只记有姓名的为 null "
            "The role of the key; null of who is only named"
        },
    )
    what = fields.Nested(TextBody)
    on = fields.Date()
    at = Instant()


class AttributionBody(Answer):
    """What the facts of one thing that a complaint names say of who is answerable."""

    about = fields.Enum(About, by_value=fields.String)
    named = fields.String(
        allow_none=True,
        metadata={"description": "版本、申请编号或者公开事项 The release, request or obligation"},
    )
    facts = fields.List(fields.Nested(AttributedFactBody))
    persons = fields.List(
        fields.Nested(AnswerablePersonBody),
        metadata={"description": "依事实推得的责任，只对版本 The shares; of a release alone"},
    )
    clause = fields.String(
        allow_none=True, metadata={"description": "所据条款 The clause they are by"}
    )
    missing = fields.List(
        fields.Nested(TextBody),
        metadata={"description": "事实中没有的 What the facts do not say"},
    )


class ComplaintBody(Answer):
    """A case as it is told to who handles it, or, in part, to the body complained about."""

    id = fields.UUID()
    agency = fields.String()
    ground = fields.Enum(Ground, by_value=fields.String)
    ground_label = fields.Nested(TextBody)
    articles = fields.List(
        fields.String(), metadata={"description": "依据 Where the rules have it"}
    )
    dataset = fields.String(allow_none=True)
    release = fields.Integer(allow_none=True)
    obligation = fields.String(allow_none=True)
    place = fields.Enum(Place, by_value=fields.String)
    place_label = fields.Nested(TextBody)
    under_review = fields.Boolean()
    may_follow = fields.List(
        fields.Enum(Kind, by_value=fields.String),
        metadata={"description": "此时可以记录的步骤 What may be recorded now"},
    )
    measures = fields.List(
        fields.Enum(Measure, by_value=fields.String),
        metadata={"description": "已决定的对单位的处理 Measures against the body, once told to it"},
    )
    rectification = fields.Nested(RectificationBody, allow_none=True)
    reply = fields.Nested(
        ReplyBody,
        allow_none=True,
        metadata={
            "description": "向署名举报人的反馈；匿名、尚未处理、对被举报机关为 null "
            "What a reporter who gave a name is owed; to the body, null"
        },
    )
    steps = fields.List(fields.Nested(GivenStepBody))
    source = fields.Enum(
        Source,
        by_value=fields.String,
        allow_none=True,
        metadata={"description": "来源；对被举报机关为 null To the body, null"},
    )
    is_named = fields.Boolean(
        allow_none=True,
        metadata={"description": "是否署名；对被举报机关为 null To the body, null"},
    )
    received_on = fields.Date(
        allow_none=True,
        metadata={"description": "收到日期；对被举报机关为 null To the body, null"},
    )
    reported = fields.Nested(
        ReportedBody,
        allow_none=True,
        metadata={
            "description": "举报内容；对被举报机关为 null What was reported; to the body, null"
        },
    )
    attribution = fields.List(
        fields.Nested(AttributionBody),
        allow_none=True,
        metadata={
            "description": "所涉各项依事实推得的责任人；对被举报机关为 null "
            "What the facts say of who is answerable; to the body, null"
        },
    )


class NamedReporterBody(Answer):
    """Who reported a case, for who handles it alone."""

    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    erasure = fields.Nested(GivenErasureBody, allow_none=True)


class ErasedComplaintBody(Answer):
    """That a part of what was sealed is erased."""

    id = fields.UUID()
    part = fields.String()
