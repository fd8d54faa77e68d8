"""Windows: on the day the law says, records leave every path at once, wherever they are read.

A record is public up to and including its last day in China; the platform's clock is moved over
midnight, Asia/Shanghai.
"""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.editions import Scope
from opendata.domain.queries import whole
from opendata.storage.engines import Source
from opendata.storage.engines.duckdb import DuckDB
from opendata.tabular.records import record_schema
from tests.dying import DIED, EDITION_STEPS, work_until
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows, rows_of

LAST_DAYS = ("2026-03-02", "2026-03-03", "2030-01-01")
PATH = "administrative-penalties"
FORMATS = ("csv", "ndjson", "parquet", "xlsx")


@pytest.fixture
def published(chain):
    """Three penalties, of which one may be seen today, one until tomorrow, one for years."""
    found = real_rows("administrative-penalties-sample", 0, 3)
    # By this rule the window counts from publication, so that any last day will do.
    named = changed(found, authority_name=chain.who.agency.name.zh, window_rule="R-SAMR")
    rows = [{**row, "public_until": day} for row, day in zip(named, LAST_DAYS, strict=True)]
    chain.register("p", PATH, "rolling")
    chain.publish("p", csv_of(rows))
    return chain


def days(chain, **query):
    """Return the last days of the records that a list shows."""
    return sorted(row["public_until"] for row in chain.records(PATH, **query))


def exported(chain, kind):
    answer = chain.get(f"{PATH}.{kind}")
    assert answer.status_code == 200
    return sorted(str(row["public_until"])[:10] for row in rows_of(kind, answer.data))


def downloaded(chain, kind, release=1):
    answer = chain.get(f"datasets/p/releases/{release}/data.{kind}")
    assert answer.status_code == 200, answer.text
    return sorted(str(row["public_until"])[:10] for row in rows_of(kind, answer.data))


def test_a_record_is_public_to_the_last_second_of_its_last_day(published, clock):
    clock.set("2026-03-02T23:59:58+08:00")
    assert days(published) == list(LAST_DAYS)
    assert downloaded(published, "csv") == list(LAST_DAYS)

    clock.set("2026-03-03T00:00:00+08:00")
    assert days(published) == list(LAST_DAYS[1:])
    assert days(published, count="exact", public_until="2026-03-02") == []


def test_after_midnight_it_has_left_every_path(published, clock):
    before = published.get(PATH, limit="1", sort="-public_until")
    gone = next(row for row in published.records(PATH) if row["public_until"] == LAST_DAYS[0])
    pinned = published.release("p", 1)["snapshot"]
    assert published.get(f"{PATH}/{gone['_id']}").status_code == 200

    clock.set("2026-03-03T00:00:00+08:00")
    for kind in FORMATS:
        assert exported(published, kind) == list(LAST_DAYS[1:]), kind
        assert downloaded(published, kind) == list(LAST_DAYS[1:]), kind
    assert days(published, as_of=pinned) == list(LAST_DAYS[1:])
    assert days(published, as_of="2026-03-02") == list(LAST_DAYS[1:])
    answer = published.get(f"{PATH}/{gone['_id']}")
    assert (answer.status_code, answer.json["code"]) == (410, "gone")
    assert gone["decision_number"] not in answer.text

    follow = published.client.get(before.json["links"]["next"].removeprefix("http://localhost"))
    assert [row["public_until"] for row in follow.json["data"]] == [LAST_DAYS[1]]


def test_an_edition_is_prepared_the_day_before_and_begins_at_midnight(published, clock):
    def edition():
        release = published.release("p", 1)
        package = published.get("datasets/p/releases/1/datapackage.json").json
        listed = published.get(PATH).json["meta"]["edition"]
        assert release["edition"] == package["edition"] == listed
        by_name = {each["name"]: each for each in release["files"]}
        for resource in package["resources"]:
            assert resource["hash"] == f"sha256:{by_name[resource['path']]['sha256']}"
        return listed

    assert edition() == "2026-03-02"
    clock.set("2026-03-03T00:00:00+08:00")
    assert edition() == "2026-03-03"
    published.work()
    clock.set("2026-03-04T00:00:00+08:00")
    assert edition() == "2026-03-04"
    assert downloaded(published, "csv") == [LAST_DAYS[2]]


@on_sqlite
def test_before_an_edition_is_prepared_its_files_are_missing_rather_than_stale(published, clock):
    clock.set("2026-03-04T00:00:00+08:00")
    for kind in FORMATS:
        answer = published.get(f"datasets/p/releases/1/data.{kind}")
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-file")
    assert published.get("datasets/p/releases/1/datapackage.json").status_code == 404
    assert days(published) == [LAST_DAYS[2]]

    published.work()
    assert downloaded(published, "csv") == [LAST_DAYS[2]]


@on_sqlite
def test_preparing_an_edition_twice_changes_nothing(published, clock):
    clock.set("2026-03-03T08:00:00+08:00")
    published.work()
    before = published.release("p", 1)["files"]
    published.work()

    assert published.release("p", 1)["files"] == before


@on_sqlite
@pytest.mark.parametrize("step", EDITION_STEPS)
def test_a_worker_that_dies_over_an_edition_leaves_the_day_as_it_is(
    published, platform, clock, work, step
):
    clock.set("2026-03-03T12:00:00+08:00")
    assert work_until(platform, step) == DIED
    assert downloaded(published, "csv") == days(published) == list(LAST_DAYS[1:])
    clock.set("2026-03-04T00:00:00+08:00")
    assert days(published) == list(LAST_DAYS[2:])
    missing = published.get("datasets/p/releases/1/data.csv").status_code == 404
    assert missing is (step != "edition-prepared")

    clock.advance(minutes=2)
    work()
    assert downloaded(published, "csv") == days(published) == list(LAST_DAYS[2:])
    told = published.release("p", 1)["files"]
    assert len({each["name"] for each in told}) == len(told)


@on_sqlite
def test_a_cached_answer_is_not_confirmed_after_midnight(published, clock):
    def tags():
        gone = ["", ".csv"]
        return {
            path: published.client.get(path, buffered=True).headers.get("ETag")
            for path in (
                f"/api/v1/{PATH}",
                "/api/v1/datasets/p/releases/1/data.csv",
                "/api/v1/datasets/p/releases/1/datapackage.json",
            )
            if path not in gone
        }

    before = tags()
    assert all(before.values())
    for path, tag in before.items():
        again = published.client.get(path, headers={"If-None-Match": tag}, buffered=True)
        assert again.status_code == 304
    clock.set("2026-03-03T00:00:00+08:00")
    for path, tag in before.items():
        again = published.client.get(path, headers={"If-None-Match": tag}, buffered=True)
        assert again.status_code == 200, path


@on_sqlite
def test_what_may_change_at_midnight_is_never_called_immutable(published):
    for path in (
        PATH,
        f"{PATH}.csv",
        "datasets/p/releases/1/data.csv",
        "datasets/p/releases/1/datapackage.json",
    ):
        said = published.get(path).headers.get("Cache-Control", "")
        assert "immutable" not in said, path
        assert "max-age" not in said, path


@on_sqlite
def test_all_windows_may_end(published, clock):
    clock.set("2030-01-02T00:00:00+08:00")
    published.work()

    assert days(published) == []
    assert downloaded(published, "csv") == []
    assert published.get(PATH, count="exact").json["meta"]["total"] == 0


@on_sqlite
def test_what_is_added_after_a_window_ended_brings_nothing_back(published, clock):
    clock.set("2026-03-05T09:00:00+08:00")
    row = real_rows("administrative-penalties-sample", 3, 4)[0]
    added = {
        **row,
        "authority_name": published.who.agency.name.zh,
        "public_until": "2031-01-01",
        "window_rule": "R-SAMR",
    }
    published.publish("p", csv_of([added]))

    assert days(published) == ["2030-01-01", "2031-01-01"]
    assert downloaded(published, "csv", release=2) == ["2030-01-01", "2031-01-01"]


@on_sqlite
def test_a_record_without_an_end_of_its_window_is_never_shown(platform, tmp_path):
    """The contract requires the end; should one ever be missing, the reader fails closed."""
    contract = platform.contracts[PATH].published
    schema = record_schema(contract)
    nothing = {name: [None, None] for name in schema.names}
    known = {"_id": ["a", "b"], "_dataset": ["p", "p"], "_release": [1, 1], "_row": [1, 2]}
    windows = {"public_until": [None, date(2030, 1, 1)]}
    pq.write_table(pa.table({**nothing, **known, **windows}, schema), tmp_path / "f.parquet")
    scope = Scope("public_until", date(2026, 3, 2))
    source = Source((str(tmp_path / "f.parquet"),), schema, scope)

    assert DuckDB(tmp_path).rows(source, whole(contract)).column("_id").to_pylist() == ["b"]
