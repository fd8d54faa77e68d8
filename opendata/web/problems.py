"""The one error shape: RFC 9457 problem documents, in the caller's language."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, render_template, request
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from opendata.domain.errors import Fault, Refusal, Text
from opendata.web.json import to_bytes
from opendata.web.phrases import of_status, of_validation

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457 problem document 错误说明",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "description": "Address of the explanation of this code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "Stable name of the problem, for programs"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON Pointer into the body, ?parameter or Header:",
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no type information.
    """flask-smorest's Api, answering errors as problem documents."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer what Flask, werkzeug and webargs refuse."""
        return of_http(error)


def register(app: Flask) -> None:
    """Answer refusals and surprises of every view in the one shape."""
    app.register_error_handler(Refusal, of_refusal)
    app.register_error_handler(Exception, _of_surprise)


def of_refusal(refusal: Refusal) -> Response:
    """Answer a refusal of the rules."""
    headers = {"WWW-Authenticate": 'Bearer realm="opendata"'} if refusal.status == 401 else {}
    body = _document(refusal.status, refusal.code, refusal.title, refusal.detail)
    return _respond(body, refusal.faults, headers)


def of_http(error: HTTPException) -> Response:
    """Answer an error that the framework raised."""
    status = error.code or 500
    code, title, detail = of_status(status)
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    faults = tuple(_validation_faults(data.get("messages", {})))
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
    return _respond(_document(status, code, title, detail), faults, headers)


def _of_surprise(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return of_http(error)
    log.error("A request ended in an exception.", exc_info=error)
    code, title, detail = of_status(500)
    return _respond(_document(500, code, title, detail), (), {})


def _document(status: int, code: str, title: Text, detail: Text) -> dict[str, Any]:
    return {
        "type": TYPE_BASE + code,
        "title": _say(title),
        "status": status,
        "detail": _say(detail),
        "instance": request.path,
        "code": code,
    }


def _respond(
    body: dict[str, Any], faults: tuple[Fault, ...], headers: Mapping[str, str]
) -> Response:
    if faults:
        body["errors"] = [
            {"pointer": each.pointer, "detail": _say(each.detail), "code": each.code}
            for each in faults
        ]
    if _wants_page():
        page = render_template("problem.html", problem=body)
        response = Response(page, body["status"], mimetype="text/html")
    else:
        response = Response(to_bytes(body), body["status"], mimetype=MEDIA_TYPE)
    response.headers.extend(headers)
    response.headers["Content-Language"] = _language()
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


def _validation_faults(messages: object, path: str = "") -> Iterator[Fault]:
    """Flatten marshmallow's nested messages into located faults."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            top = not path and name in ("json", "query", "headers", "files", "form")
            step = "" if top or name == "_schema" else f"/{name}"
            yield from _validation_faults(inner, path + step)
    elif isinstance(messages, list):
        for each in messages:
            yield Fault(path or "/", of_validation(str(each)), "invalid-value")
