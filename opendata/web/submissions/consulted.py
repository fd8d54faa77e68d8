"""What is sent and told about other agencies' consent, and about decisions that a body took."""

from typing import Any

from marshmallow import Schema, fields, validate

from opendata.domain.collective import MemberStance
from opendata.domain.coordination import Stance
from opendata.domain.editions import local_day
from opendata.domain.transitions import Verdict
from opendata.web.access import runtime
from opendata.web.forms import Answer, Instant

STANCE = "consent 同意、object 不同意 Consents, or objects"
MEMBER_STANCE = (
    "decided 决策人、agreed 同意、silent 未表示反对、opposed 反对 "
    "Took the decision, agreed, raised no objection, opposed it"
)
NAME = validate.Length(1, 200)


class Late(fields.Boolean):
    """Whether an answer is late today; ``null`` where nobody can tell before the next notice."""

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = None) -> Any:
        """Ask the consultation."""
        return obj.overdue(local_day(runtime().now()))


class ConsentBody(Schema):
    """What an agency answers in writing to the publication of a submission."""

    verdict = fields.Enum(
        Stance,
        by_value=fields.String,
        required=True,
        metadata={"description": STANCE, "example": "consent"},
    )
    reference = fields.String(
        required=True,
        validate=validate.Length(1, 500),
        metadata={
            "description": "书面答复的文号 The document that says so",
            "example": "示例函〔2026〕12号",
        },
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(0, 2000),
        metadata={"description": "理由；不同意的必填 Why; needed by an objection"},
    )


class GivenConsentBody(Answer):
    """An agency's answer as it was given."""

    verdict = fields.Enum(Stance, by_value=fields.String, attribute="stance")
    reference = fields.String()
    reason = fields.String()
    person = fields.String()
    at = Instant()


class ConsultationBody(Answer):
    """One agency that is asked for its consent in this round."""

    agency = fields.String()
    asked_at = Instant()
    due = fields.Date(
        allow_none=True,
        metadata={
            "description": "第 10 个工作日；节假日安排尚未公布的为 null "
            "The tenth working day; null until that year's holidays are announced"
        },
    )
    overdue = Late(
        allow_none=True,
        metadata={"description": "是否逾期未答复 Whether an answer is awaited and late"},
    )
    answer = fields.Nested(GivenConsentBody, allow_none=True)


class OverdueConsentBody(Answer):
    """An answer that is late, and about what."""

    submission = fields.UUID(attribute="submission.id")
    dataset = fields.String(attribute="submission.dataset")
    asked_by = fields.String(attribute="submission.agency")
    agency = fields.String(attribute="consultation.agency")
    asked_at = Instant(attribute="consultation.asked_at")
    due = fields.Date(attribute="consultation.due")


class OverdueConsentList(Answer):
    """Answers that are late, the longest awaited first."""

    data = fields.List(fields.Nested(OverdueConsentBody))


class MemberBody(Schema):
    """One person who took part in a collective decision."""

    name = fields.String(required=True, validate=NAME, metadata={"example": "张三（虚构）"})
    stance = fields.Enum(
        MemberStance,
        by_value=fields.String,
        required=True,
        metadata={"description": MEMBER_STANCE, "example": "decided"},
    )


class CollectiveBody(Schema):
    """A decision that a body took, with what each of its members held. It is not published."""

    minutes = fields.String(
        required=True,
        validate=validate.Length(1, 500),
        metadata={"description": "会议纪要文号 The minutes", "example": "会议纪要〔2026〕3号"},
    )
    members = fields.List(
        fields.Nested(MemberBody), required=True, validate=validate.Length(1, 100)
    )


class BasisBody(Answer):
    """One article, or one item of it, that a decision may rest on."""

    code = fields.String(metadata={"example": "gk2019-20-7"})
    article = fields.Integer()
    item = fields.Integer(allow_none=True)
    citation = fields.String(attribute="citation.zh")
    citation_en = fields.String(attribute="citation.en")
    title = fields.String(
        attribute="title.zh",
        metadata={"description": "所涉事项，并非条文原文 What it is about, not its wording"},
    )
    title_en = fields.String(attribute="title.en")
    verdicts = fields.Function(
        lambda each: [verdict.value for verdict in Verdict if verdict in each.verdicts],
        metadata={"type": "array", "items": {"type": "string", "enum": [*map(str, Verdict)]}},
    )


class BasisList(Answer):
    """The code list of legal bases."""

    data = fields.List(fields.Nested(BasisBody))
