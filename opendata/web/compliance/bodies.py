"""What is asked and told about compliance."""

from marshmallow import Schema, fields, validate

from opendata.domain.compliance import Grouping, Kind, Rate, Status
from opendata.web.forms import TELLING, Answer, Links, TextBody

_DAY = "2026-01-31"
_KINDS = (
    "release 发布版本、document 文件链接、exemption 说明理由免予公开、annulment 撤销前一说明 "
    "A release, a document, an exemption; annulment takes the word before it back"
)


class ComplianceQuery(Schema):
    """Of which cases, and by what they are grouped."""

    by = fields.Enum(
        Grouping,
        by_value=fields.String,
        load_default=None,
        metadata={"description": "分组 What to group by", "example": "agency"},
    )
    agency = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "公开主体 Only of this agency", "example": "county-office"},
    )
    field = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "公开领域 Only of this field", "example": "就业"},
    )
    region = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[1-9][0-9]{1,5}$"),
        metadata={
            "description": "行政区划代码或其前几位，末尾的 00 不计 "
            "A region's code, or how it begins; 00 at its end stands for all below",
            "example": "450300",
        },
    )
    period = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[0-9]{4}(H[12]?|Q[1-4]?|-[0-9]{0,2})?$"),
        metadata={"description": "年或时段 A year or a period", "example": "2025"},
    )
    as_of = fields.Date(
        load_default=None,
        metadata={
            "description": "截至此日终了已记录的事实；默认今天 "
            "By what was recorded until the end of this day; today by default",
            "example": _DAY,
        },
    )


class CaseCountBody(Answer):
    """A number, and the address of the cases that it counts."""

    value = fields.Integer()
    cases = fields.String(metadata={"format": "uri"})


class CaseRateBody(Answer):
    """A rate with what it is made of."""

    rate = fields.Decimal(
        allow_none=True,
        metadata={
            "description": "分子 ÷ 分母，四位小数；分母为零时为 null "
            "To four decimal places; null where there is nothing to judge"
        },
    )
    numerator = fields.Nested(CaseCountBody)
    denominator = fields.Nested(CaseCountBody)


_STATUS_FIELDS = {
    each.value: fields.Nested(
        CaseCountBody, metadata={"description": f"{each.label.zh} {each.label.en}"}
    )
    for each in Status
}
_RATE_FIELDS = {
    Rate.ON_TIME.value: fields.Nested(
        CaseRateBody,
        metadata={"description": "按时公开 ÷ 已见分晓 On time, of those that can be judged"},
    ),
    Rate.DISCLOSED.value: fields.Nested(
        CaseRateBody,
        metadata={"description": "已公开 ÷ 已见分晓 Disclosed, of those that can be judged"},
    ),
}
CaseCountsBody = type(
    "CaseCountsBody", (Answer,), {"__doc__": "How many stand where.", **_STATUS_FIELDS}
)
CaseRatesBody = type(
    "CaseRatesBody", (Answer,), {"__doc__": "Shares of what is judged.", **_RATE_FIELDS}
)


class CaseFiguresBody(Answer):
    """How many cases stand where, and rates."""

    cases = fields.Nested(CaseCountBody)
    counts = fields.Nested(CaseCountsBody)
    rates = fields.Nested(CaseRatesBody)


class ComplianceGroupBody(Answer):
    """The cases of one group."""

    key = fields.String(metadata={"description": "分组的值 The group's value"})
    label = fields.String(metadata={"description": "名称 What people call it"})
    cases = fields.Nested(CaseCountBody)
    counts = fields.Nested(CaseCountsBody)
    rates = fields.Nested(CaseRatesBody)


class CrossCountsBody(Answer):
    """How many figures agree with what else the same agency has published, and how many do not."""

    holds = fields.Nested(CaseCountBody, metadata={"description": "相符 Agree"})
    fails = fields.Nested(CaseCountBody, metadata={"description": "不相符 Do not agree"})


class AgencyCrossCountsBody(CrossCountsBody):
    """The same of one agency."""

    agency = fields.String(metadata={"description": "公开主体 The agency"})


class CrossChecksBody(Answer):
    """Checks across collections, counted whole and by agency."""

    whole = fields.Nested(CrossCountsBody)
    agencies = fields.List(fields.Nested(AgencyCrossCountsBody))


class ComplianceBody(Answer):
    """How cases stood at the end of a day."""

    as_of = fields.Date(metadata={"description": "截至 The day"})
    known = fields.Nested(
        TextBody, metadata={"description": "何者计入 What was taken into account"}
    )
    left_out = fields.List(
        fields.String(),
        metadata={
            "description": "件数过多、不予计算的公开主体 "
            "Agencies with more cases than are worked out"
        },
    )
    by = fields.Enum(Grouping, by_value=fields.String, allow_none=True)
    whole = fields.Nested(CaseFiguresBody)
    groups = fields.List(fields.Nested(ComplianceGroupBody))
    cross_checks = fields.Nested(
        CrossChecksBody,
        allow_none=True,
        metadata={
            "description": "跨类数据核对，依现在公布的数据、按整年计；查询一个公开主体或者按公开"
            "主体分组时给出，按领域、地区、时段或者以往日期查询的为 null "
            "Checks across collections, of what is public now and of whole years: where one agency "
            "is asked for, or all by agency; null of a field, a region, part of a year or a day "
            "gone by"
        },
    )
    links = Links(lambda each: each["links"])


class OccasionBody(Schema):
    """Something happened that the term of an obligation runs from; public at once."""

    occasion = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={
            "description": "期次：事由的编号，或该事项的时段 "
            "What tells it from others: a number, or one of the obligation's periods",
            "example": "示政函〔2026〕3号",
        },
    )
    title = fields.String(
        load_default=None,
        allow_none=True,
        validate=(validate.Length(1, 500), TELLING[1]),
        metadata={"description": "事由；请勿写入个人信息 What it is; no personal data"},
    )
    rule = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={
            "description": "时限规则；目录未规定的才写 "
            "The deadline rule, where the catalogue names none",
            "example": "PRO",
        },
    )
    trigger_date = fields.Date(
        required=True,
        metadata={"description": "起算日，此日不计入 The day the term runs from", "example": _DAY},
    )


class FulfilmentBody(Schema):
    """By what a case was met, or why it need not be; public at once."""

    occasion = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "期次 The period or occasion", "example": "2025"},
    )
    kind = fields.Enum(
        Kind,
        by_value=fields.String,
        required=True,
        metadata={"description": _KINDS, "example": "document"},
    )
    dataset = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "数据集（release） The dataset"},
    )
    release = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "发布版本号（release） The release's number"},
    )
    url = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 2000),
        metadata={
            "description": "https 网址（document） The document's https address",
            "example": "https://www.example.gov.cn/xxgk/2026/1.html",
        },
    )
    fulfilled_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "公开之日（document） The day it was made public",
            "example": "2026-02-10",
        },
    )
    basis = fields.String(
        load_default=None,
        allow_none=True,
        validate=TELLING,
        metadata={"description": "依据（exemption 必填） The legal basis"},
    )
    reason = fields.String(
        load_default=None,
        allow_none=True,
        validate=TELLING,
        metadata={"description": "理由（exemption、annulment 必填） The reason"},
    )
