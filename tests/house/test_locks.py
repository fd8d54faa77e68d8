"""What is installed is what pyproject.toml asks for, to the byte."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>\S+)(?P<rest>.*)")


def _declared(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [line for group in groups for line in project["dependency-groups"][group]]
    return [Requirement(line) for line in [*project["project"]["dependencies"], *named]]


def _locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {found["name"]: found["version"] for line in lines if (found := PIN.match(line))}


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "dev"])],
)
def test_a_lock_has_everything_that_is_asked_for(lock, groups):
    locked = _locked(lock)

    assert not [
        str(wanted)
        for wanted in _declared(*groups)
        if not wanted.specifier.contains(locked.get(canonicalize_name(wanted.name), "0"))
        or canonicalize_name(wanted.name) not in locked
    ], "run: make lock"


def test_tests_run_with_the_versions_that_users_get():
    development = _locked("requirements-dev.txt")

    assert _locked("requirements.txt").items() <= development.items()


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-bootstrap.txt",
        "requirements-bench.txt",
    ],
)
def test_everything_locked_is_known_by_its_hash(lock):
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))

    assert not [each.split()[0] for each in entries[1:] if "--hash=sha256:" not in each]
