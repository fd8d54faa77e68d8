"""Keeping the index: the roll changes at once or not at all, and nothing in use is removed."""

import json
import os
import time
from dataclasses import replace

import pytest

from opendata.storage.index import keeping
from opendata.storage.index.building import Unindexable
from opendata.storage.index.keeping import DRAFT_SECONDS, GRACE_SECONDS, Keeper
from opendata.storage.index.roll import Entry, Roll, read_roll
from opendata.storage.index.segment import Segment
from opendata.storage.vault import Vault
from tests.index.built import in_order, keep, record, records_of
from tests.queries import made

PARTS = [("one", 1), ("two", 1), ("three", 1), ("one", 2)]
ROWS = {part: [record(at, part, name=f"{part}", year=2020 + at) for at in range(3)]
        for part in PARTS}  # fmt: skip


@pytest.fixture
def keeper(tmp_path):
    """What keeps an index of nothing yet."""
    return Keeper(tmp_path / "index", Vault(tmp_path / "vault"))


def build(keeper, *parts):
    return keeper.build(made.PLAIN, [keep(keeper.vault, each, ROWS[each]) for each in parts])


def folder_of(keeper):
    return keeper.root / made.PLAIN.collection


def names_in(keeper):
    return {each.name for each in (folder_of(keeper) / "segments").iterdir()}


def records_on_the_roll(keeper):
    return [
        each
        for entry in keeper.roll(made.PLAIN).entries
        for each in records_of(
            Segment(folder_of(keeper) / "segments" / entry.segment, made.PLAIN, keeper.vault)
        )
    ]


def age(keeper, seconds):
    """Make everything in the folder as old as this."""
    then = time.time() - seconds
    for each in (folder_of(keeper) / "segments").rglob("*"):
        os.utime(each, (then, then))
    for each in (folder_of(keeper) / "segments").iterdir():
        os.utime(each, (then, then))


def test_a_segment_is_read_from_once_it_is_on_the_roll(keeper):
    entry = build(keeper, PARTS[0])
    assert keeper.roll(made.PLAIN) == Roll(made.PLAIN.digest)

    assert keeper.adopt(made.PLAIN, [entry])
    assert keeper.roll(made.PLAIN).entries == (entry,)
    assert entry == Entry(entry.segment, 3, (PARTS[0],))


def test_merging_keeps_exactly_the_same_releases_and_records(keeper):
    first, second = build(keeper, PARTS[0], PARTS[1]), build(keeper, PARTS[2], PARTS[3])
    keeper.adopt(made.PLAIN, [first, second])
    before = sorted(records_on_the_roll(keeper), key=str)

    merged = build(keeper, *first.parts, *second.parts)
    assert keeper.adopt(made.PLAIN, [merged], [first.segment, second.segment])

    assert keeper.roll(made.PLAIN).parts == set(PARTS)
    found = records_on_the_roll(keeper)
    assert sorted(found, key=str) == before
    assert found == in_order(found)


def test_what_was_built_in_vain_changes_nothing_and_is_removed(keeper):
    first = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [first])
    before = keeper.roll(made.PLAIN)

    # The same release twice; and in place of a segment that another took the place of.
    assert not keeper.adopt(made.PLAIN, [build(keeper, PARTS[0])])
    assert not keeper.adopt(made.PLAIN, [build(keeper, PARTS[1])], ["gone"])
    # A segment that somebody removed meanwhile.
    assert not keeper.adopt(made.PLAIN, [Entry("missing", 3, (PARTS[1],))])
    assert keeper.roll(made.PLAIN) == before
    assert names_in(keeper) == {first.segment}


def test_another_contract_begins_with_nothing_and_replaces_what_was_there(keeper):
    keeper.adopt(made.PLAIN, [build(keeper, PARTS[0])])
    edited = replace(made.PLAIN, digest="1" * 64)
    assert keeper.roll(edited).entries == ()

    fresh = build(keeper, PARTS[0])
    assert keeper.adopt(edited, [fresh])
    assert keeper.roll(edited).entries == (fresh,)
    assert keeper.roll(made.PLAIN).entries == ()


def test_everything_may_be_replaced_at_once(keeper):
    keeper.adopt(made.PLAIN, [build(keeper, PARTS[0]), build(keeper, PARTS[1])])
    fresh = build(keeper, *PARTS)

    assert keeper.adopt(made.PLAIN, [fresh], replaced=None)
    assert keeper.roll(made.PLAIN).entries == (fresh,)


def test_a_segment_that_is_gone_is_not_indexed_any_more(keeper):
    first, second = build(keeper, PARTS[0]), build(keeper, PARTS[1])
    keeper.adopt(made.PLAIN, [first, second])
    (folder_of(keeper) / "segments" / first.segment).rename(keeper.root / "gone")

    assert keeper.roll(made.PLAIN).entries == (second,)


def test_an_interrupted_build_leaves_no_trace_on_the_roll_and_is_swept(keeper, monkeypatch):
    entry = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [entry])
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)  # As if the process were killed.
    broken = replace(keep(keeper.vault, PARTS[1], ROWS[PARTS[1]]), csv=keep(
        keeper.vault, PARTS[2], ROWS[PARTS[2]]
    ).csv)  # fmt: skip
    with pytest.raises(Unindexable):
        keeper.build(made.PLAIN, [broken])
    monkeypatch.undo()

    assert len(names_in(keeper)) == 2
    assert keeper.roll(made.PLAIN).entries == (entry,)
    age(keeper, DRAFT_SECONDS - 60)
    assert keeper.sweep(made.PLAIN.collection) == 0
    age(keeper, DRAFT_SECONDS + 1)
    assert keeper.sweep(made.PLAIN.collection) == 1
    assert names_in(keeper) == {entry.segment}


def test_a_replaced_segment_stays_as_long_as_a_reader_may_still_open_it(keeper):
    first = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [first])
    age(keeper, 10 * GRACE_SECONDS)
    fresh = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [fresh], [first.segment])

    assert keeper.sweep(made.PLAIN.collection) == 0
    age(keeper, GRACE_SECONDS + 1)
    assert keeper.sweep(made.PLAIN.collection) == 1
    assert names_in(keeper) == {fresh.segment}


def test_a_segment_that_is_still_being_written_is_not_swept(keeper):
    entry = build(keeper, PARTS[0])
    age(keeper, 2 * GRACE_SECONDS)
    os.utime(folder_of(keeper) / "segments" / entry.segment / "arrays.bin")

    assert keeper.sweep(made.PLAIN.collection) == 0


def test_readers_see_the_old_roll_or_the_new_one_whatever_happens_while_it_is_written(
    keeper, monkeypatch
):
    first = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [first])
    before = (folder_of(keeper) / "roll.json").read_bytes()

    def fail(_path):
        raise OSError("No space left on device")

    monkeypatch.setattr("opendata.storage.index.roll.sync", fail)
    second = build(keeper, PARTS[1])
    with pytest.raises(OSError, match="No space"):
        keeper.adopt(made.PLAIN, [second])

    assert (folder_of(keeper) / "roll.json").read_bytes() == before
    monkeypatch.undo()
    assert keeper.adopt(made.PLAIN, [second])
    assert keeper.roll(made.PLAIN).entries == (first, second)


def test_a_roll_of_another_format_is_none(keeper):
    keeper.adopt(made.PLAIN, [build(keeper, PARTS[0])])
    path = folder_of(keeper) / "roll.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}))

    assert read_roll(folder_of(keeper)) is None
    assert keeper.roll(made.PLAIN).entries == ()


@pytest.mark.parametrize(
    "damaged",
    ["", "[]", "1", '{"format":', "{}", '{"format": 2, "contract": "x", "entries": [1]}', None],
)
def test_a_damaged_roll_is_none_and_is_replaced_by_the_next(keeper, damaged):
    entry = build(keeper, PARTS[0])
    keeper.adopt(made.PLAIN, [entry])
    path = folder_of(keeper) / "roll.json"
    told = json.loads(path.read_text())
    told["entries"][0]["segment"] = None
    path.write_text(json.dumps(told) if damaged is None else damaged)

    assert read_roll(folder_of(keeper)) is None
    assert keeper.size(made.PLAIN.collection) == 0
    assert keeper.adopt(made.PLAIN, [entry])
    assert keeper.roll(made.PLAIN).entries == (entry,)


def test_the_size_is_that_of_the_segments_on_the_roll(keeper):
    assert keeper.size("nothing") == 0
    entry = build(keeper, PARTS[0])
    build(keeper, PARTS[1])
    keeper.adopt(made.PLAIN, [entry])
    files = (folder_of(keeper) / "segments" / entry.segment).iterdir()

    assert keeper.size(made.PLAIN.collection) == sum(each.stat().st_size for each in files)
    assert keeping.fresh_name() != keeping.fresh_name()
