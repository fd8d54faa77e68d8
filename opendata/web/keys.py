"""Keys over HTTP: what one's own key is, and renewing it without a gap."""

from datetime import timedelta
from typing import Any

from flask import Response, after_this_request
from marshmallow import Schema, fields, validate

from opendata.domain.keys import MOST_OVERLAP, USUAL_OVERLAP
from opendata.domain.people import Role
from opendata.stages import keys
from opendata.stages.keys import Key, Rotation
from opendata.web.access import ANY_ROLE, actor, opened_to, runtime
from opendata.web.forms import Answer, Instant
from opendata.web.room import Room

blp = Room(
    "keys",
    __name__,
    label="密钥 Keys",
    url_prefix="/api/v1/keys/current",
    description="所用的密钥：归谁、可做什么、何时失效，以及更换。"
    "The key in use: whose it is, what it opens, when it ends; and renewing it.",
)
HOUR = timedelta(hours=1)


class KeyBody(Answer):
    """What is known of a key; its secret is not."""

    id = fields.UUID()
    person_id = fields.UUID()
    person = fields.String()
    role = fields.Enum(Role, by_value=fields.String)
    agency = fields.String(
        metadata={"description": "公开主体编号；* 为全部 The agency's id; * for every one"}
    )
    collections = fields.Function(
        lambda each: None if each.collections is None else sorted(each.collections),
        metadata={
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "可用于哪些数据类别；null 为全部 Collections it is good for; null: all",
        },
    )
    replaces = fields.UUID(
        allow_none=True, metadata={"description": "替换了哪把密钥 The key it takes the place of"}
    )
    created_at = Instant()
    expires_at = Instant(
        allow_none=True, metadata={"description": "创建时定下的期限 As said when it was made"}
    )
    ends_at = Instant(
        allow_none=True,
        metadata={"description": "撤销或更换后的失效时刻 When it ends, revoked or replaced"},
    )
    last_used_at = Instant(
        allow_none=True, metadata={"description": "上次使用，精确到分 Last use, to the minute"}
    )


class RotationBody(Schema):
    """For how long the key goes on beside the new one."""

    overlap_hours = fields.Integer(
        strict=True,
        load_default=USUAL_OVERLAP // HOUR,
        validate=validate.Range(0, MOST_OVERLAP // HOUR),
        metadata={
            "description": "原密钥继续有效的小时数 Hours for which the key goes on",
            "example": USUAL_OVERLAP // HOUR,
        },
    )


class RotatedKeyBody(Answer):
    """A new key, whose secret is shown this once, and the key that it replaces."""

    secret = fields.String(
        metadata={"description": "新密钥，只显示这一次 The new key, shown this once"}
    )
    key = fields.Nested(KeyBody)
    previous = fields.Nested(KeyBody)


@blp.route("", methods=["GET"])
@opened_to(*ANY_ROLE)
@blp.doc(operationId="read_current_key")
@blp.response(200, KeyBody, description="所用的密钥 The key in use")
def current() -> Key:
    """查看所用的密钥 Read the key in use

    归谁、角色、公开主体、数据类别、期限和上次使用。

    Whose it is, its role, agency and collections, when it ends, when it was last used.
    """
    with runtime().home.database.read() as session:
        return keys.key(session, actor().key_id)


@blp.route("/rotation", methods=["POST"])
@opened_to(*ANY_ROLE)
@blp.arguments(RotationBody, required=False)
@blp.doc(operationId="rotate_current_key")
@blp.refuses(409)
@blp.response(201, RotatedKeyBody, description="新密钥 The new key")
def rotate(body: dict[str, Any]) -> Rotation:
    """更换所用的密钥 Renew the key in use

    新密钥与原密钥条件相同，只显示这一次；原密钥在 overlap_hours 小时之后失效。
    未收到答复可再次请求，先前生成而未用过的新密钥随即失效。

    The new key has the terms of the old one and is shown this once; the old one ends after
    overlap_hours. Ask again if the answer got lost: a new key that was never used ends at once.
    """
    after_this_request(_kept_nowhere)
    held, acting = runtime(), actor()
    overlap = body["overlap_hours"] * HOUR
    with held.home.database.begin() as session:
        return keys.rotate(session, acting.key_id, overlap, held.now(), str(acting.person_id))


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
