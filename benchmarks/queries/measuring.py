"""The half of the benchmarks about reading: set up, measured, and summed up."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import alone, penalties
from benchmarks.kept import Circumstances, Kept
from benchmarks.peers.records import Records, sorted_records
from benchmarks.platforms import Platform, platform
from benchmarks.queries import summing, visible
from benchmarks.queries.asked import OURS, QUESTIONS
from benchmarks.queries.beside import Judging
from benchmarks.queries.files import WHOLE_NAME, Files, fetch
from benchmarks.queries.memory import Mixture, watched
from benchmarks.queries.others import Others, others
from benchmarks.queries.parameters import Pools, pools
from benchmarks.queries.rates import Sides
from benchmarks.queries.searches import Searching
from benchmarks.queries.seen import Seen, Size
from benchmarks.rounds import FAILURES, Builder, built, take_turns
from opendata.tabular.contract import load

TENTH, WHOLE, SPARE = "tenth", "whole", "spare"
# Nothing may leave the collection while it is measured, whenever that ends.
MARGIN = timedelta(days=2)


def measured(folder: Path, size: Size) -> Iterator[Kept]:
    """Measure everything, in ``folder``; yield what came of it after the rounds, and at the end."""
    begun, seen = time.perf_counter(), Seen()
    day = datetime.now(UTC).date() + MARGIN
    plan = visible.Plan(folder, size.rows, size.parts, size.small, size.rounds, day)
    small = [*plan.small_ones(TENTH), *plan.small_ones(WHOLE)]
    home = folder / "home"
    home.mkdir()
    with platform(home, [*plan.datasets, *small, SPARE]) as ours:
        _say("publishing", begun)
        _fill(ours, plan, seen)
        whole = folder / WHOLE_NAME
        fetch(ours.port, whole)
        _note_sizes(home, whole, seen)
        records = sorted_records(whole, load(alone.CONTRACT), folder / "records.csv")
        _say("setting the others up", begun)
        with others(folder, records, seen) as found:
            known = pools(records)
            found.ports[OURS] = ours.port
            builders = _builders(ours, found, records, known, size)
            _say("taking turns", begun)
            yield from _take_turns(ours, builders, known, size, seen)
        _say("publishing once more", begun)
        _publish_small(ours, plan, WHOLE, seen)
    yield _summed(seen, size, begun)


def _summed(seen: Seen, size: Size, begun: float) -> Kept:
    minutes = (time.perf_counter() - begun) / 60
    return summing.kept(Circumstances.now(seen.versions, size.rounds, minutes), seen, size)


def _fill(ours: Platform, plan: visible.Plan, seen: Seen) -> None:
    """Publish a tenth, small datasets beside it, then the rest."""
    first, *rest = plan.datasets
    visible.publish(ours, [(first, plan.write(first))])
    ours.settle()
    _publish_small(ours, plan, TENTH, seen)
    seen.filling_seconds = visible.publish(ours, [(each, plan.write(each)) for each in rest])
    ours.settle()


def _publish_small(ours: Platform, plan: visible.Plan, when: str, seen: Seen) -> None:
    names = plan.small_ones(when)
    first = 0 if when == TENTH else len(names)
    taken = seen.visible.setdefault(f"{plan.first if when == TENTH else plan.rows:,}", [])
    try:
        for number, name in enumerate(names, first):
            file = plan.write_small(name, number)
            taken.append(visible.seconds_until_visible(ours, name, file))
    except FAILURES as error:
        seen.missing.append(f"small datasets, {when}: {error}")


def _builders(
    ours: Platform, found: Others, records: Records, known: Pools, size: Size
) -> list[Builder]:
    ports = found.ports
    sides = Sides(ports, known, records, ours.secret, size.turn_seconds)
    searching = Searching(ports, found.address, known, records, size.search_seconds)
    file = records.path.with_name("judged.csv")
    penalties.write(file, size.rows, seed=2)
    judging = Judging(ours, known, file, SPARE, size.judging_seconds)
    return [
        *sides.builders(),
        *searching.builders(),
        *Files(ports, known, records.columns, records.path.with_name(WHOLE_NAME)).builders(),
        judging.contest,
    ]


def _take_turns(
    ours: Platform, builders: list[Builder], known: Pools, size: Size, seen: Seen
) -> Iterator[Kept]:
    begun = time.perf_counter()
    with watched(ours) as seen.memory:
        seen.contests, reasons = built(builders)
        seen.missing += reasons
        take_turns(seen.contests, size.rounds)
        seen.watched_seconds = time.perf_counter() - begun
        yield _summed(seen, size, begun)
        _say("asking for everything at once", begun)
        answered = {each.name for each in seen.contests if OURS not in each.out}
        mixture = Mixture(known, [each for each in QUESTIONS if each not in answered])
        try:
            mixture.load(ours, size.mixed_seconds)
        except FAILURES as error:
            seen.missing.append(f"the mixed load ended early: {error}")
    seen.watched_seconds = time.perf_counter() - begun


def _note_sizes(home: Path, whole: Path, seen: Seen) -> None:
    seen.sizes = {
        "the collection as CSV": whole.stat().st_size,
        "its Parquet files in the lake": _bytes_of(home / "lake", "*.parquet"),
        "the serving index": _bytes_of(home / "index", "*"),
    }


def _bytes_of(folder: Path, pattern: str) -> int:
    return sum(each.stat().st_size for each in folder.rglob(pattern) if each.is_file())


def _say(what: str, begun: float) -> None:
    print(f"{time.perf_counter() - begun:5.0f} s: {what}", file=sys.stderr)
