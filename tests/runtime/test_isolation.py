"""Judging apart: whatever a file makes of the judging process, the worker goes on."""

import dataclasses
import socket
import threading
from uuid import UUID

import pytest

from opendata.domain.approvals import State
from opendata.runtime.isolation import ExaminationFailed, PassingTrouble, examine_apart
from opendata.runtime.worker import Worker
from opendata.storage import leases
from opendata.storage.tables import LeaseRow
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite


@pytest.fixture
def received(chain):
    """A submission that awaits its verdict."""
    rows = real_rows("budgets-2019", 0, 3)
    chain.register("b", "budgets", "2019", transcribes=[rows[0]["publisher_name"]])
    return UUID(chain.submit("b", csv_of(rows)).json["id"])


def test_a_file_is_judged_in_another_process(platform, received):
    found = examine_apart(platform.settings, threading.Event(), received)

    assert found.verdict is State.IN_REVIEW
    assert found.counts["rows"] == 3


def test_what_needs_more_memory_than_there_may_be_fails_and_is_kept(chain, platform, received):
    little = dataclasses.replace(platform.settings, judge_memory_bytes=16 * 1024 * 1024)

    def examine(submission_id):
        return examine_apart(little, threading.Event(), submission_id)

    with pytest.raises(ExaminationFailed):
        examine(received)
    worker = Worker(platform, examine)
    for _ in range(4):
        worker._not_before.clear()
        worker.validate_all()
    told = chain.submission(str(received))
    assert (told["state"], told["problem"]["code"]) == ("failed", "processing-failed")


def test_a_worker_that_is_stopped_gives_the_submission_back(platform, received):
    stop = threading.Event()
    stop.set()
    with pytest.raises(PassingTrouble):
        examine_apart(platform.settings, stop, received)


def test_trouble_that_passes_never_fails_a_submission(chain, platform, received):
    def examine(_submission_id):
        raise OSError("No space left on device")

    worker = Worker(platform, examine)
    for _ in range(10):
        worker._not_before.clear()
        assert not worker.validate_all()
    assert chain.submission(str(received))["state"] == "received"
    chain.work()
    assert chain.submission(str(received))["state"] == "in_review"


def test_a_living_holder_keeps_its_lease_however_long_it_takes(platform, clock, received):
    with platform.home.database.begin() as session:
        # Process 1 lives for as long as the machine does.
        holder = f"{socket.gethostname()}:1:{leases._started(1)}"
        lease = LeaseRow(name=f"validate/{received}", holder=holder, until=clock(), deaths=0)
        session.add(lease)
    clock.advance(days=1)
    assert not Worker(platform).validate_all()
