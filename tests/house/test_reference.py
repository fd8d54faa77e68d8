"""The reference is complete, and what the code writes into the documentation is up to date."""

import re
from pathlib import Path

import pytest

from docs.build import checks, commands, islands, problems, queries, settings
from opendata.domain.queries import Op
from opendata.domain.queries.aggregates import Measuring
from opendata.tabular.checks.plugin import CHECKS
from opendata.tabular.contract import latest, packaged_schemas
from opendata.tabular.rules import RULES
from opendata.web.negotiation import MEDIA_TYPES
from tests.docs.pages import pages
from tests.house.tree import ROOT, said

DOCS = ROOT / "docs"
HEADING = re.compile(r"^### `(.+)`$", re.MULTILINE)
KIND_HEADING = re.compile(r"^### ([A-Z][a-z]+) `(.+)`$", re.MULTILINE)
# Fences that nobody could run: what is shown, and what belongs into another program.
FOR_READING = {"text", "console", "ini", "nginx", "json", "toml", "mermaid"}
FENCE_OPENS = re.compile(r"^```([a-z]*)\n.*?^```$", re.MULTILINE | re.DOTALL)


def headings(name: str) -> set[str]:
    """Return the names that a page of the reference explains under a heading of their own."""
    return set(HEADING.findall((DOCS / "reference" / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("page", "known"),
    [
        ("problems.md", problems.refusal_codes),
        ("settings.md", settings.variables),
        ("commands.md", lambda: {path for path, _ in commands.all_commands()}),
        ("query.md", lambda: {each.value for each in Op} | set(queries.control_parameters())),
    ],
)
def test_everything_there_is_has_a_heading_and_nothing_else_has(page, known):
    assert headings(page) == known()


def test_every_check_error_and_collection_has_a_heading_of_its_own():
    """Its kind comes first, since a check and its error may share a name and links must not."""
    text = (DOCS / "reference" / "checks.md").read_text(encoding="utf-8")
    known = {"Check": CHECKS, "Error": RULES, "Collection": latest(packaged_schemas())}

    assert sorted(KIND_HEADING.findall(text)) == sorted(
        (kind, name) for kind, names in known.items() for name in names
    )


def test_every_key_metric_and_format_of_queries_has_a_heading_of_its_own():
    text = (DOCS / "reference" / "query.md").read_text(encoding="utf-8")
    known = {
        "Collection": latest(packaged_schemas()),
        "Key": queries.key_names(),
        "Metric": list(Measuring),
        "Format": MEDIA_TYPES,
    }

    told = [each for each in KIND_HEADING.findall(text) if each[0] != "Mistake"]
    assert sorted(told) == sorted((kind, name) for kind, names in known.items() for name in names)


def test_every_check_is_shown_at_work():
    """Every error has its example, or the page could not be written."""
    assert not checks.missing_examples()


def test_every_located_fault_has_a_code_that_is_explained():
    text = (DOCS / "reference" / "problems.md").read_text(encoding="utf-8")

    assert not [code for code in problems.faults() if f"| `{code}` |" not in text]


def test_what_the_code_writes_is_up_to_date():
    assert [said(page) for page in islands.stale(DOCS)] == [], "run: make docs"


def test_every_generated_part_is_on_a_page():
    assert islands.used(DOCS) == set(islands.ISLANDS)


def test_an_example_is_run_or_is_plainly_none():
    """``sh`` is typed and ``http`` is sent by the tests of the pages; nothing else looks so."""
    odd = [
        f"{said(page)}: {kind or 'without a kind'}"
        for page in pages()
        for kind in FENCE_OPENS.findall(page.read_text(encoding="utf-8"))
        if kind not in FOR_READING | {"sh", "http"}
    ]

    assert not odd


def test_the_readme_names_every_collection_that_ships():
    text = Path(ROOT / "README.md").read_text(encoding="utf-8")

    assert not [each.name for each in (ROOT / "schemas").iterdir() if f"`{each.name}`" not in text]
