"""No input reachable over HTTP gives a 500, whichever database holds the facts.

Schemathesis tries what a description can describe; here is what it cannot: bytes that are no
text, numbers beyond any column, bodies as deep as a stack, headers that say nothing sensible.
Every refusal is a problem document.
"""

import io
import json
from itertools import product
from urllib.parse import unquote_to_bytes

import pytest
from gunicorn.http.errors import InvalidChunkSize
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from opendata.domain.queries import SYSTEM_FIELDS, operators
from tests.platforms import on_sqlite, runtime_of
from tests.tables import csv_of, real_rows

ROWS = real_rows("budgets-2018", last=5)
# As they are in an address: percent-encoded bytes.
TEXTS = {
    "nothing": "",
    "NUL": "a%00b",
    "only NUL": "%00",
    "no UTF-8": "%FF%FE",
    "half of a surrogate pair": "%ED%A0%80",
    "a character beyond the first plane": "%F0%9F%98%80",
    "line ends": "a%0D%0Ab",
    "a slash": "a%2Fb",
    "dots": "..%2F..%2Fetc",
    "a lone percent sign": "%",
    "SQL": "'%20OR%201=1;--",
    "a pattern": "%25_%5C",
    "long": "x" * 5000,
    "2^31": str(2**31),
    "2^63": str(2**63),
    "far below": str(-(2**64)),
    "digits that are too many for an int": "9" * 5000,
    "not a number": "NaN",
    "infinity": "Infinity",
    "beyond any float": "1e999",
    "a great power": "1e99",
    "a small power": "1e-99",
    "as many digits as fit nowhere": "9" * 38,
    "an Arabic digit": "%D9%A3",
    "a full-width digit": "%EF%BC%91",
    "the first day of all": "0001-01-01",
    "an instant before it": "0001-01-01T00:00:00%2B14:00",
    "an instant after the last": "9999-12-31T23:59:59-14:00",
    "no day": "2026-02-30",
    "a week": "2026-W01-1",
    "a list": "a,b,,c",
    "a JSON list": "%5B%22a%22%5D",
    "a JSON list of half a surrogate pair": "%5B%22%5Cud800%22%5D",
    "a JSON list of NUL": "%5B%22%5Cu0000%22%5D",
    "a JSON list that never ends": "%5B" * 3000,
    "a JSON object": "%7B%7D",
}
PATHS = [
    "/api/v1/{}",
    "/api/v1/budgets/{}",
    "/api/v1/budgets.{}",
    "/api/v1/datasets/{}",
    "/api/v1/datasets/{}/releases",
    "/api/v1/datasets/{}/releases/1",
    "/api/v1/datasets/{}/releases/1/data.csv",
    "/api/v1/datasets/b/releases/{}",
    "/api/v1/datasets/b/releases/{}/data.csv",
    "/api/v1/datasets/b/releases/1/{}",
    "/api/v1/submissions/{}",
    "/api/v1/submissions/{}/report",
    "/datasets/{}",
    "/datasets/{}/releases/1",
    "/datasets/b/releases/{}",
    "/budgets/{}",
    "/problems/{}",
    "/about/contracts/{}",
    "/{}",
    "/static/{}",
]
CONTROLS = [
    *("fields", "sort", "limit", "count", "cursor", "as_of", "q", "nonsense"),
    *("release", "facet", "facet_size"),
]
# What is asked of totals, around a text.
TOTALS = [
    *("group_by={}", "group_by=publisher_name__prefix{}", "group_by=unit__{},unit"),
    *("metrics={}", "metrics=sum({})", "metrics={}(amount_total)", "sort={}", "limit={}"),
    *("release={}", "release=b@{}", "q={}&group_by=fiscal_year"),
]
BODIES = {
    "nothing": b"",
    "no UTF-8": b'{"title": "\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"title": "a"}',
    "UTF-16": '{"title": "a"}'.encode("utf-16"),
    "NUL in a text": b'{"title": "a\\u0000b"}',
    "NUL in a name": b'{"a\\u0000b": 1}',
    "NUL deep inside": b'{"sources": [{"title": "\\u0000"}]}',
    "half of a surrogate pair": b'{"title": "\\ud800"}',
    "no JSON": b"{",
    "not a number": b'{"rows": NaN, "title": NaN}',
    "infinity": b'{"title": Infinity}',
    "beyond any float": b'{"title": 1e999}',
    "beyond any integer": b'{"withheld": {"rows": [%d]}, "verdict": "disclose"}' % 10**400,
    "beyond 64 bits": b'{"withheld": {"rows": [%d]}, "verdict": "disclose"}' % 2**70,
    "deeper than a stack": b"[" * 100_000,
    "deep and whole": b'{"title": ' + b"[" * 900 + b"]" * 900 + b"}",
    "another type": b'"title"',
    "a list": b"[]",
    "null": b"null",
    "nulls": json.dumps(dict.fromkeys(["id", "title", "verdict", "reason", "sources"])).encode(),
    "a text for a list": b'{"sources": "a", "transcribes": "b", "withheld": "c"}',
    "parts without their parts": b'{"sources": [{}], "withheld": {}, "verdict": "return"}',
    "answers to nothing": b'{"answers": [{"code": "", "reason": ""}, {}, null]}',
    "an object for a text": b'{"title": {}, "reason": {}, "verdict": {}}',
    "a name twice": b'{"title": "a", "title": "b"}',
    "long": json.dumps({"title": "x" * 100_000}).encode(),
    "over the limit": b" " * (2 * 1024 * 1024 + 1),
}
HEADERS = {
    "Accept": [
        "",
        ";;;",
        "a",
        "text/html",
        "*/*;q=nan",
        "application/json;q=1e999",
        "é",
        "x" * 5000,
    ],
    "Accept-Language": ["", "*", "xx", "zh;q=-1", "é", ",,,;;;", "en-" * 1000],
    "Accept-Encoding": ["", "identity;q=0", "*;q=0", "é"],
    "Authorization": [
        "",
        "Bearer",
        "Bearer ",
        "Bearer é",
        "Basic Og==",
        "Bearer " + "x" * 5000,
        "é",
    ],
    "If-None-Match": ["", "*", '"', 'W/"', "é", '"a", "b"'],
    "If-Modified-Since": ["", "yesterday", "Thu, 32 Jan 2026 99:99:99 GMT", "é"],
    "If-Range": ["", '"a"', "yesterday", "é"],
    "Range": [
        *("", "bytes", "bytes=", "bytes=-", "bytes=9-1", "bytes=99999999999999999999-", "é"),
        *("bytes=0-0,2-3", "lines=1-2", "bytes=-0", "bytes=0-", "bytes=" + "9" * 5000 + "-"),
    ],
    "Host": [
        "",
        "a b",
        "é",
        "xn--fiq228c.cn",
        "[::1",
        "a:b",
        "a/b",
        "evil.example:99999",
        "a..b",
        "xn--aaaaaaaaaa",
    ],
    "Forwarded": ["for=é"],
    "X-Forwarded-For": ["é", "999.1.1.1"],
    "Cookie": ["a=é; =; ;", "\\"],
    "Expect": ["100-continue", "nonsense"],
}
UPLOAD_HEADERS = {
    "Content-Digest": ["", "sha-256", "sha-256=:!:", "sha-256=:AAAA:", "md5=:AAAA:", "é"],
    "Content-Disposition": [
        "",
        "attachment; filename=",
        'attachment; filename="a\\"b.csv"',
        "attachment; filename*=UTF-8''%00.csv",
        "attachment; filename*=UTF-8''%FF%FE.csv",
        "attachment; filename*=nonsense''a.csv",
        "attachment; filename=../../etc/passwd",
        "attachment; filename=" + "x" * 5000,
        "é",
    ],
    "Content-Encoding": ["gzip", "identity", "é", ""],
    "Content-Type": [
        "",
        "text",
        "é",
        "text/csv; charset=nonsense",
        "text/" + "x" * 5000,
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=a",
        "multipart/form-data; boundary=" + "x" * 500,
        "application/x-www-form-urlencoded",
    ],
    "Idempotency-Key": ["", "é", "a b", "x" * 201, "x" * 200],
}


@pytest.fixture
def there(chain):
    """A dataset with a release, and a submission in review."""
    chain.register("b", "budgets", "2018", transcribes=sorted({r["publisher_name"] for r in ROWS}))
    chain.publish("b", csv_of(ROWS))
    chain.waiting = chain.submitted("b", csv_of(ROWS[:4]))
    return chain


def check(answer, asked):
    """An answer is no failure, and a refusal is told as a problem."""
    assert answer.status_code < 500, asked
    for name, value in answer.headers:
        f"{name}{value}".encode("latin-1")
    if answer.status_code >= 400 and answer.request.path.startswith("/api/"):
        assert answer.mimetype == "application/problem+json", asked
        assert answer.json["status"] == answer.status_code, asked
        assert answer.headers["Content-Language"] in ("zh", "en")


def ask(client, method, target, **options):
    """Send a request whose target goes over the wire as it is written."""
    path, _, query = target.partition("?")
    environ = EnvironBuilder(method=method, base_url="http://localhost", **options).get_environ()
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    environ["QUERY_STRING"] = query
    environ["RAW_URI"] = environ["REQUEST_URI"] = target
    # The client itself would stumble over some hosts.
    answer = run_wsgi_app(client.application, environ, buffered=True)
    return TestResponse(*answer, request=Request(environ))


def test_any_path(there):
    for path, text in product(PATHS, TEXTS.values()):
        for method in ("GET", "POST"):
            target = path.format(text)
            check(ask(there.client, method, target), (method, target[:200]))
            with_key = ask(there.client, method, target, headers=there.as_("author"))
            check(with_key, (method, target[:200]))


def test_any_parameter(there):
    contract = runtime_of(there.client).contracts["budgets"].published
    seen = {each.type: each for each in (*contract.fields, *SYSTEM_FIELDS)}
    filters = [
        each.name if op == "exact" else f"{each.name}__{op}"
        for each in seen.values()
        for op in operators(each)
    ]
    for name, text in product([*CONTROLS, *filters], TEXTS.values()):
        target = f"/api/v1/budgets?{name}={text}"
        check(ask(there.client, "GET", target), target[:200])
    for name, text in product([*CONTROLS, "publisher_name__in"], TEXTS.values()):
        for path in ("/api/v1/budgets.csv", "/api/v1/datasets", "/api/v1/submissions", "/budgets"):
            target = f"{path}?{name}={text}"
            check(ask(there.client, "GET", target, headers=there.as_("author")), target[:200])
    for asked, text in product(TOTALS, TEXTS.values()):
        target = f"/api/v1/budgets/aggregate?{asked.format(text)}"
        check(ask(there.client, "GET", target), target[:200])
    for text in TEXTS.values():
        for target in (
            f"/api/v1/budgets?{text}=1",
            f"/datasets?q={text}&collection={text}&page={text}",
        ):
            check(ask(there.client, "GET", target), target[:200])


def test_any_body(there):
    submission = f"/api/v1/submissions/{there.waiting}"
    places = [
        ("POST", "/api/v1/datasets", "author"),
        ("PATCH", "/api/v1/datasets/b", "author"),
        ("POST", f"{submission}/decisions", "reviewer"),
        ("POST", f"{submission}/caution-answers", "author"),
        ("POST", "/api/v1/datasets/b/releases/1/suspension", "approver"),
    ]
    for (method, path, role), body in product(places, BODIES.values()):
        answer = there.client.open(
            path, method=method, data=body, content_type="application/json", headers=there.as_(role)
        )
        check(answer, (method, path, body[:80]))


@on_sqlite
def test_any_header(there):
    targets = [
        "/api/v1/budgets?limit=1",
        "/api/v1/datasets/b/releases/1/data.csv",
        "/api/v1/budgets.csv",
        "/api/v1/datasets",
        "/api/v1/submissions",
        "/api/v1/nowhere",
        "/",
    ]
    for target, (name, values) in product(targets, HEADERS.items()):
        for value in values:
            check(
                ask(there.client, "GET", target, headers={name: value}), (target, name, value[:80])
            )


@on_sqlite
def test_any_header_of_an_upload(there):
    for name, values in UPLOAD_HEADERS.items():
        for value in values:
            headers = {"Content-Type": "text/csv", **there.as_("author"), name: value}
            answer = there.client.post(
                "/api/v1/datasets/b/submissions", data=b"--a\r\n\r\nx\r\n--a--", headers=headers
            )
            check(answer, (name, value[:80]))


# How a server says that it decodes a chunked body, whose length nobody knows.
CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


class _Cut:
    """A chunked body whose second chunk is none, as gunicorn hands it to an application."""

    def __init__(self) -> None:
        self.parts = [b"a,b\n"]

    def read(self, _size: int = -1) -> bytes:
        if self.parts:
            return self.parts.pop()
        raise InvalidChunkSize(b"ZZ")


@on_sqlite
@pytest.mark.parametrize(
    ("path", "mimetype"),
    [
        ("/api/v1/datasets", "application/json"),
        ("/api/v1/datasets/b/submissions", "text/csv"),
        ("/api/v1/datasets/b/submissions", "multipart/form-data; boundary=a"),
    ],
)
def test_a_chunked_body_that_is_none(there, path, mimetype):
    answer = there.client.post(
        path,
        headers={**there.as_("author"), "Content-Type": mimetype},
        environ_overrides={**CHUNKED, "wsgi.input": _Cut()},
    )

    check(answer, path)
    assert answer.status_code == 400


def test_a_chunked_body_over_the_limit(there):
    answer = there.client.post(
        "/api/v1/datasets",
        headers={**there.as_("author"), "Content-Type": "application/json"},
        environ_overrides={**CHUNKED, "wsgi.input": io.BytesIO(b" " * (2 * 1024 * 1024 + 1))},
    )

    check(answer, "chunked")
    assert answer.status_code == 413
