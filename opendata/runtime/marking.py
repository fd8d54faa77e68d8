"""Marking apart: a file is read again, so a process of its own does it, with limits."""

import logging
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import IO

from opendata.domain.errors import Refusal, Text
from opendata.runtime.priority import lower
from opendata.settings import Settings
from opendata.tabular.annotate import Outcome, Received, mark, write_excerpt
from opendata.tabular.annotate.limited import Job, mark_limited

log = logging.getLogger(__name__)
TIME_LIMIT_SECONDS = 300
WAIT_SECONDS = 60

# Writes the marked workbook of a file to a path, in a folder for what it needs meanwhile;
# returns how its name ends.
Marking = Callable[[Received, Outcome, Path, Path], str]


class MarkingBusy(Refusal):
    """Other marked workbooks are being made, and this one waited as long as it should."""

    status = 503
    code = "marking-busy"
    title = Text("正在制作其他文件", "Other files are being made")


def mark_here(received: Received, outcome: Outcome, out: Path, work: Path) -> str:
    """Make the marked workbook in this process."""
    return mark(received, outcome, out, work)[1]


class MarkApart:
    """Makes marked workbooks in processes of their own, one at a time.

    What a file makes of its process does not matter: then only the rows that the report quotes
    are given, for which nothing is read again.
    """

    def __init__(self, settings: Settings) -> None:
        """Take the limit on memory from ``settings``."""
        self._limit = settings.judge_memory_bytes
        self._turns = BoundedSemaphore()

    def __call__(self, received: Received, outcome: Outcome, out: Path, work: Path) -> str:
        """Make one.

        Raises:
            MarkingBusy: others are being made for too long.
        """
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise MarkingBusy(
                "正在为其他文件制作标注，请稍后再试。",
                "Marked workbooks of other files are being made; try again later.",
            )
        try:
            suffix = self._apart((received, outcome, out, work))
        finally:
            self._turns.release()
        return write_excerpt(outcome, out) if suffix is None else suffix

    def _apart(self, job: Job) -> str | None:
        # No fork: a web process has threads; and nothing should stay once the work is done.
        context = multiprocessing.get_context("spawn")
        answers, told = context.Pipe(duplex=False)
        child = context.Process(target=mark_limited, args=(job, self._limit, told), daemon=True)
        child.start()
        lower(child.pid or 0)
        told.close()
        try:
            found = answers.recv() if answers.poll(TIME_LIMIT_SECONDS) else None
        except EOFError:
            found = None
        finally:
            child.kill()
            child.join()
            answers.close()
        if found is None:
            log.warning("Marking %s was given up; exit status %s.", job[0].path, child.exitcode)
        return found


def marked(
    marking: Marking, scratch: Path, given: tuple[Received, Outcome]
) -> tuple[IO[bytes], str]:
    """Return the marked workbook as an open file that is gone once closed, and how its name ends.

    Raises:
        MarkingBusy: others are being made for too long.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=scratch) as folder:
        out = Path(folder) / "marked"
        suffix = marking(*given, out, Path(folder))
        return out.open("rb"), suffix
