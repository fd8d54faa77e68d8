"""Uploads over a real socket: what is cut off, what is endless, what is too much."""

import contextlib
import http.client
import json
import socket
import threading
import time
from itertools import count

import pytest
import requests

from opendata.domain.people import Role
from opendata.runtime import Runtime
from tests.chain import AGENCY, cast
from tests.live import LOOK_SECONDS, copied, family, peak_bytes, serving
from tests.platforms import close, settings_of
from tests.tables import changed, csv_of, real_rows

MIB = 1024 * 1024
# The server is shared: every test takes a year of its own.
YEARS = count(2050)


def registered(server, people, year):
    """Register a dataset; return where to send files for it, the headers, and its id."""
    headers = {"Authorization": f"Bearer {people.keys[Role.AUTHOR]}"}
    body = {
        "id": f"socket-{year}",
        "collection": "budgets",
        "agency": people.agency.id,
        "period": year,
        "title": "套接字",
        "disclosure_attribute": "proactive",
    }
    made = requests.post(f"{server.url}/api/v1/datasets", json=body, headers=headers, timeout=30)
    assert made.status_code == 201, made.text
    return f"/api/v1/datasets/{body['id']}/submissions", headers, body["id"]


@pytest.fixture
def upload(server, served_people):
    """A dataset that takes files, on the shared server."""
    return registered(server, served_people, str(next(YEARS)))


@pytest.fixture
def file(served_people):
    """A small file; the year is not the dataset's, so that it is received and then invalid."""
    own = served_people.agency.name.zh
    return csv_of(changed(real_rows("budgets-2019"), publisher_name=own))


def received(server, upload):
    _, headers, dataset = upload
    answer = requests.get(
        f"{server.url}/api/v1/submissions", params={"dataset": dataset}, headers=headers, timeout=30
    )
    return answer.json()["data"]


def request_head(path, headers):
    lines = [f"POST {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def test_an_upload_that_is_cut_off_leaves_nothing_and_may_be_sent_again(server, upload, file):
    path, headers, _ = upload
    named = {**headers, "Idempotency-Key": "cut-off", "Content-Length": str(len(file))}
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request_head(path, named) + file[: len(file) // 2])
        connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())
    assert (answer.status, problem["code"]) == (400, "truncated-upload")
    assert received(server, upload) == []

    again = requests.post(
        server.url + path, data=file, headers={**headers, "Idempotency-Key": "cut-off"}, timeout=30
    )
    assert again.status_code == 202, again.text


def test_a_body_in_chunks_without_a_length_is_taken(server, upload, file):
    path, headers, _ = upload
    answer = requests.post(server.url + path, data=iter([file[:50], file[50:]]), headers=headers,
                           timeout=30)  # fmt: skip

    assert answer.status_code == 202, answer.text
    assert answer.json()["size"] == len(file)


def test_an_announced_length_over_the_limit_is_refused_before_it_is_sent(server, upload):
    path, headers, _ = upload
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request_head(path, {**headers, "Content-Length": str(64 * MIB)}))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())

    assert (answer.status, problem["code"]) == (413, "too-large")


def test_a_body_in_chunks_is_refused_as_it_passes_the_limit(server, upload):
    path, headers, _ = upload
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        sender = threading.Thread(target=_send_chunks, args=(connection, path, headers))
        sender.start()
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        problem = json.loads(answer.read())
        # The server may have hung up already.
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        sender.join()

    assert (answer.status, problem["code"]) == (413, "too-large")
    assert received(server, upload) == []


def _send_chunks(connection, path, headers):
    """Send chunks until the server hangs up."""
    try:
        connection.sendall(request_head(path, {**headers, "Transfer-Encoding": "chunked"}))
        for _ in range(64):
            connection.sendall(b"100000\r\n" + b"x" * MIB + b"\r\n")
    except OSError:
        return  # Refused: the server has answered and closed.


def judged_size(server, upload, size):
    """Send one line of ``size`` bytes and return the most memory that any process came to hold."""
    path, headers, _ = upload
    block = b"a" * MIB
    answer = requests.post(
        server.url + path,
        data=(block for _ in range(size // MIB)),
        headers={**headers, "Content-Type": "text/csv"},
        timeout=120,
    )
    assert answer.status_code == 202, answer.text
    link = f"{server.url}/api/v1/submissions/{answer.json()['id']}"
    deadline = time.monotonic() + 120
    while (found := requests.get(link, headers=headers, timeout=30).json())["state"] == "received":
        assert time.monotonic() < deadline
        time.sleep(LOOK_SECONDS)
    assert found["state"] == "invalid"
    return max(peak_bytes(pid) for pid in family(server.process.pid))


def test_a_line_of_ten_megabytes_takes_no_memory(server, upload, file):
    path, headers, _ = upload
    requests.post(server.url + path, data=file, headers=headers, timeout=30)
    before = max(peak_bytes(pid) for pid in family(server.process.pid))

    assert judged_size(server, upload, 10 * MIB) - before < 10 * MIB


@pytest.mark.soak
def test_a_line_of_two_hundred_megabytes_takes_no_memory(tmp_path_factory, template_home):
    """Alone on a server of its own, which takes as much."""
    home = copied(template_home, tmp_path_factory.mktemp("soak") / "home")
    with serving(home, OPENDATA_MAX_UPLOAD_BYTES=str(256 * MIB)) as server:
        runtime = Runtime.of(settings_of(home))
        people = cast(runtime, AGENCY)
        close(runtime)
        upload = registered(server, people, "2049")
        before = max(peak_bytes(pid) for pid in family(server.process.pid))
        assert judged_size(server, upload, 200 * MIB) - before < 64 * MIB
