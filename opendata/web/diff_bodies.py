"""What is told of diffs: how much changed, and each change."""

from typing import Any

from marshmallow import Schema, fields, validate

from opendata.web.forms import Answer, Instant, Links

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_SUM = {"type": ["number", "null"]}
_CELLS = {"type": "object", "additionalProperties": _SCALAR}


# What an operation documents by hand takes the place of what its arguments say.
PARAMETERS: list[str | dict[str, Any]] = [
    "If-None-Match",
    {
        "name": "limit",
        "in": "query",
        "description": "至多列出几处变动；全部变动见 NDJSON How many changes at most; all of "
        "them are in the NDJSON",
        "schema": {
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
        "example": 20,
    },
]


# Every change as lines, whole or in part.
LINES = "application/x-ndjson"
LINES_ANSWERS: dict[str, Any] = {
    "200": {
        "description": "全部变动 Every change",
        "headers": {each: each for each in ("ETag", "Link", "Content-Length")},
        "content": {LINES: {"schema": {"type": "string"}}},
    },
    "206": {
        "description": "文件的一段 A part of the file",
        "headers": {"ETag": "ETag"},
        "content": {LINES: {}},
    },
    "304": "NotModified",
}


class DiffQuery(Schema):
    """How many changes are wanted; see ``PARAMETERS``."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(0, MAX_LIMIT))


class TotalBody(Answer):
    """A sum that moved, of records that may be added up."""

    column = fields.String(metadata={"description": "求和的列 The column added up"})
    within = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        metadata={"description": "同组记录的共同之处 What the group's records have in common"},
    )
    before = fields.Raw(metadata={**_SUM, "description": "此前；null 为没有 null: no record"})
    after = fields.Raw(metadata={**_SUM, "description": "此后；null 为没有 null: no record"})


class SummaryBody(Answer):
    """How much changed."""

    rows_before = fields.Integer()
    rows_after = fields.Integer()
    added = fields.Integer(metadata={"description": "新增的记录 Records added"})
    removed = fields.Integer(metadata={"description": "减少的记录 Records removed"})
    changed = fields.Integer(metadata={"description": "有变动的记录 Records changed"})
    cells = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "各列有变动的单元格数 Changed cells of each column"},
    )
    columns_added = fields.List(
        fields.String(),
        metadata={"description": "此后才有的列，不逐行比较 Columns that only the later one has"},
    )
    columns_removed = fields.List(
        fields.String(),
        metadata={"description": "此后没有的列，不逐行比较 Columns that only the earlier one has"},
    )
    totals = fields.List(
        fields.Nested(TotalBody),
        metadata={
            "description": "有变动的合计，每列至多二十组，变动大的在前 Sums that moved, at most "
            "twenty of each column, those that moved most first"
        },
    )
    totals_moved = fields.Integer(
        metadata={"description": "有变动的合计共几组 How many sums moved in all"}
    )


class ChangeBody(Answer):
    """One record that was added, removed or changed; of what changed only the changed cells."""

    sometimes = frozenset({"before", "after"})

    op = fields.String(validate=validate.OneOf(["added", "removed", "changed"]))
    _id = fields.String()
    _row = fields.Integer(
        metadata={
            "description": "在后一版中的行序；减少的为前一版 Its row in the later one, or in "
            "the earlier one if it was removed"
        }
    )
    before = fields.Raw(metadata={**_CELLS, "description": "此前的值 The values before"})
    after = fields.Raw(metadata={**_CELLS, "description": "此后的值 The values after"})


class ComparedBody(Answer):
    """One of the two releases that are compared."""

    number = fields.Integer()
    edition = fields.Date()
    released_at = Instant()


class DiffBody(Answer):
    """What changed from one release of a dataset to another, as far as both are public today."""

    dataset = fields.String()
    collection = fields.String()
    before = fields.Nested(ComparedBody)
    after = fields.Nested(ComparedBody)
    summary = fields.Nested(SummaryBody)
    changes = fields.List(fields.Nested(ChangeBody))
    left_off = fields.Integer(
        metadata={"description": "没有列出的变动 How many changes are not listed here"}
    )
    links = Links(lambda each: each["links"])


class SubmissionDiffBody(Answer):
    """What a submission would change if it were published as it is."""

    submission = fields.UUID()
    dataset = fields.String()
    collection = fields.String()
    base = fields.Integer(
        allow_none=True,
        metadata={
            "description": "所比较的版本；null 为尚无公开的版本 The release it is compared with; "
            "null: none is public"
        },
    )
    summary = fields.Nested(SummaryBody)
    changes = fields.List(fields.Nested(ChangeBody))
    left_off = fields.Integer(
        metadata={"description": "没有列出的变动 How many changes are not listed here"}
    )
    links = Links(lambda each: each["links"])


def answers(description: str, schema: str) -> dict[str, Any]:
    """Document an answer as JSON or, whole, as NDJSON."""
    content = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        "application/x-ndjson": {"schema": {"type": "string"}},
    }
    headers = {"ETag": "ETag", "Link": "Link"}
    return {"200": {"description": description, "headers": headers, "content": content},
            "304": "NotModified"}  # fmt: skip
