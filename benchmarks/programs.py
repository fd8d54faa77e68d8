"""Programs that are measured or measured against: started, waited for, and stopped by their pid."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fresh import TREE

HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
STOP_SECONDS = 60
# What of a program's last words a failure quotes.
_TAIL = 2_000


class NotMeasured(Exception):
    """Something cannot be measured here; the message says why, and the page says it too."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running program; what it says is in ``log``."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self.process.pid

    @property
    def last_words(self) -> str:
        """The end of what it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Run ``command`` until the block ends."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=TREE,
            env={**os.environ, **(environment or {})},
        )
    try:
        yield Program(process, log)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(program: Program, port: int, path: str, seconds: float) -> None:
    """Wait until the program answers ``path`` with 200.

    Raises:
        NotMeasured: it ended, or does not answer within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not answers(port, path):
        if program.process.poll() is not None:
            message = f"{program.process.args!r} ended: {program.last_words}"
            raise NotMeasured(message)
        if time.monotonic() > deadline:
            message = f"{program.process.args!r} does not answer: {program.last_words}"
            raise NotMeasured(message)
        time.sleep(LOOK_SECONDS)


def answers(port: int, path: str) -> bool:
    """Return whether something answers ``path`` with 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, in that order."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(each) for each in found]


def family(pid: int) -> list[int]:
    """Return a process and everything that descends from it."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def cpu_share(pid: int, seconds: float) -> float:
    """Watch a process and its descendants; return how much of one core they take (1: all)."""
    before = _cpu_seconds(family(pid))
    time.sleep(seconds)
    # What was started meanwhile has taken all of its time meanwhile.
    after = _cpu_seconds(family(pid))
    return sum(taken - before.get(each, 0.0) for each, taken in after.items()) / seconds


def private_bytes(pid: int) -> int:
    """Return the memory that is this process's alone (smaps_rollup of proc_pid_smaps(5)).

    Clean pages are those of mapped files, which are the system's cache: they count as private
    as long as no other process happens to have looked at the same part of a file.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    found = [each.split() for each in lines if each.startswith(("Private_Dirty", "Swap:"))]
    return sum(int(size) for _, size, _ in found) * 1024


def _cpu_seconds(processes: list[int]) -> dict[int, float]:
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for each in processes:
        try:
            said = Path(f"/proc/{each}/stat").read_text(encoding="utf-8")
        except FileNotFoundError:  # It has ended since.
            continue
        # The name, in parentheses, may hold spaces; behind it comes the third field.
        fields = said.rpartition(")")[2].split()
        found[each] = (int(fields[11]) + int(fields[12])) / ticks
    return found
