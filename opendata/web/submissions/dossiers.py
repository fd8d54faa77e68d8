"""The dossier over HTTP: what a reviewer, an approver or an agency that is asked looks at."""

from uuid import UUID

from marshmallow import fields

from opendata.stages import review
from opendata.stages.dossier import By, Dossier, dossier
from opendata.web.access import actor, opened_to, runtime
from opendata.web.diff_bodies import SummaryBody
from opendata.web.forms import Answer, TextBody
from opendata.web.submissions.bodies import SubmissionBody
from opendata.web.submissions.decided import OwnDecisionBody
from opendata.web.submissions.room import blp


class DeadlineBody(Answer):
    """By when records are to be published, by one rule."""

    rule = fields.String(attribute="rule.id")
    title = fields.Nested(TextBody, attribute="rule.title")
    term = fields.Nested(TextBody, attribute="rule.term")
    basis = fields.String(attribute="rule.basis")
    applies_to = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw()),
        attribute="choice.where",
        metadata={
            "description": "适用于这些列取这些值的记录；空为全部 The records whose columns have "
            "one of these values; empty: all"
        },
    )
    trigger_field = fields.String(
        allow_none=True,
        attribute="choice.trigger_field",
        metadata={
            "description": "期限起算之日所在的列；null 为记录中没有 The column of the day that the "
            "term runs from; null: no record tells it"
        },
    )
    due = fields.Date(
        attribute="due.day",
        dump_default=None,
        allow_none=True,
        metadata={
            "description": "最早到期日，依此次新增的记录或者已记录的起算日；null 为尚在比较、"
            "无从得知，或该年放假安排尚未公布 The earliest, by the records that would be added or "
            "by the day that was recorded; null: still comparing, nothing tells it, or the "
            "holidays of that year are not announced"
        },
    )
    due_rolled = fields.Date(
        attribute="due.rolled",
        dump_default=None,
        allow_none=True,
        metadata={
            "description": "是否逾期以此日为准 The day that lateness is judged by",
        },
    )
    last_due = fields.Date(
        attribute="last.day",
        dump_default=None,
        allow_none=True,
        metadata={"description": "最迟到期日 The latest"},
    )
    last_due_rolled = fields.Date(
        attribute="last.rolled",
        dump_default=None,
        allow_none=True,
        metadata={"description": "最迟的，是否逾期以此日为准 The latest that is judged by"},
    )
    records = fields.Integer(
        allow_none=True,
        metadata={
            "description": "新增的记录中适用此规则的；null 为尚在比较或无从比较 Records that would "
            "be added by this rule; null: it is not known what would change, or not yet"
        },
    )
    indeterminate = fields.Integer(
        allow_none=True,
        metadata={
            "description": "其中不能确定到期日的 Those of which nobody can tell when they are due"
        },
    )


class DossierBody(Answer):
    """Everything that is needed to decide on a submission."""

    submission = fields.Nested(SubmissionBody, attribute="found")
    said_now = fields.List(
        fields.Nested(OwnDecisionBody),
        attribute="now",
        metadata={"description": "本轮的意见 What was said in this round"},
    )
    said_earlier = fields.List(
        fields.Nested(OwnDecisionBody),
        attribute="earlier",
        metadata={"description": "以前各轮的意见 What was said in rounds before"},
    )
    change = fields.Nested(
        SummaryBody,
        attribute="summary",
        allow_none=True,
        metadata={
            "description": "与所依据的版本相比的变动；null 为尚在比较或无从比较 "
            "What would change against the base release; null: not known, or not yet"
        },
    )
    deadlines = fields.List(fields.Nested(DeadlineBody))


@blp.route("/submissions/<uuid:submission_id>/dossier", methods=["GET"])
@opened_to(*review.DECIDERS)
@blp.doc(operationId="read_dossier")
@blp.refuses(404)
@blp.response(200, DossierBody, description="审查材料 The dossier")
def read_dossier(submission_id: UUID) -> Dossier:
    """查看审查材料 Read what there is to decide on

    校验结果和提示、个人信息标记、与现有版本的差异、公开时限、所涉机关的答复、以前各轮的意见。被征求的
    机关看不到报送主体内部的意见和其他机关的答复。

    Counts and cautions, privacy flags, what would change, the deadlines, other agencies' answers,
    the words of earlier rounds. An agency that is asked sees neither the words of the
    submission's own agency nor the answers of other agencies.
    """
    held = runtime()
    with held.home.database.read() as session:
        by = By(held.contracts, held.rules, held.today())
        return dossier(session, held.home, by, actor(), submission_id)
