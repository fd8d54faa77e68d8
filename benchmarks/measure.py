"""Time two ways of doing the same thing so that the machine's moods hit both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import comb

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds that two ways of doing the same took, one pair for each round."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """What ours costs in units of theirs, round by round, in ascending order."""
        return sorted(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)

    @property
    def interval(self) -> tuple[float, float]:
        """An interval that holds the true median ratio with at least 95 % confidence."""
        ratios = self.ratios
        cut = outside(len(ratios))
        return ratios[cut], ratios[-1 - cut]


def outside(rounds: int) -> int:
    """Return how many of the sorted ratios may be left out at either end of the interval.

    Each ratio lies below the true median with probability one half, whatever the distribution,
    so that the order statistics themselves bound it (the inverted sign test).

    >>> outside(7), outside(9)
    (0, 1)

    Raises:
        ValueError: even the smallest and the largest are too few to be sure of anything.
    """
    missed, cut = 0.0, -1
    while True:
        missed += 2 * comb(rounds, cut + 1) / 2**rounds
        if missed > 1 - CONFIDENCE:
            break
        cut += 1
    if cut < 0:
        message = f"{rounds} rounds cannot give a {CONFIDENCE:.0%} interval; 6 can"
        raise ValueError(message)
    return cut


def paired(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> Paired:
    """Run both once to warm up, then in turn; who goes first alternates."""
    ours(), theirs()
    taken: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for number in range(rounds):
        for each in (ours, theirs) if number % 2 else (theirs, ours):
            taken[each].append(_seconds(each))
    return Paired(tuple(taken[ours]), tuple(taken[theirs]))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
