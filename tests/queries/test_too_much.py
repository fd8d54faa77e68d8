"""A question that takes more memory or disk than there is is refused, and is no failure."""

from dataclasses import replace
from hashlib import sha256

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.editions import Scope
from opendata.domain.queries import Filter, Op, Sort, whole
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric
from opendata.storage.engines import Source
from opendata.storage.engines import duckdb as engines
from opendata.storage.engines.duckdb import DuckDB, TooMuchAtOnce
from tests.queries import made

RECORDS = 20_000
NOTE = next(each for each in made.FIELDS if each.name == "note")
QUERY = replace(whole(made.PLAIN), sort=(Sort("note"), Sort("_id")), limit=10_000)
FOUND = replace(QUERY, filters=(Filter(NOTE, Op.CONTAINS, ("长长",)),))
TOTALS = Aggregation(QUERY, (Key(NOTE),), (Metric(Measuring.COUNT),), (Sort("note"),))
QUESTIONS = {
    "rows": lambda engine, source: engine.rows(source, QUERY),
    "batches": lambda engine, source: list(engine.batches(source, QUERY)),
    "count": lambda engine, source: engine.count(source, FOUND),
    "totals": lambda engine, source: engine.totals(source, TOTALS),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Records with long texts, all different."""
    schema = made.table_of([]).schema
    texts = [sha256(str(each).encode()).hexdigest() * 8 for each in range(RECORDS)]
    given = {
        "note": texts,
        "_id": [str(each) for each in range(RECORDS)],
        "_dataset": ["one"] * RECORDS,
        "_release": [1] * RECORDS,
        "_row": range(1, RECORDS + 1),
    }
    columns = [pa.array(given.get(each.name, [None] * RECORDS), each.type) for each in schema]
    path = tmp_path_factory.mktemp("tables") / "long.parquet"
    pq.write_table(pa.table(columns, schema=schema), path)
    return Source((str(path),), schema, Scope(None, made.DAY, frozenset()))


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_does_not_fit_into_memory_is_refused(source, tmp_path, monkeypatch, question):
    monkeypatch.setattr(engines, "MEMORY_LIMIT", "1MiB")

    with pytest.raises(TooMuchAtOnce) as refused:
        QUESTIONS[question](DuckDB(tmp_path / "scratch"), source)

    assert (refused.value.status, refused.value.code) == (422, "too-much-at-once")
    assert isinstance(refused.value.__cause__, duckdb.OutOfMemoryException)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_fits_into_what_there_is(source, tmp_path, question):
    assert QUESTIONS[question](DuckDB(tmp_path / "scratch"), source) is not None


@pytest.mark.parametrize(
    ("message", "raised"),
    [
        ('Could not write file "x": No space left on device', TooMuchAtOnce),
        ('No files found that match the pattern "x"', duckdb.IOException),
    ],
)
def test_a_full_disk_is_told_from_a_file_that_is_missing(
    source, tmp_path, monkeypatch, message, raised
):
    def fail(*_given):
        raise duckdb.IOException(message)

    monkeypatch.setattr(DuckDB, "_run", fail)

    for ask in QUESTIONS.values():
        with pytest.raises(raised):
            ask(DuckDB(tmp_path), source)
