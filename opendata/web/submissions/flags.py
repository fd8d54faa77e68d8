"""What is told of flags, and how a marking is cleared."""

from marshmallow import Schema, fields

from opendata.domain.privacy import Kind, Where
from opendata.web.forms import TELLING, Answer, Instant, TextBody


class ClearanceBody(Schema):
    """By which decision it was declassified, and why that is this file's."""

    reference = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "解密依据 The declassification", "example": "解密审核〔2026〕3号"},
    )
    reason = fields.String(
        required=True,
        validate=TELLING,
        metadata={"description": "理由 Why", "example": "保密期限已满，未延长。"},
    )


class GivenClearanceBody(Answer):
    """A clearance as it was given."""

    reference = fields.String()
    reason = fields.String()
    person = fields.String()
    at = Instant()


class RaisedFlagBody(Answer):
    """What the scan found of one kind in one column; no cell values."""

    kind = fields.Enum(
        Kind, by_value=fields.String, metadata={"description": "种类 What was found"}
    )
    field = fields.String(
        allow_none=True, metadata={"description": "所在的列 The column; null: not in a cell"}
    )
    where = fields.Enum(
        Where, by_value=fields.String, metadata={"description": "文件的哪一部分 In which part"}
    )
    count = fields.Integer(metadata={"description": "多少格 How many cells"})
    rows = fields.List(
        fields.Integer(), metadata={"description": "最初若干行的行序 The numbers of the first rows"}
    )
    lines = fields.List(
        fields.Integer(), metadata={"description": "它们在报送文件中的行 Their lines in the file"}
    )
    strong = fields.Boolean(
        metadata={"description": "确凿，公开须说明理由 No mere likeness: a reason is needed"}
    )
    message = fields.Nested(TextBody)
