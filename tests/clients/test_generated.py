"""A client that openapi-python-client makes of the description: typed, and reading pages."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
# What a reader of the platform would write: every record of a collection, and one by itself.
READING = """
import sys
from urllib.parse import parse_qs, urlsplit

from reader import Client
from reader.api.预算与决算_budgets_and_final_accounts import list_budgets, read_budgets_record
from reader.models import BudgetsRecordAnswer, BudgetsRecords
from reader.types import UNSET, Unset


def pages(client: Client) -> list[BudgetsRecords]:
    found: list[BudgetsRecords] = []
    cursor: str | Unset = UNSET
    while True:
        answer = list_budgets.sync(client=client, limit=10, fiscal_year_gte=2017, cursor=cursor)
        assert isinstance(answer, BudgetsRecords), answer
        found.append(answer)
        following = answer.links.additional_properties.get("next")
        if following is None:
            return found
        [cursor] = parse_qs(urlsplit(following).query)["cursor"]


with Client(base_url=sys.argv[1]) as client:
    records = [each for page in pages(client) for each in page.data]
    assert not isinstance(records[0].field_id, Unset)
    one = read_budgets_record.sync(records[0].field_id, client=client)
    assert isinstance(one, BudgetsRecordAnswer), one
    assert one.data == records[0]
    print(*(each.field_id for each in records), sep="\\n")
"""


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package ``reader``, and a program that reads with it."""
    folder = tmp_path_factory.mktemp("client")
    run(
        folder, GENERATOR, "generate", "--path", ROOT / "openapi" / "v1.json",
        "--config", ROOT / "openapi" / "python-client.yml", "--meta", "none",
        "--output-path", "reader",
    )  # fmt: skip
    (folder / "reading.py").write_text(READING)
    return folder


def run(folder: Path, *command: str | Path) -> str:
    """Run a program in the folder, and return what it says."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_generated_client_reads_every_page(generated, address, library):
    read = run(generated, sys.executable, "reading.py", address).split()
    expected = library.records("budgets", fiscal_year__gte="2017", limit="10000")

    assert len(read) > 10
    assert read == [each["_id"] for each in expected]


@pytest.mark.soak
def test_a_generated_client_is_fully_typed(generated):
    run(
        generated, sys.executable, "-m", "mypy", "--strict", "--no-error-summary",
        "-p", "reader", "-m", "reading",
    )  # fmt: skip
