"""Tiers: segments stay few, records are seldom written again, and the dead do not pile up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.storage.index import tiers
from opendata.storage.index.roll import Entry
from opendata.storage.index.tiers import (
    MAX_ROWS,
    WIDTH,
    Change,
    change,
    quiet_seconds,
    settled,
)


def entries_of(*segments):
    """Entries named a, b, c …, each of the parts given as (dataset, number, rows)."""
    return [
        Entry(name, sum(rows for *_, rows in parts), tuple((which, at) for which, at, _ in parts))
        for name, parts in zip("abcdefghij", segments, strict=False)
    ]


def rows_of(*segments):
    return {(which, at): rows for parts in segments for which, at, rows in parts}


def changed(segments, live):
    return change(entries_of(*segments), frozenset(live), rows_of(*segments))


def test_four_segments_of_a_tier_become_one():
    segments = [[(str(each), 1, 5_000)] for each in range(WIDTH)]
    live = [(str(each), 1) for each in range(WIDTH)]

    assert changed(segments[:-1], live) is None
    assert changed(segments, live) == Change(("a", "b", "c", "d"), tuple(live))


def test_segments_of_different_tiers_stay_as_they_are():
    sizes = (5_000, 5_000, 5_000, 20_000, 20_000, 20_000, 400_000)
    segments = [[(str(at), 1, rows)] for at, rows in enumerate(sizes)]

    assert changed(segments, [(str(at), 1) for at in range(len(sizes))]) is None


def test_no_segment_becomes_larger_than_may_be():
    segments = [[(str(each), 1, MAX_ROWS // 3)] for each in range(6)]

    assert changed(segments, [(str(each), 1) for each in range(6)]) is None


def test_a_segment_of_which_nothing_lives_is_dropped_once_the_dead_are_more():
    old, older, new = [("x", 2, 500)], [("x", 1, 499)], [("x", 3, 501)]

    assert changed([old, new], [("x", 3)]) is None
    assert changed([older, old, new], [("x", 3)]) == Change(("a",), ())


def test_a_segment_in_which_the_dead_outweigh_the_living_is_written_without_them():
    mixed = [("x", 1, 60), ("y", 1, 50)]
    others = [("x", 2, 60)]

    assert changed([mixed, others], [("y", 1), ("x", 2)]) == Change(("a",), (("y", 1),))


def test_merging_keeps_the_dead_while_they_are_fewer_and_drops_them_otherwise():
    def segments(dead):
        return [[(str(each), 2, 100), (str(each), 1, dead)] for each in range(WIDTH)]

    live = [(str(each), 2) for each in range(WIDTH)]
    kept = changed(segments(90), live)
    assert kept is not None
    assert len(kept.parts) == 2 * WIDTH
    # With one segment more that only lives, what outweighs is judged segment by segment first.
    assert changed(segments(110), live) == Change(("a",), (("0", 2),))


@settings(max_examples=60, deadline=None)
@given(
    given_sizes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30_000)), max_size=25),
)
def test_whatever_is_published_segments_stay_few_and_no_live_release_is_lost(given_sizes):
    entries, rows, newest = [], {}, {}
    for at, (dataset, size) in enumerate(given_sizes):
        part = (str(dataset), at)
        rows[part], newest[str(dataset)] = size, part
        entries.append(Entry(f"n{at}", size, (part,)))
        live = frozenset(newest.values())
        for step in range(50):
            wanted = change(entries, live, rows)
            if wanted is None:
                break
            entries = replaced(entries, wanted, f"m{at}-{step}", rows)
        else:
            pytest.fail("The index does not come to rest.")
        parts = [part for each in entries for part in each.parts]
        assert len(parts) == len(set(parts))
        assert live <= set(parts)
        dead = sum(rows[each] for each in parts if each not in live)
        assert dead <= sum(max(1, rows[each]) for each in live)
        assert len(entries) < WIDTH * 2 * 3


def replaced(entries, wanted, name, rows):
    """Do what is wanted."""
    kept = [each for each in entries if each.segment not in wanted.replaced]
    if not wanted.parts:
        return kept
    return [*kept, Entry(name, sum(rows[each] for each in wanted.parts), wanted.parts)]


def test_a_record_is_written_again_only_a_few_times(monkeypatch):
    monkeypatch.setattr(tiers, "_SMALL", 4)
    written, entries, rows = 0, [], {}
    for at in range(256):
        part = (str(at), 1)
        rows[part] = 1
        entries.append(Entry(str(at), 1, (part,)))
        while wanted := change(entries, frozenset(rows), rows):
            written += len(wanted.parts)
            entries = replaced(entries, wanted, f"m{at}-{written}", rows)

    assert len(entries) <= WIDTH * 4
    assert written <= 256 * 6


def test_when_nothing_changes_for_long_all_that_fits_becomes_one_segment():
    entries = [
        Entry("large", 1_000_000, (("a", 1), ("b", 1))),
        Entry("small", 5_000, (("c", 1),)),
        Entry("dead", 10, (("c", 0),)),
        Entry("too-much", 600_000, (("d", 1),)),
    ]
    live = {("a", 1), ("c", 1), ("d", 1)}

    assert settled(entries, live) == Change(("large", "small"), (("a", 1), ("c", 1)))
    assert settled(entries[:1], live) is None
    assert quiet_seconds(entries) > 20 * quiet_seconds(entries[1:2])
