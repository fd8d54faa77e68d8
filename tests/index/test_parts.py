"""Parts of values: what is kept of them stays small, whatever is asked for."""

import gc
import tracemalloc

import numpy as np
import pytest

from opendata.domain.queries.aggregates import Key, Part
from opendata.storage.index.conditions import Declined
from opendata.storage.index.dictionaries import Texts
from opendata.storage.index.totals import keeping, parts
from tests.queries import made

NAME = made.FIELDS[0]
ROOM = 1_000_000


def texts_of(count, width=6):
    """Return texts that all differ within their first ``width`` characters."""
    text = "".join(f"{at:0{width}}" for at in range(count)).encode()
    ends = np.arange(1, count + 1, dtype=np.uint64) * width
    return Texts(np.frombuffer(text, np.uint8), ends)


def prefix(length):
    return Key(NAME, Part.PREFIX, length)


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What is kept, from nothing on and with little room."""
    found = keeping.Kept(ROOM)
    monkeypatch.setattr(parts, "_KEPT", found)
    return found


@pytest.mark.parametrize("values", [texts_of(50_001), texts_of(4_001, width=1_000)])
def test_more_texts_than_can_be_cut_in_a_moment_are_declined(values):
    with pytest.raises(Declined):
        parts.parted(values, prefix(1))


def test_what_is_kept_has_a_most_however_many_lengths_are_asked_for():
    columns = [texts_of(1_000) for _ in range(3)]
    gc.collect()
    tracemalloc.start()
    for values in columns:
        for length in range(20, 0, -1):
            parts.parted(values, prefix(length))
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert ROOM // 2 < held < ROOM * 1.2


def test_parts_are_worked_out_once_for_each_column():
    one, other = texts_of(20), texts_of(20)

    assert parts.parted(one, prefix(5)) is parts.parted(one, prefix(5))
    assert parts.parted(one, prefix(5)) is not parts.parted(other, prefix(5))


def test_nothing_is_given_back_of_a_column_that_is_gone(kept, monkeypatch):
    """Another column may have its id."""
    monkeypatch.setattr(keeping, "id", lambda _: 1, raising=False)
    gone = texts_of(20)
    parts.parted(gone, prefix(1))
    del gone
    gc.collect()

    assert kept.get([texts_of(20)], (Part.PREFIX, 1)) is None


def test_merges_are_those_of_all_dictionaries(kept):
    one, two, three = (texts_of(2) for _ in range(3))
    kept.keep([one, two], "name", "merged", 1)

    assert kept.get([one, two], "name") == "merged"
    assert [kept.get(each, "name") for each in ([one], [one, three], [two, one])] == [None] * 3
    assert kept.get([one, two], "other") is None
