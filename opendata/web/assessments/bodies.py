"""What is sent and told about assessments."""

from marshmallow import Schema, fields, validate

from opendata.domain.assessment.measures import Measure, Unit
from opendata.domain.assessment.schemes import Nothing
from opendata.domain.assessment.words import Kind, State
from opendata.web.forms import TELLING, Answer, Instant, TextBody

KINDS = (
    "appeal 申诉；uphold 维持、adjust 调整得分；confirm 确认 "
    "Appeal a point; uphold it, adjust it; confirm the whole"
)


class NewAssessmentBody(Schema):
    """Whom to assess, by which scheme, for which period."""

    agency = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "公开主体的编号 The agency's id", "example": "county-office"},
    )
    scheme = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "方案的编号 The scheme's id", "example": "guyuan-sample"},
    )
    period = fields.String(
        required=True,
        validate=validate.Length(4, 7),
        metadata={
            "description": "考核期：2025、2025H1、2025Q1 或 2025-01，须已结束 "
            "A period that is over",
            "example": "2025",
        },
    )


class AssessmentWordBody(Schema):
    """One word on an assessment. Once it is confirmed, its words are public with their reasons."""

    kind = fields.Enum(
        Kind,
        by_value=fields.String,
        required=True,
        metadata={"description": KINDS, "example": "appeal"},
    )
    indicator = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 100),
        metadata={
            "description": "指标的编号；confirm 不写 The indicator's id; not with confirm",
            "example": "requests-on-time",
        },
    )
    points = fields.Decimal(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 100),
        metadata={"description": "调整后的得分（adjust） The points given instead", "example": 9.5},
    )
    reason = fields.String(
        required=True, validate=TELLING, metadata={"description": "理由 The reason"}
    )


class AddressedCasesBody(Answer):
    """Where something that was counted is listed."""

    label = fields.Nested(TextBody)
    address = fields.String()


class AssessedFigureBody(Answer):
    """What was counted: so many, of so many where it is a share."""

    counted = fields.Integer()
    among = fields.Integer(allow_none=True)
    cases = fields.List(fields.Nested(AddressedCasesBody))


class AssessedPointBody(Answer):
    """What one indicator gave, and why; ``points`` is null where it was left out."""

    indicator = fields.String()
    group = fields.Nested(TextBody)
    title = fields.Nested(TextBody)
    measure = fields.Enum(Measure, by_value=fields.String)
    measure_label = fields.Nested(TextBody)
    weight = fields.Decimal()
    computed = fields.Decimal(
        allow_none=True, metadata={"description": "由事实算出的得分 As computed from the facts"}
    )
    points = fields.Decimal(
        allow_none=True, metadata={"description": "申诉后的得分 In the end, as adjusted on appeal"}
    )
    figure = fields.Nested(AssessedFigureBody)
    explanation = fields.Nested(TextBody)


class GivenAssessmentWordBody(Answer):
    """A word as it was said; by whom is told inside only."""

    sometimes = frozenset({"person"})

    kind = fields.Enum(Kind, by_value=fields.String)
    indicator = fields.String(allow_none=True)
    points = fields.Decimal(allow_none=True)
    reason = fields.String()
    at = Instant()
    person = fields.String()


class GradeBody(Answer):
    """A grade of the scheme."""

    id = fields.String()
    title = fields.Nested(TextBody)
    at_least = fields.Decimal()


class UsedSchemeBody(Answer):
    """The scheme as it was declared when the assessment was made; its digest is kept."""

    id = fields.String()
    title = fields.Nested(TextBody)
    basis = fields.String()
    sha256 = fields.String()


class AssessmentBody(Answer):
    """An assessment with every point; ``assessor`` is told inside only."""

    sometimes = frozenset({"assessor"})

    id = fields.UUID()
    agency = fields.String()
    agency_name = fields.String()
    scheme = fields.Nested(UsedSchemeBody)
    period = fields.String()
    number = fields.Integer()
    state = fields.Enum(State, by_value=fields.String)
    state_label = fields.Nested(TextBody)
    score = fields.Decimal()
    grade = fields.Nested(GradeBody)
    computed_score = fields.Decimal(
        metadata={"description": "由事实算出的得分，申诉之前 Before any appeal"}
    )
    computed_sha256 = fields.String(
        metadata={"description": "所存计算结果的 SHA-256；事实相同则相同 Same facts, same digest"}
    )
    day = fields.Date(metadata={"description": "按此日的事实计算 As the facts were on this day"})
    appeal_until = fields.Date(
        metadata={"description": "申诉期的末日 The last day on which the agency may appeal"}
    )
    assessed_at = Instant()
    assessor = fields.String()
    points = fields.List(fields.Nested(AssessedPointBody))
    words = fields.List(fields.Nested(GivenAssessmentWordBody))
    links = fields.Dict(keys=fields.String(), values=fields.String())


class IndicatorBody(Answer):
    """One indicator of a scheme."""

    id = fields.String()
    group = fields.String()
    title = fields.Nested(TextBody)
    measure = fields.Enum(Measure, by_value=fields.String)
    measure_label = fields.Nested(TextBody, attribute="measure.label")
    unit = fields.Enum(Unit, by_value=fields.String, attribute="measure.unit")
    weight = fields.Decimal()
    nothing = fields.Enum(
        Nothing,
        by_value=fields.String,
        metadata={
            "description": "没有可考核的事项时：full 满分、zero 零分、left_out 不计 "
            "What it gives where there is nothing to measure"
        },
    )
    working_days = fields.Integer(allow_none=True)


class HeadingBody(Answer):
    """A heading of indicators."""

    id = fields.String()
    title = fields.Nested(TextBody)


class SchemeBody(Answer):
    """A declared scheme."""

    id = fields.String()
    title = fields.Nested(TextBody)
    description = fields.Nested(TextBody)
    basis = fields.String()
    appeal_days = fields.Integer()
    sha256 = fields.String()
    groups = fields.List(fields.Nested(HeadingBody))
    indicators = fields.List(fields.Nested(IndicatorBody))
    grades = fields.List(fields.Nested(GradeBody))


class SchemeList(Answer):
    """The schemes that are declared."""

    data = fields.List(fields.Nested(SchemeBody))
