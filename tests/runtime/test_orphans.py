"""A worker that is killed leaves no judging process behind: another one judges the file anew."""

import os
import select
import subprocess
import sys
from uuid import UUID

import pytest

from tests.live import environment_of
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

WORKER = """
import os, sys
from threading import Event
from uuid import UUID
from opendata.runtime.isolation import examine_apart
from opendata.settings import Settings
examine_apart(Settings.from_environment(os.environ), Event(), UUID(sys.argv[1]))
"""


@pytest.fixture
def endless(chain, platform):
    """A submission whose bytes never end: a pipe into which nothing is written."""
    chain.register("b", "budgets", "2019")
    told = chain.submit("b", csv_of(real_rows("budgets-2019"))).json
    path = platform.home.vault.path(told["sha256"])
    path.unlink()
    os.mkfifo(path)
    return UUID(told["id"]), path


@on_sqlite
def test_a_judging_process_ends_with_its_worker(platform, endless):
    submission, path = endless
    environment = environment_of(platform.settings.home)
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(submission)], env=environment)
    # Opening waits until somebody reads: the judging process does now, and goes on doing so.
    with path.open("wb", buffering=0) as pipe:
        worker.kill()
        worker.wait(30)
        reader_gone = select.poll()
        reader_gone.register(pipe, 0)

        assert reader_gone.poll(30_000)
