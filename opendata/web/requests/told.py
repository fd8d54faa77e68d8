"""What is told of requests for information: to the agency, to who supervises, to the applicant."""

from typing import Any

from marshmallow import fields

from opendata.domain.clocks import Status
from opendata.domain.requests import ApplicantKind, Channel, Kind, Outcome, Source, State
from opendata.stages.requests import Filed
from opendata.web.forms import Answer, Instant, TextBody
from opendata.web.links import api_url
from opendata.web.submissions.bodies import GivenErasureBody


class FiledRequestBody(Answer):
    """That a request is on record, and the code by which to follow it."""

    id = fields.UUID()
    number = fields.String()
    tracking = fields.String(
        metadata={"description": "查询码，只显示这一次 The tracking code, shown this once"}
    )
    links = fields.Dict(keys=fields.String(), values=fields.String())


class RequestClockBody(Answer):
    """Where the term for the answer stands, and why."""

    rule = fields.String(attribute="rule.id")
    basis = fields.String(attribute="rule.basis")
    started = fields.Date(metadata={"description": "起算日 The day it runs from"})
    due = fields.Date(
        allow_none=True, metadata={"description": "到期日 The last day; null: it stands, unknown"}
    )
    status = fields.Enum(Status, by_value=fields.String)
    remaining = fields.Integer(
        allow_none=True,
        metadata={"description": "剩余工作日，负数为逾期 Working days left; below zero: overdue"},
    )
    late_by = fields.Integer(
        allow_none=True, metadata={"description": "答复逾期几个工作日 Answered late by"}
    )
    excluded = fields.List(
        fields.List(fields.Date(allow_none=True)),
        metadata={"description": "不计的日子，起止 First and last days that are not counted"},
    )
    why = fields.List(fields.Nested(TextBody))


class LateEventBody(Answer):
    """An event that came late, or was recorded late."""

    event = fields.Integer(metadata={"description": "第几条 The event's number"})
    rule = fields.String()
    late_by = fields.Integer(metadata={"description": "晚几个工作日 By how many working days"})
    term = fields.Nested(TextBody)


class TrackedEventBody(Answer):
    """An event, as the applicant reads it."""

    number = fields.Integer(attribute="event.number")
    kind = fields.Enum(Kind, by_value=fields.String, attribute="event.kind")
    label = fields.Nested(TextBody, attribute="event.kind.label")
    on = fields.Date(attribute="event.on")
    details = fields.Dict(keys=fields.String(), attribute="event.details")
    statement = fields.String(
        allow_none=True, metadata={"description": "内容，无权查看的为 null Its words, or null"}
    )


class RequestEventBody(TrackedEventBody):
    """An event, as the agency reads it."""

    has_words = fields.Boolean(
        attribute="event.has_words",
        metadata={"description": "是否有内容 Whether words came with it"},
    )
    person = fields.String(
        attribute="entered.person",
        allow_none=True,
        metadata={"description": "记录人；null：申请人 Who recorded it; null: the applicant"},
    )
    recorded_at = Instant(attribute="entered.at")


class TrackedRequestBody(Answer):
    """A request as its applicant follows it."""

    id = fields.UUID(attribute="request.id")
    number = fields.String(attribute="request.number")
    agency = fields.String(attribute="request.agency")
    agency_name = fields.String()
    channel = fields.Enum(Channel, by_value=fields.String, attribute="request.channel")
    applicant_kind = fields.Enum(
        ApplicantKind, by_value=fields.String, attribute="request.applicant_kind"
    )
    filed_at = Instant(attribute="request.filed_at")
    received_on = fields.Date(attribute="request.received_on", allow_none=True)
    received_when = fields.Nested(TextBody, attribute="request.channel.received_when")
    state = fields.Enum(State, by_value=fields.String, attribute="request.state")
    state_label = fields.Nested(TextBody, attribute="request.state.label")
    outcome = fields.Enum(
        Outcome, by_value=fields.String, attribute="request.outcome", allow_none=True
    )
    outcome_label = fields.Nested(TextBody, allow_none=True)
    clock = fields.Nested(RequestClockBody, allow_none=True)
    applicant = fields.Dict(
        keys=fields.String(), values=fields.String(), attribute="sealed.applicant", allow_none=True
    )
    wanted = fields.Dict(
        keys=fields.String(), values=fields.String(), attribute="sealed.wanted", allow_none=True
    )
    erasure = fields.Nested(GivenErasureBody, attribute="sealed.erasure", allow_none=True)
    events = fields.List(fields.Nested(TrackedEventBody))


class RequestBody(TrackedRequestBody):
    """A request as the agency reads it; of who asks for what, others are told nothing."""

    source = fields.Enum(Source, by_value=fields.String, attribute="request.source")
    marks = fields.List(
        fields.Nested(LateEventBody),
        metadata={"description": "逾期或者迟录的事项 What came late, or was told late"},
    )
    next = fields.List(
        fields.Enum(Kind, by_value=fields.String),
        metadata={"description": "可以记录的事项 What may be recorded next"},
    )
    events = fields.List(fields.Nested(RequestEventBody))


def filed(made: Filed) -> dict[str, Any]:
    """Return what is told of a request that was filed."""
    links = {
        "tracking": api_url(f"tracking/requests/{made.tracking}"),
        "request": api_url(f"requests/{made.id}"),
    }
    return {"id": made.id, "number": made.number, "tracking": made.tracking, "links": links}
