"""What is told of an upload, and how its requests are documented."""

from typing import Any

from marshmallow import fields

from opendata.stages.upload import Progress
from opendata.web.forms import Answer, Instant, Links
from opendata.web.links import api_url
from opendata.web.uploads.protocol import ALGORITHMS, CONTENT_TYPE, VERSION

Doc = dict[str, Any]


def header(name: str, said: str, *, required: bool = True, **schema: Any) -> Doc:
    """Document a header of a request."""
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": said,
        "schema": {"type": "string", **schema},
    }


TUS = header("Tus-Resumable", "所用协议版本 The version of tus that is spoken", enum=[VERSION])
LENGTH = header(
    "Upload-Length", "文件的字节数 The file's size in bytes", pattern="^[1-9][0-9]{0,8}$"
)
OFFSET = header("Upload-Offset", "这一段从何处开始 Where these bytes begin", pattern="^[0-9]{1,9}$")
METADATA = header(
    "Upload-Metadata",
    "键与 Base64 值，以逗号分隔：dataset（必需）、filename、filetype、"
    "sha256（十六进制，收齐后核对）、notes（发布说明）、corrects（所更正的发布版本）。"
    "Keys with base64 values: dataset (needed), filename, filetype, sha256 (in hex, checked at "
    "the end), notes (what the release is about), corrects (the release it corrects)",
    example="dataset YnVkZ2V0cy0yMDE4,filename YS5jc3Y=",
)
CHECKSUM = header(
    "Upload-Checksum",
    "这一段的校验和，不符则弃去这一段 What these bytes must hash to: algorithm, base64 digest",
    required=False,
    pattern=f"^({'|'.join(ALGORITHMS)}) [A-Za-z0-9+/]+=*$",
)
KEY = header(
    "Idempotency-Key",
    "同一键找回同一次上传 The same key finds the same upload again; 7 days",
    required=False,
    pattern="^[!-~]{1,200}$",
)
BYTES: Doc = {
    "description": "文件的一段 A part of the file",
    "content": {CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


class UploadBody(Answer):
    """A file that arrives over several requests."""

    id = fields.UUID()
    dataset = fields.String()
    filename = fields.String()
    media_type = fields.String()
    length = fields.Integer(metadata={"description": "声明的字节数 Its announced size"})
    offset = fields.Integer(
        attribute="received", metadata={"description": "已妥存的字节数 How much is durable"}
    )
    expires_at = Instant(
        metadata={"description": "未完成则届时删除 When it is dropped if it is not finished"}
    )
    submission = fields.UUID(
        attribute="submission_id",
        allow_none=True,
        metadata={"description": "收齐后成为的报送 The submission it became"},
    )
    links = Links(lambda each: links_of(each))


def links_of(found: Progress) -> dict[str, str]:
    """Return where an upload and what belongs to it are."""
    links = {
        "self": api_url(f"uploads/{found.id}"),
        "dataset": api_url(f"datasets/{found.dataset}"),
    }
    if found.submission_id is not None:
        links["submission"] = api_url(f"submissions/{found.submission_id}")
    return links
