"""Whether the platform lives, whether it is ready, and the API's own description."""

import functools

from flask import Blueprint, Flask, Response, current_app, render_template, url_for
from marshmallow import fields, validate

from opendata.runtime.demo import outstanding
from opendata.web.access import opened_to, runtime
from opendata.web.forms import Answer
from opendata.web.json import to_bytes
from opendata.web.room import Room

blp = Room(
    "system",
    __name__,
    label="平台 Platform",
    description="是否在运行、是否就绪，以及本接口的说明。Liveness, readiness, this description.",
)
VALIDATED = {"ETag": "ETag"}
# A console has a script, asks the API, and shows pictures that its style sheet holds.
CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class HealthBody(Answer):
    """That the process answers."""

    status = fields.String(validate=validate.Equal("ok"))


class ReadinessBody(Answer):
    """Whether everything that is to be there is there."""

    status = fields.String(validate=validate.OneOf(["ready", "starting"]))
    waiting_for = fields.List(
        fields.String(),
        metadata={"description": "尚未发布的演示数据集 Demonstration datasets not published yet"},
    )


@blp.route("/healthz", methods=["GET"])
@opened_to()
@blp.doc(operationId="healthz")
@blp.response(200, HealthBody, description="在运行 Alive", headers=VALIDATED)
def healthz() -> dict[str, str]:
    """进程是否在运行 Whether the process lives

    只说明进程能应答，不查看数据。

    Says that the process answers, and looks at no data.
    """
    return {"status": "ok"}


@blp.route("/readyz", methods=["GET"])
@opened_to()
@blp.doc(operationId="readyz")
@blp.response(200, ReadinessBody, description="已就绪 Ready", headers=VALIDATED)
@blp.alt_response(503, schema=ReadinessBody, description="正在启动 Starting")
def readyz() -> tuple[dict[str, object], int]:
    """是否就绪 Whether the platform is ready

    能读取数据，且演示数据（如有）均已发布，方为就绪。

    Ready means that the facts can be read and that the demo, where there is one, is published.
    """
    held = runtime()
    with held.home.database.read() as session:
        waiting = outstanding(session, held.settings)
    return {
        "status": "starting" if waiting else "ready",
        "waiting_for": waiting,
    }, 503 if waiting else 200


@blp.route("/api/v1/openapi.json", methods=["GET"])
@opened_to()
@blp.doc(operationId="read_openapi")
@blp.response(200, {"type": "object"}, description="OpenAPI 3.1")
def openapi() -> Response:
    """本接口的说明 The description of this interface

    全部操作、参数、字段、答复与错误，按 OpenAPI 3.1 书写。

    All operations, parameters, fields, answers and problems, as OpenAPI 3.1.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # werkzeug's way.
    return Response(_described(app), mimetype="application/json")


@opened_to()
def docs() -> Response:
    """Show the interactive console over the API's description."""
    response = Response(render_template("docs.html", spec=url_for("system.openapi")))
    response.headers["Content-Security-Policy"] = CONSOLE_POLICY
    return response


# A page for people is no operation of the API, so the room does not describe it.
Blueprint.add_url_rule(blp, "/api/docs", "docs", docs)


@functools.lru_cache(maxsize=1)
def _described(app: Flask) -> bytes:
    """Return the description, which stays the same as long as the process lives."""
    return to_bytes(app.extensions["opendata.openapi"]())
