"""Addresses that answers carry: absolute, and the operator's own where one is set."""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import request
from werkzeug.urls import iri_to_uri

from opendata.web.access import runtime

API = "/api/v1/"


def base_url() -> str:
    """Return the address of the platform, without a slash at the end."""
    # In ASCII, since it goes into headers too; Flask gives hosts as people read them.
    return runtime().settings.public_url or iri_to_uri(request.url_root).rstrip("/")


def api_url(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of ``path`` below the API's root."""
    query = urlencode(list(pairs))
    return base_url() + API + path + (f"?{query}" if query else "")
