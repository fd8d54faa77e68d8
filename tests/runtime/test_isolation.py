"""Judging apart: whatever a file makes of the judging process, the worker goes on."""

import dataclasses
import multiprocessing
import os
import signal
import socket
import threading
from functools import partial
from threading import Thread
from uuid import UUID

import pytest

from opendata.domain.approvals import State
from opendata.runtime import isolation
from opendata.runtime.isolation import PassingTrouble, compare_apart, examine_apart
from opendata.runtime.worker import Worker
from opendata.stages import validate
from opendata.stages.validate import Reason
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


@pytest.fixture
def endless(platform, received, chain):
    """A submission whose bytes never end: a pipe into which nothing is written."""
    path = platform.home.vault.path(chain.submission(str(received))["sha256"])
    path.unlink()
    os.mkfifo(path)
    return received


def test_a_file_is_judged_in_another_process(platform, received):
    found = examine_apart(platform.settings, threading.Event(), received)

    assert found.verdict is State.IN_REVIEW
    assert found.counts["rows"] == 3


def test_what_a_submission_would_change_is_found_in_another_process(platform, received):
    Worker(platform).validate_all()

    assert compare_apart(platform.settings, threading.Event(), received)
    kept = sorted(each.suffix for each in (platform.settings.derived / "diffs").iterdir())
    assert kept == [".json", ".ndjson", ".triggers"]
    assert not [each for each in platform.settings.scratch.iterdir() if each.is_dir()]


def failing(chain, submission_id):
    """What the platform tells of a submission whose judging ended without a finding."""
    told = chain.submission(str(submission_id))
    assert told["problem"]["detail"]["zh"]
    assert told["problem"]["detail"]["en"]
    return told["state"], told["problem"]["code"]


def test_what_needs_more_memory_than_there_may_be_fails_at_once_and_is_kept(
    chain, platform, received
):
    little = dataclasses.replace(platform.settings, judge_memory_bytes=16 * 1024 * 1024)
    worker = Worker(platform, partial(examine_apart, little, threading.Event()))

    assert worker.validate_all()
    assert failing(chain, received) == ("failed", "memory-limit")
    told = chain.submission(str(received))
    assert len(platform.home.vault.read(told["sha256"])) == told["size"]


def test_what_takes_too_long_fails_at_once_and_leaves_nothing_on_the_disk(
    chain, platform, endless, monkeypatch
):
    monkeypatch.setattr(isolation, "TIME_LIMIT_SECONDS", 0.2)
    worker = Worker(platform, partial(examine_apart, platform.settings, threading.Event()))

    assert worker.validate_all()
    assert failing(chain, endless) == ("failed", "time-limit")
    assert not [each for each in platform.settings.scratch.iterdir() if each.is_dir()]


def test_what_kills_its_process_is_tried_again_and_then_fails(chain, platform, endless):
    def examine(submission_id):
        Thread(target=kill_child, daemon=True).start()
        return examine_apart(platform.settings, threading.Event(), submission_id)

    worker = Worker(platform, examine)
    for _ in range(validate.MAX_ATTEMPTS):
        worker._not_before.clear()
        assert not worker.validate_all()
    assert worker._reasons == {endless: Reason.CRASHED}
    worker._not_before.clear()
    assert worker.validate_all()
    assert failing(chain, endless) == ("failed", "crashed")


def kill_child():
    """Make the judging process end as a fault of memory ends it, once there is one."""
    while not (children := multiprocessing.active_children()):
        threading.Event().wait(0.01)
    os.kill(children[0].pid, signal.SIGSEGV)


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
