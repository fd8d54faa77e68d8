"""The platform as it really runs: ``opendata serve`` in processes of its own, on a free port."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import typist

START_SECONDS = 90
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Server:
    """A running platform; ``said`` grows with every line that it prints."""

    url: str
    port: int
    home: Path
    environment: Mapping[str, str]
    said: list[str]
    process: subprocess.Popen[str]

    def run(self, *arguments: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``opendata`` with these arguments on the server's home."""
        more = {} if key is None else {"OPENDATA_KEY": key}
        return opendata(*arguments, environment={**self.environment, **more})

    def wait_until(self, words: str) -> None:
        """Wait until the server has said ``words``."""
        deadline = time.monotonic() + START_SECONDS
        while words not in "".join(self.said):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(LOOK_SECONDS)


def opendata(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as ``typist.py`` does it."""
    command = [*typist.command(), *arguments]
    return subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=180, check=False
    )


def environment_of(home: Path, **settings: str) -> dict[str, str]:
    """Return the environment of this process with nothing of the platform's but ``settings``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENDATA_")}
    unlimited = {"OPENDATA_READ_LIMIT": "0", "OPENDATA_WRITE_LIMIT": "0"}
    return {**kept, **unlimited, "OPENDATA_HOME": str(home), **settings}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    home: Path, *arguments: str, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """Serve ``home`` until the block ends; the platform is stopped as an operator stops it."""
    environment = environment_of(home, **settings)
    port = port or free_port()
    command = [sys.executable, "-u", "-m", "opendata", "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(process, said))
    listener.start()
    server = Server(f"http://127.0.0.1:{port}", port, home, environment, said, process)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(60)
        listener.join()
        if process.stdout is not None:
            process.stdout.close()


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stdout is not None
    said.extend(iter(process.stdout.readline, ""))


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert server.process.poll() is None, "".join(server.said)
        assert time.monotonic() < deadline, "".join(server.said)
        try:
            with urllib.request.urlopen(server.url + "/healthz", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(LOOK_SECONDS)


def family(pid: int) -> list[int]:
    """Return a process and everything that descends from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def peak_bytes(pid: int) -> int:
    """Return the most memory a process ever held (VmHWM of proc_pid_status(5))."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [each for each in status if each.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def copied(home: Path, to: Path) -> Path:
    """Copy an initialised home."""
    return Path(shutil.copytree(home, to))
