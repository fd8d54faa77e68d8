"""Pages over files: whatever is asked, the answer is the one that sorting all rows gives."""

from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from opendata.domain.editions import Scope
from opendata.storage.engines import Source
from opendata.storage.engines.duckdb import DuckDB
from tests import reference
from tests.queries import made

QUESTIONS = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where tables are written."""
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def engine(folder):
    """DuckDB, as the platform uses it."""
    return DuckDB(folder / "scratch")


def walked(engine, source, query):
    """Yield the pages that follow one another, each behind the last record of the one before."""
    after = None
    sort = tuple(each.name for each in query.sort)
    while True:
        wanted = replace(query, fields=tuple(dict.fromkeys([*query.fields, *sort])))
        rows = engine.rows(source, wanted, after).to_pylist()
        yield [{name: row[name] for name in query.fields} for row in rows]
        if len(rows) < query.limit:
            return
        after = [rows[-1][name] for name in sort]


@st.composite
def situations(draw):
    """Return a contract, releases, what of them is public, and questions."""
    contract = draw(st.sampled_from([made.PLAIN, made.WINDOWED]))
    releases = draw(made.releases())
    hidden = draw(st.sets(st.sampled_from(list(releases)), max_size=1))
    # A snapshot has one release of each dataset.
    shown = dict(list(releases))
    scope = Scope(contract.window_field, made.DAY, frozenset(hidden))
    rows = [row for part in shown.items() for row in releases[part]]
    questions = [draw(made.queries(rows, contract)) for _ in range(QUESTIONS)]
    return contract, rows, scope, questions


def check_pages(engine, folder, situation, limit):
    """Compare the pages of some questions with what sorting all rows gives."""
    contract, rows, scope, questions = situation
    path = folder / "walked.parquet"
    pq.write_table(made.table_of(rows, contract), path)
    source = Source((str(path),), made.table_of([], contract).schema, scope)
    public = reference.public(rows, scope)
    for each in questions:
        query = replace(each, limit=limit)
        expected = reference.answer(public, query)

        *full, last = walked(engine, source, query)

        assert [row for page in (*full, last) for row in page] == expected
        assert {len(page) for page in full} <= {limit}
        assert engine.count(source, query) == len(expected)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(situation=situations(), limit=st.integers(1, 7))
def test_walking_gives_every_record_once_and_in_order(engine, folder, situation, limit):
    check_pages(engine, folder, situation, limit)
