"""Routes: what the API answers, and who may ask."""

import re
import tempfile
from collections.abc import Iterator
from functools import cache
from typing import Any

from flask import Flask

from docs.build.markdown import code, table
from opendata.app import create_app, described_by
from opendata.domain.people import Role
from opendata.runtime import initialise
from opendata.settings import Settings

# One collection stands for all of them: their routes are made by the same lines.
SAMPLE = "budgets"
_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>:]+)>")
_FIRST_STEP = re.compile(r"/api/v1/([a-z-]+)")
_COLLECTION = re.compile(rf"^/api/v1/{SAMPLE}\b")


def routes() -> Iterator[str]:
    """Yield a table of the API's operations."""
    app, document = application()
    rows = []
    for path, operations in sorted(document["paths"].items()):
        shown = _COLLECTION.sub("/api/v1/{collection}", path)
        if shown == path and _of_another_collection(path, app):
            continue
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                call = code(f"{method.upper()} {shown}")
                rows.append((call, _summary(operation), _opened_to(app, path, method)))
    yield from table(["operation", "what", "opened to"], rows)


@cache
def application() -> tuple[Flask, dict[str, Any]]:
    """Return an application with the contracts that ship, and its OpenAPI document."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"OPENDATA_HOME": folder})
        initialise(settings)
        app = create_app(settings)
        return app, described_by(app)


def _summary(operation: dict[str, Any]) -> str:
    """Say of every collection what is said of the sample."""
    said: str = operation["summary"]
    for own, general in (
        ("一条预算与决算记录", "一条记录"),
        ("预算与决算", "记录"),
        ("record of Budgets and final accounts", "record"),
        ("Budgets and final accounts", "records"),
    ):
        said = said.replace(own, general)
    return said


def _of_another_collection(path: str, app: Flask) -> bool:
    names = set(app.extensions["opendata"].contracts) - {SAMPLE}
    match = _FIRST_STEP.match(path)
    return match is not None and match[1] in names


def _opened_to(app: Flask, path: str, method: str) -> str:
    for rule in app.url_map.iter_rules():
        shown = _PARAMETER.sub(r"{\1}", rule.rule)
        if shown == path and method.upper() in (rule.methods or ()):
            roles = app.view_functions[rule.endpoint].__dict__["opened_to"]
            if not roles:
                return "everyone"
            return "every key" if roles == frozenset(Role) else ", ".join(sorted(roles))
    raise LookupError(path)
