"""The bytes a request brings: raw, or as the file of a multipart form."""

from collections.abc import Iterator
from typing import IO

from flask import request
from werkzeug.http import parse_options_header

from opendata.domain.errors import Refusal, Text
from opendata.stages.receive import Upload, check_size
from opendata.web import packing
from opendata.web.access import runtime
from opendata.web.arguments import check_not_encoded
from opendata.web.negotiation import MEDIA_TYPES

CHUNK_BYTES = 256 * 1024
MULTIPART = "multipart/form-data"
DEFAULT_TYPE = "application/octet-stream"
# How an upload is documented.
UPLOAD_HEADERS = [
    {
        "in": "header",
        "name": "Content-Digest",
        "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
        "description": "文件的 SHA-256，收到后核对 What the bytes must hash to (RFC 9530)",
    },
    {
        "in": "header",
        "name": "Idempotency-Key",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "description": "重发不致重复 The same key makes no second submission; 7 days",
    },
    {
        "in": "header",
        "name": "Content-Disposition",
        "schema": {"type": "string"},
        "description": "文件名 The file's name: attachment; filename=...",
    },
]
_BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}
UPLOAD = {
    "required": True,
    "description": (
        "一个表格文件：CSV 或其他分隔文本、XLSX、XLS、ODS、NDJSON、JSON（对象的数组）、Parquet，"
        "或含其中一个的 ZIP、Data Package。格式以内容为准，媒体类型的 charset 用于确定编码。"
        "表单也可有两个部分：描述文件 datapackage.json 和它所指的数据文件；"
        "保存的是由两者组成的 ZIP。"
        "\n\n"
        "One table: CSV or other delimited text, XLSX, XLS, ODS, NDJSON, JSON (an array of "
        "objects), Parquet, or a ZIP or Data Package with one of them. The content decides what it "
        "is; the media type's charset settles its encoding. A form may also have two parts, the "
        "descriptor datapackage.json and the file it names: what is kept is the ZIP of both."
    ),
    "content": {
        "text/csv": {"schema": {"type": "string", "minLength": 1}},
        "text/tab-separated-values": {},
        **{MEDIA_TYPES[each]: {} for each in ("xlsx", "ndjson", "json", "parquet")},
        "application/vnd.ms-excel": {},
        "application/vnd.oasis.opendocument.spreadsheet": {},
        packing.MEDIA_TYPE: {},
        # Generated clients know bytes by this format, which OpenAPI 3.1 leaves to JSON Schema.
        DEFAULT_TYPE: {"schema": {"type": "string", "format": "binary"}},
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": _BINARY, "descriptor": _BINARY},
            }
        },
    },
}


class NoFile(Refusal):
    """A multipart form without exactly one file, or a descriptor and its file."""

    code = "no-file"
    title = Text("没有文件", "No file")


def incoming(dataset: str) -> tuple[Upload, Iterator[bytes]]:
    """Return what the request says of its bytes, and the bytes in chunks.

    A multipart body is unpacked by the framework, which spools it to disk beyond 500 kB.

    Raises:
        UnsupportedMediaType: the body is compressed.
        TooLarge: the announced length is over the limit.
        NoFile: the form has no file, or several.
    """
    check_not_encoded()
    check_size(request.content_length, runtime().settings.max_upload_bytes)
    if request.mimetype != MULTIPART:
        upload = _upload(dataset, request.content_type, _disposition_name(), request.content_length)
        return upload, _chunks(request.stream)
    files = [file for _, file in request.files.items(multi=True) if file.filename]
    if packing.is_package(files):
        upload = _upload(dataset, packing.MEDIA_TYPE, packing.FILENAME, None)
        return upload, packing.packed(files)
    if len(files) != 1:
        raise NoFile(
            "表单中应恰有一个文件，或描述文件 datapackage.json 和它所指的文件；"
            f"实际有 {len(files)} 个。",
            "The form must bring exactly one file, or the descriptor datapackage.json and the file "
            f"it names; it brings {len(files)}.",
        )
    upload = _upload(dataset, files[0].content_type, files[0].filename or "", None)
    return upload, _chunks(files[0].stream)


def _upload(dataset: str, content_type: str | None, filename: str, length: int | None) -> Upload:
    return Upload(
        dataset=dataset,
        media_type=media_type(content_type),
        filename=filename.replace("\x00", ""),
        length=length,
        digest=request.headers.get("Content-Digest"),
        idempotency_key=request.headers.get("Idempotency-Key"),
    )


def media_type(content_type: str | None) -> str:
    """Return what a Content-Type says of a file: its type, and the charset, which may decide.

    >>> media_type("Text/CSV; header=present; charset=GBK")
    'text/csv; charset=GBK'
    """
    kind, options = parse_options_header(content_type)
    charset = options.get("charset", "")
    return (kind.lower() or DEFAULT_TYPE) + (f"; charset={charset}" if charset else "")


def _disposition_name() -> str:
    """Return the file's name from Content-Disposition (RFC 6266), empty if it is not said."""
    _, options = parse_options_header(request.headers.get("Content-Disposition"))
    return options.get("filename", "")


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk
