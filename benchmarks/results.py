"""What was measured, as a page and as a chart."""

import os
import platform
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.chart import svg
from benchmarks.fresh import Fresh
from benchmarks.measure import Paired

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proof:
    """What one candidate engine needed for a pass over the file, and what it counted."""

    seconds: float
    peak_bytes: int
    rows: int
    wrong: int
    keys: int


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run measured, by what was measured."""

    rounds: int
    times: int
    warm: Mapping[str, Paired]
    marking: Mapping[str, Paired]
    started: Mapping[str, Paired]
    whole: Mapping[str, Fresh]
    proofs: Mapping[str, Proof]


PAGE = """# Results

Written by `make bench` on {day}: {machine}, {cores} cores, Python {python}, Frictionless
{frictionless}, Polars {polars}, DuckDB {duckdb}. The files are administrative penalties made by
`benchmarks/penalties.py`, 39 columns and about 930 bytes a row, judged by the contract that ships.

{rounds} rounds, the two taking turns after a warm-up; times are medians. A gain is the median of
the rounds' gains, with a 95 % interval that supposes nothing about their distribution; if it
holds 1, neither is faster.

![Seconds to judge the files](validation.svg)

## Judging, everything imported

Read and judged in a process that has done it before. Frictionless has the same schema, the same
checks and cautions, and no limit on errors. Its time is in proportion to the rows, so that of the
larger files it is given a part (one in {times} of the rows, more of the workbook's) and its seconds
are multiplied; below is one run on a whole file.

{warm}

## The command, from start to end

Of the largest file Frictionless is given a part in a process that has begun before: its own start
is not counted, ours is.

{started}

## Whole files, once each, in fresh processes

{whole}

## An agency's own workbook, given back

The findings are marked in the XLSX that was sent in: colours, comments, a first sheet. Beside it,
python-calamine reads every cell of the same workbook once.

{marking}

## Candidates for proving cells clean

One pass over the large clean file by rules made from the same Table Schema, in processes of their
own; seconds after a warm-up, the most memory of all rounds. See
[decision 0012](../docs/decisions/0012-polars-proves-frictionless-judges.md).

{proofs}
"""


def page(found: Results) -> str:
    """Return the page."""
    return PAGE.format(
        day=datetime.now(UTC).date(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        rounds=found.rounds,
        times=found.times,
        warm="\n".join(_gains(found.warm)),
        started="\n".join(_gains(found.started)),
        marking="\n".join(_shares(found.marking)),
        whole="\n".join(_runs(found.whole)),
        proofs="\n".join(_proofs(found.proofs)),
        **{name: version(name) for name in ("frictionless", "polars", "duckdb")},
    )


def chart(found: Results) -> str:
    """Return the chart of judging, as SVG."""
    bars = {
        name: [
            ("opendata", statistics.median(each.ours)),
            ("Frictionless alone", statistics.median(each.theirs)),
        ]
        for name, each in found.warm.items()
    }
    return svg("Seconds to read and judge", bars, "s")


def _gains(measured: Mapping[str, Paired]) -> Iterator[str]:
    yield "| what | ours | Frictionless alone | times as fast | 95 % interval |"
    yield "|---|---|---|---|---|"
    for what, each in measured.items():
        ours, theirs = statistics.median(each.ours), statistics.median(each.theirs)
        sure = each.interval
        between = f"{sure[0]:.1f} to {sure[1]:.1f}" if sure else "too few rounds"
        yield f"| {what} | {ours:.2f} s | {theirs:.2f} s | {each.gain:.1f} | {between} |"


def _shares(measured: Mapping[str, Paired]) -> Iterator[str]:
    yield "| what | marked | read | marking by reading | 95 % interval |"
    yield "|---|---|---|---|---|"
    for what, each in measured.items():
        ours, theirs = statistics.median(each.ours), statistics.median(each.theirs)
        sure = each.interval
        between = f"{1 / sure[1]:.2f} to {1 / sure[0]:.2f}" if sure else "too few rounds"
        yield f"| {what} | {ours:.2f} s | {theirs:.2f} s | {1 / each.gain:.2f} | {between} |"


def _runs(measured: Mapping[str, Fresh]) -> Iterator[str]:
    yield "| what | wall clock | peak memory |"
    yield "|---|---|---|"
    for what, each in measured.items():
        yield f"| {what} | {each.seconds:.1f} s | {each.peak_bytes / _MIB:,.0f} MiB |"


def _proofs(measured: Mapping[str, Proof]) -> Iterator[str]:
    yield "| engine | seconds | peak memory | rows | broken | keys |"
    yield "|---|---|---|---|---|---|"
    for name, each in measured.items():
        memory = f"{each.peak_bytes / _MIB:,.0f} MiB"
        counted = f"{each.rows:,} | {each.wrong:,} | {each.keys:,}"
        yield f"| `{name}` | {each.seconds:.2f} s | {memory} | {counted} |"
