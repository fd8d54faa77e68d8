"""Files as gunicorn sends them: by the system's own copying, whole and in parts, on one line."""

import http.client
import json
import time

import pytest

from opendata.app import app_of
from opendata.runtime import Runtime
from opendata.stages import publish, validate
from tests.chain import Chain
from tests.live import LOOK_SECONDS, START_SECONDS
from tests.platforms import close, settings_of
from tests.tables import read_csv, real_rows

DATASETS = ("served-2018", "served-2019")


@pytest.fixture(scope="module")
def line(server, served_people):
    """One connection, kept open, to a served platform with two releases."""
    runtime = Runtime.of(settings_of(server.home))

    def worked_off():
        """Wait until the served platform's own worker has nothing left to do."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            with runtime.home.database.read() as session:
                if not validate.pending(session) and not publish.pending(session, runtime.now()):
                    return
            assert time.monotonic() < deadline, server.said
            time.sleep(LOOK_SECONDS)

    chain = Chain(app_of(runtime).test_client(), served_people, worked_off)
    for each in DATASETS:
        year = each[-4:]
        chain.publish_rows(each, "budgets", year, real_rows(f"budgets-{year}", last=5))
    close(runtime)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    yield connection
    connection.close()


def get(line, path, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request(method, f"/api/v1/{path}", headers=named)
    answer = line.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet", "xlsx"])
def test_a_release_file_is_sent_whole_and_in_parts(line, kind):
    path = f"datasets/served-2019/releases/1/data.{kind}"
    whole, content = get(line, path)
    head, nothing = get(line, path, "HEAD")
    part, middle = get(line, path, Range="bytes=7-18", If_Range=whole.headers["ETag"])
    rest, end = get(line, path, Range="bytes=-9")

    assert (whole.status, len(content)) == (200, int(whole.headers["Content-Length"]))
    assert (head.headers["Content-Length"], nothing) == (whole.headers["Content-Length"], b"")
    assert (part.status, middle) == (206, content[7:19])
    assert (rest.status, end) == (206, content[-9:])


def test_a_whole_collection_is_sent_whole_and_in_parts(line):
    whole, content = get(line, "budgets.csv")
    _, first = get(line, "datasets/served-2018/releases/1/data.csv")
    part, across = get(line, "budgets.csv", Range=f"bytes={len(first) - 5}-{len(first) + 4}")
    within, begun = get(line, "budgets.csv", Range="bytes=-20")

    assert {row["_dataset"] for row in read_csv(content)} == set(DATASETS)
    assert int(whole.headers["Content-Length"]) == len(content)
    assert (part.status, across) == (206, content[len(first) - 5 : len(first) + 5])
    assert (within.status, begun) == (206, content[-20:])


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet", "xlsx", "arrow"])
def test_an_export_is_sent_whole_and_in_parts(line, kind):
    path = f"budgets.{kind}?fiscal_year=2018"
    whole, content = get(line, path)
    part, middle = get(line, path, Range="bytes=7-18", If_Range=whole.headers["ETag"])
    same, nothing = get(line, path, If_None_Match=whole.headers["ETag"])

    assert (whole.status, len(content)) == (200, int(whole.headers["Content-Length"]))
    assert (part.status, middle) == (206, content[7:19])
    assert (same.status, nothing) == (304, b"")


def test_a_refusal_leaves_the_line_usable(line):
    refused, said = get(line, "datasets/served-2019/releases/1/data.csv", Range="bytes=99999999-")
    unwanted, _ = get(line, "datasets/served-2019/releases/1/data.csv", If_Match='"x"')
    empty, nothing = get(line, "budgets.ndjson?fiscal_year=1999")
    answer, _ = get(line, "budgets.csv")

    assert (refused.status, json.loads(said)["status"]) == (416, 416)
    assert unwanted.status == 412
    assert (empty.status, nothing) == (200, b"")
    assert answer.status == 200
