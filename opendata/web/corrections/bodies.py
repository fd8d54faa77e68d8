"""What is sent and told about corrections."""

from marshmallow import Schema, fields, validate

from opendata.domain.corrections import Kind, State
from opendata.web.forms import Answer, Instant
from opendata.web.submissions.bodies import GivenErasureBody, StateBody

NEEDED = validate.Length(1, 2000)
KINDS = (
    "show 公开、hide 不公开；refuse 不予更正、transfer 转送、correct 已更正 "
    "Show it, hide it; refuse, pass on, or name the release that corrects the record"
)


class ContactBody(Schema):
    """How the agency may reach whoever reports; sealed, and never published."""

    name = fields.String(
        validate=validate.Length(1, 100), metadata={"description": "姓名 Name", "example": "李某"}
    )
    email = fields.String(
        validate=validate.Length(3, 254),
        metadata={"description": "电子邮箱 E-mail", "example": "reader@example.org"},
    )
    phone = fields.String(validate=validate.Length(3, 40), metadata={"description": "电话 Phone"})


class FaultReportBody(Schema):
    """What is wrong in a record. It is published only once the agency shows it."""

    field = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "有误的字段 The field that is wrong", "example": "explanation"},
    )
    claim = fields.String(
        required=True,
        validate=NEEDED,
        metadata={
            "description": "错在何处、应为什么；请勿写入个人信息 What is wrong, and what would be "
            "right; no personal data",
            "example": "金额应为 1208 万元。",
        },
    )
    evidence = fields.String(
        load_default="",
        validate=validate.Length(0, 2000),
        metadata={"description": "依据：文号、网址 What shows it: a document, an address"},
    )
    contact = fields.Nested(ContactBody, load_default=None, allow_none=True)


class ReportedFaultBody(Answer):
    """That a fault was reported, and the code by which to follow it."""

    id = fields.UUID()
    tracking = fields.String(
        metadata={"description": "查询码，只显示这一次 The tracking code, shown this once"}
    )
    links = fields.Dict(keys=fields.String(), values=fields.String())


class CorrectionWordBody(Schema):
    """One word of the agency. The reason of an answer is published with it."""

    kind = fields.Enum(
        Kind,
        by_value=fields.String,
        required=True,
        metadata={"description": KINDS, "example": "show"},
    )
    reason = fields.String(
        required=True, validate=NEEDED, metadata={"description": "理由 The reason"}
    )
    release = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "更正此记录的发布版本（correct） The release that corrects it"},
    )
    transferred_to = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 200),
        metadata={"description": "转送何处（transfer） To whom it is passed on"},
    )


class CorrectionAnswerBody(Answer):
    """An answer of the agency, as anybody may read it."""

    kind = fields.Enum(Kind, by_value=fields.String)
    reason = fields.String()
    release = fields.Integer(allow_none=True)
    transferred_to = fields.String(allow_none=True)
    at = Instant()


class GivenCorrectionWordBody(CorrectionAnswerBody):
    """A word as the agency reads it: with who said it."""

    person = fields.String()


class TrackedCorrectionBody(Answer):
    """A correction as its reporter follows it."""

    id = fields.UUID()
    collection = fields.String()
    record_id = fields.String()
    dataset = fields.String()
    release = fields.Integer(
        metadata={"description": "报告时的发布版本 The release at the time of the report"}
    )
    field = fields.String(allow_none=True)
    claim = fields.String()
    evidence = fields.String()
    received_at = Instant()
    state = fields.Enum(State, by_value=fields.String, attribute="status.state")
    state_label = fields.Nested(StateBody, attribute="status.state.label")
    shown = fields.Boolean(attribute="status.shown")
    hidden_because = fields.String(
        allow_none=True,
        metadata={"description": "不公开的理由 Why it is not shown, where the agency said so"},
    )
    answers = fields.List(fields.Nested(CorrectionAnswerBody), attribute="status.answers")


class CorrectionBody(TrackedCorrectionBody):
    """A correction as the agency reads it."""

    agency = fields.String()
    has_contact = fields.Boolean(
        metadata={"description": "是否留有联系方式 Whether a contact was left"}
    )
    words = fields.List(fields.Nested(GivenCorrectionWordBody))


class CorrectionList(Answer):
    """Corrections, newest first."""

    data = fields.List(fields.Nested(CorrectionBody))


class FullCorrectionBody(CorrectionBody):
    """A correction with how its reporter is reached, told only to who answers for the agency."""

    contact = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        attribute="contact.told",
        allow_none=True,
        metadata={"description": "联系方式，仅本机关审查人、批准人可见 For the agency's own alone"},
    )
    contact_erasure = fields.Nested(GivenErasureBody, attribute="contact.erasure", allow_none=True)


class CorrectionQuery(Schema):
    """Which corrections are asked for."""

    state = fields.Enum(
        State,
        by_value=fields.String,
        load_default=None,
        metadata={"description": "状态 The state"},
    )
    dataset = fields.String(
        load_default=None,
        validate=validate.Length(1, 200),
        metadata={"description": "数据集 Only of this dataset", "example": "budgets-2018"},
    )
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, 1000),
        metadata={"description": "至多几条 How many at most", "example": 10},
    )
