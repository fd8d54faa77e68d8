"""Measure everything there is and write RESULTS.md beside this file."""

import os
import platform
import statistics
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import chain
from benchmarks.measure import Paired

ROWS = 2_000
ROUNDS = 9
RESULTS = Path(__file__).with_name("RESULTS.md")

PAGE = """# Results

Written by `make bench` on {day}, {machine}, {cores} cores, Python {python}.
{rounds} rounds, the two taking turns after a warm-up; times are medians. A ratio is the median of
the rounds' ratios, with a 95 % interval that supposes nothing about their distribution. A ratio
whose interval holds 1 is a tie.

| what | ours | theirs | ours ÷ theirs | 95 % interval |
|---|---|---|---|---|
{lines}
"""


def main() -> None:
    """Run the comparisons, say what came of them and keep it."""
    judge = f"Frictionless {version('frictionless')}"
    with tempfile.TemporaryDirectory() as folder:
        measured = {
            f"read and judge {ROWS:,} rows; {judge} alone, {what}": chain.validation(
                Path(folder), ROWS, ROUNDS, cautions=cautions
            )
            for cautions, what in ((False, "without cautions"), (True, "with cautions"))
        }
    page = PAGE.format(
        day=datetime.now(UTC).date(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        rounds=ROUNDS,
        lines="\n".join(_line(*each) for each in measured.items()),
    )
    RESULTS.write_text(page, encoding="utf-8")
    print(page)


def _line(what: str, measured: Paired) -> str:
    ours, theirs = statistics.median(measured.ours), statistics.median(measured.theirs)
    low, high = measured.interval
    interval = f"{low:.2f} to {high:.2f}"
    return f"| {what} | {ours:.2f} s | {theirs:.2f} s | {measured.ratio:.2f} | {interval} |"


if __name__ == "__main__":
    main()
