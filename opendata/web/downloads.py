"""Downloads: bytes of known length under a strong validator, whole or a part, packed or not."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from werkzeug.exceptions import HTTPException, PreconditionFailed
from werkzeug.wsgi import wrap_file

from opendata.stages.releases import Content

# What is read at once where the server cannot hand a descriptor to the system.
BLOCK_BYTES = 256 * 1024
# Among codings that a reader likes the same: what is smallest and soonest unpacked.
_PREFERRED = ("zstd", "gzip")
RANGE = {
    "in": "header",
    "name": "Range",
    "schema": {"type": "string"},
    "description": "只取一段，如 bytes=0-1023 A part of the file (RFC 9110)",
}


@dataclass(frozen=True, slots=True)
class Sending:
    """How a file is sent: its name, its media type, when it last changed if that is known.

    ``attached`` files are kept by browsers, others shown; of what has no ``ranges`` only the
    whole is sent; ``negotiated`` says that ``Accept`` may have asked for it.
    """

    name: str
    media_type: str
    modified: datetime | None = None
    attached: bool = True
    ranges: bool = True
    negotiated: bool = False


def send(contents: Sequence[Content], how: Sending) -> Response:
    """Answer with a file, of which ``contents`` are its codings, the one not packed first.

    Raises:
        RequestedRangeNotSatisfiable: the part that is asked for lies behind the end.
        PreconditionFailed: ``If-Match`` names other bytes.
    """
    content = _chosen(contents)
    response = _validated(content.tag, how)
    response.content_length = content.size
    _describe(response, content, how)
    _leave_out_odd_ranges(content, how)
    try:
        response.make_conditional(request, how.ranges, content.size)
        if response.status_code == PreconditionFailed.code:
            raise PreconditionFailed
    except HTTPException:
        content.close()
        raise
    return _filled(response, content)


def unless_known(tag: str, make: Callable[[], Content], how: Sending) -> Response:
    """Answer with a file that is only made for those who have not got it.

    Raises: see ``send``.
    """
    if request.if_none_match.contains_weak(tag):
        response = _validated(tag, how)
        response.status_code = 304
        return response
    return send([make()], how)


def _validated(tag: str, how: Sending) -> Response:
    response = Response(mimetype=how.media_type)
    response.set_etag(tag)
    response.vary.update(("Accept", "Accept-Encoding") if how.negotiated else ("Accept-Encoding",))
    # A suspension must take effect at once and nobody can foresee one: caches keep the bytes, and
    # ask before they serve them.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _describe(response: Response, content: Content, how: Sending) -> None:
    headers = response.headers
    headers.set(
        "Content-Disposition", "attachment" if how.attached else "inline", filename=how.name
    )
    if content.coding:
        headers["Content-Encoding"] = content.coding
    if content.sha256 is not None:
        digest = base64.b64encode(bytes.fromhex(content.sha256)).decode()
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    if how.modified is not None:
        response.last_modified = how.modified


def _filled(response: Response, content: Content) -> Response:
    """Open the bytes that are to be sent, if any are."""
    is_sent = response.status_code in (200, 206) and content.size > 0
    if request.method == "HEAD" or not is_sent:
        content.close()
        return response
    part = response.content_range
    whole = response.status_code == 200
    start, stop = (0, content.size) if whole else (part.start or 0, part.stop or 0)
    opened = content.opened(start, stop)
    response.response = wrap_file(request.environ, opened, BLOCK_BYTES)  # type: ignore[arg-type]  # only read and close are called.
    response.direct_passthrough = True
    return response


def _chosen(contents: Sequence[Content]) -> Content:
    """Return the coding to send: the one a download began with, else the best one accepted.

    Only what a reader names is sent packed: some say ``*`` and mean nothing by it.
    """
    accepted = {name.lower(): quality for name, quality in request.accept_encodings}
    known = {each.coding: each for each in contents if not each.coding or accepted.get(each.coding)}
    if request.if_range.etag is not None:
        for each in known.values():
            if each.tag == request.if_range.etag:
                return each
    best = max((each for each in _PREFERRED if each in known), key=accepted.__getitem__, default="")
    # Unpacked is always accepted, and liked better only where that is said (RFC 9110, 12.5.3).
    plain = accepted.get("identity", 0.0)
    return known[best if best and accepted[best] >= plain else ""]


def _leave_out_odd_ranges(content: Content, how: Sending) -> None:
    """Answer whole what asks for several parts or for none that can be read (RFC 9110, 14.2).

    werkzeug would refuse them as if they lay behind the file's end, would take a part of HEAD,
    and would send a part of what the reader says it has.
    """
    asked = request.range
    known = request.if_none_match.contains_weak(content.tag)
    one = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    if not (one and how.ranges and request.method == "GET" and not known):
        request.environ.pop("HTTP_RANGE", None)
