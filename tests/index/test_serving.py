"""Serving: the index answers wholly or not at all."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from opendata.domain.editions import Scope
from opendata.domain.queries import Sort, whole
from opendata.domain.queries.model import total
from opendata.storage.index.roll import read_roll, write_roll
from tests.index import built
from tests.index.test_answering import index_of
from tests.queries import made

CONTRACT = made.WINDOWED
SCOPE = Scope(CONTRACT.window_field, made.DAY)
EVERYTHING = replace(whole(CONTRACT), limit=2)
LATER = made.DAY + timedelta(1)
EARLIER = made.DAY - timedelta(1)


def rows_of(part, count, **values):
    return [built.record(at, part, **{"public_until": LATER, **values}) for at in range(count)]


@pytest.fixture
def releases():
    """Two releases of one dataset, the second of which has a record less, and one of another."""
    return {
        ("one", 1): rows_of(("one", 1), 4, year=2024),
        ("one", 2): rows_of(("one", 2), 3, year=2025),
        ("two", 1): [
            *rows_of(("two", 1), 2),
            built.record(2, ("two", 1), public_until=EARLIER),
            built.record(3, ("two", 1)),
        ],
    }


@pytest.fixture
def index(tmp_path, releases):
    """An index of all of them, in two segments."""
    return index_of(tmp_path, releases, CONTRACT, (2,))


@pytest.fixture
def folder(index):
    """The collection's folder in the index."""
    return index._folder / CONTRACT.collection


CURRENT = {"one": 2, "two": 1}


def ids(page):
    return [json.loads(each)["_id"] for each in page.objects]


def test_a_view_is_read_once(index):
    first = index.reading(CONTRACT, SCOPE, CURRENT)

    assert index.reading(CONTRACT, SCOPE, CURRENT) is first
    assert index.reading(CONTRACT, SCOPE, dict(CURRENT)) is first
    assert index.reading(CONTRACT, SCOPE, {"one": 2}) is not first


def test_only_what_shows_is_answered(index):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)

    assert reading.count(EVERYTHING) == 5
    assert index.reading(CONTRACT, SCOPE, {"one": 1}).count(EVERYTHING) == 4
    hidden = replace(SCOPE, hidden=frozenset({("one", 2)}))
    assert index.reading(CONTRACT, hidden, CURRENT).count(EVERYTHING) == 2
    only = replace(SCOPE, dataset="one")
    assert index.reading(CONTRACT, only, CURRENT).count(EVERYTHING) == 3
    later = replace(SCOPE, on=LATER + timedelta(1))
    assert index.reading(CONTRACT, later, CURRENT).count(EVERYTHING) == 0
    assert index.reading(CONTRACT, later, CURRENT).page(EVERYTHING, None).objects == []


def test_what_is_not_indexed_is_not_answered(index, folder):
    assert index.reading(CONTRACT, SCOPE, {"one": 3}) is None
    assert index.reading(CONTRACT, SCOPE, {"other": 1}) is None
    assert index.reading(replace(CONTRACT, digest="other"), SCOPE, CURRENT) is None
    assert index.reading(replace(CONTRACT, collection="none"), SCOPE, CURRENT) is None
    assert index.reading(CONTRACT, replace(SCOPE, on=None), CURRENT) is None
    roll = read_roll(folder)
    write_roll(folder, replace(roll, entries=roll.entries[:1]))
    assert index.reading(CONTRACT, SCOPE, CURRENT) is None
    write_roll(folder, roll)
    assert index.reading(CONTRACT, SCOPE, CURRENT).count(EVERYTHING) == 5


@pytest.mark.parametrize(
    "damage", ["missing", "no arrays", "cut", "empty", "not told", "table", "length"]
)
def test_a_damaged_segment_is_said_once_and_not_answered_from(index, folder, caplog, damage):
    segment = next((folder / "segments").iterdir())
    arrays = segment / "arrays.bin"
    if damage == "missing":
        shutil.rmtree(segment)
    elif damage == "no arrays":
        arrays.unlink()
    elif damage in ("table", "length"):
        content = bytearray(arrays.read_bytes())
        content[-30 if damage == "table" else -8] ^= 0x40
        arrays.write_bytes(content)
    elif damage == "not told":
        (segment / "segment.json").write_text("{}")
    else:
        size = 0 if damage == "empty" else arrays.stat().st_size // 2
        arrays.write_bytes(arrays.read_bytes()[:size])

    assert [index.reading(CONTRACT, SCOPE, CURRENT) for _ in range(2)] == [None, None]
    assert len(caplog.records) == 1


@pytest.mark.parametrize("damage", ["missing", "cut", "empty"])
def test_a_damaged_release_file_is_said_once_and_not_answered_from(index, folder, caplog, damage):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)
    for part in (each for segment in reading._segments for each in segment.parts):
        path = index._vault.path(part.ndjson)
        content = path.read_bytes()
        path.unlink()
        if damage != "missing":
            path.write_bytes(content[: 20 if damage == "cut" else 0])

    assert [reading.page(EVERYTHING, None) for _ in range(2)] == [None, None]
    assert reading.record("one-000") is None
    assert reading.lines(EVERYTHING, "ndjson") is None
    assert reading.count(EVERYTHING) == 5
    assert len(caplog.records) == 1


def test_a_line_that_is_not_where_it_was_is_not_answered(index, folder):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)
    for part in (each for segment in reading._segments for each in segment.parts):
        path = index._vault.path(part.ndjson)
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(b" " + content)

    assert reading.page(EVERYTHING, None) is None


def test_paging_goes_on_behind_a_record_that_shows_no_longer(index):
    query = replace(EVERYTHING, sort=total((Sort("_id"),), CONTRACT), limit=10)
    reading = index.reading(CONTRACT, SCOPE, CURRENT)

    assert ids(reading.page(query, "one-001")) == ["one-002", "two-000", "two-001"]
    assert ids(reading.page(query, "two-002")) == []
    assert reading.page(query, "no such record") is None
    assert reading.page(query, "one-003") is None


def test_a_record_is_told_with_the_releases_that_show_it(index):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)
    held = reading.record("one-001")

    assert json.loads(held.line)["_release"] == 2
    assert held.part == ("one", 2)
    assert held.public == {("one", 1), ("one", 2)}
    assert held.known == {("one", 1), ("one", 2), ("two", 1)}
    hidden = replace(SCOPE, hidden=frozenset({("one", 1)}))
    assert index.reading(CONTRACT, hidden, CURRENT).record("one-001").public == {("one", 2)}


def test_a_record_that_was_is_told_from_one_that_never_was(index):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)

    for gone in ("one-003", "two-002", "two-003"):
        held = reading.record(gone)
        assert (held.line, held.part, held.ever) == (None, None, True), gone
    assert reading.record("one-003").public == {("one", 1)}
    assert reading.record("two-002").public == frozenset()
    assert not reading.record("other").ever


def test_columns_are_given_as_they_stand_in_the_order_asked_for(tmp_path):
    odd = '"\\\n\u2028é中\U0001f600'
    rows = [built.record(0, name=odd, public_until=LATER, amount=made.Decimal("1.50"))]
    reading = index_of(tmp_path, {("one", 1): rows}, CONTRACT).reading(CONTRACT, SCOPE, {"one": 1})
    query = replace(whole(CONTRACT), fields=("amount", "name", "_id", "note"))

    (found,) = reading.page(query, None).objects

    assert list(json.loads(found)) == ["amount", "name", "_id", "note"]
    assert json.loads(found)["name"] == odd
    assert found.startswith(b'{"amount":1.5,"name":"')


def test_which_records_match_is_told_of_every_segment(index):
    reading = index.reading(CONTRACT, SCOPE, CURRENT)
    told = reading.matching(EVERYTHING)

    counts = [segment.rows if found is None else found.sum() for segment, found in told]
    assert sum(counts) == 5
