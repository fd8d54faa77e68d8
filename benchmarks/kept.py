"""What was measured, kept as JSON beside the page, so that the page is always written whole."""

import json
import os
import platform
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Paired

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways of doing the same: medians of what they cost, and how many times as fast one is.

    ``least`` is the gain that is the goal, if there is one; ``rates`` tells costs as how often.
    """

    what: str
    first: str
    second: str
    first_cost: float
    second_cost: float
    gain: float
    interval: Interval | None
    least: float | None = None
    rates: bool = False
    group: str = ""

    @classmethod
    def of(cls, names: tuple[str, str, str], taken: Paired) -> "Comparison":
        """Sum up rounds; ``names`` are what is done, who does it, and beside whom."""
        costs = statistics.median(taken.ours), statistics.median(taken.theirs)
        return cls(*names, *costs, taken.gain, taken.interval)

    @property
    def met(self) -> bool | None:
        """Whether the interval reaches the goal; ``None`` without either."""
        if self.least is None or self.interval is None:
            return None
        return self.interval[1] >= self.least


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, and what it is to be at most."""

    what: str
    value: float
    unit: str
    interval: Interval | None = None
    most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it is within its goal; its interval needs to reach it only."""
        if self.most is None:
            return None
        return (self.interval[0] if self.interval else self.value) <= self.most


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and on what something was measured."""

    day: str
    machine: str
    versions: Mapping[str, str]
    rounds: int
    minutes: float = 0.0

    @classmethod
    def now(cls, versions: Mapping[str, str], rounds: int, minutes: float) -> "Circumstances":
        """Return today's, on this machine."""
        cores = os.cpu_count()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        machine = (
            f"{_processor() or platform.machine()}, {cores} cores, {memory:.0f} GiB, "
            f"Python {platform.python_version()}"
        )
        return cls(str(datetime.now(UTC).date()), machine, dict(versions), rounds, minutes)

    @property
    def told(self) -> str:
        """The circumstances as sentences, in lines that are not too long."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        taken = f" in {self.minutes:.0f} minutes" if self.minutes else ""
        said = (
            f"Measured on {self.day} in {self.rounds} rounds{taken}, on {self.machine}. "
            f"Versions: {versions}."
        )
        return textwrap.fill(said, 98, break_long_words=False, break_on_hyphens=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """One half of what is measured; ``notes`` is whatever else its part of the page tells."""

    circumstances: Circumstances
    comparisons: Sequence[Comparison] = ()
    figures: Sequence[Figure] = ()
    missing: Sequence[str] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Kept":
        """Read what was written."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            Circumstances(**found["circumstances"]),
            [Comparison(**_paired(each)) for each in found["comparisons"]],
            [Figure(**_paired(each)) for each in found["figures"]],
            found["missing"],
            found["notes"],
        )


def _paired(found: dict[str, Any]) -> dict[str, Any]:
    between = found["interval"]
    return {**found, "interval": None if between is None else (between[0], between[1])}


def _processor() -> str:
    """Return what Linux calls the processor, where it says so."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    named = (each.partition(":")[2].strip() for each in lines if each.startswith("model name"))
    return next(named, "")
