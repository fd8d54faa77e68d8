"""Both ways: what the serving index answers is byte for byte what the snapshot's files answer."""

import itertools
import shutil
from dataclasses import replace

import pytest

from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op, Sort, operators, whole
from opendata.domain.queries.model import total
from opendata.stages import query
from opendata.stages.query.records import reading_of
from opendata.stages.query.scanning import scanned_page, scanned_record
from tests.platforms import on_sqlite, runtime_of
from tests.stages import oracle
from tests.tables import changed, csv_of, real_rows

COLLECTIONS = ("budgets", "disclosure-statistics", "project-approvals", "administrative-penalties")
PENALTIES = "administrative-penalties"
LINES = changed(real_rows("budgets-2019"), explanation="初次公开")


def questions(contract, rows):
    """Yield a question for each field: operators, directions and columns take turns."""
    fields = (*SYSTEM_FIELDS, *contract.fields)
    turns = itertools.count()
    for field in fields:
        turn = next(turns)
        allowed = operators(field)
        op = allowed[turn % len(allowed)]
        known = sorted({row[field.name] for row in rows} - {None})
        if not known:
            op, known = Op.NOTNULL, [None]
        values = {Op.ISNULL: (), Op.NOTNULL: (), Op.BETWEEN: (known[0], known[-1])}.get(
            op, (known[len(known) // 2],)
        )
        keys = (Sort(field.name, bool(turn % 2)), Sort(fields[turn * 7 % len(fields)].name))
        names = tuple(dict.fromkeys(each.name for each in (fields[turn - 3], field, fields[0])))
        yield replace(
            whole(contract, names if turn % 3 else None, limit=4),
            filters=(Filter(field, op, values),),
            sort=total(keys[: 1 + (turn % 4 and keys[0].name != keys[1].name)], contract),
        )


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pages_and_counts_are_the_same(library, collection):
    runtime = runtime_of(library.client)
    contract = runtime.contracts[collection]
    rows = oracle.everything(runtime, contract)
    view = query.shown(runtime.home, contract, None, runtime.now())
    reading = reading_of(runtime.home, view)

    for asked in (whole(contract.published, limit=4), *questions(contract.published, rows)):
        first = reading.page(asked, None)
        assert first == scanned_page(runtime.home, view, asked, None)
        assert reading.count(asked) >= len(first.objects)
        if first.more:
            second = reading.page(asked, first.last_id)
            assert second == scanned_page(runtime.home, view, asked, first.last_id)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_single_record_is_the_same(library, collection):
    runtime = runtime_of(library.client)
    view = query.shown(runtime.home, runtime.contracts[collection], None, runtime.now())
    last = library.records(collection, sort="-_id", limit="1")[0]["_id"]
    held = reading_of(runtime.home, view).record(last)

    assert (held.line, held.part) == scanned_record(runtime.home, view, last)


@pytest.fixture
def corrected(chain, clock):
    """A budget of five lines, the next day corrected to two of them; nothing else."""
    rows = changed(LINES, publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    clock.advance(days=1)
    chain.publish("b", csv_of(changed(rows[:2], explanation="更正")))
    return chain


@pytest.fixture
def ways(corrected, platform):
    """Both ways of asking for a record: with the index, and without one."""

    def told(record_id):
        contract = platform.contracts["budgets"]
        found = query.record(platform.home, contract, record_id, platform.now())
        return found.line, found.history

    def both(record_id):
        yield told(record_id)
        shutil.rmtree(platform.settings.index, ignore_errors=True)
        yield told(record_id)

    return both


def ids(chain, **asked):
    return [row["_id"] for row in chain.records("budgets", sort="line_no", **asked)]


@on_sqlite
def test_a_record_has_the_same_history(corrected, ways):
    with_index, without = ways(ids(corrected)[0])

    assert with_index == without
    assert [each["release"] for each in with_index[1]] == [2, 1]


@on_sqlite
def test_a_record_that_was_is_told_from_one_that_never_was(corrected, platform):
    left_out = ids(corrected, release="b@1")[-1]
    for _ in ("with an index", "without one"):
        assert corrected.get(f"budgets/{left_out}").status_code == 410
        assert corrected.get("budgets/" + "a" * 52).status_code == 404
        shutil.rmtree(platform.settings.index, ignore_errors=True)


@on_sqlite
def test_a_release_is_asked_for_by_its_name(corrected):
    assert len(ids(corrected, release="b@2")) == 2
    page = corrected.get("budgets", release="b@1", limit="2", sort="line_no", count="exact").json
    assert page["meta"]["total"] == 5
    assert page["meta"]["releases"] == {"b": 1}
    assert "release=b%401" in page["links"]["cite"]
    assert "as_of" not in page["links"]["cite"]
    seen = page["data"]
    while "next" in page["links"]:
        page = corrected.client.get(page["links"]["next"].removeprefix("http://localhost")).json
        seen += page["data"]
    assert [row["_id"] for row in seen] == ids(corrected, release="b@1")


@on_sqlite
def test_a_release_that_is_not_there_or_not_public_is_not_answered(corrected, ways):
    def refused(collection, release):
        answer = corrected.get(collection, release=release)
        return answer.status_code, answer.json["code"]

    corrected.suspend("b", 1)

    assert refused("budgets", "b@1") == (410, "suspended")
    assert refused("budgets", "b@3") == (404, "no-such-release")
    assert refused("budgets", "none@1") == (404, "no-such-dataset")
    assert refused(PENALTIES, "b@2") == (404, "no-such-release")
    with_index, without = ways(ids(corrected, release="b@2")[0])
    assert with_index == without
    assert [each["release"] for each in with_index[1]] == [2]
