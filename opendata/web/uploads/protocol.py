"""tus 1.0.0: what its headers say, read strictly, and what every answer says in its own."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Response, request

from opendata.domain.errors import Fault, Refusal, Text
from opendata.stages.receive import MOST_NOTES, MOST_RELEASES, Remarks
from opendata.web.access import runtime

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
# The name by which hashlib knows each is the same; the value is the length of a digest in bytes.
ALGORITHMS = {"sha1": 20, "sha256": 32}
CONTENT_TYPE = "application/offset+octet-stream"
OVERRIDABLE = ("DELETE", "HEAD", "PATCH")
_NUMBER = re.compile(r"[0-9]{1,18}")
_HEX_SHA256 = re.compile(r"[0-9a-f]{64}")


class UnsupportedVersion(Refusal):
    """The request's Tus-Resumable is missing, or of a version that is not spoken here."""

    status = 412
    code = "unsupported-tus-version"
    title = Text("不支持此版本的 tus", "This version of tus is not spoken")


class InvalidUploadHeader(Refusal):
    """A header of the upload protocol is missing or cannot be read."""

    code = "invalid-upload-header"

    def __init__(self, name: str, told: Text) -> None:
        """Say what is wrong with the header ``name``."""
        zh, en = f"{name}：{told.zh}", f"{name}: {told.en}"
        super().__init__(zh, en, (Fault(f"{name}:", told, "invalid-value"),))


def check_version() -> None:
    """Raise ``UnsupportedVersion`` unless the request speaks tus 1.0.0.

    GET is no request of tus, and OPTIONS asks which version to speak.
    """
    if request.method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable") != VERSION:
        raise UnsupportedVersion(
            f"请带 Tus-Resumable: {VERSION}。", f"Send Tus-Resumable: {VERSION}."
        )


def speak(response: Response) -> Response:
    """Say in every answer which version it speaks, and to OPTIONS what is offered."""
    response.headers["Tus-Resumable"] = VERSION
    if request.method == "OPTIONS":
        response.headers.extend(_offered())
    if response.status_code == UnsupportedVersion.status:
        response.headers["Tus-Version"] = VERSION
    return response


def _offered() -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(runtime().settings.max_upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def upload_length() -> int:
    """Return the length of the file that is announced.

    Raises:
        InvalidUploadHeader: it is missing or no number, or is to be said later.
    """
    for name in ("Upload-Defer-Length", "Upload-Concat"):
        if name in request.headers:
            raise InvalidUploadHeader(
                name,
                Text("不支持；请一开始就给出 Upload-Length。", "not offered; say Upload-Length."),
            )
    return _number("Upload-Length")


def upload_offset() -> int:
    """Return where the bytes of this request begin, or raise ``InvalidUploadHeader``."""
    return _number("Upload-Offset")


def metadata() -> dict[str, str]:
    """Return the pairs of Upload-Metadata.

    Raises:
        InvalidUploadHeader: it cannot be read, names no dataset or has a digest that is none.
    """
    pairs = request.headers.get("Upload-Metadata", "").split(",")
    found = dict(_pair(each) for each in pairs if each.strip())
    if not found.get("dataset"):
        raise _bad_metadata(Text("须有 dataset，即数据集编号。", "it must name the dataset."))
    if "sha256" in found and _HEX_SHA256.fullmatch(found["sha256"]) is None:
        raise _bad_metadata(
            Text("sha256 应为 64 位小写十六进制。", "sha256 has 64 lower-case hexadecimal digits.")
        )
    return found


def remarks(told: Mapping[str, str]) -> Remarks:
    """Return what Upload-Metadata says of the release that the file is to become.

    Raises:
        InvalidUploadHeader: the notes are too long, or what is corrected is no release's number.
    """
    notes, corrects = told.get("notes") or None, told.get("corrects")
    if notes is not None and len(notes) > MOST_NOTES:
        raise _bad_metadata(
            Text(
                f"notes 至多 {MOST_NOTES} 个字符。", f"notes have at most {MOST_NOTES} characters."
            )
        )
    if corrects is None:
        return Remarks(notes)
    if _NUMBER.fullmatch(corrects) is None or not 1 <= int(corrects) <= MOST_RELEASES:
        raise _bad_metadata(
            Text("corrects 应为发布版本的编号。", "corrects is the number of a release.")
        )
    return Remarks(notes, int(corrects))


def checksum() -> tuple[str, bytes] | None:
    """Return algorithm and digest of Upload-Checksum, ``None`` where it was not sent.

    Raises:
        InvalidUploadHeader: it cannot be read, or names an algorithm that is not offered.
    """
    field = request.headers.get("Upload-Checksum")
    if field is None:
        return None
    algorithm, _, encoded = field.strip().partition(" ")
    digest = _decoded(encoded)
    if algorithm not in ALGORITHMS or digest is None or len(digest) != ALGORITHMS[algorithm]:
        names = "、".join(ALGORITHMS)
        raise InvalidUploadHeader(
            "Upload-Checksum",
            Text(
                f"应写作 算法 Base64摘要；算法为 {names} 之一。",
                f"it is written: algorithm base64-digest, with one of {', '.join(ALGORITHMS)}.",
            ),
        )
    return algorithm, digest


def _number(name: str) -> int:
    value = request.headers.get(name)
    if value is None or _NUMBER.fullmatch(value) is None:
        told = Text("须有此项，值为十进制的字节数。", "it is needed: a number of bytes.")
        raise InvalidUploadHeader(name, told)
    return int(value)


def _pair(written: str) -> tuple[str, str]:
    key, _, encoded = written.strip().partition(" ")
    value = _decoded(encoded)
    try:
        text = None if value is None else value.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or "\x00" in text or not key.isascii():
        raise _bad_metadata(
            Text(
                "应写作 键 Base64值，以逗号分隔；值为 UTF-8 文本。",
                "it is written: key base64-value, separated by commas; values are text in UTF-8.",
            )
        )
    return key, text


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _bad_metadata(told: Text) -> InvalidUploadHeader:
    return InvalidUploadHeader("Upload-Metadata", told)


class MethodOverride:
    """Lets a client that can send nothing but POST say which method it means (tus, 3.2)."""

    def __init__(self, application: Callable[..., Iterable[bytes]], prefix: str) -> None:
        """Wrap ``application``; addresses that begin with ``prefix`` may override."""
        self._application = application
        self._prefix = prefix

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        meant = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if (
            environ["REQUEST_METHOD"] == "POST"
            and meant in OVERRIDABLE
            and environ.get("PATH_INFO", "").startswith(self._prefix)
        ):
            environ["REQUEST_METHOD"] = meant
        return self._application(environ, start_response)
