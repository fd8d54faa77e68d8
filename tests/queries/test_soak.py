"""Questions for as long as one cares to ask them; a seed that fails is run again.

``make soak`` draws a seed and prints that of each round. ``SOAK_SEED=7 SOAK_ROUNDS=1 make soak
ARGS="tests/queries"`` runs the round of that seed once more, and nothing else.
"""

import os
import secrets

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from opendata.storage.engines.duckdb import DuckDB
from tests.queries.test_index import check_view
from tests.queries.test_pages import check_pages, situations
from tests.queries.test_totals import check_files, check_index

pytestmark = pytest.mark.soak
FIRST_SEED = int(os.environ.get("SOAK_SEED") or secrets.randbelow(2**31))
ROUNDS = int(os.environ.get("SOAK_ROUNDS") or 5)
LONG = settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])


@pytest.fixture(params=range(ROUNDS))
def round_seed(request, capsys):
    """The seed of one round, told whether it fails or not."""
    found = FIRST_SEED + int(request.param)
    with capsys.disabled():
        print(f"SOAK_SEED={found}", end=" ", flush=True)  # noqa: T201 - it is needed afterwards.
    return found


def test_totals_over_files(round_seed, tmp_path):
    engine = DuckDB(tmp_path)

    @seed(round_seed)
    @settings(LONG)
    @given(data=st.data())
    def ask(data):
        check_files(engine, tmp_path, data)

    ask()


def test_totals_of_an_index(round_seed, tmp_path):
    @seed(round_seed)
    @settings(LONG)
    @given(data=st.data())
    def ask(data):
        check_index(tmp_path, data)

    ask()


def test_totals_of_a_view(round_seed, tmp_path):
    @seed(round_seed)
    @settings(LONG)
    @given(data=st.data())
    def ask(data):
        check_view(tmp_path, data)

    ask()


def test_pages_over_files(round_seed, tmp_path):
    engine = DuckDB(tmp_path)

    @seed(round_seed)
    @settings(LONG)
    @given(situation=situations(), limit=st.integers(1, 7))
    def ask(situation, limit):
        check_pages(engine, tmp_path, situation, limit)

    ask()
