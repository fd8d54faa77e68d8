"""The memory that is the web processes' own, while they are asked for everything there is."""

import random
import sys
import threading
import time
from collections.abc import Collection, Iterator
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
# Requests are prepared by blocks, each for so many seconds at most.
BLOCK, BLOCK_SECONDS = 60_000, 30.0


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
            try:
                memory.bytes_.append(max(map(private_bytes, platform.web_processes())))
            except (OSError, ValueError, IndexError) as error:
                # One of them has just been replaced.
                print(f"memory was not seen: {error!r}", file=sys.stderr)
            stop.wait(EVERY_SECONDS)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield memory
    finally:
        stop.set()
        watcher.join()


@dataclass(frozen=True, slots=True)
class Mixture:
    """Records, pages, groups, searches and files in turn; what failed before is left out."""

    pools: Pools
    out: Collection[str]

    def load(self, platform: Platform, seconds: float) -> None:
        """Ask for it all, for so long."""
        deadline, number = time.monotonic() + seconds, 0
        while (left := deadline - time.monotonic()) > 0:
            requests = iter(self._requests(number))
            driven(Target(platform.port), requests, min(left, BLOCK_SECONDS))
            number += 1

    def _requests(self, number: int) -> list[bytes]:
        draw = random.Random(f"mixed {number}")  # noqa: S311 - nothing here is secret.
        questions = Asking("").questions().items()
        asks = [each[OURS] for name, each in questions if name not in self.out]
        made = []
        for at, ask in zip(range(BLOCK), cycle(asks), strict=False):
            if at % FILE == 0:
                since, until = self.pools.some_days(draw, FILE_SHARE)
                made.append(ours(".csv", decision_date__between=f"{since},{until}"))
            elif at % SEARCH == 0:
                made.append(ours(q=self._term(draw), limit="20", **everything(draw)))
            else:
                made.append(ask(self.pools, draw))
        return made

    def _term(self, draw: random.Random) -> str:
        return draw.choice(self.pools.terms[draw.choice(sorted(self.pools.terms))])
