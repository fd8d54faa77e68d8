"""Cursors: a place in one query over one snapshot, which nobody but the platform can write."""

import base64

import pytest

from opendata.domain.cursors import InvalidCursor, Place, read, write
from opendata.domain.queries import parse
from tests.domain.made import contract

SECRET = b"s" * 32
PLACE = Place(2**63 - 1, "a" * 52)


def query(*pairs):
    return parse(pairs, contract().published)


HERE = query(("sort", "name"), ("year", "2020"))
CURSOR = write(HERE, PLACE, SECRET)


def test_a_cursor_names_the_place_it_was_written_for():
    assert read(HERE, CURSOR, SECRET) == PLACE


def test_a_cursor_fits_into_an_address():
    assert len(CURSOR) < 200
    assert CURSOR.replace("-", "").replace("_", "").isalnum()


def test_the_size_of_the_page_may_change_on_the_way():
    assert read(query(("sort", "name"), ("year", "2020"), ("limit", "3")), CURSOR, SECRET)


@pytest.mark.parametrize(
    "other",
    [
        query(("sort", "-name"), ("year", "2020")),
        query(("sort", "name"), ("year", "2021")),
        query(("sort", "name")),
        query(("sort", "name"), ("year", "2020"), ("q", "x")),
        query(("sort", "name"), ("year", "2020"), ("fields", "name")),
    ],
)
def test_a_cursor_of_another_query_is_refused(other):
    with pytest.raises(InvalidCursor):
        read(other, CURSOR, SECRET)


def tampered():
    """Yield the cursor with each of its bytes changed in turn."""
    raw = base64.urlsafe_b64decode(CURSOR + "=" * (-len(CURSOR) % 4))
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        yield base64.urlsafe_b64encode(changed).decode().rstrip("=")


def test_a_cursor_with_any_byte_changed_is_refused():
    for each in tampered():
        with pytest.raises(InvalidCursor):
            read(HERE, each, SECRET)


@pytest.mark.parametrize(
    "text", ["", "a", "====", "not base64!", "游标", CURSOR[:-4], "A" * 10_000, CURSOR[20:]]
)
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(InvalidCursor) as refused:
        read(HERE, text, SECRET)
    assert refused.value.faults[0].pointer == "?cursor"


def test_a_cursor_of_another_platform_is_refused():
    with pytest.raises(InvalidCursor):
        read(HERE, CURSOR, b"another secret")
