"""``opendata contract try``: what a changed contract would do to everything that is published."""

import json

import pytest
from click.testing import CliRunner

from opendata.cli import main
from tests.changed import changed_contract, new_required_column, nothing, stricter_maximum
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")
OVER = [row for row in ROWS if float(row["amount_total"]) > 600]


@pytest.fixture
def run(platform, monkeypatch):
    """Run the command on the platform's home."""
    monkeypatch.setenv("OPENDATA_HOME", str(platform.settings.home))
    return lambda *arguments: CliRunner().invoke(main, ["contract", "try", *map(str, arguments)])


@pytest.fixture
def published(chain):
    """A release of five rows, and a second of two."""
    rows = changed(ROWS, publisher_name=chain.who.agency.name.zh)
    chain.publish_rows("b", "budgets", "2019", rows)
    chain.publish("b", csv_of(rows[:2]))


def test_where_all_stays_valid_the_status_is_0(run, published, tmp_path):
    done = run(changed_contract(tmp_path, "budgets", nothing))

    assert done.exit_code == 0, done.output
    assert done.stdout.count("仍然合格 STILL VALID") == 2
    assert "2 releases, 0 newly invalid" in done.stdout


def test_what_newly_fails_is_told_with_release_column_and_rows_and_the_status_is_1(
    run, published, tmp_path
):
    done = run(changed_contract(tmp_path, "budgets", stricter_maximum))

    assert done.exit_code == 1, done.output
    assert "不再合格 NEWLY INVALID  b 第 1 版 release 1  county-office  5 行 rows" in done.stdout
    assert f"constraint-error  amount_total  × {len(OVER)}  行序 rows: " in done.stdout
    assert "第 2 版 release 2，当前版本 current" in done.stdout


def test_the_same_as_json(chain, run, published, tmp_path):
    chain.suspend("b", 1)
    done = run(changed_contract(tmp_path, "budgets", new_required_column), "--json")
    found = json.loads(done.stdout)
    first, second = found["releases"]

    assert done.exit_code == 1
    assert (found["valid"], found["contract"]["name"]) == (False, "budgets/v2")
    assert found["counts"] == {"passes": 0, "fails": 1, "suspended": 1, "erased": 0}
    assert (first["outcome"], first["current"], first["newly_failing"]) == ("suspended", False, [])
    assert (second["dataset"], second["agency"], second["release"]) == ("b", "county-office", 2)
    assert (second["rows"], second["contract"], second["compared"]) == (2, "budgets/v1", True)
    kinds = {(each["type"], each["field"]): each["count"] for each in second["newly_failing"]}
    assert kinds["missing-label", "currency"] == 1


@pytest.mark.parametrize("make", ["unusable", "unknown", "not there"])
def test_what_cannot_be_tried_ends_with_status_2_and_says_why(run, tmp_path, make):
    folder = changed_contract(tmp_path, "budgets", nothing)
    if make == "unusable":
        (folder / "table-schema.json").write_text("{}")
    elif make == "unknown":
        folder = folder.parent.rename(tmp_path / "accounts") / "v2"
    else:
        folder = tmp_path / "nowhere"
    done = run(folder)

    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert done.stderr.strip()


def test_a_home_that_is_not_set_up_ends_with_status_2(run, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENDATA_HOME", str(tmp_path / "none"))
    done = run(changed_contract(tmp_path, "budgets", nothing))

    assert done.exit_code == 2
    assert "opendata init" in done.stderr


def test_the_help_of_the_group_says_what_the_command_says_of_itself(run):
    listed = main.commands["contract"].load().commands["try"]

    assert listed.get_short_help_str(200) == listed.load().get_short_help_str(200)
