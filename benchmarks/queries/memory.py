"""The memory that is the web processes' own, while they are asked for everything there is."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.load import Target, driven
from benchmarks.platforms import Platform
from benchmarks.programs import private_bytes
from benchmarks.queries.asked import OURS, Asking, everything, ours
from benchmarks.queries.parameters import Pools

EVERY_SECONDS = 1.0
# Of so many requests one is a search, and one a file of some thousand records.
SEARCH, FILE = 7, 97
FILE_SHARE = 0.01
CYCLE = 2_000


@dataclass(slots=True)
class Memory:
    """What was seen of all web processes together: for each look, the largest of them."""

    bytes_: list[int] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The most that any of them ever had."""
        return max(self.bytes_)

    def around(self, share: float) -> int:
        """Return the most in the tenth of the time that begins at ``share`` (0 to 0.9)."""
        first = int(share * len(self.bytes_))
        return max(self.bytes_[first : first + max(1, len(self.bytes_) // 10)])


@contextmanager
def watched(platform: Platform) -> Iterator[Memory]:
    """Look at the web processes every second until the block ends."""
    memory, stop = Memory(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            memory.bytes_.append(max(map(private_bytes, platform.web_processes())))
            stop.wait(EVERY_SECONDS)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield memory
    finally:
        stop.set()
        watcher.join()


def mixed_load(platform: Platform, pools: Pools, seconds: float) -> None:
    """Ask for records, pages, groups, searches and files in turn, for so long."""
    deadline, number = time.monotonic() + seconds, 0
    while (left := deadline - time.monotonic()) > 0:
        driven(Target(platform.port), iter(_mixture(pools, number)), min(left, 30.0))
        number += 1


def _mixture(pools: Pools, number: int) -> list[bytes]:
    draw = random.Random(f"mixed {number}")  # noqa: S311 - nothing here is secret.
    asks = [each[OURS] for each in Asking("").questions().values()]
    made = []
    for at, ask in zip(range(30 * CYCLE), cycle(asks), strict=False):
        if at % FILE == 0:
            since, until = pools.some_days(draw, FILE_SHARE)
            made.append(ours(".csv", decision_date__between=f"{since},{until}"))
        elif at % SEARCH == 0:
            made.append(ours(q=_term(pools, draw), limit="20", **everything(draw)))
        else:
            made.append(ask(pools, draw))
    return made


def _term(pools: Pools, draw: random.Random) -> str:
    kinds: Sequence[str] = sorted(pools.terms)
    return draw.choice(pools.terms[draw.choice(kinds)])
