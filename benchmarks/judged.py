"""The half about judging: what was measured, kept, and told as a part of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

from benchmarks.chart import svg
from benchmarks.fresh import Fresh
from benchmarks.kept import Circumstances, Comparison, Kept
from benchmarks.measure import Paired

MIB = 1024 * 1024
WARM, STARTED, MARKING = "warm", "started", "marking"
OURS, ALONE, READING = "opendata", "Frictionless alone", "reading"
CHART = "validation.svg"


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

    def kept(self, minutes: float) -> Kept:
        """Sum up."""
        versions = {name: version(name) for name in ("frictionless", "polars", "duckdb")}
        groups = ((WARM, self.warm, ALONE), (STARTED, self.started, ALONE),
                  (MARKING, self.marking, READING))  # fmt: skip
        return Kept(
            Circumstances.now(versions, self.rounds, minutes),
            [
                replace(Comparison.of((what, OURS, beside), taken), group=group)
                for group, measured, beside in groups
                for what, taken in measured.items()
            ],
            notes={
                "times": self.times,
                "whole": {
                    what: {"seconds": each.seconds, "peak_bytes": each.peak_bytes}
                    for what, each in self.whole.items()
                },
                "proofs": {name: asdict(each) for name, each in self.proofs.items()},
            },
        )


SECTION = """## Judging files

{circumstances} The files are administrative penalties made by
`benchmarks/penalties.py`, 39 columns and about 930 bytes a row, judged by the contract that ships.

![Seconds to judge the files](validation.svg)

### Judging, everything imported

Read and judged in a process that has done it before. Frictionless has the same schema, the same
checks and cautions, and no limit on errors. Its time is in proportion to the rows, so that of the
larger files it is given a part (one in {times} of the rows, more of the workbook's) and its seconds
are multiplied; below is one run on a whole file.

{warm}

### The command, from start to end

Of the largest file Frictionless is given a part in a process that has begun before: its own start
is not counted, ours is.

{started}

### Whole files, once each, in fresh processes

{whole}

### An agency's own workbook, given back

The findings are marked in the XLSX that was sent in: colours, comments, a first sheet. Beside it,
python-calamine reads every cell of the same workbook once.

{marking}

### Candidates for proving cells clean

One pass over the large clean file by rules made from the same Table Schema, in processes of their
own; seconds after a warm-up, the most memory of all rounds. See
[decision 0012](../docs/decisions/0012-polars-proves-frictionless-judges.md).

{proofs}
"""


def section(kept: Kept) -> str:
    """Return the part of the page."""
    return SECTION.format(
        circumstances=kept.circumstances.told,
        times=kept.notes["times"],
        warm="\n".join(_gains(_of(kept, WARM))),
        started="\n".join(_gains(_of(kept, STARTED))),
        marking="\n".join(_shares(_of(kept, MARKING))),
        whole="\n".join(_runs(kept.notes["whole"])),
        proofs="\n".join(_proofs(kept.notes["proofs"])),
    )


def charts(kept: Kept) -> Mapping[str, str]:
    """Return the chart of judging, as SVG, by its file's name."""
    bars = {
        each.what: [(OURS, each.first_cost), (ALONE, each.second_cost)] for each in _of(kept, WARM)
    }
    return {CHART: svg("Seconds to read and judge", bars, "s")}


def _of(kept: Kept, group: str) -> list[Comparison]:
    return [each for each in kept.comparisons if each.group == group]


def _gains(measured: list[Comparison]) -> Iterator[str]:
    yield "| what | ours | Frictionless alone | times as fast | 95 % interval |"
    yield "|---|---|---|---|---|"
    for each in measured:
        sure = each.interval
        between = f"{sure[0]:.1f} to {sure[1]:.1f}" if sure else "too few rounds"
        costs = f"{each.first_cost:.2f} s | {each.second_cost:.2f} s"
        yield f"| {each.what} | {costs} | {each.gain:.1f} | {between} |"


def _shares(measured: list[Comparison]) -> Iterator[str]:
    yield "| what | marked | read | marking by reading | 95 % interval |"
    yield "|---|---|---|---|---|"
    for each in measured:
        sure = each.interval
        between = f"{1 / sure[1]:.2f} to {1 / sure[0]:.2f}" if sure else "too few rounds"
        costs = f"{each.first_cost:.2f} s | {each.second_cost:.2f} s"
        yield f"| {each.what} | {costs} | {1 / each.gain:.2f} | {between} |"


def _runs(measured: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield "| what | wall clock | peak memory |"
    yield "|---|---|---|"
    for what, each in measured.items():
        yield f"| {what} | {each['seconds']:.1f} s | {each['peak_bytes'] / MIB:,.0f} MiB |"


def _proofs(measured: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield "| engine | seconds | peak memory | rows | broken | keys |"
    yield "|---|---|---|---|---|---|"
    for name, each in measured.items():
        memory = f"{each['peak_bytes'] / MIB:,.0f} MiB"
        counted = f"{each['rows']:,} | {each['wrong']:,} | {each['keys']:,}"
        yield f"| `{name}` | {each['seconds']:.2f} s | {memory} | {counted} |"
