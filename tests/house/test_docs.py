"""The documentation holds together: links lead somewhere, examples in the code are true."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import opendata
from tests.house.tree import ROOT, files, said

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)[^)]*\)|!\[[^\]]*\]\((?P<image>[^)\s]+)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
DECISIONS = ROOT / "docs" / "decisions"

# They are run by Alembic, which imports them by path and gives them a context to be in.
NO_MODULES = "opendata.storage.migrations"


def _anchors(page: Path) -> set[str]:
    """Return the fragments a page has, as code hosts derive them from headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = [
        re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).strip() for heading in HEADING.findall(text)
    ]
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in plain}


def _is_broken(page: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):  # another site; no test uses the network
        return False
    name, _, fragment = target.partition("#")
    goal = (page.parent / name).resolve() if name else page
    if not goal.exists():
        return True
    return bool(fragment) and goal.suffix == ".md" and fragment not in _anchors(goal)


def test_every_link_in_the_documentation_resolves():
    broken = []
    for page in files(".md"):
        for link in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
            target = link["target"] or link["image"]
            if _is_broken(page, target):
                broken.append(f"{said(page)} -> {target}")

    assert not broken


def test_every_decision_is_in_the_index():
    index = (DECISIONS / "index.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))

    assert pages
    assert not [name for name in pages if f"({name})" not in index]


def test_every_page_can_be_reached_from_the_first():
    """Following links from docs/index.md, as a reader would."""
    seen: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        for link in LINK.finditer(page.read_text(encoding="utf-8")):
            name = (link["target"] or link["image"]).partition("#")[0]
            waiting.append((page.parent / name).resolve())

    pages = [path for path in files(".md") if path.is_relative_to(ROOT / "docs")]
    assert not [said(page) for page in pages if page not in seen]


@pytest.mark.parametrize(
    "name",
    [
        "benchmarks.fresh",
        "benchmarks.measure",
        *(
            module.name
            for module in pkgutil.walk_packages(opendata.__path__, "opendata.")
            if not module.name.startswith(NO_MODULES)
        ),
    ],
)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
