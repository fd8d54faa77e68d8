"""Files as large as a province's, and reading for an hour: time in proportion, memory bounded."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import alone, penalties
from benchmarks.peers.records import Records
from benchmarks.platforms import platform
from benchmarks.queries.files import fetch
from benchmarks.queries.memory import Mixture, watched
from benchmarks.queries.parameters import pools
from benchmarks.queries.summing import END_AT, MOST_GROWTH, MOST_MEMORY_MIB, SETTLED_AT
from benchmarks.queries.visible import Plan, publish
from benchmarks.validation import command_line
from opendata.tabular.contract import load

MILLION = 1_000_000
MIB = 1024**2
GIB = 1024**3
HOUR_SECONDS = 3600.0
# The machine's moods, and what a larger set of keys costs.
MARGIN = 1.6


@pytest.mark.soak
def test_ten_million_rows_take_ten_times_as_long_as_one_million_and_fit_into_2_gib(tmp_path):
    path = tmp_path / "penalties.csv"
    taken = []
    for rows in (MILLION, 10 * MILLION):
        penalties.write(path, rows)
        taken.append(command_line(path))
    one, ten = taken

    assert (one.status, ten.status) == (0, 0), (one.said, ten.said)
    assert f"{10 * MILLION} 行 rows" in ten.said
    assert ten.seconds < 10 * MARGIN * one.seconds
    assert ten.peak_bytes < 2 * GIB


@pytest.mark.soak
def test_a_web_process_that_is_asked_for_everything_for_an_hour_stays_small(tmp_path):
    day = datetime.now(UTC).date() + timedelta(days=2)
    plan = Plan(tmp_path, MILLION, parts=7, small=0, rounds=0, day=day)
    home = tmp_path / "home"
    home.mkdir()
    with platform(home, plan.datasets) as ours:
        publish(ours, [(each, plan.write(each)) for each in plan.datasets])
        ours.settle()
        fetch(ours.port, tmp_path / "whole.csv")
        records = Records(tmp_path / "whole.csv", load(alone.CONTRACT))
        with watched(ours) as memory:
            Mixture(pools(records), ()).load(ours, HOUR_SECONDS)

    assert memory.most < MOST_MEMORY_MIB * MIB
    assert memory.around(END_AT) <= MOST_GROWTH * memory.around(SETTLED_AT)
