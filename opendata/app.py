"""The web process: an application made from the settings alone."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from opendata import __version__
from opendata.domain.limits import Allowance
from opendata.runtime import Runtime
from opendata.runtime.marking import MarkApart, Marking, mark_here
from opendata.settings import Settings
from opendata.web import (
    annual_reports,
    arguments,
    assessments,
    catalogue,
    collections,
    complaints,
    compliance,
    corrections,
    diffs,
    keys,
    pages,
    problems,
    releases,
    requests,
    responsibility,
    submissions,
    system,
    takedowns,
    uploads,
    well_known,
)
from opendata.web.access import ALLOWANCE
from opendata.web.description import DescribedApi
from opendata.web.direct import direct
from opendata.web.edge import Edge
from opendata.web.json import ExactJSON
from opendata.web.links import check_host
from opendata.web.uploads.protocol import MethodOverride

ROOMS = (
    catalogue,
    releases,
    takedowns,
    responsibility,
    diffs,
    submissions,
    uploads,
    system,
    well_known,
    keys,
    corrections,
    compliance,
    requests,
    annual_reports,
    complaints,
    assessments,
)
# Every other body is read into memory whole.
STREAMED = frozenset({"submissions.submit", *uploads.TAKES_BYTES})
# Beyond the file itself, a form has boundaries and headers.
FORM_OVERHEAD_BYTES = 64 * 1024
MAX_JSON_BYTES = 2 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the web process from ``settings`` alone; the environment is not read here."""
    return app_of(Runtime.of(settings), MarkApart(settings))


def app_of(runtime: Runtime, marking: Marking = mark_here) -> Flask:
    """Build the web process around a running platform; ``marking`` makes marked workbooks."""
    app = Flask("opendata.web")
    app.json = ExactJSON(app)
    app.config.from_mapping(
        API_TITLE="opendata 政府信息公开数据平台",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=runtime.settings.max_upload_bytes + FORM_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_JSON_BYTES,
    )
    app.extensions["opendata"] = runtime
    app.extensions["opendata.marking"] = marking
    app.wsgi_app = _wrapped(app, runtime.settings.trusted_proxies)  # type: ignore[method-assign]  # as Flask documents it.
    # An empty step in a path is no address, rather than another spelling of one.
    app.url_map.merge_slashes = False
    problems.register(app)
    api = DescribedApi(app, [each.published for each in runtime.contracts.values()])
    for contract in runtime.contracts.values():
        api.register_room(collections.room(contract))
    for each in ROOMS:
        api.register_room(each.blp)
    pages.register(app, runtime.contracts.values())
    app.before_request(_check_allowance)
    app.before_request(check_host)
    app.before_request(_limit_body)
    app.before_request(arguments.check_characters)
    app.extensions["opendata.openapi"] = api.document
    return app


def _wrapped(app: Flask, proxies: int) -> Callable[..., Iterable[bytes]]:
    """Return the application behind its edge; who asks, and how, is settled before that."""
    inner: Callable[..., Iterable[bytes]] = Edge(app.wsgi_app, app, direct)
    inner = MethodOverride(inner, uploads.PATH)
    if proxies:
        inner = ProxyFix(inner, x_for=proxies, x_proto=proxies, x_host=proxies)
    return inner


def described_by(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of an application."""
    document: dict[str, Any] = app.extensions["opendata.openapi"]()
    return document


def _check_allowance() -> None:
    """Refuse a request that is one too many; who came another way was not counted."""
    allowance: Allowance | None = request.environ.get(ALLOWANCE)
    if allowance is not None:
        allowance.check()


def _limit_body() -> None:
    """Only a file may be large."""
    if request.endpoint not in STREAMED:
        request.max_content_length = MAX_JSON_BYTES
