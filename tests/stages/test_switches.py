"""While releases are published, taken down and put back, no reader ever sees a mixture.

The course of switches, what the readers ask, and what they may be told is in
``tests/switching.py``.
"""

import http.client
import json
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from opendata.runtime import Runtime
from opendata.stages import publish, validate
from tests.chain import AGENCY, Chain, cast, work_off
from tests.live import LOOK_SECONDS, serving
from tests.platforms import close, settings_of
from tests.switching import PUBLIC, SUSPENDED, WITHDRAWN, Ask, Got, Moment, Served, Stage, listed

SEED = 31
SWITCHES = 16
MANY_SWITCHES = 1_000
LONG = 600


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request, tmp_path, template_home, contracts, web):
    """A platform whose clock is the machine's: many threads look at it at once."""
    home = shutil.copytree(template_home, tmp_path / "home")
    url = request.getfixturevalue("postgres_copy") if request.param == "postgresql" else None
    runtime = Runtime.around(settings_of(home, url), contracts)
    web.extensions["opendata"] = runtime
    yield runtime
    close(runtime)


def chain_of(runtime, web, work=work_off):
    return Chain(web.test_client(), cast(runtime, AGENCY), lambda: work(runtime))


def asking_here(web) -> Callable[[], Ask]:
    """Return what makes a reader in this process."""

    def asking() -> Ask:
        client = web.test_client()

        def ask(path: str) -> Got:
            answer = client.get(path, buffered=True)
            return answer.status_code, answer.data

        return ask

    return asking


def check_went_well(theatre, switches):
    assert theatre.faults == []
    assert theatre.done == theatre.begun == switches
    assert theatre.answers > switches
    assert {*theatre.moments[-1].standing.values()} <= {PUBLIC, SUSPENDED, WITHDRAWN}


@pytest.mark.parametrize("running", ["sqlite"], indirect=True)
def test_a_few_switches_under_eight_readers_give_no_mixed_answer(running, web):
    theatre = Stage(chain_of(running, web), SEED).run(SWITCHES, asking_here(web))

    check_went_well(theatre, SWITCHES)


@pytest.mark.soak
def test_a_thousand_switches_under_eight_readers_give_no_mixed_answer(running, web):
    theatre = Stage(chain_of(running, web), SEED).run(MANY_SWITCHES, asking_here(web))

    check_went_well(theatre, MANY_SWITCHES)


@pytest.mark.soak
@pytest.mark.parametrize("running", ["sqlite"], indirect=True)
def test_nor_do_the_processes_of_a_served_platform(running, web):
    """The switches are made in this process, the readers ask two others over HTTP."""
    with serving(running.settings.home, OPENDATA_WEB_WORKERS="2") as server:

        def ask(path: str) -> Got:
            # A connection of its own: the server ends one on which nothing was asked for a while.
            with closing(
                http.client.HTTPConnection("127.0.0.1", server.port, timeout=LONG)
            ) as line:
                line.request("GET", path)
                answer = line.getresponse()
                return answer.status, answer.read()

        stage = Served(chain_of(running, web, _worked_by_somebody), SEED)
        theatre = stage.run(MANY_SWITCHES, lambda: ask)

    check_went_well(theatre, MANY_SWITCHES)


def _worked_by_somebody(runtime):
    """Work, or wait until the served platform's worker, who may have begun, has done so."""
    deadline = time.monotonic() + LONG
    while work_left(runtime):
        work_off(runtime)
        threading.Event().wait(LOOK_SECONDS)
        assert time.monotonic() < deadline


def work_left(runtime):
    with runtime.home.database.read() as session:
        return bool(validate.pending(session) or publish.pending(session, runtime.now()))


def test_the_check_finds_a_mixture():
    """A page that still has the rows of a release which its ``meta`` no longer names."""
    before = Moment({("b2019", 1): PUBLIC, ("b2018", 1): PUBLIC})
    after = before.after(("b2019", 1), SUSPENDED)
    rows = [
        {"_dataset": name, "_release": 1, "explanation": f"{name} 第 1 版"}
        for name in ("b2018", "b2018", "b2019", "b2019")
    ]
    question = listed("")

    def answered(rows, releases, moment):
        body = {"data": rows, "meta": {"releases": releases, "total": len(rows)}}
        return question.is_answered((200, json.dumps(body).encode()), moment)

    both = {"b2018": 1, "b2019": 1}
    assert answered(rows, both, before)
    assert answered(rows[:2], {"b2018": 1}, after)
    for moment in (before, after):
        assert not answered(rows, {"b2018": 1}, moment)
        assert not answered(rows[:2], both, moment)
        assert not answered(rows[:3], both, moment)
