"""The half of the benchmarks about reading: everything is set up, measured and summed up here."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import alone, rounds
from benchmarks.kept import Circumstances, Kept
from benchmarks.peers import datasette, hello, installed, nginx, postgres, roapi
from benchmarks.peers.records import Records
from benchmarks.platforms import Platform, platform
from benchmarks.programs import NotMeasured
from benchmarks.queries import files, memory, summing, visible
from benchmarks.queries.asked import DATASETTE, OURS, ROAPI, ROW_PAGE
from benchmarks.queries.beside import Judging
from benchmarks.queries.parameters import Pools, pools
from benchmarks.queries.rates import HELLO, Sides
from benchmarks.queries.searches import POSTGRES, Searching
from benchmarks.rounds import Builder
from opendata.tabular.contract import load

SPARE = "spare"
# Nothing may leave the collection while it is measured, whenever that ends.
MARGIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rows, turns in seconds, rounds, and the mixed load."""

    rows: int
    parts: int
    small: int
    rounds: int
    turn_seconds: float
    search_seconds: float
    judging_seconds: float
    mixed_seconds: float


FULL = Size(
    rows=1_000_000,
    parts=7,
    small=5_000,
    rounds=7,
    turn_seconds=2.0,
    search_seconds=1.0,
    judging_seconds=3.0,
    mixed_seconds=180.0,
)
QUICK = Size(
    rows=2_000,
    parts=2,
    small=20,
    rounds=1,
    turn_seconds=0.1,
    search_seconds=0.1,
    judging_seconds=0.1,
    mixed_seconds=1.0,
)


@dataclass(slots=True)
class Found:
    """Everything that was seen, and why other things were not."""

    contests: list[rounds.Contest] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    visible: dict[str, list[float]] = field(default_factory=dict)
    memory: memory.Memory = field(default_factory=memory.Memory)
    sizes: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Others:
    """Who else is running: ports by name, and PostgreSQL's address."""

    ports: dict[str, int]
    address: str | None = None


def measured(folder: Path, size: Size) -> Kept:
    """Measure everything, in ``folder``, and return what came of it."""
    begun, found = time.perf_counter(), Found()
    day = datetime.now(UTC).date() + MARGIN
    plan = visible.Plan(folder, size.rows, size.parts, size.small, size.rounds, day)
    small = {name: plan.small_ones(name) for name in ("tenth", "whole")}
    datasets = [*plan.datasets, *small["tenth"], *small["whole"], SPARE]
    home = folder / "home"
    home.mkdir()
    with platform(home, datasets) as ours:
        _say("publishing", begun)
        _fill(ours, plan, small["tenth"], found)
        records = Records(folder / files.WHOLE_NAME, load(alone.CONTRACT))
        files.fetch(ours.port, records.path)
        _sizes(folder, home, found)
        _say("preparing the others", begun)
        with _others(folder, records, ours, found) as others:
            known = pools(records)
            builders = _builders(ours, others, known, records, size)
            _say("taking turns", begun)
            _turns(ours, builders, known, size, found)
        _say("publishing once more", begun)
        _publish_small(ours, plan, small["whole"], len(small["tenth"]), found)
    minutes = (time.perf_counter() - begun) / 60
    circumstances = Circumstances.now(found.versions, size.rounds, minutes)
    return summing.kept(circumstances, found.contests, found, size)


def _say(what: str, begun: float) -> None:
    print(f"{time.perf_counter() - begun:5.0f} s: {what}", file=sys.stderr)
