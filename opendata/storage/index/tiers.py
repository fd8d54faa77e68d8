"""Tiers: which segments are written anew as one, so that they stay few and cost little.

A record is written again only together with at least as many others, hence about as often as
the collection's size has digits (to base four), however it grew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from opendata.storage.index.roll import Entry, Part

# So many segments of a tier are merged; the next tier's have so many times their records.
WIDTH = 4
# Below this all segments are of one tier.
_SMALL = 4_096
MAX_ROWS = 1_500_000
# About what one processor indexes.
ROWS_A_SECOND = 20_000
FIRST_QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Change:
    """What a roll should become: segments replaced by one of these parts, or by none."""

    replaced: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    entry: Entry
    live: int
    dead: int


def change(
    entries: Sequence[Entry], live: Collection[Part], rows: Mapping[Part, int]
) -> Change | None:
    """Return what should be done next; ``None`` if all is well.

    ``live`` are the releases that the collection shows now; a part that is not is *dead*. It is
    kept for those who ask for earlier states, as long as the dead are fewer than the living:
    in the whole collection, and in a segment that has both. ``rows`` says how many records each
    part has, about.
    """
    weighed = [_weighed(each, live, rows) for each in entries]
    return _dropped(weighed) or _cleared(weighed, live) or _merged(weighed, live)


def settled(entries: Sequence[Entry], live: Collection[Part]) -> Change | None:
    """Return how the largest segments that fit into one become one, dead parts left out.

    Every segment costs each answer something; this is for when nothing has changed for long.
    """
    chosen: list[Entry] = []
    for each in sorted(entries, key=lambda each: -each.rows):
        if any(part in live for part in each.parts) and _sum([*chosen, each]) <= MAX_ROWS:
            chosen.append(each)
    if len(chosen) < 2:
        return None
    parts = tuple(part for each in chosen for part in each.parts if part in live)
    return Change(tuple(each.segment for each in chosen), parts)


def quiet_seconds(entries: Sequence[Entry]) -> float:
    """Return for how long nothing should have changed before all is written anew.

    It is about as long as that takes, so that at most half of the time goes into it.
    """
    return FIRST_QUIET_SECONDS + _sum(entries) / ROWS_A_SECOND


def _sum(entries: Sequence[Entry]) -> int:
    return sum(each.rows for each in entries)


def _weighed(entry: Entry, live: Collection[Part], rows: Mapping[Part, int]) -> _Weighed:
    # A release without records lives, too.
    living = sum(max(1, rows.get(each, 0)) for each in entry.parts if each in live)
    return _Weighed(
        entry, living, sum(rows.get(each, 0) for each in entry.parts if each not in live)
    )


def _dropped(weighed: Sequence[_Weighed]) -> Change | None:
    """Drop segments of which nothing lives, oldest first, until the dead are fewer."""
    excess = sum(each.dead - each.live for each in weighed)
    names = []
    for each in weighed:
        if excess > 0 and not each.live and each.dead:
            names.append(each.entry.segment)
            excess -= each.dead
    return Change(tuple(names), ()) if names else None


def _cleared(weighed: Sequence[_Weighed], live: Collection[Part]) -> Change | None:
    """Write a segment anew in which the dead outweigh the living."""
    for each in weighed:
        if each.live and each.dead > each.live:
            kept = tuple(part for part in each.entry.parts if part in live)
            return Change((each.entry.segment,), kept)
    return None


def _merged(weighed: Sequence[_Weighed], live: Collection[Part]) -> Change | None:
    """Merge segments of one tier, those of which nothing lives among themselves."""
    tiers: dict[tuple[bool, int], list[_Weighed]] = {}
    for each in weighed:
        tiers.setdefault((bool(each.live), _tier(each.entry.rows)), []).append(each)
    for _, members in sorted(tiers.items()):
        sizes = accumulate(each.entry.rows for each in members)
        chosen = [each for each, size in zip(members, sizes, strict=True) if size <= MAX_ROWS]
        if len(chosen) >= WIDTH:
            return Change(tuple(each.entry.segment for each in chosen), _kept(chosen, live))
    return None


def _kept(chosen: Sequence[_Weighed], live: Collection[Part]) -> tuple[Part, ...]:
    """Return the parts of segments; if the dead outweigh the living, these alone."""
    living, dead = sum(each.live for each in chosen), sum(each.dead for each in chosen)
    parts = (part for each in chosen for part in each.entry.parts)
    return tuple(each for each in parts if each in live or not 0 < living < dead)


def _tier(rows: int) -> int:
    """Return the tier of a segment of so many records.

    >>> [_tier(each) for each in (0, 5_000, 16_383, 16_384, 65_536, 1_000_000)]
    [6, 6, 6, 7, 8, 9]
    """
    return (max(rows, _SMALL).bit_length() - 1) // 2
