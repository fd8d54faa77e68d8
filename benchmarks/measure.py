"""Time two ways of doing the same thing so that the machine's moods hit both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import comb

CONFIDENCE = 0.95

# Does something once and says how many seconds it took.
Timed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds that two ways of doing the same took, one pair for each round."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def gains(self) -> list[float]:
        """How many times as fast as theirs ours is, round by round, in ascending order."""
        return sorted(b / a for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def gain(self) -> float:
        """The median of the rounds' gains."""
        return statistics.median(self.gains)

    @property
    def interval(self) -> tuple[float, float] | None:
        """An interval that holds the true median gain with at least 95 % confidence.

        ``None``: even the smallest and the largest gain are too few to be sure of anything.
        """
        gains = self.gains
        cut = outside(len(gains))
        return None if cut is None else (gains[cut], gains[-1 - cut])


def outside(rounds: int) -> int | None:
    """Return how many of the sorted gains may be left out at either end of the interval.

    Each gain lies below the true median with probability one half, whatever the distribution,
    so that the order statistics themselves bound it (the inverted sign test). With fewer than six
    rounds there is no such interval.

    >>> outside(5), outside(7), outside(9)
    (None, 0, 1)
    """
    missed, cut = 0.0, -1
    while True:
        missed += 2 * comb(rounds, cut + 1) / 2**rounds
        if missed > 1 - CONFIDENCE:
            break
        cut += 1
    return cut if cut >= 0 else None


def paired(ours: Timed, theirs: Timed, rounds: int, times: int = 1) -> Paired:
    """Run both once to warm up, then in turn; who goes first alternates.

    Theirs may be given a part of the work only, where the whole would take hours and is known to
    cost in proportion: its seconds count ``times``.
    """
    ours(), theirs()
    taken: dict[Timed, list[float]] = {ours: [], theirs: []}
    for number in range(rounds):
        for each in (ours, theirs) if number % 2 else (theirs, ours):
            taken[each].append(each())
    return Paired(tuple(taken[ours]), tuple(each * times for each in taken[theirs]))


def timed(work: Callable[[], object]) -> Timed:
    """Return what does ``work`` in this very process and times it."""

    def once() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return once
