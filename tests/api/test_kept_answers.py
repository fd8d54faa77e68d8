"""A process answers again what it answered before; nothing stale, hidden or somebody's own."""

import pytest
from werkzeug.test import Client, EnvironBuilder

from opendata.runtime import Runtime
from tests.platforms import close, on_sqlite, remembering_nothing, runtime_of
from tests.tables import changed, csv_of, real_rows

QUESTIONS = [
    "/api/v1/budgets",
    "/api/v1/budgets.json?limit=1&count=exact",
    "/api/v1/budgets/schema",
    "/api/v1/budgets/known-issues",
    "/api/v1/datasets",
    "/api/v1/datasets/budgets-2018",
    "/api/v1/datasets/budgets-2018/releases/1",
    "/",
    "/budgets",
    "/datasets/budgets-2018",
    "/problems",
]


@pytest.fixture
def reader(library):
    """Anybody, asking a process that remembers nothing yet."""
    with remembering_nothing(library.client):
        yield library.client


@pytest.fixture
def published(chain):
    """Two records of a budget."""
    rows = changed(real_rows("budgets-2019", 0, 2), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    return chain


def asked_of_flask(reader, monkeypatch):
    """Count what comes as far as the application."""
    reached = []
    app = reader.application
    monkeypatch.setattr(
        app, "dispatch_request", lambda: reached.append(1) or type(app).dispatch_request(app)
    )
    return reached


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_second_answer_is_the_first_one_again(reader, monkeypatch, question):
    reached = asked_of_flask(reader, monkeypatch)
    first = reader.get(question)
    before = len(reached)
    second = reader.get(question)

    assert first.status_code == 200
    assert second.data == first.data
    assert list(second.headers) == list(first.headers)
    assert len(reached) == before


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_what_a_reader_has_is_not_sent_again(reader, question):
    first = reader.get(question)
    same = reader.get(question, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    other = reader.get(question, headers={"If-None-Match": '"other"'})

    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert {"Cache-Control", "Vary"} <= {name for name, _ in same.headers}
    assert "Content-Length" not in same.headers
    assert (other.status_code, other.data) == (200, first.data)


def test_a_kept_answer_has_no_body_for_head(reader):
    first = reader.get("/api/v1/budgets")
    head = reader.head("/api/v1/budgets")

    assert head.data == b""
    assert list(head.headers) == list(first.headers)


def test_links_lead_to_where_the_question_was_asked(reader):
    for host, scheme in (("a.example", "http"), ("b.example", "http"), ("a.example", "https")):
        builder = EnvironBuilder("/api/v1/budgets", base_url=f"{scheme}://{host}")
        answer = reader.open(builder.get_request())
        assert answer.json["links"]["self"] == f"{scheme}://{host}/api/v1/budgets"


@pytest.mark.parametrize("first", ["", "/evil"])
def test_what_is_asked_below_a_prefix_is_answered_by_itself(reader, monkeypatch, first):
    """A header that the server believes must not come into what others are answered."""
    reached = asked_of_flask(reader, monkeypatch)
    prefixes = [first, "/evil", "", "/evil"]
    answers = [
        Client(reader.application).get(
            "/api/v1/budgets?limit=1", environ_overrides={"SCRIPT_NAME": prefix}
        )
        for prefix in prefixes
    ]

    for prefix, answer in zip(prefixes, answers, strict=True):
        root = f"http://localhost{prefix}/api/"
        assert answer.json["links"]["self"].startswith(root)
        assert f'<{root}docs>; rel="service-doc"' in answer.headers.getlist("Link")
    assert len(reached) == sum(map(bool, prefixes))


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-9"},
        {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
        {"If-Match": '"other"'},
        {"Authorization": "Bearer odk_nobody"},
    ],
)
def test_a_particular_request_is_answered_by_itself(reader, headers):
    whole = reader.get("/api/v1/budgets")
    answer = reader.get("/api/v1/budgets", headers=headers)

    assert (answer.status_code, answer.data) == (200, whole.data)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/budgets.csv",
        "/api/v1/budgets?limite=1",
        "/api/v1/budgets/none",
        "/api/v1/submissions",
        "/healthz",
        "/readyz",
        "/nowhere",
    ],
)
def test_what_is_no_public_answer_is_not_kept(library, reader, path):
    for headers in ({}, library.as_("author")):
        reader.get(path, headers=headers, buffered=True)

    assert runtime_of(reader).home.answers.weight == 0


def test_what_a_key_is_shown_is_shown_to_nobody_else(chain):
    chain.register("not-yet", "budgets", "2019")
    own = chain.client.get("/api/v1/datasets", headers=chain.as_("author"))
    others = chain.client.get("/api/v1/datasets")
    own_again = chain.client.get("/api/v1/datasets", headers=chain.as_("author"))

    assert [each["id"] for each in own.json["data"]] == ["not-yet"]
    assert others.json["data"] == []
    assert own_again.json == own.json


def test_the_next_answer_after_a_suspension_is_without_the_records(published):
    """Whatever was kept, here and by another process, is not answered again."""
    client = published.client
    record = f"/api/v1/budgets/{published.records('budgets')[0]['_id']}"
    pages = ["/api/v1/budgets", "/api/v1/budgets.json?count=exact", "/budgets", "/", "/datasets/b"]
    before = {path: client.get(path) for path in (record, *pages)}
    tags = {path: answer.headers["ETag"] for path, answer in before.items()}
    pinned = f"/api/v1/budgets?as_of={before[pages[0]].json['meta']['snapshot']}"
    assert len(client.get(pinned).json["data"]) == 2
    _suspend_elsewhere(published)

    gone = client.get(record, headers={"If-None-Match": tags[record]})
    assert (gone.status_code, gone.json["code"]) == (410, "gone")
    for path in pages:
        after = client.get(path, headers={"If-None-Match": tags[path]})
        assert after.status_code == 200, path
        assert after.data != before[path].data
    for path in (*pages[:2], pinned):
        assert client.get(path).json["data"] == []


def _suspend_elsewhere(chain):
    """Suspend by the same request, sent to another process of the platform."""
    platform = runtime_of(chain.client)
    other = Runtime.around(platform.settings, platform.contracts, platform.now)
    app = chain.client.application
    app.extensions["opendata"] = other
    try:
        assert chain.suspend("b", 1).status_code == 201
    finally:
        app.extensions["opendata"] = platform
        close(other)


@on_sqlite
def test_an_answer_is_good_for_one_day(published, clock):
    clock.set("2026-03-02T23:59:00+08:00")
    reached = []
    published.get("budgets")
    answers = runtime_of(published.client).home.answers
    keep = answers.keep
    answers.keep = lambda *given: reached.append(given[0][0]) or keep(*given)
    published.get("budgets")
    clock.set("2026-03-03T00:01:00+08:00")
    published.get("budgets")

    assert reached == ["/api/v1/budgets"]


@on_sqlite
def test_a_correction_of_what_is_said_of_a_dataset_is_seen_at_once(published):
    before = published.get("datasets/b").json["title"]
    body = {"title": "更正后的题名"}
    published.client.patch("/api/v1/datasets/b", json=body, headers=published.as_("author"))

    assert before != body["title"]
    assert published.get("datasets/b").json["title"] == body["title"]
    assert body["title"] in published.client.get("/datasets/b").text


def test_a_failure_of_the_facts_is_answered_as_a_problem(reader, monkeypatch):
    def fail(_watch):
        raise OSError

    monkeypatch.setattr(type(runtime_of(reader).home.database.watch), "state", fail)
    answer = Client(reader.application).get("/api/v1/budgets")

    assert answer.status_code == 500
    assert answer.json["code"] == "internal-error"
