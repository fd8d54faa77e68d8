"""An annual report as a page that prints: no script, nothing from anywhere else."""

import base64
import hashlib
from functools import cache

from flask import current_app, render_template
from markupsafe import Markup

from opendata.domain.annual.paper import Paper

_STYLE = "annual_report.css"


def page(paper: Paper) -> str:
    """Return the page; everything that people wrote is escaped."""
    style = Markup(_style())  # noqa: S704 - a file of ours.
    return render_template("annual_report.html", paper=paper, style=style)


def content_policy() -> str:
    """Return the policy under which the page is shown: its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    environment = current_app.jinja_env
    source, _, _ = environment.loader.get_source(environment, _STYLE)  # type: ignore[union-attr]  # Flask's has one.
    return source
