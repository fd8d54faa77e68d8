"""Whom a request is sent to: links lead there, and where they could lead nowhere it is refused."""

from dataclasses import replace

import pytest
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from tests.platforms import remembering_nothing

PATHS = ["/api/v1/budgets?limit=1", "/api/v1/budgets/schema", "/api/v1/nowhere"]


@pytest.fixture
def ask(library):
    """Ask a process that remembers nothing yet; the client itself would stumble over hosts."""
    client = library.client

    def asking(path, host, **headers):
        environ = EnvironBuilder(path, headers=headers).get_environ()
        environ.pop("HTTP_HOST")
        environ |= {} if host is None else {"HTTP_HOST": host}
        answer = run_wsgi_app(client.application, environ, buffered=True)
        return TestResponse(*answer, request=Request(environ))

    with remembering_nothing(client) as held:
        asking.held = held
        yield asking


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["", "a b", "evil.com/x", "a@b", "[::1", "::1", "a:b", "a:99999", "a?b", "\xe9"]
)
def test_what_is_no_host_is_refused(ask, path, host):
    ask(path, "localhost")
    answer = ask(path, host)

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["code"] == "invalid-host"
    assert answer.json["errors"][0]["pointer"] == "Host:"
    # The links in its headers lead to the host that is asked, whichever that is.
    assert '</api/docs>; rel="service-doc"' in answer.headers.getlist("Link")


@pytest.mark.parametrize(("language", "ascii_"), [("zh", False), ("en", True)])
def test_the_refusal_is_told_in_both_languages(ask, language, ascii_):
    answer = ask(PATHS[0], "a b", **{"Accept-Language": language})

    assert answer.json["detail"].isascii() is ascii_


@pytest.mark.parametrize(
    ("host", "said"),
    [
        (None, "localhost"),
        ("localhost", "localhost"),
        ("localhost:80", "localhost"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("data.example.gov.cn", "data.example.gov.cn"),
        ("xn--fiq228c.cn", "xn--fiq228c.cn"),
        ("open_data:8000", "open_data:8000"),
        ("[::1]", "[::1]"),
        ("[2001:db8::1]:8000", "[2001:db8::1]:8000"),
    ],
)
def test_a_host_is_where_links_lead(ask, host, said):
    for _ in range(2):
        answer = ask(PATHS[0], host)

        assert answer.json["links"]["self"] == f"http://{said}/api/v1/budgets?limit=1"


def test_where_the_operator_says_the_address_the_host_does_not_count(ask, library):
    settings = replace(ask.held.settings, public_url="https://data.example")
    app = library.client.application
    app.extensions["opendata"] = replace(ask.held, settings=settings)
    answers = [ask(PATHS[0], host) for host in ("a b", "localhost", "a b")]

    assert {each.status_code for each in answers} == {200}
    assert {each.json["links"]["self"] for each in answers} == {
        "https://data.example/api/v1/budgets?limit=1"
    }
