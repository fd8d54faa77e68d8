"""The pages can be typed: every command works as it is written, and what is shown comes out."""

from pathlib import Path

import pytest
import requests

from tests.docs.conftest import YEAR, Served
from tests.docs.pages import WRITTEN_SERVER, clone, examples, not_shown, pages, type_in
from tests.docs.walking import named_in_public
from tests.house.tree import ROOT, said

# Pages that are typed into one shell, one after the other, on a platform without their data.
JOURNEYS = [
    ("README.md",),
    (
        "docs/tutorials/publish-your-first-dataset.md",
        "docs/tutorials/answer-for-a-release.md",
        "docs/tutorials/what-stays-inside.md",
        "docs/how-to/compare-releases.md",
        "docs/how-to/take-a-release-down.md",
    ),
    ("docs/how-to/query-cookbook.md",),
    ("docs/how-to/coordinate-with-agencies.md", "docs/how-to/find-who-is-answerable.md"),
    ("docs/how-to/verify-a-release.md",),
    ("docs/how-to/add-a-collection.md",),
    ("docs/how-to/report-a-fault.md",),
    ("docs/how-to/answer-requests.md",),
    ("docs/how-to/annual-report.md",),
    ("docs/how-to/handle-complaints.md",),
    ("docs/how-to/assess-agencies.md",),
    ("docs/how-to/keep-obligations.md",),
    ("docs/how-to/rotate-a-key.md",),
    ("docs/how-to/erase.md",),
    ("docs/how-to/local-rules.md",),
]
# Its requests are sent to more data, and their answers compared; see test_query.py.
QUERY = "docs/reference/query.md"
# Typed with a PostgreSQL of its own.
PRODUCTION = "docs/how-to/run-in-production.md"
# Answers that a walk through everything public reads at least.
ENOUGH = 60


def _id(journey):
    return journey[0]


@pytest.mark.parametrize("journey", JOURNEYS, ids=_id)
def test_a_page_can_be_typed_line_by_line(journey: tuple[str, ...], served: Served):
    assert_typed(journey, served.folder, served.environment)


def test_the_page_on_production_can_be_typed_on_postgresql(tmp_path, postgres_database):
    folder = clone(tmp_path / "clone")
    environment = {
        "OPENDATA_HOME": str(tmp_path / "home"),
        "OPENDATA_DATABASE_URL": postgres_database,
        "SERVER_UNDER_TEST": WRITTEN_SERVER,
    }

    assert_typed((PRODUCTION,), folder, environment)


def test_a_year_can_be_typed_and_leaves_no_name_of_anybody_in_public(exercise: Served):
    assert_typed((YEAR,), exercise.folder, exercise.environment)

    found = named_in_public(exercise)
    assert found.read > ENOUGH
    assert found.names == []


def assert_typed(journey: tuple[str, ...], folder: Path, environment: dict[str, str]) -> None:
    """Type the commands of pages and compare what they write with what is shown."""
    typed = [each for name in journey for each in examples(ROOT / name, "sh")]

    written = type_in(typed, folder, environment)

    missing = [
        (each.page, line)
        for each, found in zip(typed, written, strict=True)
        for line in not_shown(each.shown, found)
    ]
    assert not missing, "\n".join([*map(str, missing), *written])


def test_the_start_says_what_the_readme_shows(served: Served):
    [start] = examples(ROOT / "README.md", "console")
    port = served.environment["SERVER_UNDER_TEST"]

    assert start.body == "make run\n"
    assert not_shown(start.shown, served.banner.replace(port, WRITTEN_SERVER)) == []


def test_no_page_has_a_command_that_nobody_types():
    typed = {PRODUCTION, YEAR, *(name for journey in JOURNEYS for name in journey)}

    assert not [
        said(page) for page in pages() if any(examples(page, "sh")) and said(page) not in typed
    ]


def test_every_request_on_the_pages_is_answered(served: Served):
    refused = []
    for page in pages():
        for each in examples(page, "http") if said(page) != QUERY else ():
            for line in each.body.splitlines():
                method, _, path = line.partition(" ")
                answer = requests.request(method, f"{served.url}{path}", timeout=30)
                if not answer.ok:
                    refused.append((said(page), line, answer.text))

    assert not refused
