"""Totals: whatever computes them, they are those of a plain loop over all records."""

from itertools import count

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from opendata.domain.editions import Scope
from opendata.domain.queries import Sort, whole
from opendata.domain.queries.adding import TotalTooLarge
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric, Part
from opendata.storage.engines import Source
from opendata.storage.engines.duckdb import DuckDB
from opendata.storage.index import totals as index_totals
from opendata.storage.index.totals import grouping
from tests import reference
from tests.index.built import record, records_of, segment_of
from tests.queries import made

SERIAL = count()
FIELDS = {each.name: each for each in made.FIELDS}
COUNT = Metric(Measuring.COUNT)
# Questions asked of each table, which takes longer to write than they take to answer.
QUESTIONS = 4


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """DuckDB, as the platform uses it."""
    return DuckDB(tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where tables are written."""
    return tmp_path_factory.mktemp("tables")


def source_of(folder, releases):
    """Write each release's records into a file, and return what an engine is handed."""
    files = []
    for rows in releases.values():
        path = folder / f"{next(SERIAL)}.parquet"
        pq.write_table(made.table_of(rows), path)
        files.append(str(path))
    return Source(tuple(files), made.table_of([]).schema, Scope(None, None))


def check(answer, rows, asked, demands):
    """Compare an answer with what a plain loop says."""
    expected = reference.totals(rows, asked)
    mixed = [reference.mixed(rows, asked, each) for each in demands]

    assert answer.rows == expected[: asked.limit]
    assert answer.total == len(expected)
    assert [(each.demand, each.values) for each in answer.mixed] == [
        (demand, values) for demand, values in zip(demands, mixed, strict=True) if values
    ]


def check_files(engine, folder, data):
    """Compare totals over files with those of a plain loop."""
    releases = data.draw(made.releases())
    rows = [row for part in releases.values() for row in part]
    source = source_of(folder, releases)
    for _ in range(QUESTIONS):
        asked, demands = data.draw(made.aggregations(rows)), data.draw(made.demands())
        check(engine.totals(source, asked, demands), rows, asked, demands)


def check_index(folder, data):
    """Compare totals of one or two segments with those of a plain loop."""
    releases = data.draw(made.releases())
    rows = [row for part in releases.values() for row in part]
    parts = list(releases)
    cut = data.draw(st.integers(0, len(parts)))
    segments = [
        segment_of(folder / "index", {part: releases[part] for part in piece})
        for piece in (parts[:cut], parts[cut:])
        if piece
    ]
    for _ in range(QUESTIONS):
        asked, demands = data.draw(made.aggregations(rows)), data.draw(made.demands())
        as_mask = data.draw(st.booleans())
        found = [(each, found_in(each, asked.query, as_mask=as_mask)) for each in segments]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(grouping, "BLOCK", data.draw(st.sampled_from([1, 5, 1_000])))
            answer = index_totals.totals(found, asked, demands)
        if answer is None:
            event("declined")
        else:
            check(answer, rows, asked, demands)


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(data=st.data())
def test_totals_over_files_are_those_of_a_plain_loop(engine, folder, data):
    check_files(engine, folder, data)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(data=st.data())
def test_totals_of_an_index_are_those_of_a_plain_loop_or_none(folder, data):
    check_index(folder, data)


def found_in(segment, query, *, as_mask):
    """Return which records of a segment match, as the index would say it."""
    passes = [bool(reference.matching([row], query)) for row in records_of(segment)]
    if all(passes):
        return None
    mask = np.array(passes, np.bool_)
    return mask if as_mask else np.flatnonzero(mask).astype(np.uint32)


def asked_for(metrics, keys=(), limit=100):
    """Return a question for totals of all records."""
    sort = tuple(Sort(each.name) for each in keys)
    return Aggregation(whole(made.PLAIN), tuple(keys), tuple(metrics), sort, limit)


def test_a_sum_that_no_column_holds_is_refused_and_not_rounded(engine, folder):
    most = made.Decimal("9" * 34)
    rows = [record(at, vast=most) for at in range(2)]
    asked = asked_for([Metric(Measuring.SUM, FIELDS["vast"])])

    with pytest.raises(TotalTooLarge):
        engine.totals(source_of(folder, {("one", 1): rows}), asked)


def test_sums_beyond_what_a_double_holds_are_exact_in_an_index(folder):
    """Each value is the greatest odd one of 53 bits: added as doubles, the last digits are lost."""
    cents = made.Decimal(2**53 - 1) / 100
    rows = [record(at, amount=cents) for at in range(5)]
    segment = segment_of(folder / "index", {("one", 1): rows})

    answer = index_totals.totals(
        [(segment, None)], asked_for([Metric(Measuring.SUM, FIELDS["amount"])])
    )

    assert answer.rows == [(5 * cents,)]


def test_an_index_declines_what_64_bits_do_not_hold(folder):
    rows = [record(at, size=2**63 - 1) for at in range(2)]
    segment = segment_of(folder / "index", {("one", 1): rows})
    metrics = [Metric(each, FIELDS["size"]) for each in (Measuring.SUM, Measuring.MEDIAN)]

    assert [index_totals.totals([(segment, None)], asked_for([each])) for each in metrics] == [
        None,
        None,
    ]


def test_many_groups_are_counted_without_an_array_of_all_combinations(engine, folder):
    rows = [record(at, name=f"n{at}", size=at, vast=made.Decimal(at)) for at in range(60)]
    keys = [Key(FIELDS[each]) for each in ("name", "size", "vast", "note")]
    asked = asked_for([COUNT, Metric(Measuring.MAX, FIELDS["size"])], keys)
    segment = segment_of(folder / "index", {("one", 1): rows})

    answer = index_totals.totals([(segment, None)], asked)

    check(answer, rows, asked, [])
    check(engine.totals(source_of(folder, {("one", 1): rows}), asked), rows, asked, [])


def test_many_combinations_of_which_no_record_is_found_are_no_groups(folder):
    rows = [record(at, name=f"n{at}", size=at, vast=made.Decimal(at)) for at in range(60)]
    keys = [Key(FIELDS[each]) for each in ("name", "size", "vast")]
    metrics = [COUNT, *(Metric(each, FIELDS["size"]) for each in list(Measuring)[1:])]
    segment = segment_of(folder / "index", {("one", 1): rows})

    nothing = [np.zeros(0, np.uint32), np.zeros(60, np.bool_)]
    answers = [index_totals.totals([(segment, each)], asked_for(metrics, keys)) for each in nothing]

    assert [(each.rows, each.total) for each in answers] == [([], 0)] * 2


def test_a_column_of_nothing_but_empty_texts_has_an_empty_beginning(folder):
    segment = segment_of(folder / "index", {("one", 1): [record(0, name=""), record(1)]})
    asked = asked_for([COUNT], [Key(FIELDS["name"], Part.PREFIX, 2)])

    assert index_totals.totals([(segment, None)], asked).rows == [("", 1), (None, 1)]


def test_instants_are_grouped_by_the_day_in_china(engine, folder):
    turn = made.datetime(2025, 12, 31, 16, tzinfo=made.UTC)
    rows = [record(0, seen_at=turn), record(1, seen_at=turn.replace(hour=15, minute=59))]
    keys = [Key(FIELDS["seen_at"], each) for each in (Part.YEAR, Part.QUARTER, Part.MONTH)]

    found = engine.totals(source_of(folder, {("one", 1): rows}), asked_for([COUNT], keys))

    assert found.rows == [(2025, "2025-Q4", "2025-12", 1), (2026, "2026-Q1", "2026-01", 1)]
