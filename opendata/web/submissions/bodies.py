"""What is sent and told about submissions."""

from marshmallow import Schema, fields, validate

from opendata.domain.approvals import State, Verdict
from opendata.domain.people import Role
from opendata.stages.standing import Standing
from opendata.web.forms import Answer, Instant, Links
from opendata.web.links import api_url

VERDICT = (
    "disclose 公开、disclose_in_part 区分处理、withhold 不予公开、refer 需报审、return 退回 "
    "Disclose, disclose in part, withhold, refer to the supervisor, return"
)
REASON = validate.Length(0, 2000)
KIND = validate.Length(1, 200)


class WithheldBody(Schema):
    """What ``disclose_in_part`` keeps back."""

    columns = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(0, 200),
        metadata={"description": "不公开的列 Columns, by name"},
    )
    rows = fields.List(
        fields.Integer(strict=True),
        load_default=list,
        validate=validate.Length(0, 100_000),
        metadata={"description": "不公开的行，即 _row Rows, by number"},
    )


class DecisionBody(Schema):
    """One person's word. Basis and reason are published with the release."""

    verdict = fields.Enum(
        Verdict,
        by_value=fields.String,
        required=True,
        metadata={"description": VERDICT, "example": "disclose"},
    )
    basis = fields.String(
        load_default="",
        validate=REASON,
        metadata={
            "description": "依据 The legal basis",
            "example": "《政府信息公开条例》第十九条",
        },
    )
    reason = fields.String(
        load_default="", validate=REASON, metadata={"description": "理由 The reason"}
    )
    withheld = fields.Nested(WithheldBody)


class GivenDecisionBody(Answer):
    """A word as it was given."""

    verdict = fields.Enum(Verdict, by_value=fields.String, metadata={"description": VERDICT})
    basis = fields.String()
    reason = fields.String()
    withheld = fields.Nested(WithheldBody)
    person = fields.String()
    role = fields.Enum(Role, by_value=fields.String)
    base_release = fields.Integer(
        metadata={"description": "作出时已有的最新版本，0 为尚无 The newest release then; 0: none"}
    )
    at = Instant()


class CancellationBody(Schema):
    """Why the author takes a submission back."""

    reason = fields.String(load_default="", validate=REASON)


class StateBody(Answer):
    """A state's name in both languages."""

    zh = fields.String()
    en = fields.String()


class TextBody(Answer):
    """A sentence in both languages."""

    zh = fields.String()
    en = fields.String()


class CautionAnswerBody(Schema):
    """Why one kind of caution is as it is. The reason is published with the release."""

    code = fields.String(required=True, validate=KIND, metadata={"example": "value-expected"})
    name = fields.String(
        load_default=None,
        allow_none=True,
        validate=KIND,
        metadata={"description": "规则名称 The rule's name", "example": "bud-uscc-known"},
    )
    field = fields.String(
        load_default=None,
        allow_none=True,
        validate=KIND,
        metadata={"description": "所在的列 The column", "example": "publisher_uscc"},
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(1, 2000),
        metadata={"description": "理由 The reason", "example": "来源没有载明，不作推断。"},
    )


class CautionAnswersBody(Schema):
    """Answers to cautions, recorded all together or not at all."""

    answers = fields.List(
        fields.Nested(CautionAnswerBody), required=True, validate=validate.Length(1, 500)
    )


class GivenCautionAnswerBody(Answer):
    """An answer as it was given."""

    reason = fields.String()
    person = fields.String()
    role = fields.Enum(Role, by_value=fields.String)
    at = Instant()


class CautionBody(Answer):
    """One kind of caution with the answer that stands; published, it is a known issue."""

    code = fields.String(attribute="caution.code")
    name = fields.String(attribute="caution.name", allow_none=True)
    field = fields.String(attribute="caution.field", allow_none=True)
    basis = fields.String(attribute="caution.basis", allow_none=True)
    count = fields.Integer(
        attribute="caution.count", metadata={"description": "多少处 How many findings"}
    )
    rows = fields.List(
        fields.Integer(),
        attribute="caution.rows",
        metadata={"description": "最初若干行的行序 The numbers of the first rows"},
    )
    lines = fields.List(
        fields.Integer(),
        attribute="caution.lines",
        metadata={"description": "它们在报送文件中的行 Their lines in the file sent in"},
    )
    message = fields.Nested(TextBody, attribute="caution.message")
    answer = fields.Nested(GivenCautionAnswerBody, allow_none=True)


class SubmissionBody(Answer):
    """One uploaded file and what became of it."""

    # Known once it has been validated.
    sometimes = frozenset({"reported_at", "counts", "provenance"})

    id = fields.UUID(attribute="submission.id")
    dataset = fields.String(attribute="submission.dataset")
    collection = fields.String(attribute="submission.collection")
    agency = fields.String(attribute="submission.agency")
    state = fields.Enum(State, by_value=fields.String)
    state_label = fields.Nested(StateBody, attribute="state.label")
    waiting_for = fields.Enum(
        Role,
        by_value=fields.String,
        attribute="due_role",
        allow_none=True,
        metadata={"description": "现等待谁的意见 Whose word is awaited"},
    )
    author = fields.String(attribute="submission.author")
    filename = fields.String(attribute="submission.filename")
    media_type = fields.String(attribute="submission.media_type")
    sha256 = fields.String(attribute="submission.sha256")
    size = fields.Integer(attribute="submission.size")
    received_at = Instant(attribute="submission.received_at")
    reported_at = Instant(attribute="report.reported_at", allow_none=True)
    counts = fields.Dict(attribute="report.counts")
    cautions = fields.List(fields.Nested(CautionBody), attribute="cautions.issues")
    provenance = fields.Dict(attribute="report.provenance")
    problem = fields.Dict(attribute="told_problem", allow_none=True)
    decisions = fields.List(fields.Nested(GivenDecisionBody))
    base_release = fields.Integer(attribute="course.base_release")
    release = fields.Integer(
        allow_none=True, metadata={"description": "发布版本 The release it became"}
    )
    links = Links(lambda each: links_of(each))


class SubmissionList(Answer):
    """Submissions, newest first; those waiting for the caller, oldest first."""

    data = fields.List(fields.Nested(SubmissionBody))


class SubmissionQuery(Schema):
    """Which submissions are listed."""

    dataset = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "数据集 Only of this dataset", "example": "budgets-2018"},
    )
    waiting_for = fields.String(
        validate=validate.OneOf(["me"]),
        metadata={"description": "me：只列等待本人意见的 Only those that await my word"},
    )
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, 1000),
        metadata={"description": "至多几份 How many at most", "example": 10},
    )


def links_of(each: Standing) -> dict[str, str]:
    """Return where a submission and what belongs to it are."""
    own = f"submissions/{each.submission.id}"
    links = {"self": api_url(own), "dataset": api_url(f"datasets/{each.submission.dataset}")}
    if each.report is not None:
        links["report"] = api_url(f"{own}/report")
        links["report_html"] = api_url(f"{own}/report.html")
        links["report_xlsx"] = api_url(f"{own}/report.xlsx")
    if each.release is not None:
        links["release"] = api_url(f"datasets/{each.submission.dataset}/releases/{each.release}")
    return links
