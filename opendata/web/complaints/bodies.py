"""What is sent about complaints."""

from marshmallow import Schema, fields, validate

from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Gravity, Measure
from opendata.domain.complaints.procedure import Kind, Result, Source
from opendata.domain.complaints.steps import Manner, Part, Party
from opendata.domain.responsibility import Share
from opendata.stages.complaints import Sealed
from opendata.web.forms import TELLING
from opendata.web.submissions.bodies import ErasureBody

MOST_CHARACTERS = 5000
MOST_PERSONS = 50
# A text of several lines, as long as a report of what happened is.
STATEMENT = (validate.Length(1, MOST_CHARACTERS), *TELLING[1:])
MAX_NUMBER = 2**31 - 1


class ReporterBody(Schema):
    """Who reports; sealed, told to who handles the case alone, and never published."""

    name = fields.String(
        required=True,
        validate=(validate.Length(1, 100), *TELLING[1:]),
        metadata={"description": "姓名 Name", "example": "李某"},
    )
    email = fields.String(
        validate=validate.Length(3, 254),
        metadata={"description": "电子邮箱 E-mail", "example": "reader@example.org"},
    )
    phone = fields.String(validate=validate.Length(3, 40), metadata={"description": "电话 Phone"})
    address = fields.String(
        validate=validate.Length(3, 300), metadata={"description": "地址 Address"}
    )


class ComplaintFilingBody(Schema):
    """What is reported. The statement, the request's number and the reporter are sealed."""

    agency = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "被举报的公开主体 The agency", "example": "county-office"},
    )
    ground = fields.Enum(
        Ground,
        by_value=fields.String,
        required=True,
        metadata={"description": "情形 The situation, as the rules list it", "example": "late"},
    )
    statement = fields.String(
        required=True,
        validate=STATEMENT,
        metadata={
            "description": "具体情况 What happened",
            "example": "决算批复已逾一月，仍未公开。",
        },
    )
    dataset = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "所涉数据集 The dataset it is about"},
    )
    release = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MAX_NUMBER),
        metadata={"description": "所涉发布版本 Its release"},
    )
    obligation = fields.String(
        load_default=None,
        allow_none=True,
        validate=(validate.Length(equal=52), validate.Regexp("^[a-z2-7]+$")),
        metadata={"description": "所涉公开事项的 _id The obligation's _id"},
    )
    request = fields.String(
        load_default="",
        validate=validate.Length(0, 60),
        metadata={"description": "所涉申请的编号，封存 The number of a request; sealed"},
    )
    reporter = fields.Nested(
        ReporterBody,
        load_default=None,
        allow_none=True,
        metadata={"description": "署名；匿名举报不填 Who reports; left out, it is anonymous"},
    )


class ClueBody(ComplaintFilingBody):
    """A clue that a supervisor registers."""

    source = fields.Enum(
        Source,
        by_value=fields.String,
        required=True,
        validate=validate.NoneOf([Source.PUBLIC]),
        metadata={
            "description": "letter 来信来访、inspection 监督检查、referred 转来 Where it is from",
            "enum": [each.value for each in Source if each is not Source.PUBLIC],
            "example": "inspection",
        },
    )


class SupplementBody(Schema):
    """What the reporter tells besides; sealed."""

    text = fields.String(
        required=True, validate=STATEMENT, metadata={"description": "补充情况 What there is to add"}
    )


class HeldBody(Schema):
    """A person who is held answerable. The name is sealed."""

    name = fields.String(
        required=True,
        validate=(validate.Length(1, 200), *TELLING[1:]),
        metadata={"description": "姓名，封存 Name; sealed", "example": "承办人丙"},
    )
    part = fields.Enum(
        Part,
        by_value=fields.String,
        required=True,
        metadata={
            "description": "author 承办人、reviewer 审查人、supervisor 主管部门、approver 批准人、"
            "member 集体成员；in_charge 主管人员、responsible 其他直接责任人员 Their part",
            "example": "author",
        },
    )
    share = fields.Enum(
        Share,
        by_value=fields.String,
        required=True,
        metadata={
            "description": "whole 全部、main 主要、secondary 次要、none 无 Their share",
            "example": "main",
        },
    )
    measures = fields.List(
        fields.Enum(Measure, by_value=fields.String),
        load_default=list,
        validate=validate.Length(0, len(Measure)),
        metadata={"description": "对其的处理 Measures against them"},
    )


class StepBody(Schema):
    """One step of the procedure. Which values it has depends on its kind; texts are sealed."""

    kind = fields.Enum(
        Kind,
        by_value=fields.String,
        required=True,
        metadata={"description": "步骤 The step", "example": "preliminary_check"},
    )
    on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "日期（北京时间），默认今天 The day in China; today if left out"},
    )
    result = fields.Enum(
        Result,
        by_value=fields.String,
        load_default=None,
        allow_none=True,
        metadata={"description": "结果 How it came out", "example": "proceed"},
    )
    party = fields.Enum(
        Party,
        by_value=fields.String,
        load_default=None,
        allow_none=True,
        metadata={"description": "对谁 Whom it concerns"},
    )
    manner = fields.Enum(
        Manner,
        by_value=fields.String,
        load_default=None,
        allow_none=True,
        metadata={"description": "方式（heard） How somebody was heard"},
    )
    grounds = fields.List(
        fields.Enum(Ground, by_value=fields.String),
        load_default=list,
        validate=validate.Length(0, len(Ground)),
        metadata={"description": "认定的情形（finding） What was found"},
    )
    gravity = fields.Enum(
        Gravity,
        by_value=fields.String,
        load_default=None,
        allow_none=True,
        metadata={"description": "认定的情节（finding） How grave it is"},
    )
    body = fields.List(
        fields.Enum(Measure, by_value=fields.String),
        load_default=list,
        validate=validate.Length(0, len(Measure)),
        metadata={"description": "对单位的处理（decided） Measures against the body"},
    )
    persons = fields.List(
        fields.Nested(HeldBody),
        load_default=list,
        validate=validate.Length(0, MOST_PERSONS),
        metadata={"description": "责任人及其处理（decided） Who is held answerable"},
    )
    departure = fields.String(
        load_default="",
        validate=validate.Length(0, MOST_CHARACTERS),
        metadata={"description": "与事实推得的责任或情节不符的理由 Why the decision departs"},
    )
    rule = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": "整改期限的规则 The rule of the term", "example": "RECT-GY"},
    )
    due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "期限 By when"},
    )
    dataset = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={"description": "整改的证明：数据集（rectified） The dataset that proves it"},
    )
    release = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MAX_NUMBER),
        metadata={"description": "其版本 Its release"},
    )
    url = fields.String(
        load_default="",
        validate=validate.Length(0, 1000),
        metadata={"description": "整改的证明：网址，封存 An address that proves it; sealed"},
    )
    reference = fields.String(
        load_default="",
        validate=validate.Length(0, 200),
        metadata={"description": "文书编号，封存 The number of the document; sealed"},
    )
    text = fields.String(
        load_default="",
        validate=validate.Length(0, MOST_CHARACTERS),
        metadata={
            "description": "内容，封存；要求说明、书面告知的内容由对方看到 "
            "What is said; sealed, and shown to whom it is said",
            "example": "经核，举报内容具体，予以调查。",
        },
    )


class ComplaintErasureBody(ErasureBody):
    """What of a complaint is erased, on whose authority, and why."""

    part = fields.Enum(
        Sealed,
        by_value=fields.String,
        required=True,
        metadata={
            "description": "reporter 举报人、statement 举报内容、step 某一步骤的记载 Which part",
            "example": "reporter",
        },
    )
    number = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MAX_NUMBER),
        metadata={"description": "步骤的序号（step） The number of the step"},
    )
