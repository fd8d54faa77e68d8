"""The description of the API, as two linters of OpenAPI see it by the rules they recommend."""

import json
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.npm import installed, run

DESCRIPTION = ROOT / "openapi" / "v1.json"
REDOCLY = "node_modules/@redocly/cli/bin/cli.js"
SPECTRAL = "node_modules/@stoplight/spectral-cli/dist/index.js"


@pytest.fixture(scope="module")
def linters() -> Path:
    """The folder that they are installed in."""
    return installed(ROOT / "tests" / "openapi-linters")


def redocly(linters: Path, file: Path) -> list[str]:
    """Return what Redocly finds, errors and warnings."""
    ended = run(linters, REDOCLY, "lint", str(file), "--config=redocly.yaml", "--format=json")
    found = json.loads(ended.stdout)["problems"]
    return [f"{each['severity']} {each['ruleId']}: {each['message']}" for each in found]


def spectral(linters: Path, file: Path) -> list[str]:
    """Return what Spectral finds, errors and warnings."""
    report = ("--format=json", "--quiet", "--fail-severity=hint")
    ended = run(linters, SPECTRAL, "lint", str(file), "--ruleset=spectral.yaml", *report)
    return [f"{each['code']}: {each['message']}" for each in json.loads(ended.stdout or "[]")]


LINTERS = pytest.mark.parametrize("lint", [redocly, spectral])


def test_nothing_is_found_in_the_description(linters):
    assert redocly(linters, DESCRIPTION) == []


@pytest.mark.soak
def test_nothing_is_found_in_the_description_by_the_slower_one_either(linters):
    assert spectral(linters, DESCRIPTION) == []


@LINTERS
def test_what_is_wrong_would_be_found(linters, lint, tmp_path):
    operation = {"operationId": "read", "responses": {"200": {}}}
    wrong = {
        "openapi": "3.1.0",
        "info": {"title": "wrong"},
        "paths": {"/x/{y}": {"get": operation}},
    }
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(wrong), encoding="utf-8")

    assert lint(linters, file)
