"""The reference clients of tus, and ours, through a network that breaks five times."""

import hashlib
from itertools import count

import pytest
import requests
from click.testing import CliRunner
from tusclient.client import TusClient

from opendata.cli import main, resumable
from opendata.domain.people import Role
from tests.cutting import cutting
from tests.tus_js import node_client

MIB = 1024 * 1024
YEARS = count(2060)
# Where connections are cut, in bytes that went to the server through each.
FIVE_CUTS = (300_000, 100_000, 700_001, 400, 1_000_000)


@pytest.fixture
def dataset(server, served_people):
    """A dataset that takes files, of a year of its own on the shared server."""
    year = str(next(YEARS))
    body = {
        "id": f"tus-{year}",
        "collection": "disclosure-statistics",
        "agency": served_people.agency.id,
        "period": year,
        "title": "分段上传",
        "disclosure_attribute": "proactive",
    }
    url, headers = f"{server.url}/api/v1/datasets", key_of(served_people)
    assert requests.post(url, json=body, headers=headers, timeout=30).status_code == 201
    return body["id"]


@pytest.fixture
def file(tmp_path):
    """Three megabytes on one line, which are no table and quickly judged."""
    path = tmp_path / "大.csv"
    path.write_bytes(b"".join(b"%07d," % number for number in range(3 * MIB // 8)))
    return path


def key_of(people):
    return {"Authorization": f"Bearer {people.keys[Role.AUTHOR]}"}


def check_arrived(server, people, dataset, file):
    """One submission of exactly this file, and nothing left beside the vault."""
    url, headers = f"{server.url}/api/v1/submissions", key_of(people)
    answer = requests.get(url, params={"dataset": dataset}, headers=headers, timeout=30)
    [told] = answer.json()["data"]
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (told["size"], told["filename"]) == (file.stat().st_size, file.name)
    assert list((server.home / "vault" / "uploads").iterdir()) == []
    return told["id"]


@pytest.mark.parametrize(
    ("checked", "part", "cuts"),
    [
        (False, 64 * MIB, FIVE_CUTS),
        # A part with a checksum counts whole, so that it must be smaller than what gets through.
        (True, 256 * 1024, (100_000, 400, 250_000, 10_000, 200_000)),
    ],
    ids=["in one part", "in parts with checksums"],
)
def test_tuspy_completes_through_five_disconnects(
    server, served_people, dataset, file, checked, part, cuts
):
    with cutting(server.port, *cuts) as network, file.open("rb") as stream:
        client = TusClient(f"{network.url}/api/v1/uploads", headers=key_of(served_people))
        uploader = client.uploader(
            file_stream=stream,
            chunk_size=part,
            metadata={"dataset": dataset, "filename": file.name},
            retries=20,
            retry_delay=0,
            upload_checksum=checked,
        )
        uploader.upload()
        assert network.done == 5

    check_arrived(server, served_people, dataset, file)


def test_tus_js_client_completes_through_five_disconnects(server, served_people, dataset, file):
    run = node_client()
    with cutting(server.port, *FIVE_CUTS) as network:
        url = f"{network.url}/api/v1/uploads"
        done = run(url, file, dataset, key_of(served_people)["Authorization"])
        assert done.returncode == 0, done.stdout + done.stderr
        assert network.done == 5

    check_arrived(server, served_people, dataset, file)


class TestPush:
    """``opendata push`` of a large file."""

    @pytest.fixture(autouse=True)
    def small_parts(self, monkeypatch):
        """Parts of a megabyte, and no waiting."""
        monkeypatch.setattr("opendata.cli.push.ABOVE_BYTES", MIB)
        monkeypatch.setattr(resumable, "PART_BYTES", MIB)
        monkeypatch.setattr(resumable, "FIRST_DELAY_SECONDS", 0.01)

    def push(self, file, dataset, url, people):
        command = ["push", str(file), "--dataset", dataset, "--server", url]
        return CliRunner().invoke(main, [*command, "--key", people.keys[Role.AUTHOR]], obj={})

    def test_it_completes_through_five_disconnects(self, server, served_people, dataset, file):
        with cutting(server.port, *FIVE_CUTS) as network:
            done = self.push(file, dataset, network.url, served_people)
            assert network.done == 5

        assert done.exit_code == 0, done.output
        assert check_arrived(server, served_people, dataset, file) in done.output

    def test_given_up_it_goes_on_when_it_is_typed_again(
        self, server, served_people, dataset, file, monkeypatch
    ):
        with cutting(server.port, 1_500_000) as network:
            with monkeypatch.context() as patch:
                patch.setattr(resumable, "PATIENCE_SECONDS", 0.0)
                first = self.push(file, dataset, network.url, served_people)
            before = network.passed
            again = self.push(file, dataset, network.url, served_people)
            needed = network.passed - before

        assert first.exit_code == 2
        assert "续传" in first.output
        assert again.exit_code == 0, again.output
        assert check_arrived(server, served_people, dataset, file) in again.output
        # One part was there already.
        assert needed < 2.1 * MIB

    def test_what_is_refused_is_told_before_anything_is_sent(self, server, served_people, file):
        done = self.push(file, "no-such", server.url, served_people)

        assert done.exit_code == 2
        assert "no-such-dataset" in done.output

    def test_what_is_larger_than_the_server_takes_is_refused_at_once(
        self, server, served_people, dataset, tmp_path
    ):
        large = tmp_path / "large.csv"
        with large.open("wb") as file:
            file.truncate(33 * MIB)
        done = self.push(large, dataset, server.url, served_people)

        assert done.exit_code == 2
        assert "too-large" in done.output
