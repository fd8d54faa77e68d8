"""What is sent and told about decisions."""

from marshmallow import Schema, fields, validate

from opendata.domain.approvals import Verdict
from opendata.domain.people import Role
from opendata.web.forms import Answer, Instant
from opendata.web.submissions.consulted import CollectiveBody

VERDICT = (
    "disclose 公开、disclose_in_part 区分处理、withhold 不予公开、refer 需报审、return 退回 "
    "Disclose, disclose in part, withhold, refer to the supervisor, return"
)
BASIS_CODE = "依据的代码，见 /api/v1/review-bases Code of the legal basis, see there"
PUBLISH_AT = (
    "在此之前不公开；只由批准人指定 Nothing of it is public before then; the approver says so"
)
REASON = validate.Length(0, 2000)


class WithheldBody(Schema):
    """What ``disclose_in_part`` keeps back."""

    columns = fields.List(
        fields.String(validate=validate.Length(0, 200)),
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
    basis_code = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": BASIS_CODE, "example": "gk2019-19"},
    )
    withheld = fields.Nested(WithheldBody)
    publish_at = fields.AwareDateTime(
        load_default=None, allow_none=True, metadata={"description": PUBLISH_AT}
    )
    collective = fields.Nested(
        CollectiveBody,
        load_default=None,
        allow_none=True,
        metadata={"description": "集体讨论决定 A decision that a body took"},
    )


class GivenDecisionBody(Answer):
    """A word as it was given."""

    verdict = fields.Enum(Verdict, by_value=fields.String, metadata={"description": VERDICT})
    basis_code = fields.String(allow_none=True, metadata={"description": BASIS_CODE})
    basis = fields.String()
    reason = fields.String()
    withheld = fields.Nested(WithheldBody)
    person = fields.String()
    role = fields.Enum(Role, by_value=fields.String)
    base_release = fields.Integer(
        metadata={"description": "作出时已有的最新版本，0 为尚无 The newest release then; 0: none"}
    )
    publish_at = Instant(allow_none=True, metadata={"description": PUBLISH_AT})
    at = Instant()


class OwnDecisionBody(GivenDecisionBody):
    """A word as the agency itself sees it."""

    collective = fields.Nested(CollectiveBody, allow_none=True)
