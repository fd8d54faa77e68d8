"""What it costs to publish a little more in a collection that holds much.

The collection grows by the chain's own steps, in this very process, so that the time of the
processor is told step by step and nothing else is counted::

    python -m benchmarks.publishing 100000 1000000 10000000
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from threading import Event
from uuid import UUID

from benchmarks.penalties import publishers, write_part
from opendata.domain.approvals import Verdict
from opendata.domain.catalogue import ROLLING, Agency, DisclosureAttribute, Metadata
from opendata.domain.errors import Text
from opendata.domain.people import Actor, Role
from opendata.runtime import Runtime, initialise
from opendata.runtime.worker import Worker
from opendata.settings import MIB, Settings
from opendata.stages import access, answer, catalogue, publish, receive, review, validate

COLLECTION = "administrative-penalties"
ROWS = 5_000
# More than a worksheet has rows: no workbook is made of what is only there to be many.
ROWS_A_RELEASE = 2_000_000
WHO = (Role.AUTHOR, Role.REVIEWER, Role.APPROVER)
_MAX_UPLOAD_BYTES = 16 * 1024 * MIB


@dataclass(frozen=True, slots=True)
class Taken:
    """What one publication took in seconds: of the processor step by step, and by the clock."""

    rows_before: int
    steps: dict[str, float]
    wall: float

    @property
    def cpu(self) -> float:
        """Seconds of the processor, all in all."""
        return sum(self.steps.values())


class Growing:
    """A platform of its own whose one collection grows, each release a dataset of its own."""

    def __init__(self, folder: Path) -> None:
        """Set up the platform in ``folder``."""
        home = folder / "home"
        url = f"sqlite:///{home / 'opendata.db'}"
        settings = Settings(home=home, database_url=url, max_upload_bytes=_MAX_UPLOAD_BYTES)
        initialise(settings)
        self.runtime = Runtime.of(settings)
        self.rows = 0
        self._folder = folder
        # As in a server, what takes long is left to other processes.
        examine = partial(validate.examine, self.runtime.home, self.runtime.contracts)
        self._worker = Worker(self.runtime, examine)
        self._names = (f"benchmark-penalties-of-agency-{number:05}" for number in count(1))

    def grow(self, rows: int) -> Taken:
        """Publish a new dataset of so many rows."""
        before, name = self.rows, next(self._names)
        file = self._folder / f"{name}.csv"
        write_part(file, range(before, before + rows), self.runtime.today())
        submission = self._approved(name, file)
        file.unlink()
        taken = self._published(submission)
        self.rows += rows
        return taken

    def end(self) -> None:
        """End what is still being done in other processes."""
        stop = Event()
        stop.set()
        self._worker.run(stop)

    def _approved(self, name: str, file: Path) -> UUID:
        """Take a file through the chain up to its approval."""
        runtime, actors = self.runtime, self._cast(name)
        database, now = runtime.home.database, runtime.now()
        upload = receive.Upload(name, "text/csv", file.name, file.stat().st_size, None, None)
        with file.open("rb") as stream:
            blob = receive.store(runtime.home.vault, stream, upload, _MAX_UPLOAD_BYTES)
        with database.begin() as session:
            wanted = _registration(name)
            catalogue.register(session, actors[Role.AUTHOR], wanted, runtime.contracts, now)
            found, _ = receive.record(session, actors[Role.AUTHOR], upload, blob, now)
        submission = found.submission.id
        examined = validate.examine(runtime.home, runtime.contracts, submission)
        with database.begin() as session:
            validate.record(session, submission, examined, runtime.now())
        self._signed(actors, submission)
        return submission

    def _signed(self, actors: dict[Role, Actor], submission: UUID) -> None:
        runtime, word = self.runtime, review.Word(Verdict.DISCLOSE, "测试", "虚构数据")
        author = actors[Role.AUTHOR]
        with runtime.home.database.read() as session:
            doubts = review.visible(session, author, submission).cautions.unanswered
        with runtime.home.database.begin() as session:
            said = [answer.Answer(each, "虚构数据") for each in doubts]
            answer.answer(session, author, submission, said, runtime.now())
        for role in (Role.REVIEWER, Role.APPROVER):
            circumstances = (runtime.contracts, runtime.now())
            with runtime.home.database.begin() as session:
                review.decide(session, actors[role], submission, word, circumstances)

    def _published(self, submission: UUID) -> Taken:
        """Publish what is approved, and bring the serving index up to it."""
        home, contracts = self.runtime.home, self.runtime.contracts
        begun, marks = time.perf_counter(), [("", time.process_time())]

        def mark(step: str) -> None:
            marks.append((step, time.process_time()))

        if not publish.publish(home, contracts, submission, self.runtime.now, mark):
            message = f"{submission} was not published"
            raise RuntimeError(message)
        self._worker.index_all()
        mark("indexed")
        steps = {step: now - before for (_, before), (step, now) in pairwise(marks)}
        return Taken(self.rows, steps, time.perf_counter() - begun)

    def _cast(self, name: str) -> dict[Role, Actor]:
        """Record an agency, its three persons, and sign them in."""
        now = self.runtime.now()
        with self.runtime.home.database.begin() as session:
            agency = Agency(name, Text(f"{name}（虚构）", name), None, None)
            access.add_agency(session, agency, now)
            return {
                role: access.session_key(
                    session,
                    access.add_person(session, f"{name} {role}（虚构）", now),
                    access.KeyTerms(role, name),
                    now,
                )
                for role in WHO
            }


def costs(sizes: Sequence[int], folder: Path, rows: int = ROWS) -> Iterator[Taken]:
    """Yield what publishing ``rows`` more rows takes once a collection has each of these sizes.

    The first publication of all, which loads what all need, is not told.
    """
    growing = Growing(folder)
    try:
        growing.grow(rows)
        for size in sizes:
            while (missing := size - growing.rows) > 0:
                growing.grow(min(missing, ROWS_A_RELEASE))
            yield growing.grow(rows)
    finally:
        growing.end()


def _registration(name: str) -> catalogue.Registration:
    metadata = Metadata(
        title=Text(f"{name}（虚构）", name),
        description=Text("", ""),
        disclosure_attribute=DisclosureAttribute.PROACTIVE,
        attribute_reason="",
        transcribes=tuple(sorted(publishers())),
        sources=(),
    )
    return catalogue.Registration(name, COLLECTION, name, ROLLING, metadata)


def main() -> None:
    """Measure at the sizes given and print a line for each step of each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing")
    parser.add_argument("sizes", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--folder", type=Path, help="where to work; emptied afterwards")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for taken in costs(asked.sizes, Path(folder)):
            print(f"{taken.rows_before:>12,} rows: {taken.cpu:.2f} s CPU, {taken.wall:.2f} s")
            print("".join(f"  {step} {cpu:.2f}" for step, cpu in taken.steps.items()), flush=True)


if __name__ == "__main__":
    main()
