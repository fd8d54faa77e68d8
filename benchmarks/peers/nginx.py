"""nginx, sending a file as it lies on the disk: as fast as a file can be sent."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.programs import HOST, NotMeasured, free_port, running, wait_for

START_SECONDS = 30
CONFIGURATION = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr warn;
{user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    types {{ text/csv csv; }}
    server {{
        listen {host}:{port};
        root {root};
        location = /alive {{ return 200 "yes"; }}
    }}
}}
"""


@contextmanager
def served(root: Path, folder: Path) -> Iterator[int]:
    """Serve the files of ``root`` until the block ends, on the port that is returned."""
    program = _program()
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, root=root, host=HOST, port=port, user=_user()),
        encoding="utf-8",
    )
    command = [program, "-e", "stderr", "-p", str(folder), "-c", str(configuration)]
    with running(command, folder / "nginx.log") as found:
        wait_for(found, port, "/alive", START_SECONDS)
        yield port


def version() -> str:
    """Return what it says of itself."""
    said = subprocess.run([_program(), "-v"], capture_output=True, text=True, check=True).stderr
    return said.strip().removeprefix("nginx version: ")


def _program() -> str:
    # Debian puts it where only an administrator's PATH goes.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        message = "nginx is not installed (Debian: nginx-light)"
        raise NotMeasured(message)
    return found


def _user() -> str:
    """Root's workers run as an account that may read files in a folder of root's own: root."""
    return "user root;" if os.geteuid() == 0 else ""
