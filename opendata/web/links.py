"""Addresses that answers carry: absolute, and the operator's own where one is set."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.sansio.utils import get_current_url, get_host
from werkzeug.urls import iri_to_uri

from opendata.domain.errors import Fault, Refusal, Text
from opendata.web.access import runtime

API = "/api/v1/"


class InvalidHost(Refusal):
    """A request does not say whom it was sent to, so that no answer could lead anywhere."""

    code = "invalid-host"
    title = Text("Host 请求头无效", "The Host header is invalid")

    def __init__(self) -> None:
        """Say which header it is."""
        text = Text(
            "Host 请求头须为域名或 IP 地址，可带端口。",
            "The Host header has to be a name or an IP address, with a port or without.",
        )
        super().__init__(*text, (Fault("Host:", text, self.code),))


def base_url() -> str:
    """Return the address of the platform, without a slash at the end."""
    return runtime().settings.public_url or root_of(request.environ)


def api_url(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of ``path`` below the API's root."""
    query = urlencode(list(pairs))
    return base_url() + API + path + (f"?{query}" if query else "")


def is_addressed(environ: Mapping[str, Any], public_url: str | None) -> bool:
    """Whether it is known where the links of an answer lead: to ``public_url``, or to the host."""
    return public_url is not None or bool(_host(*_sent_to(environ)))


def check_host() -> None:
    """Refuse a request whose answer would have links that lead nowhere (RFC 9112, 3.2)."""
    if not is_addressed(request.environ, runtime().settings.public_url):
        raise InvalidHost


def root_of(environ: Mapping[str, Any]) -> str:
    """Return the address that a request was sent to, without its path.

    Where the host is none it has no host either: what comes below it leads to the same one.
    """
    return _root(*_sent_to(environ), environ.get("SCRIPT_NAME") or "")


def _sent_to(environ: Mapping[str, Any]) -> tuple[str, str | None, tuple[str, str]]:
    server = environ["SERVER_NAME"], environ["SERVER_PORT"]
    return environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), server


@lru_cache(maxsize=64)
def _root(scheme: str, host: str | None, server: tuple[str, str], script: str) -> str:
    path = script.encode("latin-1").decode(errors="replace")
    known = _host(scheme, host, server)
    # In ASCII, since it goes into headers too; werkzeug gives hosts as people read them.
    return iri_to_uri(get_current_url(scheme, known, path) if known else path).rstrip("/")


@lru_cache(maxsize=64)
def _host(scheme: str, host: str | None, server: tuple[str, str]) -> str:
    """Return the host without the scheme's usual port; empty if it is none.

    >>> _host("http", "localhost:80", ("", "")), _host("http", None, ("::1", "8000"))
    ('localhost', '[::1]:8000')
    >>> _host("http", "open_data:8000", ("", "")), _host("http", "evil.com/x", ("", ""))
    ('open_data:8000', '')
    >>> _host("http", "a..b", ("", "")), _host("http", "xn--aaaaaaaaaa", ("", ""))
    ('', '')
    """
    port = int(server[1]) if server[1].isdecimal() else None
    if host is None:
        return get_host(scheme, None, (server[0], port))
    # Services in containers have names with underscores, which RFC 3986 allows but werkzeug
    # does not; nothing but the port is taken off, at the end.
    known = host[: len(get_host(scheme, host.replace("_", "-")))]
    try:
        iri_to_uri(get_current_url(scheme, known))
    except UnicodeError:
        # Its labels are none of a domain name, as IDNA (RFC 5890) writes them.
        return ""
    return known
