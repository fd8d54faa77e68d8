"""One home with two releases of a budget and two editions of some penalties, published once."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata.app import app_of
from opendata.runtime import Runtime
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import changed, csv_of, real_rows
from tests.verify.published import LATER, Copy, copy_of

BUDGET, PENALTIES = "budget", "penalties"
LAST_DAYS = ("2026-03-02", "2026-03-05", "2030-01-01", "2030-01-01", "2030-01-01")
NAMES = ("manifest.json", "data.csv", "data.ndjson", "data.parquet", "data.xlsx",
         "datapackage.json", "report.json")  # fmt: skip


@pytest.fixture(scope="session")
def verified(
    tmp_path_factory: pytest.TempPathFactory, template_home: Path, contracts
) -> Iterator[Chain]:
    """The platform; its penalties have left one behind."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("verified") / "home")
    clock = Clock(BEGINNING)
    runtime = Runtime.around(settings_of(home), contracts, clock)
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    rows = real_rows("budgets-2019")
    chain.publish_rows(BUDGET, "budgets", "2019", rows)
    chain.publish(BUDGET, csv_of(rows))
    found = real_rows("administrative-penalties-sample", 0, len(LAST_DAYS))
    named = changed(found, authority_name=AGENCY.name.zh, window_rule="R-SAMR")
    dated = [{**row, "public_until": day} for row, day in zip(named, LAST_DAYS, strict=True)]
    chain.publish_rows(PENALTIES, "administrative-penalties", "rolling", dated)
    clock.set(LATER)
    work_off(runtime)
    yield chain
    close(runtime)


@pytest.fixture(scope="session")
def home(verified: Chain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that nobody has open: what is copied of it is whole."""
    runtime = verified.client.application.extensions["opendata"]
    folder = tmp_path_factory.mktemp("closed") / "home"
    with runtime.home.database.begin():
        # Nobody writes meanwhile, and what was written is in the files.
        shutil.copytree(runtime.settings.home, folder, ignore=shutil.ignore_patterns("index"))
    return folder


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Copy:
    """A copy of the home, for one test to tamper with."""
    return copy_of(home, tmp_path / "home")


@pytest.fixture
def folder(verified: Chain, tmp_path: Path) -> Path:
    """The files of the first release as anybody can download them, with the platform's keys."""
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name in NAMES:
        answer = verified.get(f"datasets/{BUDGET}/releases/1/{name}")
        assert answer.status_code == 200, answer.text
        (folder / name).write_bytes(answer.data)
    (folder / "opendata-keys.json").write_bytes(keys(verified))
    return folder


def keys(chain: Chain) -> bytes:
    """Return the platform's public keys as it tells them."""
    return bytes(chain.client.get("/.well-known/opendata-keys.json").data)


@pytest.fixture
def proof(verified: Chain) -> dict[str, object]:
    """The proof of the second record of the budget's newest release."""
    record = verified.records("budgets")[1]["_id"]
    answer = verified.get(f"budgets/{record}/proof")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = json.loads(answer.data)
    return found
