"""What HTTP promises: methods, conditional requests, negotiation, links, one form of refusal."""

import pytest
from flask.testing import FlaskClient

from tests.chain import sign

READABLE = [
    "/api/v1/budgets",
    "/api/v1/budgets.json",
    "/api/v1/budgets/schema",
    "/api/v1/datasets",
    "/api/v1/datasets/budgets-2018",
    "/api/v1/datasets/budgets-2018/releases",
    "/api/v1/datasets/budgets-2018/releases/1",
    "/api/v1/datasets/budgets-2018/releases/1/data.csv",
    "/api/v1/datasets/budgets-2018/releases/1/manifest.json",
    "/api/v1/openapi.json",
    "/healthz",
]
FILES = ["/api/v1/budgets.csv", "/api/v1/budgets.xlsx", "/api/v1/budgets.parquet"]
JSON_ONLY = [path for path in READABLE if "." not in path and not path.endswith("/budgets")]


class Reader(FlaskClient):
    """A client that reads every answer to its end, as a reader does; files are closed by it."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(library):
    """Anybody, asking a platform with something of every collection."""
    app = library.client.application
    return Reader(app, app.response_class)


@pytest.fixture
def record(client):
    """The address of a record."""
    [found] = client.get("/api/v1/budgets?limit=1").json["data"]
    return f"/api/v1/budgets/{found['_id']}"


def check_problem(answer, status, code):
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == code
    assert answer.headers["Content-Language"] == "zh"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("path", [*READABLE, *FILES])
def test_head_says_what_get_says_without_the_body(client, path):
    whole, head = client.get(path), client.head(path)

    assert whole.status_code == head.status_code == 200
    assert head.data == b""
    volatile = {"Date", "Last-Modified"}
    assert {name: value for name, value in head.headers if name not in volatile} == {
        name: value for name, value in whole.headers if name not in volatile
    }
    assert int(whole.headers["Content-Length"]) == len(whole.data)


@pytest.mark.parametrize("path", READABLE)
def test_an_answer_that_has_not_changed_is_not_sent_again(client, path):
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    changed = client.get(path, headers={"If-None-Match": '"another"'})

    assert not tag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert changed.status_code == 200


def test_a_record_has_a_validator_too(client, record):
    tag = client.get(record).headers["ETag"]

    assert client.get(record, headers={"If-None-Match": tag}).status_code == 304


def test_validators_tell_questions_apart(client):
    asked = ["", "?limit=1", "?fiscal_year=2016", "?fields=_id", "?count=exact"]
    tags = {client.get(f"/api/v1/budgets{query}").headers["ETag"] for query in asked}

    assert len(tags) == len(asked)


@pytest.mark.parametrize("path", [*READABLE[:2], *FILES[:1]])
def test_caches_are_told_what_an_answer_depends_on(client, path):
    assert {"Accept", "Accept-Encoding"} <= set(client.get(path).vary)


def test_what_a_key_opens_is_kept_by_no_shared_cache(library):
    answer = library.client.get("/api/v1/submissions", headers=library.as_("author"))

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.vary


def test_the_catalogue_depends_on_the_key_that_is_shown(library):
    assert "Authorization" in library.client.get("/api/v1/datasets").vary


@pytest.mark.parametrize("path", [*READABLE, "/api/v1/nowhere"])
def test_every_answer_of_the_api_leads_to_its_description(client, path):
    if path.startswith("/api/"):
        relations = client.get(path).headers.getlist("Link")

        assert '<http://localhost/api/v1/openapi.json>; rel="service-desc"' in relations
        assert '<http://localhost/api/docs>; rel="service-doc"' in relations


def test_the_next_page_is_linked_in_the_headers(client):
    answer = client.get("/api/v1/budgets?limit=1")

    assert f'<{answer.json["links"]["next"]}>; rel="next"' in answer.headers.getlist("Link")


def test_a_release_leads_to_its_history(client):
    relations = client.get("/api/v1/datasets/budgets-2018/releases/1").headers.getlist("Link")
    history = "http://localhost/api/v1/datasets/budgets-2018/releases"

    assert f'<{history}>; rel="version-history"' in relations
    assert not [each for each in relations if "predecessor" in each]


def test_the_last_page_has_no_next(client):
    answer = client.get("/api/v1/budgets?limit=10000")

    assert not [each for each in answer.headers.getlist("Link") if 'rel="next"' in each]


@pytest.mark.parametrize("path", [*READABLE, *FILES])
def test_anybodys_page_may_read(client, path):
    asked = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
    allowed = client.options(path, headers=asked).headers
    answer = client.get(path, headers={"Origin": "https://reader.example"}).headers

    assert allowed["Access-Control-Allow-Origin"] == answer["Access-Control-Allow-Origin"] == "*"
    assert "GET" in allowed["Access-Control-Allow-Methods"]
    assert "POST" not in allowed["Access-Control-Allow-Methods"]
    assert "If-None-Match" in allowed["Access-Control-Allow-Headers"]
    assert {"GET", "HEAD", "OPTIONS"} <= set(client.options(path).allow)


@pytest.mark.parametrize("path", [*READABLE, *FILES, "/api/v1/datasets/x/submissions"])
def test_another_method_is_told_which_there_are(client, path):
    answer = client.delete(path)

    check_problem(answer, 405, "method-not-allowed")
    assert answer.allow


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/nothing", "/api/v1/datasets/", "/api//v1/datasets", "/api/x"]
)
def test_an_unknown_address_is_a_problem(client, path):
    check_problem(client.get(path), 404, "not-found")


@pytest.mark.parametrize("path", JSON_ONLY)
def test_a_form_that_there_is_not_is_not_acceptable(client, path):
    check_problem(client.get(path, headers={"Accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("text/csv; header=present", "text/csv"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
    ],
)
def test_records_come_in_the_form_that_is_asked_for(client, accept, mimetype):
    answer = client.get("/api/v1/budgets", headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0"])
def test_records_come_in_no_other_form(client, accept):
    answer = client.get("/api/v1/budgets", headers={"Accept": accept})

    check_problem(answer, 406, "not-acceptable")


@pytest.mark.parametrize("path", [*READABLE, *FILES])
def test_an_unknown_parameter_is_refused_everywhere(client, path):
    answer = client.get(path, query_string={"limite": "1"})

    check_problem(answer, 400, "bad-query")
    assert [each["pointer"] for each in answer.json["errors"]] == ["?limite"]


def test_an_unknown_parameter_is_answered_with_the_nearest_there_is(client):
    answer = client.get("/api/v1/datasets?colection=budgets")

    assert "collection" in answer.json["detail"]


def test_a_parameter_is_given_once(client):
    check_problem(client.get("/api/v1/datasets?q=a&q=b"), 400, "bad-query")


def test_a_wrong_value_of_a_parameter_names_it(library):
    answer = library.client.get("/api/v1/submissions?limit=0", headers=library.as_("author"))

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json["errors"]] == ["?limit"]


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_said_to_be_json_is_not_taken(library, mimetype):
    answer = library.client.post(
        "/api/v1/datasets", data=b"{}", content_type=mimetype, headers=library.as_("author")
    )

    check_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("path", ["/api/v1/datasets", "/api/v1/datasets/budgets-2018/submissions"])
def test_a_compressed_body_is_not_taken_for_what_is_in_it(library, path):
    headers = {**library.as_("author"), "Content-Encoding": "gzip"}
    answer = library.client.post(path, data=b"{}", content_type="application/json", headers=headers)

    check_problem(answer, 415, "unsupported-media-type")


def test_a_body_is_wrong_at_a_place(library):
    answer = library.client.post(
        "/api/v1/datasets",
        json={"id": "x", "sources": [{"title": ""}], "titel": "a"},
        headers=library.as_("author"),
    )

    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json["errors"]}
    assert {"/collection", "/sources/0/title", "/titel"} <= pointers


def test_a_change_needs_a_body(library):
    path = "/api/v1/datasets/budgets-2018"

    check_problem(library.client.patch(path, headers=library.as_("author")), 400, "bad-request")


@pytest.mark.parametrize("key", ["", "odk_nonsense"])
def test_a_key_that_does_not_count_is_told_how_to_come(client, key):
    answer = client.get("/api/v1/submissions", headers=sign(key))

    check_problem(answer, 401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("asked", "language"),
    [("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN", "zh"), ("fr", "zh"), ("en;q=0.1,zh", "zh")],
)
def test_a_problem_is_told_in_the_language_that_is_asked_for(client, asked, language):
    answer = client.get("/api/v1/datasets/none", headers={"Accept-Language": asked})

    assert answer.headers["Content-Language"] == language
    assert answer.json["detail"].isascii() is (language == "en")


@pytest.mark.parametrize(
    ("asked", "status", "length"),
    [
        ("bytes=0-9", 206, 10),
        ("bytes=-5", 206, 5),
        ("bytes=99999999-", 416, None),
        ("bytes=0-1,4-5", 200, None),
        ("lines=1-2", 200, None),
        ("nonsense", 200, None),
    ],
)
def test_a_part_of_a_file(client, asked, status, length):
    path = "/api/v1/datasets/budgets-2018/releases/1/data.csv"
    answer = client.get(path, headers={"Range": asked})

    assert answer.status_code == status
    assert length is None or len(answer.data) == length


def test_addresses_are_ascii_whatever_the_host_is_called(client):
    answer = client.get("/api/v1/budgets?limit=1", headers={"Host": "xn--fiq228c.cn"})

    assert answer.json["links"]["self"].startswith("http://xn--fiq228c.cn/api/")
    assert all(value.isascii() for _, value in answer.headers)


class TestTheConsole:
    def test_loads_what_it_needs_from_here(self, client):
        page = client.get("/api/docs")

        assert page.status_code == 200
        for name in ("vendor/swagger-ui/swagger-ui-bundle.js", "console.js", "console.css"):
            assert f"/static/{name}" in page.text
            assert client.get(f"/static/{name}").status_code == 200

    def test_runs_no_script_but_ours(self, client):
        page = client.get("/api/docs")
        policy = page.headers["Content-Security-Policy"]

        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "<script>" not in page.text
        assert " style=" not in page.text
