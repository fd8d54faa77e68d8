"""What a release shows that the contract in force no longer does."""

from datetime import UTC, datetime

import pytest

from opendata.domain.declarations import Declaration

THEN = {"name": "mask"}


def declared(columns: str, treatments: dict[str, str]) -> Declaration:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Declaration(1, "penalties/v1", "0" * 64, frozenset(columns.split()), treatments, at)


@pytest.mark.parametrize(
    ("columns", "treatments", "shown"),
    [
        ("key name remark", THEN, ()),
        ("key name remark street", THEN, ()),
        ("key name", THEN, ("remark",)),
        ("key remark", {"name": "drop"}, ("name",)),
        ("key remark", {}, ("name",)),
        ("key name remark", {"name": "hash", "remark": "mask"}, ("name", "remark")),
        ("key name remark", {**THEN, "never_published": "mask"}, ()),
    ],
)
def test_a_release_shows_what_is_treated_otherwise_now_or_was_taken_out(
    columns: str, treatments: dict[str, str], shown: tuple[str, ...]
) -> None:
    then = declared("key name remark", THEN)

    assert then.shows(declared(columns, treatments)) == shown
