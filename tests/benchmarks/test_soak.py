"""The command line on files as large as a province's: time in proportion, memory bounded."""

import pytest

from benchmarks import penalties
from benchmarks.validation import command_line

MILLION = 1_000_000
GIB = 1024**3
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
