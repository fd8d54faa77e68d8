"""The least that Flask can answer, on the web server and with the settings of the platform."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from benchmarks.fresh import TREE
from benchmarks.programs import HOST, free_port, running, wait_for

START_SECONDS = 60
SETTINGS = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload")

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "Hello, World!"


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve it until the block ends, on the port that is returned."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--chdir", str(TREE), "--reuse-port", *SETTINGS]
    with running(
        [*command, "--bind", f"{HOST}:{port}", "benchmarks.peers.hello:app"], folder / "hello.log"
    ) as program:
        wait_for(program, port, "/", START_SECONDS)
        yield port
