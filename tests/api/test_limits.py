"""How often one may ask: reads by address or key in each process, writes by person for all."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from opendata.app import _wrapped
from opendata.domain.people import Role
from opendata.web.edge import Edge, limits
from tests.platforms import on_sqlite, runtime_of


class Seconds:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = 30.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    """The clock of the limits."""
    return Seconds()


@pytest.fixture
def limited(library, seconds):
    """Return a client of the library's platform with these limits, from any address."""

    def make(**settings):
        app = library.client.application
        platform = runtime_of(library.client)
        given = {"web_workers": 1, "read_limit": 3, "key_read_limit": 5, **settings}
        held = replace(platform, settings=replace(platform.settings, **given))
        edge = Edge(
            Flask.wsgi_app.__get__(app),
            SimpleNamespace(extensions={"opendata": held}),
            clock=seconds,
        )
        return lambda path="/api/v1/nowhere", address="192.0.2.1", **headers: Client(edge).get(
            path,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": address},
            buffered=True,
        )

    return make


def test_one_request_too_many_is_refused_until_the_minute_is_over(limited, seconds):
    ask = limited()
    answers = [ask("/api/v1/budgets") for _ in range(4)]
    seconds.now = 60.0

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["RateLimit"] for each in answers] == [
        f'"address";r={left};t=30' for left in (2, 1, 0, 0)
    ]
    assert {each.headers["RateLimit-Policy"] for each in answers} == {'"address";q=3;w=60'}
    assert answers[-1].headers["Retry-After"] == "30"
    assert answers[-1].mimetype == "application/problem+json"
    assert answers[-1].json["code"] == "rate-limited"
    assert ask("/api/v1/budgets").status_code == 200


@pytest.mark.parametrize(("language", "ascii_"), [("zh", False), ("en", True)])
def test_the_refusal_is_told_in_both_languages(limited, language, ascii_):
    ask = limited(read_limit=1)
    ask()
    answer = ask(**{"Accept-Language": language})

    assert answer.status_code == 429
    assert answer.json["detail"].isascii() is ascii_
    assert answer.headers["Cache-Control"] == "no-store"


def test_addresses_are_counted_apart(limited):
    ask = limited(read_limit=1)

    assert [ask(address=f"192.0.2.{number}").status_code for number in (1, 2, 1)] == [404, 404, 429]


def test_what_a_client_says_of_its_address_does_not_count(limited):
    ask = limited(read_limit=1)
    statuses = [ask(**{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(2)]

    assert statuses == [404, 429]


def test_what_a_trusted_proxy_says_of_the_address_counts(web):
    """It is settled before anything is counted."""
    assert isinstance(_wrapped(web, proxies=1), ProxyFix)
    assert not isinstance(_wrapped(web, proxies=0), ProxyFix)


def test_a_subscriber_of_ipv6_is_one_address(limited):
    ask = limited(read_limit=1)
    addresses = ["2001:db8::1", "2001:db8:0:1::1", "2001:db8::ffff:2", "::ffff:192.0.2.1"]

    assert [ask(address=each).status_code for each in addresses] == [404, 404, 429, 404]


def test_processes_share_the_limit(limited):
    ask = limited(read_limit=5, web_workers=2)

    assert [ask().status_code for _ in range(4)] == [404, 404, 404, 429]


def test_what_was_answered_before_counts_too(limited):
    ask = limited()

    answers = [ask("/api/v1/budgets?limit=1") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["RateLimit"][:13] for each in answers[:3]] == [
        f'"address";r={left}' for left in (2, 1, 0)
    ]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/style.css"])
def test_what_watches_and_what_pages_are_made_of_is_not_counted(limited, path):
    ask = limited(read_limit=1)

    assert "RateLimit" not in ask(path).headers
    assert ask().status_code == 404


@pytest.mark.parametrize("path", ["/healthzx", "/readyz/", "/metricsfoo", "/static"])
def test_what_only_begins_like_it_is_counted(limited, path):
    ask = limited(read_limit=1)

    assert "RateLimit" in ask(path).headers
    assert ask().status_code == 429


def test_no_limit_says_nothing(limited):
    ask = limited(read_limit=0)

    assert all(ask().status_code == 404 for _ in range(9))
    assert "RateLimit" not in ask().headers


def test_a_key_that_counts_has_a_quota_of_its_own(limited, library):
    ask = limited()
    key = library.as_("author")
    answers = [ask("/api/v1/submissions", **key) for _ in range(7)]

    # The first one is the address's: only its answer shows that the key counts.
    policies = [each.headers["RateLimit-Policy"].partition(";")[0] for each in answers]
    assert policies == ['"address"'] + ['"key"'] * 6
    assert [each.status_code for each in answers] == [200] * 6 + [429]


def test_a_key_that_is_none_counts_for_its_address(limited):
    ask = limited()
    answers = [ask("/api/v1/submissions", Authorization=f"Bearer odk_{n}") for n in range(4)]

    assert [each.status_code for each in answers] == [401, 401, 401, 429]


def test_the_memory_of_the_counts_is_bounded(limited, monkeypatch):
    monkeypatch.setattr(limits, "MOST_COUNTED", 2)
    ask = limited(read_limit=1)
    others = [ask(address=f"192.0.2.{number}").status_code for number in range(4)]

    # Whoever comes beyond that shares one quota.
    assert others == [404, 404, 404, 429]


@pytest.fixture
def writer(chain, platform):
    """An agency on a platform where a person may write twice a minute."""
    app = chain.client.application
    app.extensions["opendata"] = replace(
        platform, settings=replace(platform.settings, write_limit=2)
    )
    return chain


def registered(chain, year):
    return chain.register(f"b-{year}", "budgets", str(year))


def test_a_person_writes_so_often_a_minute_whichever_process_is_asked(writer, clock):
    clock.set("2026-03-02T10:00:20+08:00")
    answers = [registered(writer, year) for year in (2016, 2017, 2018)]
    others = writer.client.post("/api/v1/datasets", json={}, headers=writer.as_("admin"))
    clock.set("2026-03-02T10:01:00+08:00")

    assert [each.status_code for each in answers] == [201, 201, 429]
    assert answers[-1].json["code"] == "rate-limited"
    assert answers[-1].headers["Retry-After"] == "40"
    assert [each.headers["RateLimit"] for each in answers] == [
        f'"writes";r={left};t=40' for left in (1, 0, 0)
    ]
    assert others.status_code == 422
    assert registered(writer, 2018).status_code == 201


@on_sqlite
def test_what_is_refused_for_other_reasons_was_asked_all_the_same(writer):
    broken = [
        writer.client.post("/api/v1/datasets", data=b"{", headers=writer.as_(Role.AUTHOR))
        for _ in range(3)
    ]

    assert [each.status_code for each in broken] == [415, 415, 429]


@on_sqlite
def test_reading_with_a_key_is_no_writing(writer):
    key = writer.as_("author")
    asked = [writer.client.get("/api/v1/submissions", headers=key) for _ in range(3)]

    assert [each.status_code for each in asked] == [200] * 3
    assert "RateLimit" not in asked[0].headers
