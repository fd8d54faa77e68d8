"""Large uploads, on a server of their own: constant memory, and whatever breaks or is killed."""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import requests
from tusclient.client import TusClient

from opendata.domain.people import Role
from opendata.runtime import Runtime
from tests.chain import AGENCY, cast
from tests.cutting import cutting
from tests.live import copied, environment_of, family, free_port, peak_bytes, serving
from tests.platforms import close, settings_of
from tests.tus import PART, VERSION, metadata
from tests.tus_js import node_client

pytestmark = pytest.mark.soak
MIB = 1024 * 1024
GIB = 1024 * MIB
SETTINGS = {"OPENDATA_MAX_UPLOAD_BYTES": str(6 * GIB), "OPENDATA_WEB_WORKERS": "1"}
DATASET = "large"


class Place:
    """A home with an agency, and how one talks to its server."""

    def __init__(self, home):
        self.home = home
        runtime = Runtime.of(settings_of(home))
        self.key = cast(runtime, AGENCY).keys[Role.AUTHOR]
        close(runtime)
        self.headers = {"Authorization": f"Bearer {self.key}"}

    def register(self, url):
        body = {
            "id": DATASET,
            "collection": "budgets",
            "agency": AGENCY.id,
            "period": "2019",
            "title": "大文件",
            "disclosure_attribute": "proactive",
        }
        made = requests.post(f"{url}/api/v1/datasets", json=body, headers=self.headers, timeout=30)
        assert made.status_code == 201, made.text

    def check_arrived(self, url, size, sha256):
        """One submission of exactly these bytes, nothing beside the vault."""
        found = requests.get(f"{url}/api/v1/submissions", headers=self.headers, timeout=30)
        [told] = found.json()["data"]
        assert (told["size"], told["sha256"]) == (size, sha256)
        assert list((self.home / "vault" / "uploads").iterdir()) == []


@pytest.fixture
def place(template_home, tmp_path):
    return Place(copied(template_home, tmp_path / "home"))


@pytest.fixture
def file(tmp_path):
    """A gigabyte that no two parts of are the same; on one line, so that it is quickly judged."""
    path, block = tmp_path / "large.csv", bytearray(b"0123456789abcdef" * (MIB // 16))
    with path.open("wb") as out:
        for number in range(1024):
            block[:8] = b"%08d" % number
            out.write(block)
    return path


def digest_of(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Zeros:
    """A body of many bytes that takes no room; ``requests`` streams what has ``read``."""

    def __init__(self, size):
        self.len = size
        self.rest = size

    def read(self, size=-1):
        piece = bytes(min(MIB, self.rest, size if size > 0 else MIB))
        self.rest -= len(piece)
        return piece


def test_five_gigabytes_take_no_memory(place):
    size = 5 * GIB
    sha256 = hashlib.sha256()
    for _ in range(size // MIB):
        sha256.update(bytes(MIB))
    with serving(place.home, **SETTINGS) as server:
        place.register(server.url)
        # The web server is the first process that ``serve`` starts.
        web = family(family(server.process.pid)[1])
        told = {"Upload-Length": str(size), "Upload-Metadata": metadata(dataset=DATASET)}
        headers = {**place.headers, **VERSION}
        begun = requests.post(
            f"{server.url}/api/v1/uploads", headers={**headers, **told}, timeout=30
        )
        before = {pid: peak_bytes(pid) for pid in web}
        done = requests.patch(
            begun.headers["Location"],
            data=Zeros(size),
            headers={**headers, **PART, "Upload-Offset": "0"},
            timeout=900,
        )
        assert done.status_code == 204, done.text
        rise = sum(peak_bytes(pid) - before[pid] for pid in web)
        print(f"resident memory rose by {rise / MIB:.1f} MiB")  # noqa: T201 - read with -s.
        assert rise < 64 * MIB
        place.check_arrived(server.url, size, sha256.hexdigest())


CUTS = (100 * MIB, 3, 400 * MIB, 200_000_001, 64 * MIB)


def test_tuspy_brings_a_gigabyte_through_five_disconnects(place, file):
    with serving(place.home, **SETTINGS) as server, cutting(server.port, *CUTS) as network:
        place.register(server.url)
        with file.open("rb") as stream:
            TusClient(f"{network.url}/api/v1/uploads", headers=place.headers).uploader(
                file_stream=stream,
                chunk_size=512 * MIB,
                metadata={"dataset": DATASET},
                retries=20,
                retry_delay=1,
            ).upload()
        assert network.done == 5
        place.check_arrived(server.url, file.stat().st_size, digest_of(file))


def test_tus_js_client_brings_a_gigabyte_through_five_disconnects(place, file, tmp_path_factory):
    run = node_client(tmp_path_factory)
    with serving(place.home, **SETTINGS) as server, cutting(server.port, *CUTS) as network:
        place.register(server.url)
        url = f"{network.url}/api/v1/uploads"
        done = run(url, file, DATASET, place.headers["Authorization"])
        assert done.returncode == 0, done.stderr
        assert network.done == 5
        place.check_arrived(server.url, file.stat().st_size, digest_of(file))


class Pushing:
    """``opendata push`` in a process of its own."""

    def __init__(self, place, url, file):
        command = [sys.executable, "-m", "opendata", "push", str(file), "--dataset", DATASET]
        self.folder = place.home / "vault" / "uploads"
        self.process = subprocess.Popen(
            [*command, "--server", url],
            env={**environment_of(place.home), "OPENDATA_KEY": place.key},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self):
        """Kill it."""
        self.process.kill()
        self.process.communicate()

    def wait_for_bytes(self, wanted):
        """Wait until so much of the upload has arrived, recorded or not."""
        while sum(each.stat().st_size for each in self.folder.iterdir()) < wanted:
            if self.process.poll() is not None:
                pytest.fail(self.process.communicate()[1])
            time.sleep(0.001)


def kill(server):
    """Kill everything of a server, as if the machine had lost its power."""
    for pid in family(server.process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_push_outlives_servers_that_are_killed_and_goes_on_after_being_killed(place, file):
    chance = random.Random(20260302)  # noqa: S311 - when to kill is no secret.
    port, size = free_port(), file.stat().st_size
    url = f"http://127.0.0.1:{port}"
    push = None
    for share in range(1, 7):
        with serving(place.home, port=port, **SETTINGS) as server:
            if share == 1:
                place.register(url)
            push = push or Pushing(place, url, file)
            push.wait_for_bytes(int(size * (share + chance.random()) / 8))
            if share % 2:
                push.end()
                push = None
            kill(server)
    with serving(place.home, port=port, **SETTINGS):
        said, complained = push.process.communicate(timeout=600)
        assert push.process.returncode == 0, complained
        place.check_arrived(url, size, digest_of(file))
        assert said.strip()
