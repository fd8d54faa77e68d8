"""The one error shape: RFC 9457 problem documents, in the caller's language."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, render_template, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException

from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.limits import RateLimited
from opendata.stages import receive
from opendata.web.json import to_bytes
from opendata.web.phrases import of_status, of_validation

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "错误说明 A problem document (RFC 9457)",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "此类错误的说明页 Where this code is explained",
        },
        "title": {"type": "string", "description": "错误名称 What kind of problem it is"},
        "status": {
            "type": "integer",
            "minimum": 400,
            "maximum": 599,
            "description": "HTTP 状态码 The HTTP status",
        },
        "detail": {"type": "string", "description": "错在何处、如何处理 What went wrong here"},
        "instance": {"type": "string", "description": "出错的地址 The path that was asked for"},
        "code": {
            "type": "string",
            "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
            "description": "错误代码，供程序识别，不会改变 The problem's stable name, for programs",
        },
        "errors": {
            "type": "array",
            "description": "逐项错误 The parts of it, each located",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "位置：JSON Pointer、?参数 或 Header: "
                        "JSON Pointer into the body, ?parameter or Header:",
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
        "takedown": {"$ref": "#/components/schemas/Takedown"},
    },
    "example": {
        "type": "/problems/bad-query",
        "title": "查询条件有误",
        "status": 400,
        "detail": "没有名为 fiscal_yeer 的参数；是否想用 fiscal_year？",
        "instance": "/api/v1/budgets",
        "code": "bad-query",
        "errors": [
            {
                "pointer": "?fiscal_yeer",
                "detail": "没有名为 fiscal_yeer 的参数；是否想用 fiscal_year？",
                "code": "unknown-parameter",
            }
        ],
    },
}


def register(app: Flask) -> None:
    """Answer refusals and surprises of every view in the one shape."""
    app.register_error_handler(Refusal, of_refusal)
    app.register_error_handler(ParseException, _of_broken_body)
    app.register_error_handler(Exception, _of_surprise)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in both languages: a page shows both, a document the caller's."""

    status: int
    code: str
    title: Text
    detail: Text
    faults: tuple[Fault, ...] = ()
    members: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the problem document in the caller's language."""
        body: dict[str, Any] = {
            "type": TYPE_BASE + self.code,
            "title": _say(self.title),
            "status": self.status,
            "detail": _say(self.detail),
            "instance": request.path,
            "code": self.code,
        }
        if self.faults:
            body["errors"] = [
                {"pointer": each.pointer, "detail": _say(each.detail), "code": each.code}
                for each in self.faults
            ]
        return body | dict(self.members)


def of_refusal(refusal: Refusal) -> Response:
    """Answer a refusal of the rules."""
    headers = {"WWW-Authenticate": 'Bearer realm="opendata"'} if refusal.status == 401 else {}
    if isinstance(refusal, RateLimited):
        headers["Retry-After"] = str(refusal.retry_after)
    told = Problem(refusal.status, refusal.code, refusal.title, refusal.detail, refusal.faults)
    return _respond(replace(told, members=refusal.members), headers)


def of_http(error: HTTPException) -> Response:
    """Answer an error that the framework raised."""
    status = error.code or 500
    code, title, detail = of_status(status)
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    faults = tuple(validation_faults(data.get("messages", {})))
    if faults:
        detail = Text(
            "；".join(f"{each.pointer}：{each.detail.zh}" for each in faults),
            " ".join(f"{each.pointer}: {each.detail.en}" for each in faults),
        )
    headers = {
        name: value
        for name, value in error.get_headers()
        if name not in ("Content-Type", "Content-Length")
    }
    return _respond(Problem(status, code, title, detail, faults), headers)


def _of_broken_body(_error: ParseException) -> Response:
    """Answer a chunked body that is none: the server notices only while it is being read."""
    return of_http(BadRequest())


def _of_surprise(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return of_http(error)
    if receive.is_full(error):
        log.error("The disk is full.", exc_info=error)
        return of_refusal(receive.InsufficientStorage())
    log.error("A request ended in an exception.", exc_info=error)
    return _respond(Problem(500, *of_status(500)), {})


def _respond(problem: Problem, headers: Mapping[str, str]) -> Response:
    if _wants_page():
        page = render_template("problem.html", problem=problem)
        response = Response(page, problem.status, mimetype="text/html")
        response.headers["Content-Language"] = "zh, en"
    else:
        document = to_bytes(problem.document())
        response = Response(document, problem.status, mimetype=MEDIA_TYPE)
        response.headers["Content-Language"] = _language()
    response.headers.extend(headers)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _wants_page() -> bool:
    """Whether a person's browser asks for one of the pages, not a program for the API."""
    if request.path.startswith("/api/"):
        return False
    return request.accept_mimetypes.best_match([MEDIA_TYPE, "text/html"]) == "text/html"


def _language() -> str:
    return request.accept_languages.best_match(["zh", "en"], "zh") or "zh"


def _say(text: Text) -> str:
    return text.en if _language() == "en" else text.zh


def validation_faults(messages: object, path: str = "") -> Iterator[Fault]:
    """Flatten marshmallow's nested messages into located faults."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            if not path and name in ("json", "query"):
                # Parameters are written ?name, places in a body as JSON Pointers.
                yield from validation_faults(inner, "?" if name == "query" else "")
            elif path == "?":
                yield from validation_faults(inner, f"?{name}")
            else:
                step = "" if name == "_schema" else f"/{name}"
                yield from validation_faults(inner, path + step)
    elif isinstance(messages, list):
        for each in messages:
            yield Fault(path or "/", of_validation(str(each)), "invalid-value")
