"""From approval to what everybody can read: a small new dataset in collections of any size."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path

from benchmarks import penalties
from benchmarks.platforms import COLLECTION, PATIENCE_SECONDS, Platform

PART = "part-{}"
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """Which files a collection is made of; no two of them have a key in common."""

    folder: Path
    rows: int
    parts: int
    small: int
    rounds: int
    day: date

    @property
    def first(self) -> int:
        """The rows of the first dataset: a tenth of all, as the collection's first size."""
        return self.rows // 10

    @property
    def datasets(self) -> list[str]:
        """The large datasets."""
        return [PART.format(number) for number in range(self.parts)]

    def small_ones(self, size: str) -> list[str]:
        """The small datasets that come when the collection has a size, one a round."""
        return [f"new-{size}-{number}" for number in range(self.rounds)]

    def write(self, dataset: str) -> Path:
        """Write one large dataset's file."""
        number = self.datasets.index(dataset)
        rest = self.rows - self.first
        begin = 0 if number == 0 else self.first + rest * (number - 1) // (self.parts - 1)
        return self._write(dataset, begin, self.first + rest * number // (self.parts - 1))

    def write_small(self, dataset: str, number: int) -> Path:
        """Write the file of the small dataset of this number, of all small ones."""
        begin = self.rows + number * self.small
        return self._write(dataset, begin, begin + self.small)

    def _write(self, dataset: str, begin: int, end: int) -> Path:
        path = self.folder / f"{dataset}.csv"
        penalties.write_part(path, range(begin, end), self.day)
        return path


def publish(platform: Platform, files: Sequence[tuple[str, Path]]) -> float:
    """Publish datasets, all judged at first; return the seconds from approvals to the end."""
    sent = [(dataset, platform.submit(dataset, path)) for dataset, path in files]
    for dataset, submission in sent:
        platform.wait(dataset, submission, "in_review")
    begun = time.perf_counter()
    for dataset, submission in sent:
        platform.approve(dataset, submission)
    for dataset, submission in sent:
        platform.wait(dataset, submission, "published")
    return time.perf_counter() - begun


def seconds_until_visible(platform: Platform, dataset: str, file: Path) -> float:
    """Publish one dataset; return the seconds from its approval until a reader sees it."""
    submission = platform.submit(dataset, file)
    platform.wait(dataset, submission, "in_review")
    platform.settle()
    platform.approve(dataset, submission)
    begun = time.perf_counter()
    url = f"{platform.api}/{COLLECTION}?_dataset={dataset}&limit=1"
    while time.perf_counter() - begun < PATIENCE_SECONDS:
        answer = platform.session.get(url, timeout=PATIENCE_SECONDS)
        if answer.status_code != HTTPStatus.OK:
            message = f"GET {url}: {answer.status_code} {answer.text[:500]}"
            raise RuntimeError(message)
        if answer.json()["data"]:
            return time.perf_counter() - begun
        time.sleep(LOOK_SECONDS)
    message = f"{dataset} does not become visible"
    raise RuntimeError(message)
