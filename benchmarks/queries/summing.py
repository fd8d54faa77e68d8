"""From what was seen to what is kept: medians, intervals, goals."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.kept import Circumstances, Comparison, Figure, Kept
from benchmarks.queries.asked import OURS, QUESTIONS
from benchmarks.queries.seen import Seen, Size
from benchmarks.rounds import Contest, median_with_interval

MIB = 2**20
MOST_MEMORY_MIB, MOST_VISIBLE_SECONDS, MOST_SPREAD = 300.0, 3.0, 5.0
# "Without growth": what came at the end, by what had come when everything had been asked once.
MOST_GROWTH, SETTLED_AT, END_AT = 1.1, 0.3, 0.9


def kept(circumstances: Circumstances, seen: Seen, size: Size) -> Kept:
    """Sum up."""
    missing = [*seen.missing, *_failures(seen.contests)]
    return Kept(
        circumstances,
        [each for contest in seen.contests for each in _comparisons(contest)],
        [*_bounds(seen.contests), *_spreads(seen.contests), *_visible(seen), *_memory(seen)],
        missing,
        {
            "latencies": list(_latencies(seen.contests)),
            "sizes": seen.sizes,
            "filling_seconds": seen.filling_seconds,
            "rows": size.rows,
            "parts": size.parts,
            "mixed_seconds": size.mixed_seconds,
            "watched_minutes": seen.watched_seconds / 60,
        },
    )


def _failures(contests: list[Contest]) -> Iterator[str]:
    for each in contests:
        for name, reason in each.out.items():
            yield f"{each.name}, {name}: {reason}"


def _comparisons(contest: Contest) -> Iterator[Comparison]:
    for goal in contest.goals:
        if goal.first in contest.out or goal.second in contest.out:
            continue
        names = (contest.name, goal.first, goal.second)
        found = Comparison.of(names, contest.paired(goal))
        yield replace(found, least=goal.least, rates=contest.rates)


def _bounds(contests: list[Contest]) -> Iterator[Figure]:
    for contest in contests:
        for bound in contest.bounds:
            if bound.way in contest.taken and bound.way not in contest.out:
                taken = [each.cost for each in contest.taken[bound.way]]
                value, sure = median_with_interval(taken)
                yield Figure(f"{contest.name}: {bound.way}", value, "s", sure, bound.most)


def _spreads(contests: list[Contest]) -> Iterator[Figure]:
    for contest in contests:
        if contest.name not in QUESTIONS or OURS not in contest.taken:
            continue
        taken = contest.taken[OURS]
        spreads = [each.late / each.median for each in taken if each.late and each.median]
        value, sure = median_with_interval(spreads)
        yield Figure(f"p99 by p50: {contest.name}", value, "", sure, MOST_SPREAD)


def _visible(seen: Seen) -> Iterator[Figure]:
    for there, seconds in seen.visible.items():
        if not seconds:
            continue
        value, sure = median_with_interval(seconds)
        what = f"from approval until read, a small dataset in {there} records"
        yield Figure(what, value, "s", sure, MOST_VISIBLE_SECONDS)


def _memory(seen: Seen) -> Iterator[Figure]:
    memory = seen.memory
    if not memory.bytes_:
        return
    what = "the most memory of a web process, private and dirty"
    yield Figure(what, memory.most / MIB, "MiB", None, MOST_MEMORY_MIB)
    growth = memory.around(END_AT) / memory.around(SETTLED_AT)
    what = "its memory at the end by that after three tenths of the time"
    yield Figure(what, growth, "", None, MOST_GROWTH)


def _latencies(contests: list[Contest]) -> Iterator[list[str | float]]:
    """Yield contest, side, requests a second, and the milliseconds of p50 and p99."""
    for contest in contests:
        for name in contest.ways:
            taken = contest.taken.get(name, [])
            middle = [each.median for each in taken if each.median is not None]
            late = [each.late for each in taken if each.late is not None]
            if contest.rates and middle and late and name not in contest.out:
                rate = 1 / median_with_interval([each.cost for each in taken])[0]
                times = [1e3 * median_with_interval(each)[0] for each in (middle, late)]
                yield [contest.name, name, rate, *times]
