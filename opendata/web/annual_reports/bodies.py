"""What is sent and told about annual reports."""

from marshmallow import Schema, fields, validate

from opendata.domain.annual.declaring import MAX_EXPLANATION, MAX_FIGURES, MAX_TEXT
from opendata.domain.annual.model import Fit, Level, Severity, Source, Standing
from opendata.web.forms import TELLING, Answer, Instant, TextBody

# As it is seen, without what a terminal or a browser would act on.
SEEN = TELLING[1]


class FigureToDeclareBody(Schema):
    """A figure for one cell of the report."""

    table = fields.String(
        required=True,
        validate=validate.Length(1, 20),
        metadata={"description": "表号 Table: 2, 3, 4, annex", "example": "2"},
    )
    row = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"description": "行号 Row", "example": "20.5.1"},
    )
    column = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"description": "列号 Column", "example": "decisions"},
    )
    value = fields.String(
        required=True,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={
            "description": "数值，按表中写法，如 8、(增1)；null 表示收回已申报的数 As tables print "
            "it; null takes back what was declared",
            "example": "4943",
        },
    )
    explanation = fields.String(
        load_default=None,
        allow_none=True,
        validate=(validate.Length(1, MAX_EXPLANATION), SEEN),
        metadata={
            "description": "说明，随报告公布；与计算数不同时必填，否则仍以计算数为准 "
            "Published with the report; needed to take the place of a computed figure",
            "example": "许可决定在省政务服务平台办理，本平台只收录其中的项目核准。",
        },
    )


class FiguresToDeclareBody(Schema):
    """Figures that are declared together: all are recorded, or none."""

    figures = fields.List(
        fields.Nested(FigureToDeclareBody), required=True, validate=validate.Length(1, MAX_FIGURES)
    )


class SectionTextBody(Schema):
    """The words of one section."""

    number = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(1, 6),
        metadata={"description": "第几部分，1 至 6 Which section", "example": 1},
    )
    text = fields.String(
        required=True,
        allow_none=True,
        validate=(validate.Length(1, MAX_TEXT), SEEN),
        metadata={
            "description": "文字；null 表示删去 The words; null clears them",
            "example": "2025 年，本机关共收到政府信息公开申请 1 件。",
        },
    )


class SectionTextsBody(Schema):
    """Words that are written together: all are recorded, or none."""

    sections = fields.List(
        fields.Nested(SectionTextBody), required=True, validate=validate.Length(1, 6)
    )


class RecordedFactsBody(Answer):
    """How many facts were new; what was said before already is not recorded again."""

    recorded = fields.Integer()
    links = fields.Dict(keys=fields.String(), values=fields.String())


class CellPlaceBody(Answer):
    """Where a figure stands."""

    table = fields.String()
    row = fields.String()
    column = fields.String()


class CountedFigureBody(Answer):
    """The figure that was computed, and where what it counts is to be read."""

    value = fields.Decimal()
    source = fields.Enum(Source, by_value=fields.String)
    address = fields.String(
        allow_none=True,
        metadata={"description": "恰好给出所计记录的地址 Where exactly these records are read"},
    )


class DeclaredFigureBody(Answer):
    """The figure that was declared last; ``person`` is told to the agency and supervisors."""

    value = fields.Decimal()
    explanation = fields.String()
    number = fields.Integer()
    at = Instant()
    person = fields.String(allow_none=True)


class ReportCellBody(CellPlaceBody):
    """One figure of a table; null where nothing was found to count, which is no zero."""

    name = fields.String(metadata={"description": "行名 The row's name"})
    unit = fields.String()
    value = fields.Decimal(allow_none=True)
    source = fields.Enum(Source, by_value=fields.String, allow_none=True)
    counted = fields.Nested(CountedFigureBody, allow_none=True)
    declared = fields.Nested(DeclaredFigureBody, allow_none=True)
    trace = fields.String(metadata={"description": "来源的地址 Where its source is told"})


class ReportTableBody(Answer):
    """One table of the form."""

    code = fields.String()
    title = fields.Nested(TextBody)
    cells = fields.List(fields.Nested(ReportCellBody))


class ReportBreachBody(Answer):
    """Something that does not fit, and the cells that break it."""

    rule = fields.String()
    severity = fields.Enum(Severity, by_value=fields.String)
    message = fields.Nested(TextBody)
    cells = fields.List(fields.Nested(CellPlaceBody))
    basis = fields.String(allow_none=True)
    relation = fields.String(allow_none=True)
    expected = fields.String(allow_none=True)
    found = fields.String(allow_none=True)
    difference = fields.String(allow_none=True)
    explained = fields.Boolean()


class NumberInTextBody(Answer):
    """A number in the words of a section, and whether it is that of the tables."""

    phrase = fields.String()
    start = fields.Integer()
    value = fields.String()
    unit = fields.String()
    cells = fields.List(fields.Nested(CellPlaceBody), attribute="places")
    fit = fields.Enum(Fit, by_value=fields.String)


class ReportSectionBody(Answer):
    """One of the six sections, and the numbers in its words."""

    number = fields.Integer()
    title = fields.Nested(TextBody)
    standing = fields.Enum(Standing, by_value=fields.String)
    text = fields.String(allow_none=True)
    table = fields.String(allow_none=True)
    numbers = fields.List(fields.Nested(NumberInTextBody))
    written_at = Instant(allow_none=True)
    person = fields.String(allow_none=True)


class ReportingAgencyBody(Answer):
    """Whose report it is."""

    id = fields.String()
    name = fields.Nested(TextBody)
    level = fields.Enum(Level, by_value=fields.String)
    region_code = fields.String(allow_none=True)


class AnnualReportBody(Answer):
    """An annual report: to its agency as the facts give it now, to the public as published."""

    agency = fields.Nested(ReportingAgencyBody)
    year = fields.Integer()
    template = fields.String()
    basis = fields.String(metadata={"description": "格式的依据 By what the form is prescribed"})
    due = fields.Date(allow_none=True, metadata={"description": "公布期限 The last day"})
    due_rule = fields.String()
    computed_on = fields.Date()
    published = fields.String(
        allow_none=True,
        metadata={
            "description": "已公布其统计数据的数据集 The dataset with its figures, if public"
        },
    )
    previous = fields.String(
        allow_none=True, metadata={"description": "上年度的数据集 That of the year before"}
    )
    complete = fields.Boolean(
        metadata={"description": "各格有数、六个部分齐全 Every cell and every section is there"}
    )
    holds = fields.Boolean(
        metadata={"description": "没有未说明的错误 Nothing is broken without an explanation"}
    )
    notes = fields.List(
        fields.Nested(TextBody),
        metadata={"description": "关于公布内容的说明 What is to be known of what is published"},
    )
    tables = fields.List(fields.Nested(ReportTableBody))
    missing = fields.List(fields.Nested(CellPlaceBody))
    breaches = fields.List(fields.Nested(ReportBreachBody))
    sections = fields.List(fields.Nested(ReportSectionBody))
    links = fields.Dict(keys=fields.String(), values=fields.String())


class CountedCaseBody(Answer):
    """A request that a figure counts; ``event`` is that of a review or suit."""

    id = fields.UUID()
    event = fields.Integer(allow_none=True)
    link = fields.String()


class TracedCellBody(ReportCellBody):
    """What a figure counts: the ledger's requests, to the agency and supervisors alone."""

    count = fields.Integer(
        allow_none=True,
        metadata={
            "description": "台账现在所计件数；公众看到 null How many cases of the ledger it counts "
            "now; null to the public"
        },
    )
    cases = fields.List(
        fields.Nested(CountedCaseBody),
        allow_none=True,
        metadata={"description": "所计申请；公众看到 null The requests; null to the public"},
    )
    breaches = fields.List(fields.Nested(ReportBreachBody))
    links = fields.Dict(keys=fields.String(), values=fields.String())
