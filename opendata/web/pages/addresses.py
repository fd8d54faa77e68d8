"""Which page is at which address, and what all pages have in common."""

from collections.abc import Iterable

from flask import Blueprint, Flask, Response, request
from jinja2 import StrictUndefined

from opendata.domain.contracts import Contract
from opendata.web.pages import (
    asking,
    datasets,
    diffs,
    explanations,
    front,
    records,
    tables,
    writing,
)

# The console of /api/docs needs more: its view sets the header itself.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def register(app: Flask, contracts: Iterable[Contract]) -> None:
    """Add the pages to an application: one address a collection, and what they all share."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(writing.FILTERS)
    app.context_processor(front.surroundings)
    app.after_request(_protect)
    app.register_blueprint(_blueprint(contracts))


def _blueprint(contracts: Iterable[Contract]) -> Blueprint:
    blp = Blueprint("pages", __name__)
    # Only what is a collection is an address; everything else stays free for other rooms.
    names = ",".join(f'"{each.collection}"' for each in contracts)
    known = f"<any({names}):collection>"
    for name, path, view in (
        ("home", "/", front.home),
        ("catalogue", "/datasets", datasets.search),
        ("dataset", "/datasets/<dataset>", datasets.one),
        ("release", "/datasets/<dataset>/releases/<int:number>", datasets.release),
        (
            "diff",
            "/datasets/<dataset>/releases/<int:before>/diff/<int:after>",
            diffs.one,
        ),
        ("problems", "/problems", explanations.listed),
        ("problem", "/problems/<code>", explanations.one),
        ("dictionary", f"/about/contracts/{known}", records.dictionary),
        ("table", f"/{known}", tables.table),
        ("record", f"/{known}/<record_id>", records.one),
    ):
        blp.add_url_rule(path, name, view)
    for name, path, form in (
        ("ask", "/requests/new", asking.ask),
        ("follow", "/requests/status", asking.follow),
    ):
        blp.add_url_rule(path, name, form, methods=["GET", "POST"])
    blp.before_request(asking.check_same_site)
    blp.after_request(_validate)
    return blp


def _validate(response: Response) -> Response:
    """Let a browser ask whether its copy is still the page; keep nowhere what somebody sent."""
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
        return response
    if response.status_code == 200:
        response.add_etag()
    response.headers.setdefault("Cache-Control", "no-cache")
    response.make_conditional(request)
    return response


def _protect(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    return response
