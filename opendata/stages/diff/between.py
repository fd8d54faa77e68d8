"""Between: what differs between two releases of a dataset, as far as both are public today.

Compared are the files of records that anybody may download of either: what has been suspended,
withdrawn or has left at the end of its window is in none of them.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import BoundedSemaphore

from sqlalchemy.orm import Session

from opendata import __version__
from opendata.domain.contracts import Contract
from opendata.domain.diffs import Summary
from opendata.domain.errors import NotFound, Refusal, Text
from opendata.stages import catalogue, releases
from opendata.stages.releases import File, Release
from opendata.storage.home import Home
from opendata.storage.pieces import Content, Piece
from opendata.storage.vault import scratch_folder
from opendata.tabular.diff import append_summary, compare

RECORDS = "data.parquet"
WAIT_SECONDS = 60
# A comparison takes memory by the size of the releases; a process makes one at a time.
_TURN = BoundedSemaphore()


class NotComparable(NotFound):
    """The file of a release's current edition is still being built."""

    code = "not-comparable"
    title = Text("暂时无法比较", "It cannot be compared now")


class DiffBusy(Refusal):
    """Other comparisons are being made, and this one waited as long as it should."""

    status = 503
    code = "diff-busy"
    title = Text("正在比较其他版本", "Other releases are being compared")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two releases of one dataset and their records; ``contract`` is the published one."""

    before: Release
    after: Release
    files: tuple[File, File]
    contract: Contract

    @property
    def tag(self) -> str:
        """A validator: another one wherever the answer could be another."""
        said = [__version__, self.contract.digest, *(each.sha256 for each in self.files)]
        named = [self.before.dataset, str(self.before.number), str(self.after.number)]
        return hashlib.sha256("\n".join([*said, *named]).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Diff:
    """How much changed, and a file of lines of JSON: each change, then the summary."""

    summary: Summary
    lines: Content

    def first(self, most: int) -> list[bytes]:
        """Return the first changes, at most so many; a file without a name is given up then."""
        count = min(most, self.summary.changes)
        with io.BufferedReader(self.lines.opened(0, self.lines.size)) as lines:
            return [each.rstrip(b"\n") for each in islice(lines, count)]


def pair(
    session: Session,
    contracts: catalogue.Contracts,
    dataset: str,
    numbers: tuple[int, int],
    now: datetime,
) -> Pair:
    """Return two releases that may be compared.

    Raises:
        NoSuchRelease: there is none of such a number.
        Gone: one of them is not public.
        NotComparable: the records of today's edition are not there yet.
    """
    found = [releases.release(session, dataset, each, now) for each in numbers]
    for each in found:
        releases.check_public(each)
    before, after = (_records(session, each) for each in found)
    contract = catalogue.contract_of(contracts, found[0].collection).published
    return Pair(found[0], found[1], (before, after), contract)


def diff(
    home: Home, contracts: catalogue.Contracts, wanted: Pair, now: Callable[[], datetime]
) -> Diff:
    """Compare two releases; the changes are in a file without a name, gone once it is closed.

    Raises:
        DiffBusy: others are being compared for too long, or something changed meanwhile.
        Gone: one of them is not public any more.
        NotComparable: the records of today's edition are not there yet.
    """
    before, after = (home.vault.path(each.sha256) for each in wanted.files)
    with _turn(), scratch_folder(home.scratch) as folder:
        into = folder / "changes.ndjson"
        summary = compare(before, after, wanted.contract, into)
        append_summary(into, summary)
        # Waiting and comparing take time, in which either may have been taken down.
        _check_same(home, contracts, wanted, now())
        return Diff(summary, Content((Piece(io.FileIO(into), 0, into.stat().st_size),), wanted.tag))


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURN.acquire(timeout=WAIT_SECONDS):
        raise DiffBusy(
            "正在比较其他版本，请稍后再试。", "Other releases are being compared; try again later."
        )
    try:
        yield
    finally:
        _TURN.release()


def _check_same(home: Home, contracts: catalogue.Contracts, wanted: Pair, now: datetime) -> None:
    """Raise unless both releases are public still, and what is public of them is the same."""
    numbers = wanted.before.number, wanted.after.number
    with home.database.read() as session:
        current = pair(session, contracts, wanted.before.dataset, numbers, now)
    if current.tag != wanted.tag:
        raise DiffBusy(
            "比较期间，所比较的内容有变，请稍后再试。",
            "What is compared has changed meanwhile; try again later.",
        )


def _records(session: Session, release: Release) -> File:
    for each in releases.files(session, release):
        if each.name == RECORDS:
            return each
    raise NotComparable(
        f"第 {release.number} 版当前版次的文件正在生成，请稍后再试。",
        f"The files of release {release.number} are being built; try again later.",
    )
