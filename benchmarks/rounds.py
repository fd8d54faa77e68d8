"""Contests: several ways of doing the same take turns, round by round, all contests in each."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException

import psycopg
import requests

from benchmarks.load import Load
from benchmarks.measure import Paired, outside
from benchmarks.programs import NotMeasured

MEDIAN, LATE = 0.5, 0.99


@dataclass(frozen=True, slots=True)
class Sample:
    """What one turn found: the seconds that count, and the requests' own where there are many."""

    cost: float
    median: float | None = None
    late: float | None = None

    @classmethod
    def of(cls, load: Load) -> "Sample":
        """Say what a load found; the cost is that of one request among many at once."""
        return cls(
            load.seconds / len(load.latencies), load.percentile(MEDIAN), load.percentile(LATE)
        )


# Takes the number of the round, from which its random parameters come.
Turn = Callable[[int], Sample]
# What a measurement may end with; none of it stops the others.
FAILURES = (
    NotMeasured,
    RuntimeError,
    OSError,
    HTTPException,
    psycopg.Error,
    requests.RequestException,
)


@dataclass(frozen=True, slots=True)
class Goal:
    """``first`` is to be at least ``least`` times as fast as ``second``; ``None`` is no goal."""

    first: str
    second: str
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What ``way`` costs is to be at most ``most`` seconds; ``None`` is no goal."""

    way: str
    most: float | None


@dataclass(slots=True)
class Contest:
    """The ways of doing one thing, by name; a way that fails once is out, and says why."""

    name: str
    ways: dict[str, Turn]
    goals: Sequence[Goal]
    bounds: Sequence[Bound] = ()
    # Whether the cost is told as how often it could be paid in a second.
    rates: bool = False
    taken: dict[str, list[Sample]] = field(default_factory=dict)
    out: dict[str, str] = field(default_factory=dict)

    def paired(self, goal: Goal) -> Paired:
        """Return what the two ways took, round by round."""
        first, second = (
            tuple(each.cost for each in self.taken[name]) for name in (goal.first, goal.second)
        )
        return Paired(first, second)


def take_turns(contests: Sequence[Contest], rounds: int) -> None:
    """Run all contests so many times, after one round to warm up that does not count.

    Who begins changes from round to round.
    """
    for number in range(rounds + 1):
        begun = time.perf_counter()
        for contest in contests:
            _one_round(contest, number)
        print(f"round {number} of {rounds}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)


# Makes a contest, unless the first answers show that it would compare what is not alike.
Builder = Callable[[], Contest]


def built(builders: Sequence[Builder]) -> tuple[list[Contest], list[str]]:
    """Make the contests; return them, and why others could not be made."""
    contests, reasons = [], []
    for each in builders:
        try:
            contests.append(each())
        except FAILURES as error:
            reasons.append(f"{type(error).__name__}: {error}")
            print(reasons[-1][:2000], file=sys.stderr)
    return contests, reasons


def _one_round(contest: Contest, number: int) -> None:
    names = [each for each in contest.ways if each not in contest.out]
    first = number % max(len(names), 1)
    for name in names[first:] + names[:first]:
        try:
            found = contest.ways[name](number)
        except FAILURES as error:
            contest.out[name] = f"{type(error).__name__}: {error}"
            print(f"{contest.name}, {name}: {contest.out[name][:2000]}", file=sys.stderr)
            continue
        if number:
            contest.taken.setdefault(name, []).append(found)


def median_with_interval(values: Sequence[float]) -> tuple[float, tuple[float, float] | None]:
    """Return the median and the interval that holds the true one (see ``measure.outside``).

    >>> median_with_interval([3.0, 1.0, 2.0])
    (2.0, None)
    """
    ordered = sorted(values)
    cut = outside(len(ordered))
    sure = None if cut is None else (ordered[cut], ordered[-1 - cut])
    return statistics.median(ordered), sure
