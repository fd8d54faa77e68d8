"""What a publication costs does not depend on how much was published before it."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.storage import lake as lakes
from opendata.storage.lake import Change, Lake, files_added_by, files_of

SCHEMA = pa.schema([pa.field("_dataset", pa.string(), False), pa.field("value", pa.int64())])
# Longer than what is usually kept of a text to tell files apart.
PREFIX = "a-dataset-with-a-long-name-"


def rows(name, *values):
    return pa.table({"_dataset": [name] * len(values), "value": values}, schema=SCHEMA)


@pytest.fixture
def lake(tmp_path):
    made = Lake(f"sqlite:///{tmp_path / 'catalogue.db'}", tmp_path / "lake")
    yield made
    made._open().engine.dispose()


def publish(lake, base, number, *values, is_first=True):
    name = f"{PREFIX}{number}"
    change = Change("c", name, f"b-{number}-{len(values)}", is_first=is_first)
    return lake.commit(change, base, rows(name, *values))


def content(files):
    return sorted(
        (each["_dataset"].removeprefix(PREFIX), each["value"])
        for file in files
        for each in pq.read_table(file).to_pylist()
    )


def test_a_release_s_own_files_are_known_beside_those_of_the_others(lake):
    first = publish(lake, lake.beginning("c", SCHEMA), 1, 10, 11)
    second = publish(lake, first, 2, 20)
    third = publish(lake, second, 1, 12, 13, 14, is_first=False)

    assert content(files_added_by(first)) == [("1", 10), ("1", 11)]
    assert content(files_added_by(second)) == [("2", 20)]
    assert content(files_added_by(third)) == [("1", 12), ("1", 13), ("1", 14)]
    assert content(files_of(third)) == [("1", 12), ("1", 13), ("1", 14), ("2", 20)]


def test_replacing_a_dataset_leaves_the_files_of_others_as_they_are(lake):
    base = lake.beginning("c", SCHEMA)
    for number in range(4):
        base = publish(lake, base, number, number)
    before = files_of(base)
    after = files_of(publish(lake, base, 2, 7, 8, is_first=False))

    assert len(set(before) - set(after)) == 1
    assert len(set(after) - set(before)) == 1


def test_old_snapshots_leave_the_list_and_stay_readable(lake, monkeypatch):
    monkeypatch.setattr(lakes, "MOST_SNAPSHOTS", 6)
    monkeypatch.setattr(lakes, "KEPT_SNAPSHOTS", 3)
    made = [lake.beginning("c", SCHEMA)]
    for number in range(9):
        made.append(publish(lake, made[-1], number, number))
    told = [json.loads(Path(each.metadata_location).read_text()) for each in made]

    assert [len(each["snapshots"]) for each in told[:5]] == [1, 2, 3, 4, 5]
    assert max(len(each["snapshots"]) for each in told) <= 6 + 2 < len(told)
    files_of.cache_clear()
    for number, each in enumerate(made):
        assert len(files_of(each)) == number
    # An older one that is still on the list may be built upon, as after an interruption.
    assert len(files_of(publish(lake, made[-2], 99, 1))) == len(made) - 1
