"""The web process: an application made from the settings alone."""

from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from opendata import __version__
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.web import (
    catalogue,
    collections,
    pages,
    problems,
    releases,
    shapes,
    submissions,
    system,
)
from opendata.web.json import ExactJSON

ROOMS = (catalogue, submissions, releases)
# Beyond the file itself, a form has boundaries and headers.
FORM_OVERHEAD_BYTES = 64 * 1024
MAX_JSON_BYTES = 2 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the web process from ``settings`` alone; the environment is not read here."""
    return app_of(Runtime.of(settings))


def app_of(runtime: Runtime) -> Flask:
    """Build the web process around a running platform."""
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
    if runtime.settings.trusted_proxies:
        hops = runtime.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it.
    problems.register(app)
    api = problems.ProblemApi(app, spec_kwargs=_spec_options())
    for contract in runtime.contracts.values():
        for name, schema in shapes.components(contract.published).items():
            api.spec.components.schema(name, schema)
        api.register_blueprint(collections.blueprint(contract))
    for room in ROOMS:
        api.register_blueprint(room.blp)
    app.register_blueprint(system.blp)
    pages.register(app, runtime.contracts.values())
    app.before_request(_limit_body)
    app.after_request(_headers)
    app.extensions["opendata.openapi"] = api.spec.to_dict
    return app


def described_by(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of an application."""
    document: dict[str, Any] = app.extensions["opendata.openapi"]()
    return document


def _spec_options() -> dict[str, Any]:
    return {
        "info": {
            "description": "政府依法公开的数据：查询、下载、报送。"
            "Data that the law makes public: query, download, submit.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
    }


def _limit_body() -> None:
    """Only a submission may be large: every other body is read into memory whole."""
    if request.endpoint != "submissions.submit":
        request.max_content_length = MAX_JSON_BYTES


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    # Anybody's page may read what is public; keys are never sent by a browser of itself.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Location, Repr-Digest"
    return response
