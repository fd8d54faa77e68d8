"""What is sent about requests for information."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from opendata.domain.requests import (
    SAID_BY_APPLICANTS,
    ApplicantKind,
    Channel,
    Delivery,
    FeeBasis,
    FeeDeviation,
    Form,
    Kind,
    Opinion,
    Outcome,
    Ruling,
)
from opendata.domain.requests.events import LONGEST_NAME
from opendata.domain.requests.ledger import LONGEST_NUMBER

SHORT = validate.Length(0, 200)
LONGEST_TEXT = 5000
LONG = validate.Length(0, LONGEST_TEXT)
STATEMENT = validate.Length(0, 20_000)
WANTED = {
    "description": "所需信息的名称、文号或者便于查询的特征 What is wanted: its name, its "
    "number, or what it can be found by",
    "example": "示例县 2025 年农村公路养护计划",
}
_OUTCOMES = [*Outcome, *Ruling]


class ApplicantBody(Schema):
    """Who asks, and how they are reached: sealed, told to the handling agency alone."""

    name = fields.String(
        load_default="",
        validate=SHORT,
        metadata={"description": "姓名或者名称 The name", "example": "申请人甲"},
    )
    id_document = fields.String(
        load_default="",
        validate=SHORT,
        metadata={"description": "身份证明 An identity document", "example": "居民身份证（示例）"},
    )
    email = fields.String(
        load_default="",
        validate=validate.Length(0, 254),
        metadata={"description": "电子邮箱 E-mail", "example": "reader@example.org"},
    )
    phone = fields.String(
        load_default="", validate=validate.Length(0, 40), metadata={"description": "电话 Phone"}
    )
    address = fields.String(
        load_default="", validate=SHORT, metadata={"description": "通信地址 Postal address"}
    )


class WantedInformationBody(Schema):
    """What is asked for, and in which form (第二十九条): sealed like who asks."""

    information = fields.String(load_default="", validate=LONG, metadata=WANTED)
    purpose = fields.String(
        load_default="",
        validate=LONG,
        metadata={"description": "用途，可不填 What for; may be left out"},
    )
    form = fields.Enum(
        Form,
        by_value=fields.String,
        load_default=Form.ELECTRONIC,
        metadata={"description": "提供的形式 In which form"},
    )
    delivery = fields.Enum(
        Delivery,
        by_value=fields.String,
        load_default=Delivery.TRACKING,
        metadata={"description": "获取的方式 How it is to be had"},
    )


class NeededInformationBody(WantedInformationBody):
    """What anybody asks for: it has to be described (第二十九条)."""

    information = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_TEXT),
        metadata=WANTED,
    )


class AskingBody(Schema):
    """A kind of applicant, who it is, and what is wanted."""

    applicant_kind = fields.Enum(
        ApplicantKind,
        by_value=fields.String,
        required=True,
        metadata={"description": "申请人类别 Who asks", "example": "natural_person"},
    )
    applicant = fields.Nested(ApplicantBody, load_default=dict)
    wanted = fields.Nested(WantedInformationBody, load_default=dict)


class RequestApplicationBody(AskingBody):
    """A request for information; anybody may file one."""

    applicant = fields.Nested(ApplicantBody, required=True)
    wanted = fields.Nested(NeededInformationBody, required=True)
    agency = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "公开主体 The agency that is asked", "example": "county-office"},
    )


class RequestRegistrationBody(AskingBody):
    """A request that reached the agency itself; who asks may stay in its own files."""

    number = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_NUMBER),
        metadata={"description": "本机关的编号 The agency's number", "example": "2026 依申请 17"},
    )
    channel = fields.Enum(
        Channel,
        by_value=fields.String,
        required=True,
        metadata={"description": "提交方式 How it came", "example": "registered_mail"},
    )
    received_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "收到日期；当面提交为提交之日，签收的邮件为签收之日，其余为与申请人确认"
            "之日，可随后记录 The day of receipt: handed in, signed for, or, also later, confirmed",
            "example": "2026-03-02",
        },
    )


class RequestEventValuesBody(Schema):
    """The values of an event; each kind has its own, see the guide on answering requests."""

    until = fields.Date(metadata={"description": "补正期限（correction_asked） Correct it by"})
    opinion = fields.Enum(
        Opinion,
        by_value=fields.String,
        metadata={"description": "意见（…_answered） What was said, or that nothing was"},
    )
    days = fields.Integer(
        strict=True,
        validate=validate.Range(1, 1000),
        metadata={"description": "延长几个工作日（extended） By how many working days"},
    )
    approved_by = fields.String(
        validate=validate.Length(1, LONGEST_NAME),
        metadata={
            "description": "批准人，不写则为记录人（extended） Who agreed; whoever records it, if "
            "left out"
        },
    )
    basis = fields.Enum(
        FeeBasis,
        by_value=fields.String,
        metadata={"description": "计收方式（fee_noticed） What the fee is reckoned by"},
    )
    count = fields.Integer(
        strict=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "件数或者页数（fee_noticed） How many requests or pages"},
    )
    before = fields.Integer(
        strict=True,
        validate=validate.Range(0, 2**31 - 1),
        metadata={"description": "当月已计的件数（fee_noticed） Requests of that month before"},
    )
    amount = fields.String(
        validate=validate.Length(1, 20),
        metadata={"description": "金额，元（fee_…） The amount in yuan", "example": "100.00"},
    )
    deviation = fields.Enum(
        FeeDeviation,
        by_value=fields.String,
        metadata={"description": "不按标准的原因（fee_noticed） Why not by the tariff"},
    )
    outcome = fields.String(
        validate=validate.OneOf([str(each) for each in _OUTCOMES]),
        metadata={
            "description": "结果（answered、review、litigation） How it was answered, or ruled",
            "example": "granted",
        },
    )
    number = fields.Integer(
        strict=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "撤销第几条（annulled） Which event was a mistake"},
    )

    @post_load
    def plain(self, told: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return values as they are kept: days and codes as texts."""
        return {
            name: value if isinstance(value, int) else str(value) for name, value in told.items()
        }


class NewRequestEventBody(Schema):
    """What happened to a request, on a day in China."""

    kind = fields.Enum(
        Kind,
        by_value=fields.String,
        required=True,
        metadata={"description": "事项 What happened", "example": "received"},
    )
    on = fields.Date(
        required=True, metadata={"description": "日期 On which day", "example": "2026-03-02"}
    )
    details = fields.Nested(RequestEventValuesBody, load_default=dict)
    statement = fields.String(
        load_default="",
        validate=STATEMENT,
        metadata={
            "description": "内容：补正什么、为何延期、答复全文；封存，只给本机关和申请人 In words: "
            "what to correct, why later, the answer; sealed, for agency and applicant"
        },
    )


class ApplicantEventBody(Schema):
    """What the applicant says: the request, corrected; or that it is withdrawn."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(sorted(SAID_BY_APPLICANTS)),
        metadata={
            "description": "corrected 补正、withdrawn 撤回 It is corrected, or withdrawn",
            "example": "withdrawn",
        },
    )
    statement = fields.String(
        load_default="",
        validate=STATEMENT,
        metadata={"description": "补正的内容 What the request is, corrected"},
    )
