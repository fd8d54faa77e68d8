"""Whether the platform lives, whether it is ready, and the API's own description."""

from flask import Blueprint, Response, current_app, render_template, url_for

from opendata.runtime.demo import outstanding
from opendata.web.access import opened_to, runtime
from opendata.web.json import to_bytes

blp = Blueprint("system", __name__)


@blp.route("/healthz")
@opened_to()
def healthz() -> Response:
    """Answer that the process serves requests."""
    return Response(to_bytes({"status": "ok"}), mimetype="application/json")


@blp.route("/readyz")
@opened_to()
def readyz() -> Response:
    """Answer 200 once the facts can be read and the demo, where there is one, is published."""
    held = runtime()
    with held.home.database.read() as session:
        waiting = outstanding(session, held.settings)
    status = 503 if waiting else 200
    body = {"status": "starting" if waiting else "ready", "waiting_for": waiting}
    return Response(to_bytes(body), status, mimetype="application/json")


@blp.route("/api/v1/openapi.json")
@opened_to()
def openapi() -> Response:
    """Answer with the API's description (OpenAPI 3.1)."""
    return Response(
        to_bytes(current_app.extensions["opendata.openapi"]()), mimetype="application/json"
    )


@blp.route("/api/docs")
@opened_to()
def docs() -> str:
    """Show the interactive console over the API's description."""
    return render_template("docs.html", spec=url_for("system.openapi"))
