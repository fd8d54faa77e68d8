"""What a pinned address says once windows have ended: how many left, and under which rule."""

import pytest

from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

PATH = "administrative-penalties"
# Of the sample's rows these are public on the clock's first day, each until another day.
LAST_DAYS = ("2026-03-02", "2026-03-03", "2030-01-01")


@pytest.fixture
def published(chain):
    """Three penalties: one may be seen today, one until tomorrow, one for years."""
    found = real_rows("administrative-penalties-sample", 0, 3)
    named = changed(found, authority_name=chain.who.agency.name.zh, window_rule="R-SAMR")
    rows = [{**row, "public_until": day} for row, day in zip(named, LAST_DAYS, strict=True)]
    chain.register("p", PATH, "rolling")
    chain.publish("p", csv_of(rows))
    return chain


def told(chain, path=PATH, **query):
    return chain.get(path, **query).json["meta"].get("ended")


def by_rule(records):
    label = "市场监管总局令第45号"
    return {
        "records": records,
        "rules": [{"rule": "R-SAMR", "label": label, "records": records}] if records else [],
    }


@on_sqlite
def test_a_pinned_address_counts_what_has_left_under_which_rule(published, clock):
    snapshot = published.get(PATH).json["meta"]["snapshot"]
    for pinned in ({"as_of": snapshot}, {"release": "p@1"}):
        clock.set("2026-03-02T12:00:00+08:00")
        assert told(published, **pinned) == by_rule(0)
        clock.set("2026-03-03T00:00:00+08:00")
        assert told(published, **pinned) == by_rule(1)
        clock.set("2026-03-04T00:00:00+08:00")
        assert told(published, **pinned) == by_rule(2)
        assert len(published.get(PATH, **pinned).json["data"]) == 1
        totals = {"path": f"{PATH}/aggregate", "group_by": "window_rule", "metrics": "count"}
        assert told(published, **totals, **pinned) == by_rule(2)


@on_sqlite
def test_an_address_that_pins_nothing_counts_nothing(published):
    assert told(published) is None


@on_sqlite
def test_what_was_taken_down_has_not_ended(published, clock):
    snapshot = published.get(PATH).json["meta"]["snapshot"]
    clock.set("2026-03-04T00:00:00+08:00")
    assert published.suspend("p", 1).status_code == 201

    assert told(published, as_of=snapshot) == by_rule(0)


def test_a_collection_without_windows_says_nothing_of_them(library):
    snapshot = library.get("budgets").json["meta"]["snapshot"]

    assert told(library, "budgets", as_of=snapshot) is None
