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
from typing import IO

import pytest

from tests.docs.pages import clone, examples, plain_environment
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
    log: Path | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.environment['SERVER_UNDER_TEST']}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``opendata serve --demo`` on a free port, in a fresh clone, with a small demonstration."""
    base = tmp_path_factory.mktemp("docs")
    for name in PACKAGES:
        shutil.copytree(ROOT / "datasets" / name, base / "datasets" / name)
    folder = clone(base / "clone")
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
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An exercise, started by the commands of the page that uses it, on a free port."""
    folder = clone(tmp_path_factory.mktemp("exercise") / "clone")
    [start] = examples(ROOT / YEAR, "console")
    port = _free_port()
    script = start.body.replace("opendata serve", f"exec {STARTED} --port {port}")
    command = ["bash", "-euc", script]
    environment = {"SERVER_UNDER_TEST": f"localhost:{port}"}
    log = folder.with_name("log")
    settings = {**environment, "OPENDATA_WEB_WORKERS": "1"}
    with log.open("wb") as file, _running(command, folder, settings, file) as process:
        yield Served(_said_until(process, LAST_LINE), folder, environment, log)


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, environment: dict[str, str], log: IO[bytes] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Start a process, which logs where the tests do unless told else; end all that it started."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**plain_environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=log,
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
