"""The worker: looks for work in the facts and does it, one thing at a time."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

from opendata.runtime import Runtime
from opendata.stages import publish, validate
from opendata.stages.standing import standing
from opendata.storage import leases
from opendata.storage.vault import sweep_scratch

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.3
# Editions begin at midnight and are prepared a day ahead: looking once a minute is plenty.
EDITIONS_EVERY = timedelta(minutes=1)
# Work that keeps failing is tried again, ever less often.
MAX_DELAY_SECONDS = 60.0
DRAFTS_KEPT_SECONDS = 24 * 3600


class Worker:
    """One worker of one platform; any number may run."""

    def __init__(self, runtime: Runtime) -> None:
        """Prepare; no work is looked for yet."""
        self.runtime = runtime
        self._editions_at: datetime | None = None
        self._not_before: dict[str, float] = {}

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set, pausing only when there is nothing to do."""
        home, long_ago = self.runtime.home, time.time() - DRAFTS_KEPT_SECONDS
        home.vault.sweep(long_ago)
        sweep_scratch(home.scratch, long_ago)
        while not stop.is_set():
            try:
                worked = self.step()
            except Exception:
                # The facts stay as they were; the next look begins anew.
                log.exception("The worker failed at a step and goes on.")
                worked = False
            if not worked:
                stop.wait(PAUSE_SECONDS)

    def step(self) -> bool:
        """Do everything that the facts ask for now; return whether anything was done."""
        return any([self.validate_all(), self.publish_all(), self.prepare_editions()])

    def validate_all(self) -> bool:
        """Judge every submission that awaits its verdict."""
        with self.runtime.home.database.read() as session:
            waiting = validate.pending(session)
        done = [self._leased(f"validate/{each}", self._validate, each) for each in waiting]
        return any(done)

    def publish_all(self) -> bool:
        """Publish every submission that is approved, in the order of approval."""
        with self.runtime.home.database.read() as session:
            waiting = publish.pending(session)
            collections = {each: standing(session, each).submission.collection for each in waiting}
        done = [
            self._leased(f"publish/{collections[each]}", self._publish, each) for each in waiting
        ]
        return any(done)

    def prepare_editions(self) -> bool:
        """Build the files of editions that begin today or tomorrow."""
        now = self.runtime.now()
        if self._editions_at is not None and now - self._editions_at < EDITIONS_EVERY:
            return False
        self._editions_at = now
        with self.runtime.home.database.read() as session:
            due = publish.due_editions(session, now)
        for each in due:
            publish.prepare_edition(self.runtime.home, self.runtime.contracts, each, now)
        return bool(due)

    def _validate(self, submission_id: UUID, attempts: int) -> bool:
        runtime = self.runtime
        if attempts > validate.MAX_ATTEMPTS:
            with runtime.home.database.read() as session:
                collection = standing(session, submission_id).submission.collection
            found = validate.given_up(runtime.contracts[collection])
        else:
            found = validate.examine(runtime.home, runtime.contracts, submission_id)
        with runtime.home.database.begin() as session:
            return validate.record(session, submission_id, found, runtime.now())

    def _publish(self, submission_id: UUID, _attempts: int) -> bool:
        runtime = self.runtime
        return publish.publish(runtime.home, runtime.contracts, submission_id, runtime.now)

    def _leased(self, name: str, work: Callable[[UUID, int], bool], submission_id: UUID) -> bool:
        """Do ``work`` while holding the lease ``name``; it stays counted if the work fails."""
        if time.monotonic() < self._not_before.get(name, 0.0):
            return False
        database = self.runtime.home.database
        with database.begin() as session:
            attempts = leases.take(session, name, self.runtime.now())
        if attempts is None:
            return False
        try:
            done = work(submission_id, attempts)
        except Exception:
            log.exception("%s failed at attempt %s", name, attempts)
            self._not_before[name] = time.monotonic() + min(MAX_DELAY_SECONDS, 2.0**attempts)
            return False
        with database.begin() as session:
            leases.give_back(session, name)
        return done
