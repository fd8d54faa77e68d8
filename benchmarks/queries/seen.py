"""How much is measured, and what was seen."""

from dataclasses import dataclass, field

from benchmarks.queries.memory import Memory
from benchmarks.rounds import Contest


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rows, datasets, rounds, the seconds of turns and of the mixed load."""

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
    turn_seconds=1.0,
    search_seconds=1.0,
    judging_seconds=3.0,
    mixed_seconds=600.0,
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
class Seen:
    """Everything that was seen, and why other things were not.

    ``visible`` has the seconds from approval until a small dataset is read, by the records there
    were; ``sizes`` are bytes, or seconds where their name says so.
    """

    contests: list[Contest] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    visible: dict[str, list[float]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    watched_seconds: float = 0.0
    sizes: dict[str, int] = field(default_factory=dict)
    filling_seconds: float = 0.0
