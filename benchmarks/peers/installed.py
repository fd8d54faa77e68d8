"""Where the peers out of wheels are: in a virtual environment of their own (``make bench``)."""

import subprocess

from benchmarks.fresh import TREE
from benchmarks.programs import NotMeasured

FOLDER = TREE / ".venv-bench" / "bin"


def program(name: str) -> str:
    """Return the path of a peer's command.

    Raises:
        NotMeasured: it is not installed.
    """
    found = FOLDER / name
    if not found.exists():
        message = f"{name} is not installed; make bench does it"
        raise NotMeasured(message)
    return str(found)


def version(name: str) -> str:
    """Return what a peer's command says of its version."""
    said = subprocess.run([program(name), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.strip()
