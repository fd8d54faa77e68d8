"""JSON among text files: NDJSON, an array of records, or a Data Package descriptor."""

import codecs
import json
import re
from pathlib import Path
from typing import Any

from opendata.tabular.readers.formats.model import Format
from opendata.tabular.readers.limits import LIMITS
from opendata.tabular.refusals import NotUtf8

_MARK = b"\xef\xbb\xbf"
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLANK = b" \t\r\n"
_OBJECT = re.compile(rb"\{\s*[\"}]")
_RESOURCES = re.compile(rb'"resources"\s*:\s*\[')
_ARRAY = re.compile(rb"\[\s*[\[{\"\]]")


def json_kind(path: Path, head: bytes, *, declared: bool) -> Format | None:
    """Tell which kind of JSON a text is, ``None`` if it is none.

    A text whose first line is a JSON object is NDJSON: no header of a contract begins with a
    brace. Where the beginning does not parse, it counts as JSON if it looks like it, or if the
    sender says so (``declared``): its reader then says where it is broken.
    """
    _check_is_utf8(head)
    start = head.removeprefix(_MARK).lstrip(_BLANK)
    if start.startswith(b"["):
        return Format.JSON if declared or _ARRAY.match(start) else None
    if not start.startswith(b"{"):
        return None
    first = _first_line(path)
    if isinstance(first, dict):
        return Format.DESCRIPTOR if _is_descriptor(first) else Format.NDJSON
    if path.stat().st_size > LIMITS.descriptor_bytes and _RESOURCES.search(start):
        return Format.DESCRIPTOR
    whole = _whole(path)
    if isinstance(whole, dict):
        return Format.DESCRIPTOR if _is_descriptor(whole) else Format.JSON
    return Format.NDJSON if declared or _OBJECT.match(start) else None


def _check_is_utf8(head: bytes) -> None:
    """Refuse JSON in UTF-16 by name: RFC 8259 (8.1) allows UTF-8 only."""
    for mark, codec in _WIDE:
        start = head.removeprefix(mark).decode(codec, "ignore").lstrip().encode()
        if head.startswith(mark) and (_OBJECT.match(start) or _ARRAY.match(start)):
            raise NotUtf8(
                "JSON 文件的编码是 UTF-16，应为 UTF-8。请另存为 UTF-8 后上传。",
                "The JSON is UTF-16; it must be UTF-8. Save it so.",
                "/byte/0",
            )


def _first_line(path: Path) -> Any:
    with path.open("rb") as file:
        while line := file.readline(LIMITS.record_bytes):
            if text := line.removeprefix(_MARK).strip():
                return _parsed(text)
    return None


def _whole(path: Path) -> Any:
    if path.stat().st_size > LIMITS.descriptor_bytes:
        return None
    return _parsed(path.read_bytes().removeprefix(_MARK))


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _is_descriptor(value: dict[str, Any]) -> bool:
    """Whether an object is a Data Package descriptor: records have no list of resources."""
    return isinstance(value.get("resources"), list)
