"""The bytes a request brings: raw, or as the one file of a multipart form."""

from collections.abc import Iterator
from typing import IO

from flask import request
from werkzeug.http import parse_options_header

from opendata.domain.errors import Refusal, Text
from opendata.stages.receive import Upload, check_size
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
UPLOAD = {
    "required": True,
    "description": "CSV 或 Excel 文件 A CSV file or an Excel workbook",
    "content": {
        "text/csv": {"schema": {"type": "string", "minLength": 1}},
        MEDIA_TYPES["xlsx"]: {},
        "application/octet-stream": {},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"}
                },
            }
        },
    },
}


class NoFile(Refusal):
    """A multipart form without exactly one file."""

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
        upload = _upload(dataset, request.mimetype, _disposition_name(), request.content_length)
        return upload, _chunks(request.stream)
    files = [file for _, file in request.files.items(multi=True) if file.filename]
    if len(files) != 1:
        raise NoFile(
            f"表单中应恰有一个文件，实际有 {len(files)} 个。",
            f"The form must bring exactly one file; it brings {len(files)}.",
        )
    upload = _upload(dataset, files[0].mimetype, files[0].filename or "", None)
    return upload, _chunks(files[0].stream)


def _upload(dataset: str, media_type: str, filename: str, length: int | None) -> Upload:
    return Upload(
        dataset=dataset,
        media_type=media_type or DEFAULT_TYPE,
        filename=filename.replace("\x00", ""),
        length=length,
        digest=request.headers.get("Content-Digest"),
        idempotency_key=request.headers.get("Idempotency-Key"),
    )


def _disposition_name() -> str:
    """Return the file's name from Content-Disposition (RFC 6266), empty if it is not said."""
    _, options = parse_options_header(request.headers.get("Content-Disposition"))
    return options.get("filename", "")


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk
