"""What is sent and told about submissions."""

from marshmallow import Schema, fields, validate

from opendata.domain.approvals import State
from opendata.domain.people import Role
from opendata.stages.diff import OPEN
from opendata.stages.receive import MOST_NOTES, MOST_RELEASES
from opendata.stages.standing import Standing
from opendata.web.forms import TELLING, Answer, Instant, Links, TextBody
from opendata.web.links import api_url
from opendata.web.submissions.consulted import ConsultationBody
from opendata.web.submissions.decided import PUBLISH_AT, REASON, OwnDecisionBody
from opendata.web.submissions.flags import GivenClearanceBody, RaisedFlagBody

KIND = validate.Length(1, 200)


class CancellationBody(Schema):
    """Why the author takes a submission back."""

    reason = fields.String(load_default="", validate=REASON)


class ErasureBody(Schema):
    """On whose authority something is erased, and why; both are kept."""

    authority = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "依据 On whose authority", "example": "示例县公安局函"},
    )
    reason = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "原因 Why", "example": "文件含有不应收集的个人信息"},
    )


class GivenErasureBody(Answer):
    """What is kept of an erasure."""

    authority = fields.String()
    reason = fields.String()
    person = fields.String()
    at = Instant()


class StateBody(Answer):
    """A state's name in both languages."""

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
    sometimes = frozenset({"reported_at", "counts", "flags", "provenance"})

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
    notes = fields.String(
        attribute="submission.notes",
        allow_none=True,
        metadata={"description": "报送人的发布说明 What the author says of the release"},
    )
    corrects = fields.Integer(
        attribute="submission.corrects",
        allow_none=True,
        metadata={"description": "所更正的发布版本 The release that it corrects"},
    )
    received_at = Instant(attribute="submission.received_at")
    reported_at = Instant(attribute="report.reported_at", allow_none=True)
    counts = fields.Dict(attribute="report.counts")
    cautions = fields.List(fields.Nested(CautionBody), attribute="cautions.issues")
    flags = fields.List(
        fields.Nested(RaisedFlagBody),
        attribute="report.flags",
        allow_none=True,
        metadata={"description": "扫描发现，null 为未扫描 What the scan raised; null: not scanned"},
    )
    clearance = fields.Nested(
        GivenClearanceBody,
        allow_none=True,
        metadata={"description": "国家秘密标志的放行 Who cleared a classification marking"},
    )
    provenance = fields.Dict(attribute="report.provenance")
    problem = fields.Dict(attribute="told_problem", allow_none=True)
    decisions = fields.List(fields.Nested(OwnDecisionBody))
    consents = fields.List(
        fields.Nested(ConsultationBody),
        attribute="coordination.asked",
        metadata={"description": "发布协调：所征求的机关 Agencies asked for their consent"},
    )
    publish_at = Instant(allow_none=True, metadata={"description": PUBLISH_AT})
    base_release = fields.Integer(attribute="course.base_release")
    release = fields.Integer(
        allow_none=True, metadata={"description": "发布版本 The release it became"}
    )
    erasure = fields.Nested(
        GivenErasureBody,
        allow_none=True,
        metadata={"description": "收到的文件已删除 The received file is gone"},
    )
    links = Links(lambda each: links_of(each))


class RemarksQuery(Schema):
    """What the author says of a file; it is published with the release."""

    notes = fields.String(
        validate=validate.Length(1, MOST_NOTES),
        metadata={
            "description": "发布说明 What the release is about",
            "example": "更正三个单位的决算数",
        },
    )
    corrects = fields.Integer(
        validate=validate.Range(1, MOST_RELEASES),
        metadata={"description": "所更正的发布版本 The number of the release it corrects"},
    )


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
    if each.state in OPEN:
        links["diff"] = api_url(f"{own}/diff")
    if each.release is not None:
        links["release"] = api_url(f"datasets/{each.submission.dataset}/releases/{each.release}")
    return links
