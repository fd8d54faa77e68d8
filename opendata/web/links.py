"""Addresses that answers carry: absolute, and the operator's own where one is set."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.sansio.utils import get_current_url, get_host
from werkzeug.urls import iri_to_uri

from opendata.web.access import runtime

API = "/api/v1/"


def base_url() -> str:
    """Return the address of the platform, without a slash at the end."""
    return runtime().settings.public_url or root_of(request.environ)


def api_url(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of ``path`` below the API's root."""
    query = urlencode(list(pairs))
    return base_url() + API + path + (f"?{query}" if query else "")


def root_of(environ: Mapping[str, Any]) -> str:
    """Return the address that a request was sent to, without its path."""
    return _root(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        (environ["SERVER_NAME"], environ["SERVER_PORT"]),
        environ.get("SCRIPT_NAME") or "",
    )


@lru_cache(maxsize=64)
def _root(scheme: str, host: str | None, server: tuple[str, str], script: str) -> str:
    port = int(server[1]) if server[1].isdecimal() else None
    path = script.encode("latin-1").decode(errors="replace")
    # In ASCII, since it goes into headers too; werkzeug gives hosts as people read them.
    url = get_current_url(scheme, get_host(scheme, host, (server[0], port)), path)
    return iri_to_uri(url).rstrip("/")
