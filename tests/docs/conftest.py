"""A platform that runs as ``make run`` starts it, for pages to be typed against."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.pages import clone, examples, plain_environment
from tests.docs.typist import READY
from tests.house.tree import ROOT

# Small ones, so that the demonstration is published in a moment.
PACKAGES = ("budgets-2019", "disclosure-statistics-2017")
LAST_LINE = "Ctrl-C"
# A year that is typed against an exercise.
YEAR = "docs/tutorials/a-year-of-disclosure.md"
STARTED = f"{sys.executable} -m opendata serve"


@dataclass(frozen=True)
class Served:
    """A running platform: what it said at its start, where it is, and how it is set up."""

    banner: str
    folder: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.environment['SERVER_UNDER_TEST']}"


@pytest.fixture(scope="session")
def typist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a process that carries out ``opendata`` commands; see ``typist.py``."""
    address = str(tmp_path_factory.mktemp("typist") / "line")
    command = [sys.executable, "-m", "tests.docs.typist", address]
    with _running(command, ROOT, {}) as process:
        _said_until(process, READY)
        yield address


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, typist: str) -> Iterator[Served]:
    """``opendata serve --demo`` on a free port, in a fresh clone, with a small demonstration."""
    base = tmp_path_factory.mktemp("docs")
    for name in PACKAGES:
        shutil.copytree(ROOT / "datasets" / name, base / "datasets" / name)
    folder = clone(base / "clone", typist)
    port = _free_port()
    environment = {
        "OPENDATA_DATASETS": str(base / "datasets"),
        "OPENDATA_SCHEMAS": str(ROOT / "docs" / "how-to" / "files" / "schemas"),
        "SERVER_UNDER_TEST": f"localhost:{port}",
    }
    command = [sys.executable, "-m", "opendata", "serve", "--demo", "--port", str(port)]
    with _running(command, folder, {**environment, "OPENDATA_WEB_WORKERS": "1"}) as process:
        yield Served(_said_until(process, LAST_LINE), folder, environment)


@pytest.fixture(scope="session")
def exercise(tmp_path_factory: pytest.TempPathFactory, typist: str) -> Iterator[Served]:
    """An exercise, started by the commands of the page that uses it, on a free port."""
    folder = clone(tmp_path_factory.mktemp("exercise") / "clone", typist)
    [start] = examples(ROOT / YEAR, "console")
    port = _free_port()
    script = start.body.replace("opendata serve", f"exec {STARTED} --port {port}")
    command = ["bash", "-euc", script]
    environment = {"SERVER_UNDER_TEST": f"localhost:{port}"}
    with _running(command, folder, {**environment, "OPENDATA_WEB_WORKERS": "1"}) as process:
        yield Served(_said_until(process, LAST_LINE), folder, environment)


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, environment: dict[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """Start a process, and end it with everything it started."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**plain_environment(), **environment},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _said_until(process: "subprocess.Popen[str]", last: str) -> str:
    """Read what a process says until a line that begins with ``last``."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(last):
            return "".join(said)
    raise AssertionError("It ended:\n" + "".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
