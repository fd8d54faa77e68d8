"""How it is told whether what is published was published in time."""

from marshmallow import fields

from opendata.domain.timeliness import Status
from opendata.web.forms import Answer, TextBody


class PunctualityBody(Answer):
    """How many records were in time, late, or nobody can tell."""

    status = fields.Enum(Status, by_value=True)
    due = fields.Date(
        allow_none=True,
        metadata={
            "description": "全部记录同一天到期时的那一天；null 为各条不同，或不能确定 "
            "The day that all of them were due on; null: there is no one day, or nobody can tell"
        },
    )
    on_time = fields.Integer(metadata={"description": "按时的记录数 Records in time"})
    late = fields.Integer(metadata={"description": "逾期的记录数 Records that were late"})
    indeterminate = fields.Integer(
        metadata={"description": "不能确定的记录数 Records of which nobody can tell"}
    )
    late_by = fields.Integer(
        allow_none=True,
        metadata={
            "description": "逾期最多的一条逾期几个工作日 "
            "By how many working days the latest was late"
        },
    )


class RulePunctualityBody(PunctualityBody):
    """The same, of the records that one deadline rule is for."""

    rule = fields.String(
        attribute="rule.id",
        dump_default=None,
        allow_none=True,
        metadata={"description": "时限规则；null 为没有适用的 The rule; null: there is none"},
    )
    title = fields.Nested(TextBody, attribute="rule.title", dump_default=None, allow_none=True)
    term = fields.Nested(TextBody, attribute="rule.term", dump_default=None, allow_none=True)
    basis = fields.String(attribute="rule.basis", dump_default=None, allow_none=True)


class TimelinessBody(Answer):
    """Whether a release's records were in time; by a record's first publication here."""

    published_on = fields.Date()
    whole = fields.Nested(PunctualityBody)
    rules = fields.List(fields.Nested(RulePunctualityBody))
