"""``opendata`` without its start: a process that has imported everything forks for each command.

A command typed from a page takes two seconds to import what it needs, and there are dozens. Here
they run in children of one process, as the platform's own web server and worker do: with the
arguments, folder, environment and files of whoever typed them.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path

STUB = """\
#!{python} -IS
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [asked], [0, 1, 2])
    sys.exit(line.recv(1)[0])
"""
MOST_BYTES = 1024 * 1024
READY = "ready"


def write_stub(folder: Path, address: str) -> None:
    """Write the command ``opendata`` that hands what it is asked to the process at ``address``."""
    folder.mkdir(parents=True)
    stub = folder / "opendata"
    stub.write_text(STUB.format(python=sys.executable, address=address), encoding="utf-8")
    stub.chmod(0o755)


def serve(address: str) -> None:
    """Import everything, then carry out commands until ended."""
    from opendata.cli import main
    from opendata.cli.deferred import Deferred

    for command in main.commands.values():
        if isinstance(command, Deferred):
            command.load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        sys.stdout.write(READY + "\n")
        sys.stdout.flush()
        while True:
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
