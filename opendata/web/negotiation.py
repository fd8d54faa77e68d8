"""Which representation an answer has: by extension, else by Accept."""

from collections.abc import Mapping

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery
from opendata.stages.export import Choices

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
FILE_CONTROLS = ("use_labels", "with_bom", "delimiter")
_DELIMITERS = {
    ",": ",",
    "comma": ",",
    ";": ";",
    "semicolon": ";",
    "\t": "\t",
    "tab": "\t",
    "|": "|",
}
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def accepted() -> MIMEAccept:
    """Return what ``Accept`` asks for, without regard to the parameters of media types.

    ``application/json; charset=utf-8`` is a usual way to ask for JSON, and nothing else.
    """
    given = request.accept_mimetypes
    return MIMEAccept([(kind.partition(";")[0].strip(), quality) for kind, quality in given])


def wanted_format(known: Mapping[str, str] = MEDIA_TYPES) -> str:
    """Return the name of the format that ``Accept`` prefers; JSON where it does not say.

    ``known`` are the media types of the formats there are, by name.

    Raises:
        NotAcceptable: ``Accept`` names none of the formats there are.
    """
    wanted = accepted()
    if not wanted:
        return "json"
    best = wanted.best_match(list(known.values()))
    for name, media_type in known.items():
        if media_type == best and wanted[media_type]:
            return name
    raise NotAcceptable


def check_accepts_json() -> None:
    """Raise ``NotAcceptable`` if ``Accept`` rules JSON out."""
    wanted = accepted()
    if wanted and not wanted[MEDIA_TYPES["json"]]:
        raise NotAcceptable


def choices_of(format_name: str) -> Choices:
    """Read how a file is to look from the request's parameters.

    Raises:
        BadQuery: a parameter has a value it cannot have.
    """
    for name in FILE_CONTROLS:
        if len(request.args.getlist(name)) > 1:
            raise _bad(name, Text(f"参数 {name} 只能出现一次。", f"{name} may be given once only."))
    return Choices(
        format=format_name,
        use_labels=_flag("use_labels"),
        with_bom=_flag("with_bom"),
        delimiter=_delimiter(),
    )


def _flag(name: str) -> bool:
    value = request.args.get(name, "0")
    if value not in _FLAGS:
        raise _bad(name, Text(f"{name} 应为 1 或 0。", f"{name} is 1 or 0."))
    return _FLAGS[value]


def _delimiter() -> str:
    value = request.args.get("delimiter", ",")
    if value not in _DELIMITERS:
        names = ", ".join(name for name in _DELIMITERS if name.isprintable())
        text = Text(f"delimiter 应为以下之一：{names}。", f"delimiter is one of {names}.")
        raise _bad("delimiter", text)
    return _DELIMITERS[value]


def _bad(name: str, text: Text) -> BadQuery:
    return BadQuery(*text, (Fault(f"?{name}", text, "invalid-value"),))
