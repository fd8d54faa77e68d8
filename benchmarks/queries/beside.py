"""Reading while a large file is judged on the same machine."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Target, driven
from benchmarks.platforms import Platform
from benchmarks.programs import NotMeasured
from benchmarks.queries.asked import OURS, PAGE, Asking
from benchmarks.queries.parameters import Pools
from benchmarks.rounds import LATE, MEDIAN, Contest, Goal, Sample, Turn

ALONE, BESIDE = "alone", "while a file is judged"
# The 99th percentile may grow by 30 %.
LEAST = 1 / 1.3
UNDER_WAY = "received"
# Judging begins some tenths of a second after a file is received.
BEGINS_SECONDS = 0.5
PAGES_PER_SECOND = 6_000


@dataclass(frozen=True, slots=True)
class Judging:
    """A file that is judged again and again, in a dataset of its own, and taken back each time."""

    platform: Platform
    pools: Pools
    file: Path
    dataset: str
    seconds: float

    def contest(self) -> Contest:
        """Return the contest of pages alone and beside the judging of a file."""
        ways: dict[str, Turn] = {ALONE: self._alone, BESIDE: self._beside}
        return Contest("the 99th percentile of pages", ways, [Goal(BESIDE, ALONE, LEAST)])

    def _alone(self, number: int) -> Sample:
        return self._late(f"alone {number}")

    def _beside(self, number: int) -> Sample:
        submission = self.platform.submit(self.dataset, self.file)
        try:
            time.sleep(BEGINS_SECONDS)
            found = self._late(f"beside {number}")
            state = self.platform.state(self.dataset, submission)
            self.platform.wait(self.dataset, submission, "in_review")
        finally:
            self.platform.cancel(self.dataset, submission)
        if state != UNDER_WAY:
            message = f"the file was judged before {self.seconds:.0f} s of measuring were over"
            raise NotMeasured(message)
        return found

    def _late(self, seed: str) -> Sample:
        draw = random.Random(seed)  # noqa: S311 - nothing here is secret.
        ask = Asking("").questions()[PAGE][OURS]
        pages = [ask(self.pools, draw) for _ in range(int(PAGES_PER_SECOND * self.seconds))]
        load = driven(Target(self.platform.port), iter(pages), self.seconds)
        late = load.percentile(LATE)
        return Sample(late, load.percentile(MEDIAN), late)
