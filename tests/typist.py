"""``opendata`` without its start: a process that has imported everything forks for each command.

A command takes two seconds to import what it needs, and tests give dozens. Here they run in
children of one process, as the platform's own web server and worker do: with the arguments,
folder, environment and files of whoever gave them.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT

STUB = """\
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [asked], [0, 1, 2])
    sys.exit(line.recv(1)[0])
"""
MOST_BYTES = 1024 * 1024
READY = "ready"


@cache
def address() -> str:
    """Start the process, once for all tests of this one, and return where it listens."""
    name = f"typist-{os.getpid()}"
    command = [sys.executable, "-m", "tests.typist", name]
    # It ends when its input does, which is with this process, however that ends.
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    # Closes its input, and waits.
    atexit.register(process.communicate)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == READY
    # A leading zero byte: an address that is no file.
    return f"\0{name}"


def command() -> list[str]:
    """Return what stands for ``opendata`` at the head of a command line."""
    return [sys.executable, "-IS", "-c", STUB.format(address=address())]


def write_stub(folder: Path) -> None:
    """Write a command ``opendata`` that hands what it is asked to the process."""
    folder.mkdir(parents=True)
    stub = folder / "opendata"
    text = f"#!{sys.executable} -IS\n" + STUB.format(address=address())
    stub.write_text(text, encoding="utf-8")
    stub.chmod(0o755)


def serve(name: str) -> None:
    """Import everything, then carry out commands until the input ends."""
    from opendata.cli import main
    from opendata.cli.deferred import Deferred

    for command in main.commands.values():
        if isinstance(command, Deferred):
            command.load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0{name}")
        listening.listen()
        sys.stdout.write(READY + "\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            line, _ = listening.accept()
            with line:
                asked, files, _, _ = socket.recv_fds(line, MOST_BYTES, 3)
                if os.fork() == 0:
                    line.send(bytes([_carry_out(main, asked, files)]))
                    os._exit(0)
                for each in files:
                    os.close(each)


def _carry_out(main, asked: bytes, files: list[int]) -> int:
    """Run one command in this child and return its exit status."""
    arguments, folder, environment = json.loads(asked)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, each in enumerate(files):
        os.dup2(each, number)
    try:
        main(arguments, prog_name="opendata")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
    # Without the farewell of every library.
    os._exit(0)
