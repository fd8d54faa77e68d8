"""Judging a file of penalties, beside Frictionless alone: once everything is imported, and fresh.

Frictionless needs minutes for a million rows; its time is in proportion to the rows, so it is
given a part of the file and its seconds are multiplied. One full run says whether that is fair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import alone, penalties
from benchmarks.fresh import Fresh, fresh
from benchmarks.measure import Paired, Timed, paired, timed
from opendata.tabular.contract import load
from opendata.tabular.judge import Means, judge
from opendata.tabular.readers import open_table

COLLECTION = "administrative-penalties"
INVALID = 1


@dataclass(frozen=True, slots=True)
class Files:
    """The same kind of file twice: the whole, and the part that Frictionless is given."""

    whole: Path
    part: Path
    times: int
    valid: bool

    @classmethod
    def write(cls, folder: Path, rows: int, times: int, *, bad: float = 0.0) -> "Files":
        """Write both, the part a ``times``-th of ``rows``."""
        name = f"{rows}-{'bad' if bad else 'clean'}"
        found = cls(folder / f"{name}.csv", folder / f"{name}-part.csv", times, not bad)
        wrong = penalties.write(found.whole, rows, bad=bad)
        if times == 1:
            return cls(found.whole, found.whole, times, not wrong)
        penalties.write(found.part, rows // times, bad=bad)
        return found


def warm(files: Files, rounds: int) -> Paired:
    """Time reading and judging in a process that has imported and done everything before."""
    contract = load(alone.CONTRACT)
    folder = files.whole.parent

    def ours() -> None:
        table = open_table(files.whole, contract, folder / "canonical.csv")
        verdict = judge(table, contract, None, Means(folder=folder))
        _check(as_meant=verdict.valid is files.valid)

    def theirs() -> None:
        _check(as_meant=alone.validated(files.part).valid is files.valid)

    return paired(timed(ours), timed(theirs), rounds, files.times)


def started(files: Files, rounds: int) -> Paired:
    """Time the commands from their start to their end, on the file as a whole."""
    meant = 0 if files.valid else INVALID
    return paired(
        _clock(lambda: command_line(files.whole), meant),
        _clock(lambda: by_frictionless(files.whole), meant),
        rounds,
    )


def begun(files: Files, rounds: int) -> Paired:
    """Time our command on the whole file; Frictionless, its start not counted, on its part."""

    def theirs() -> None:
        _check(as_meant=alone.validated(files.part).valid is files.valid)

    ours = _clock(lambda: command_line(files.whole), 0 if files.valid else INVALID)
    return paired(ours, timed(theirs), rounds, files.times)


def command_line(path: Path, *options: str) -> Fresh:
    """Run ``opendata validate``."""
    return fresh("-m", "opendata", "validate", str(path), "--collection", COLLECTION, *options)


def by_frictionless(path: Path) -> Fresh:
    """Run Frictionless alone."""
    return fresh("-m", "benchmarks.alone", str(path))


def _clock(run: Callable[[], Fresh], meant: int) -> Timed:
    def once() -> float:
        done = run()
        _check(as_meant=done.status == meant)
        return done.seconds

    return once


def _check(*, as_meant: bool) -> None:
    """A verdict on another table than the one meant is no measurement."""
    if not as_meant:
        message = "the benchmark's table is not judged as it should be; try opendata validate"
        raise RuntimeError(message)
