"""Uploads over HTTP: large files in parts, by the tus protocol."""

import socket
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from flask import Response, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType
from werkzeug.http import http_date

from opendata.domain.people import Role
from opendata.stages import upload
from opendata.stages.receive import TruncatedUpload
from opendata.web.access import actor, opened_to, runtime
from opendata.web.arguments import check_not_encoded
from opendata.web.bodies import CHUNK_BYTES, media_type
from opendata.web.room import ACCEPT, Room, itself
from opendata.web.uploads import protocol
from opendata.web.uploads.bodies import (
    BYTES,
    CHECKSUM,
    KEY,
    LENGTH,
    METADATA,
    OFFSET,
    TUS,
    UploadBody,
    links_of,
)

PATH = "/api/v1/uploads"
# A client that has gone without a word must not hold its upload for long.
SILENCE_SECONDS = 60
TAKES_BYTES = frozenset({"uploads.announce", "uploads.append"})

blp = Room(
    "uploads",
    __name__,
    label="分段上传 Uploads in parts",
    url_prefix=PATH,
    description="tus 1.0.0：大文件分段上传，中断后续传。Large files in parts, resumable.",
)
blp.before_request(protocol.check_version)
blp.after_request(protocol.speak)


@blp.route("", methods=["OPTIONS"])
@opened_to()
@itself(ACCEPT)
@blp.doc(operationId="offer_uploads")
@blp.response(204, description="所支持的版本和扩展，见各 Tus- 标头 What is spoken, in Tus- headers")
def offer() -> Response:
    """查看上传协议 See what is offered

    tus 的版本、扩展、文件大小上限和校验算法，均在标头中。

    Version, extensions, largest file and checksums of tus, all of them in headers.
    """
    return Response(status=204)


@blp.route("", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.doc(
    operationId="announce_upload",
    parameters=[TUS, LENGTH, METADATA, KEY, CHECKSUM],
    requestBody={**BYTES, "required": False},
)
@blp.refuses(404, 409, 412, 422, 423, 429, 460, 507)
@blp.response(201, UploadBody, description="已登记 Announced", headers={"Location": "Location"})
def announce() -> tuple[upload.Progress, int, dict[str, str]]:
    """登记上传 Announce an upload

    在收取任何内容之前即检查权限、数据集和大小。随后向 Location 所指的地址分段 PATCH。正文可带
    第一段。同一 Idempotency-Key 再次登记，得到同一次上传及其进度。

    Rights, dataset and size are checked before a byte is taken. The parts go to Location with
    PATCH; the body may bring the first. The same Idempotency-Key finds the same upload again.
    """
    held, acting = runtime(), actor()
    length, told = protocol.upload_length(), protocol.metadata()
    announced = upload.Announced(
        dataset=told["dataset"],
        length=length,
        declared=request.headers["Upload-Metadata"],
        media_type=media_type(told.get("filetype", "")),
        filename=told.get("filename", ""),
        sha256=told.get("sha256"),
        idempotency_key=request.headers.get("Idempotency-Key"),
        remarks=protocol.remarks(told),
    )
    brings, part = _brings_bytes(), _part(0)
    found = upload.create(held.home, acting, announced, held.settings.max_upload_bytes, held.now())
    if brings and found.received == 0:
        found = upload.append(held.home, acting, found.id, part, held.now)
    return found, 201, {"Location": links_of(found)["self"], **_progress(found)}


@blp.route("/<uuid:upload_id>", methods=["GET"])
@opened_to(Role.AUTHOR)
@blp.doc(operationId="read_upload")
@blp.refuses(404, 410, 412, 422, 423)
@blp.response(200, UploadBody, description="上传 The upload")
def one(upload_id: UUID) -> tuple[upload.Progress, int, dict[str, str]]:
    """查看上传进度 See how far an upload has come

    只有上传人可见。tus 客户端用 HEAD，从 Upload-Offset 续传；收齐之后，Link 指明所成的报送。

    For the person who uploads. Clients of tus ask with HEAD and go on at Upload-Offset; of a
    finished upload, Link names the submission it became.
    """
    held = runtime()
    found = upload.look(held.home, actor(), upload_id, held.now())
    told = {"Upload-Length": str(found.length), "Upload-Metadata": found.declared}
    return found, 200, {**told, **_progress(found), "Cache-Control": "no-store"}


@blp.route("/<uuid:upload_id>", methods=["PATCH"])
@opened_to(Role.AUTHOR)
@itself(ACCEPT)
@blp.doc(
    operationId="append_to_upload",
    parameters=[TUS, OFFSET, CHECKSUM],
    requestBody={**BYTES, "required": True},
)
@blp.refuses(404, 409, 410, 412, 422, 423, 460, 507)
@blp.response(204, description="已妥存；新的 Upload-Offset 见标头 Durable up to Upload-Offset")
def append(upload_id: UUID) -> Response:
    """上传一段 Send a part

    答复之时这一段已妥存。最后一段送达，文件即成为报送，见 Location。连接中断时，已送达的部分保留
    （带 Upload-Checksum 的整段除外），可从 HEAD 所示的 Upload-Offset 续传。

    When it is answered the part is durable. The last one sends the file in: see Location. Where
    the connection breaks, what arrived is kept (but for a part with Upload-Checksum, which counts
    whole or not at all).
    """
    held = runtime()
    if not _brings_bytes():
        raise UnsupportedMediaType
    part = _part(protocol.upload_offset())
    found = upload.append(held.home, actor(), upload_id, part, held.now)
    response = Response(status=204, headers=_progress(found))
    if found.submission_id is not None:
        response.headers["Location"] = links_of(found)["submission"]
    return response


@blp.route("/<uuid:upload_id>", methods=["DELETE"])
@opened_to(Role.AUTHOR)
@itself(ACCEPT)
@blp.doc(operationId="end_upload", parameters=[TUS])
@blp.refuses(404, 410, 412, 423)
@blp.response(204, description="已终止 Ended")
def terminate(upload_id: UUID) -> Response:
    """终止上传 End an upload

    删除已收到的内容。已成为报送的，报送不受影响。

    Its bytes are dropped. A submission that it became already stays.
    """
    held = runtime()
    upload.terminate(held.home, actor(), upload_id, held.now())
    return Response(status=204)


def _progress(found: upload.Progress) -> dict[str, str]:
    headers = {"Upload-Offset": str(found.received)}
    if found.submission_id is None:
        headers["Upload-Expires"] = http_date(found.expires_at)
    else:
        # RFC 8631: where it is told what becomes of the upload.
        headers["Link"] = f'<{links_of(found)["submission"]}>; rel="status"'
    return headers


def _brings_bytes() -> bool:
    """Whether the body is a part of a file; raises where it is something else.

    Raises:
        UnsupportedMediaType: the body is compressed, or of another type.
    """
    check_not_encoded()
    if request.mimetype == protocol.CONTENT_TYPE:
        return True
    if request.content_length:
        raise UnsupportedMediaType
    return False


def _part(offset: int) -> upload.Part:
    connection: Any = request.environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.settimeout(SILENCE_SECONDS)
    return upload.Part(
        offset=offset,
        length=request.content_length,
        checksum=protocol.checksum(),
        chunks=_chunks(request.stream),
    )


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the body in pieces; where the connection breaks, say so as a refusal."""
    try:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
    except (OSError, ClientDisconnected, ParseException) as error:
        raise TruncatedUpload(
            "连接中断；请从已收到之处续传。", "The connection broke; go on at the offset."
        ) from error
