"""tus-js-client in Node: the reference client of tus, which the tests upload with."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.npm import installed, run
from tests.tables import ROOT

SOURCE = ROOT / "tests" / "tus-js"
Run = Callable[[str, Path, str, str], subprocess.CompletedProcess[str]]


def node_client() -> Run:
    """Return what uploads a file: ``run(url, file, dataset, authorization)``."""
    folder = installed(SOURCE)

    def upload(url: str, file: Path, dataset: str, key: str) -> subprocess.CompletedProcess[str]:
        return run(folder, "upload.mjs", url, str(file), dataset, key)

    return upload
