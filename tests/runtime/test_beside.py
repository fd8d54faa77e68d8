"""What is approved is published at once, whatever is being judged, and judging stands back."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from uuid import UUID

import pytest

from opendata.runtime.isolation import PassingTrouble
from opendata.runtime.priority import background, lower, spare_threads
from opendata.runtime.worker import Worker
from opendata.stages import publish
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

PATIENCE_SECONDS = 30


@contextmanager
def working(worker):
    """A worker at work, as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@on_sqlite
def test_an_approval_does_not_wait_for_a_file_that_is_being_judged(chain, platform):
    rows = real_rows("budgets-2019", 0, 3)
    sources = [rows[0]["publisher_name"]]
    chain.register("b", "budgets", "2019", transcribes=sources)
    approved = chain.submitted("b", csv_of(rows))
    chain.register("c", "budgets", "2018", transcribes=sources)
    judged, published = threading.Event(), threading.Event()
    large = UUID(chain.submit("c", csv_of(rows)).json["id"])

    def examine(submission_id):
        assert submission_id == large
        judged.set()
        assert published.wait(PATIENCE_SECONDS), "Nothing is published while a file is judged."
        raise PassingTrouble("enough was seen")

    with working(Worker(platform, examine)):
        assert judged.wait(PATIENCE_SECONDS)
        chain.approve(approved)
        for _ in range(100 * PATIENCE_SECONDS):
            if chain.submission(approved)["state"] == "published":
                published.set()
                break
            threading.Event().wait(0.01)
    assert published.is_set()


TOLD = """
import os, polars
from opendata.runtime.priority import stand_back

stand_back({how})
idle = os.sched_getscheduler(0) == os.SCHED_IDLE
open({path!r}, "w").write(f"{{os.nice(0)}} {{idle}} {{polars.thread_pool_size()}}")
"""


@pytest.mark.parametrize(
    ("how", "expected"),
    [("", "19 False"), ("only_when_idle=True", "19 True"), ("urgent=True", "10 False")],
)
def test_what_is_done_beside_the_rest_gives_way_and_leaves_a_processor_idle(
    tmp_path, how, expected
):
    told = tmp_path / "told"
    child = background().Process(target=exec, args=(TOLD.format(path=str(told), how=how),))
    child.start()
    child.join()

    assert told.read_text() == f"{expected} {spare_threads()}"
    assert 1 <= spare_threads() < max(2, os.cpu_count() or 1)


def test_a_process_that_somebody_waits_for_stands_back_a_little():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lower(child.pid)
        assert 0 < os.getpriority(os.PRIO_PROCESS, child.pid) < 19
    finally:
        child.communicate(b"\n")
    lower(child.pid)  # Nothing happens where it has ended meanwhile.


@on_sqlite
def test_a_publication_that_cannot_succeed_is_given_up_and_says_so(chain, platform, caplog):
    rows = real_rows("budgets-2019", 0, 3)
    chain.register("b", "budgets", "2019", transcribes=[rows[0]["publisher_name"]])
    approved = chain.submitted("b", csv_of(rows))
    chain.approve(approved)
    platform.home.vault.path(chain.submission(approved)["sha256"]).unlink()
    worker = Worker(platform)
    for _ in range(publish.MAX_ATTEMPTS + 1):
        worker.publish_all()
        worker._not_before.clear()

    told = chain.submission(approved)
    assert (told["state"], told["problem"]["code"]) == ("failed", "processing-failed")
    assert "waits" in caplog.text
