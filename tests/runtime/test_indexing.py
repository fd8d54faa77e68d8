"""Indexing aside: long work on the index is done in another process, which nothing waits for."""

import os
import signal
from dataclasses import replace
from functools import partial
from threading import Event

import pytest

from opendata.runtime import indexing
from opendata.runtime.indexing import Indexing
from opendata.runtime.worker import Worker
from opendata.stages import validate
from opendata.storage.index.roll import read_roll
from tests.platforms import on_sqlite
from tests.tables import real_rows

pytestmark = on_sqlite
BUDGETS = "budgets"


@pytest.fixture
def worker(platform, monkeypatch):
    """A worker that has every segment built by another process."""
    monkeypatch.setattr(indexing, "ROWS_AT_ONCE", 0)
    examine = partial(validate.examine, platform.home, platform.contracts)
    found = Worker(platform, examine)
    yield found
    found._indexing.stop()


@pytest.fixture
def unindexed(chain, platform):
    """A release of which there is no index."""
    chain.publish_rows("b", BUDGETS, "2019", real_rows("budgets-2019", 0, 3))
    (platform.settings.index / BUDGETS / "roll.json").unlink()


def segments(platform):
    return {each.name for each in (platform.settings.index / BUDGETS / "segments").iterdir()}


def ended(worker):
    """Wait until the other process has answered or ended."""
    underway = worker._indexing._underway
    assert underway.answers.poll(60)
    return underway


def test_a_long_build_is_begun_in_one_step_and_taken_over_in_a_later_one(
    unindexed, worker, platform
):
    assert not worker.index_all()
    assert read_roll(platform.settings.index / BUDGETS) is None
    ended(worker)

    assert worker.index_all()
    assert read_roll(platform.settings.index / BUDGETS).parts == {("b", 1)}
    assert worker._indexing._underway is None
    assert not worker.index_all()
    assert not worker._indexing.waiting()


def test_a_build_that_is_killed_leaves_nothing_and_is_begun_again(unindexed, worker, platform):
    before = segments(platform)
    worker.index_all()
    underway = worker._indexing._underway
    os.kill(underway.child.pid, signal.SIGKILL)
    ended(worker)

    assert not worker.index_all()
    assert worker._indexing._underway is None
    assert segments(platform) == before
    # It is put off, like any work that fails.
    assert not worker.index_all()
    worker._not_before.clear()
    worker.index_all()
    ended(worker)
    assert worker.index_all()


def test_what_needs_more_memory_than_there_may_be_is_given_up_after_a_few_attempts(
    unindexed, platform, monkeypatch, caplog
):
    monkeypatch.setattr(indexing, "ROWS_AT_ONCE", 0)
    little = replace(platform, settings=replace(platform.settings, judge_memory_bytes=2**24))
    worker = Worker(little, partial(validate.examine, platform.home, platform.contracts))
    for _ in range(indexing.MAX_ATTEMPTS):
        worker._not_before.clear()
        worker.index_all()
        ended(worker)
        assert not worker.index_all()

    assert "NotBuilt" in caplog.text
    worker._not_before.clear()
    assert not worker.index_all()
    assert worker._indexing._underway is None
    assert not worker._indexing.waiting()


def test_a_worker_that_is_stopped_ends_what_is_built_and_removes_it(unindexed, worker, platform):
    before = segments(platform)
    worker.index_all()
    child = worker._indexing._underway.child
    stop = Event()
    stop.set()
    worker.run(stop)

    assert child.exitcode is not None
    assert segments(platform) == before
    assert read_roll(platform.settings.index / BUDGETS) is None


def test_two_workers_do_not_build_the_same_segment(unindexed, worker, platform):
    worker.index_all()
    # A lease is a process's: another process holds this one.
    other = Indexing(platform, aside=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opendata.storage.leases.holder_name", lambda: "elsewhere:1:1")
        assert other.waiting() == [BUDGETS]
        assert not other.work(BUDGETS)
        assert not other.waiting()
        # The other worker may die over it.
        patch.setattr(indexing, "AGAIN_SECONDS", 0.0)
        other._done.clear()
        assert not other.work(BUDGETS)
        assert other.waiting() == [BUDGETS]
    assert other._underway is None
    ended(worker)
    assert worker.index_all()


def test_a_publication_is_indexed_at_once_while_a_long_build_goes_on(
    unindexed, worker, chain, platform, monkeypatch
):
    worker.index_all()
    os.kill(worker._indexing._underway.child.pid, signal.SIGSTOP)
    monkeypatch.setattr(indexing, "ROWS_AT_ONCE", 50_000)
    chain.work = worker.step
    chain.publish_rows("c", BUDGETS, "2018", real_rows("budgets-2018", 0, 3))

    assert read_roll(platform.settings.index / BUDGETS).parts == {("c", 1)}
    os.kill(worker._indexing._underway.child.pid, signal.SIGCONT)
    ended(worker)
    assert worker.index_all()
    assert read_roll(platform.settings.index / BUDGETS).parts == {("b", 1), ("c", 1)}
