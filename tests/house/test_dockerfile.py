"""The image is built by the steps that the Makefile knows, and its health check tells the truth.

There need be no container engine: the steps run here, in a copy of what the image would be given.
The long run installs everything once more, and asks the package index as ``make install`` does.
"""

import fnmatch
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files

# What only makes sense inside an image; a step that is neither of these runs here.
ONLY_IN_AN_IMAGE = [
    re.compile(r"apt-get update && apt-get install [a-z -]+ && rm -rf /var/lib/apt/lists/\*"),
    re.compile(r"useradd --system [a-z0-9/ -]+"),
]
STARTS_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile, its continued lines joined."""

    word: str
    rest: str


def _steps() -> list[Step]:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    joined = "\n".join(line for line in lines if not line.startswith("#"))
    instructions = re.sub(r"\\\n\s*", " ", joined).splitlines()
    split = [line.split(maxsplit=1) for line in instructions if line.strip()]
    return [Step(word, re.sub(r"\s+", " ", rest.strip())) for word, rest in split]


def _given(word: str) -> list[str]:
    return [step.rest for step in _steps() if step.word == word]


def _environment() -> dict[str, str]:
    pairs = [pair for rest in _given("ENV") for pair in rest.split()]
    return dict(pair.split("=", 1) for pair in pairs)


def _runs() -> list[str]:
    return [
        command
        for command in _given("RUN")
        if not any(each.fullmatch(command) for each in ONLY_IN_AN_IMAGE)
    ]


def _context(folder: Path) -> Path:
    """Copy what .dockerignore lets through, an allow-list: ``*``, then what is wanted."""
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    wanted = [line[1:] for line in patterns if line.startswith("!")]
    for path in files():
        name = path.relative_to(ROOT)
        if any(fnmatch.fnmatch(name.parts[0], each) for each in wanted):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, folder / name)
    return folder


def test_the_image_runs_as_nobody_special_and_keeps_its_data_in_a_volume():
    assert _given("USER") == ["opendata"]
    assert _given("VOLUME") == [_environment()["OPENDATA_HOME"]]
    assert _given("EXPOSE") == [_environment()["PORT"]]


def test_the_image_is_made_by_the_makefile_alone():
    assert _runs() == ["make install"]


def test_the_image_is_given_nothing_that_git_ignores():
    first, *others = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]

    assert first == "*"
    assert not [line for line in others if line in {"!.", "!*", "!.git", "!.venv", "!var"}]


@pytest.fixture
def built(tmp_path, request):
    """The folder that the build stage leaves behind.

    What is installed in it is what these tests run in, unless they are to install it as well.
    """
    folder = _context(tmp_path / "srv")
    if request.param == "installed anew":
        for command in _runs():
            subprocess.run(["sh", "-c", command], cwd=folder, env=_without_make(), check=True)
    else:
        (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "built",
    ["installed before", pytest.param("installed anew", marks=pytest.mark.soak)],
    indirect=True,
)
def test_the_health_check_passes_once_the_server_is_ready_and_fails_when_it_is_gone(
    built, tmp_path
):
    environment = _inside(built, tmp_path)
    [check] = [rest.split("CMD ", 1)[1] for rest in _given("HEALTHCHECK")]
    [command] = _given("CMD")
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            ["sh", "-c", command],
            cwd=built,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            healthy = _becomes_healthy(check, environment, server)
        finally:
            server.terminate()
            server.wait(timeout=30)

    assert healthy, (tmp_path / "log").read_text(encoding="utf-8")
    assert not _is_healthy(check, environment)


def _without_make() -> dict[str, str]:
    """Return this environment without what ``make test`` would tell a make inside it."""
    of_make = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}
    return {name: value for name, value in os.environ.items() if name not in of_make}


def _inside(built: Path, folder: Path) -> dict[str, str]:
    """Return the image's environment, its folders and its port replaced by ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    image = _environment()
    [workdir] = set(_given("WORKDIR"))
    path = image["PATH"].replace(workdir, str(built)).replace("$PATH", os.environ["PATH"])
    home = str(folder / "home")
    return {**image, "PATH": path, "PORT": str(port), "HOME": home, "OPENDATA_HOME": home}


def _becomes_healthy(check: str, environment: dict[str, str], server: subprocess.Popen) -> bool:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if _is_healthy(check, environment):
            return True
    return False


def _is_healthy(check: str, environment: dict[str, str]) -> bool:
    run = subprocess.run(["sh", "-c", check], env=environment, capture_output=True, timeout=30)
    return run.returncode == 0
