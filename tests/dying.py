"""Workers that die: in processes of their own, at a step that a test names.

A forkserver that has imported everything once makes a process in a few milliseconds; it ends
by ``os._exit``, as if the machine had lost its power.
"""

import os
from datetime import datetime
from uuid import UUID

from opendata.runtime import Runtime
from opendata.runtime.priority import background
from opendata.runtime.worker import Worker
from opendata.settings import Settings
from opendata.stages import publish, validate
from tests.chain import Clock

DIED = 9
# The steps of a publication, in order; "recorded" is inside the last transaction.
STEPS = (
    "gathered",
    "typed",
    "begun",
    "committed",
    "files-built",
    "recorded",
    "released",
)
# Those of preparing an edition; "edition-recorded" is inside its transaction.
EDITION_STEPS = ("edition-built", "edition-signed", "edition-recorded", "edition-prepared")
JUDGED = "judged"


class DyingWorker(Worker):
    """A worker whose process ends once it has done ``step``."""

    def __init__(self, runtime: Runtime, step: str) -> None:
        """Work on ``runtime`` until ``step``."""
        super().__init__(runtime, self._examine_and_mark)
        self.last = step

    def mark(self, step: str) -> None:
        """End the process if this is the step."""
        if step == self.last:
            os._exit(DIED)

    def _publish(self, submission_id: UUID, deaths: int) -> bool:
        held = self.runtime
        return publish.publish(held.home, held.contracts, submission_id, held.now, self.mark)

    def _prepare(self, due: publish.DueEdition, now: datetime) -> None:
        held = self.runtime
        publish.prepare_edition(held.home, held.contracts, due, now, self.mark)

    def _examine_and_mark(self, submission_id: UUID) -> validate.Examination:
        found = self._examine_here(submission_id)
        self.mark(JUDGED)
        return found


def _work(settings: Settings, moment: datetime, step: str) -> None:
    DyingWorker(Runtime.of(settings, Clock(moment)), step).step()
    os._exit(0)


def work_until(runtime: Runtime, step: str) -> int | None:
    """Let a worker in another process work; return the status with which it ended."""
    context = background()
    worker = context.Process(target=_work, args=(runtime.settings, runtime.now(), step))
    worker.start()
    worker.join(120)
    return worker.exitcode
