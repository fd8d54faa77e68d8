"""Indexing: what is published is in the serving index at once, and only what readers may see."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from opendata.cli import main
from opendata.runtime.worker import Worker
from opendata.stages import indexing
from opendata.storage.index.keeping import Keeper
from opendata.storage.index.roll import read_roll
from opendata.storage.index.segment import Segment
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite

BUDGETS = "budgets"
ROWS = real_rows("budgets-2019", 0, 6)


def keeper_of(platform):
    return Keeper(platform.settings.index, platform.home.vault)


def roll_of(platform, collection=BUDGETS):
    return read_roll(platform.settings.index / collection)


def parts_of(platform, collection=BUDGETS):
    return sorted(roll_of(platform, collection).parts)


def indexed(platform, collection=BUDGETS):
    """Every record on a collection's roll, read from its line."""
    contract = platform.contracts[collection].published
    folder = platform.settings.index / collection / "segments"
    for entry in roll_of(platform, collection).entries:
        segment = Segment(folder / entry.segment, contract, platform.home.vault)
        yield from segment.store.lines("ndjson", range(segment.rows))


@pytest.fixture
def published(chain):
    """A dataset of a few records, released once."""
    chain.publish_rows("b", BUDGETS, "2019", ROWS)
    return chain


def test_a_release_is_indexed_in_the_step_that_published_it(published, platform):
    assert parts_of(platform) == [("b", 1)]
    assert roll_of(platform).contract == platform.contracts[BUDGETS].digest
    lines = b"\n".join(sorted(indexed(platform))) + b"\n"
    file = published.get("datasets/b/releases/1/data.ndjson").data
    assert lines == b"".join(sorted(file.splitlines(keepends=True)))


def test_a_worker_with_nothing_to_do_does_nothing_to_the_index(published, platform, monkeypatch):
    worker = Worker(platform)
    worker.step()
    monkeypatch.setattr(indexing, "jobs", None)

    assert not worker.index_all()


def test_a_later_release_is_added_and_the_earlier_one_kept_until_it_weighs_more(
    published, platform
):
    for _ in range(2):
        published.publish("b", csv_of(ROWS))

    # Two old releases would outweigh the new one; one does not.
    assert parts_of(platform) == [("b", 2), ("b", 3)]


def test_a_lost_index_is_built_again(published, platform):
    keeper = keeper_of(platform)
    before = sorted(indexed(platform))
    for entry in roll_of(platform).entries:
        folder = platform.settings.index / BUDGETS / "segments" / entry.segment
        folder.rename(platform.settings.index / "lost")
    Worker(platform).step()

    assert sorted(indexed(platform)) == before
    assert keeper.roll(platform.contracts[BUDGETS]).parts == {("b", 1)}


def test_a_release_that_cannot_be_indexed_does_not_keep_the_others_from_it(
    published, platform, caplog
):
    with platform.home.database.read() as session:
        source = indexing.everything(session, platform.contracts[BUDGETS].published)[0].parts[0]
    path = platform.home.vault.path(source.csv)
    path.rename(path.with_name("elsewhere"))
    (platform.settings.index / BUDGETS / "roll.json").unlink()
    published.publish_rows("c", BUDGETS, "2018", real_rows("budgets-2018", 0, 3))

    assert parts_of(platform) == [("c", 1)]
    assert "Not indexed: release 1 of b" in caplog.text
    # Once it can be, it is: by whichever worker starts next.
    path.with_name("elsewhere").rename(path)
    Worker(platform).step()
    assert parts_of(platform) == [("b", 1), ("c", 1)]


def test_an_edited_contract_has_the_index_built_anew(published, platform):
    edited = replace(platform.contracts[BUDGETS], digest="f" * 64)
    other = replace(platform, contracts={**platform.contracts, BUDGETS: edited})
    before = sorted(indexed(platform))
    Worker(other).step()

    assert roll_of(platform).contract == "f" * 64
    assert sorted(indexed(platform)) == before


def test_a_command_builds_the_index_anew_or_completes_it(published, platform, monkeypatch):
    monkeypatch.setenv("OPENDATA_HOME", str(platform.settings.home))
    before, lines = roll_of(platform), sorted(indexed(platform))
    again = CliRunner().invoke(main, ["index", "--rebuild"])
    rebuilt = roll_of(platform)
    (platform.settings.index / BUDGETS / "roll.json").unlink()
    completed = CliRunner().invoke(main, ["index"])

    for told in (again, completed):
        assert told.exit_code == 0, told.output
        assert f"budgets  1 版本 releases  {len(ROWS)} 记录 records  1 段 segments" in told.output
    assert not {each.segment for each in before.entries} & {
        each.segment for each in rebuilt.entries
    }
    assert rebuilt.parts == before.parts == roll_of(platform).parts
    assert sorted(indexed(platform)) == lines


def test_no_segment_is_built_larger_than_may_be(published, platform, monkeypatch):
    published.publish_rows("c", BUDGETS, "2018", real_rows("budgets-2018", 0, 3))
    (platform.settings.index / BUDGETS / "roll.json").unlink()
    monkeypatch.setattr(indexing, "MAX_ROWS", 1)
    Worker(platform).step()

    assert [each.parts for each in roll_of(platform).entries] == [(("b", 1),), (("c", 1),)]


def test_a_release_without_the_files_it_takes_waits_for_nothing(published, platform, monkeypatch):
    (platform.settings.index / BUDGETS / "roll.json").unlink()
    monkeypatch.setattr(indexing, "_FILES", ("data.parquet", "data.ndjson", "data.unknown"))
    worker = Worker(platform)

    assert not worker.index_all()
    assert roll_of(platform) is None
    assert not worker._indexing.waiting()
