"""What a pinned address says once windows have ended: how many left, and under which rule."""

import pytest

from opendata.web.pinned import ENDED, ended_header
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
def test_a_release_its_files_and_both_pages_count_what_has_left(published, clock):
    clock.set("2026-03-04T00:00:00+08:00")
    published.work()
    snapshot = published.get(PATH).json["meta"]["snapshot"]
    release = "datasets/p/releases/1"
    assert published.get(release).json["ended"] == by_rule(2)

    left = '2;rule="R-SAMR"'
    assert published.get(f"{release}/data.csv").headers[ENDED] == left
    assert ENDED not in published.get(f"{release}/manifest.json").headers
    totals = {"group_by": "window_rule", "metrics": "count"}
    for pinned in ({"as_of": snapshot}, {"release": "p@1"}):
        files = [published.get(f"{PATH}.{each}", **pinned) for each in ("csv", "parquet")]
        files.append(published.get(f"{PATH}/aggregate.csv", **totals, **pinned))
        assert [each.headers[ENDED] for each in files] == [left] * 3
        tag = {"If-None-Match": files[0].headers["ETag"]}
        again = published.client.get(f"/api/v1/{PATH}.csv", query_string=pinned, headers=tag)
        assert (again.status_code, again.headers["ETag"]) == (304, files[0].headers["ETag"])
        page = published.client.get(f"/{PATH}", query_string=pinned).text
        assert "不再给出的 2 条" in page
    assert "不再给出的 2 条" in published.client.get("/datasets/p/releases/1").text
    assert ENDED not in published.get(f"{PATH}.csv").headers
    assert "不再给出的" not in published.client.get(f"/{PATH}").text


@on_sqlite
def test_a_release_that_is_not_public_or_has_no_windows_counts_nothing(published, chain):
    assert published.suspend("p", 1).status_code == 201
    assert published.get("datasets/p/releases/1").json["ended"] is None


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
    assert library.get("datasets/budgets-2018/releases/1").json["ended"] is None
    assert ENDED not in library.get("datasets/budgets-2018/releases/1/data.csv").headers
    assert ENDED not in library.get("budgets.csv", as_of=snapshot).headers


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ([("R-1", 2), (None, 1)], '2;rule="R-1", 1'),
        ([('a"b\\', 3)], '3;rule="a\\"b\\\\"'),
        ([("令", 1)], '1;rule=%"%e4%bb%a4"'),
        ([("R" * 1_200, 1), ("S" * 1_200, 2)], "3"),
        ([], "0"),
    ],
)
def test_the_header_is_a_list_of_counts_with_their_rules(told, written):
    rules = [{"rule": rule, "label": rule, "records": number} for rule, number in told]
    total = sum(number for _, number in told)

    assert ended_header({"records": total, "rules": rules}) == [(ENDED, written)]
