"""What a process remembers is bounded, and given back only for what it was kept for."""

from opendata.storage.remembering import Remembered


def test_a_value_is_given_back_only_for_what_it_was_kept_for():
    kept = Remembered(80)
    kept.keep("page", "yesterday", b"old")

    assert kept.get("page", "yesterday") == b"old"
    assert kept.get("page", "today") is None
    assert kept.get("another", "yesterday") is None


def test_a_newer_value_takes_the_place_of_the_older_one():
    kept = Remembered(80)
    kept.keep("page", 1, b"old", 5)
    kept.keep("page", 2, b"new", 7)

    assert kept.get("page", 1) is None
    assert kept.get("page", 2) == b"new"
    assert kept.weight == 7


def test_what_was_used_longest_ago_goes_first():
    kept = Remembered(80)
    for name in range(8):
        kept.keep(name, 0, name, 10)
    kept.get(0, 0)
    kept.keep("one more", 0, "", 10)

    assert kept.get(0, 0) == 0
    assert kept.get(1, 0) is None
    assert kept.weight == 80


def test_what_would_take_the_place_of_many_is_not_kept():
    kept = Remembered(80)
    kept.keep("small", 0, "", 10)
    kept.keep("large", 0, "", 11)

    assert kept.get("large", 0) is None
    assert kept.get("small", 0) == ""
