"""The worker: looks for work in the facts and does it, one thing at a time.

Files are judged beside the rest, where that is done in processes of their own.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TypeVar
from uuid import UUID

from opendata.domain.editions import local_day
from opendata.runtime import Runtime, isolation
from opendata.runtime.indexing import Indexing
from opendata.stages import derive, diff, erasure, limits, publish, upload, validate
from opendata.stages.standing import standing
from opendata.stages.validate import Examination, Reason
from opendata.storage import leases
from opendata.storage.vault import sweep

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.3
# Editions begin at midnight and are prepared a day ahead: looking once a minute is plenty.
EDITIONS_EVERY = timedelta(minutes=1)
SWEEP_EVERY = timedelta(minutes=1)
# What is derived takes half of the time in which there is nothing else to do.
DERIVE_SECONDS = 0.1
DERIVE_AGAIN_SECONDS = 60.0
# Work that keeps failing is tried again, ever less often.
FIRST_DELAY_SECONDS = 1.0
MAX_DELAY_SECONDS = 60.0
# Trouble that is no fault of a file, and passes: a full disk, a database that is away.
PASSING = (*isolation.PASSING, isolation.PassingTrouble)
Examine = Callable[[UUID], Examination]
Compare = Callable[[UUID], bool]
DRAFTS_KEPT_SECONDS = 24 * 3600
# In this time a process that judges is ended.
STOP_SECONDS = 5.0
_ENDED = object()
# A submission, or a collection, or a submission that is compared.
_Subject = TypeVar("_Subject", UUID, str)


class Worker:
    """One worker of one platform; any number may run."""

    def __init__(
        self, runtime: Runtime, examine: Examine | None = None, compare: Compare | None = None
    ) -> None:
        """Prepare; no work is looked for yet.

        ``examine`` judges one submission: in this process, unless something else is given. Then
        what takes long is done elsewhere too. ``compare`` says what one would change.
        """
        self.runtime = runtime
        self._examine = examine or self._examine_here
        self._compare = compare or self._compare_here
        self._aside = examine is not None
        self._indexing = Indexing(runtime, aside=self._aside)
        self._editions_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._deriving: Iterator[None] = iter(())
        self._derived: Hashable = None
        self._compared: Hashable = None
        self._derive_from = 0.0
        self._failures: defaultdict[UUID | str, int] = defaultdict(int)
        self._reasons: dict[UUID, Reason] = {}
        self._delays: defaultdict[UUID | str, float] = defaultdict(lambda: FIRST_DELAY_SECONDS)
        self._not_before: dict[UUID | str, float] = {}

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set, pausing only when there is nothing to do."""
        home, long_ago = self.runtime.home, time.time() - DRAFTS_KEPT_SECONDS
        home.vault.sweep(long_ago)
        sweep(home.scratch, long_ago)
        sweep(home.derived.drafts, long_ago)
        judging = Thread(target=self._judge, args=(stop,), name="judging", daemon=True)
        work = self.step
        if self._aside:
            # What is approved waits for no file that is being judged, however large.
            judging.start()
            work = self.step_beside
        try:
            while not stop.is_set():
                if not _went_well(work):
                    stop.wait(DERIVE_SECONDS if self.derive() else PAUSE_SECONDS)
        finally:
            self._indexing.stop()
            if judging.is_alive():
                judging.join(STOP_SECONDS)

    def _judge(self, stop: Event) -> None:
        """Judge what awaits its verdict, one file at a time, until ``stop`` is set.

        Where nothing does, what awaits a word is compared with what is public.
        """
        while not stop.is_set():
            if not _went_well(self.validate_all) and not _went_well(self.compare_all):
                stop.wait(PAUSE_SECONDS)

    def step(self) -> bool:
        """Do everything that the facts ask for now; return whether anything was done."""
        done = [self.step_beside(), self.validate_all()]
        return any(done)

    def step_beside(self) -> bool:
        """Do everything but to judge; return whether anything was done."""
        done = [self.publish_all(), self.index_all(), self.prepare_editions()]
        self.sweep()
        return any(done)

    def validate_all(self) -> bool:
        """Judge every submission that awaits its verdict."""
        with self.runtime.home.database.read() as session:
            waiting = validate.pending(session)
        done = [self._leased(f"validate/{each}", self._validate, each) for each in waiting]
        return any(done)

    def compare_all(self) -> bool:
        """Compare every submission that awaits a word with what is public."""
        home, state = self.runtime.home, self.runtime.home.database.watch.state()
        if state.of_everything() == self._compared:
            return False
        waiting = diff.due(home, self.runtime.contracts)
        done = [self._leased(f"diff/{each}", self._diff, str(each)) for each in waiting]
        if not waiting:
            self._compared = state.of_everything()
        return any(done)

    def publish_all(self) -> bool:
        """Publish every submission that is approved, in the order of approval."""
        with self.runtime.home.database.read() as session:
            waiting = publish.pending(session, self.runtime.now())
            collections = {each: standing(session, each).submission.collection for each in waiting}
        done = [
            self._leased(f"publish/{collections[each]}", self._publish, each) for each in waiting
        ]
        return any(done)

    def index_all(self) -> bool:
        """Bring the serving index of every collection up to what was published."""
        done = [
            self._leased(f"index/{each}", lambda name, _: self._indexing.work(name), each)
            for each in self._indexing.waiting()
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
            try:
                self._prepare(each, now)
            except Exception:
                # Its files stay unavailable, never stale; the others are built all the same.
                log.exception("The edition %s of %s was not built.", each.day, each.release_id)
        return bool(due)

    def sweep(self) -> None:
        """Sweep uploads that expired or are whole, the index, what was erased, and counts."""
        now = self.runtime.now()
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            upload.sweep(self.runtime.home, now)
            self._indexing.sweep()
            erasure.sweep(self.runtime.home)
            limits.sweep(self.runtime.home, now)

    def derive(self) -> bool:
        """Go on for a moment with what is derived; return whether there is more to do.

        Nothing waits for it, so whatever happens it is only begun anew after a while.
        """
        until = time.monotonic() + DERIVE_SECONDS
        try:
            while time.monotonic() < until:
                if next(self._deriving, _ENDED) is _ENDED and not self._begin_deriving():
                    return False
        except Exception:
            log.exception("Nothing is derived from the releases for now.")
            self._deriving, self._derived = iter(()), None
            self._derive_from = until + DERIVE_AGAIN_SECONDS
            return False
        return True

    def _begin_deriving(self) -> bool:
        """Look for what is missing whenever anything was recorded, and on every new day."""
        runtime, now = self.runtime, self.runtime.now()
        state = (runtime.home.database.watch.state().of_everything(), local_day(now))
        if state == self._derived or time.monotonic() < self._derive_from:
            return False
        self._derived = state
        self._deriving = derive.derive(runtime.home, runtime.contracts.values(), now)
        return True

    def _examine_here(self, submission_id: UUID) -> Examination:
        return validate.examine(self.runtime.home, self.runtime.contracts, submission_id)

    def _compare_here(self, submission_id: UUID) -> bool:
        return diff.prepare(self.runtime.home, self.runtime.contracts, submission_id)

    def _diff(self, subject: str, deaths: int) -> bool:
        submission_id, runtime = UUID(subject), self.runtime
        if deaths + self._failures[subject] < validate.MAX_ATTEMPTS:
            return self._compare(submission_id)
        diff.give_up(runtime.home, runtime.contracts, submission_id)
        return True

    def _validate(self, submission_id: UUID, deaths: int) -> bool:
        found = self._finding(submission_id, deaths)
        with self.runtime.home.database.begin() as session:
            return validate.record(session, submission_id, found, self.runtime.now())

    def _finding(self, submission_id: UUID, deaths: int) -> Examination:
        """Judge a submission, or give it up: what would meet the same end again at once."""
        if deaths + self._failures[submission_id] >= validate.MAX_ATTEMPTS:
            return self._given_up(submission_id)
        try:
            return self._examine(submission_id)
        except isolation.ExaminationFailed as error:
            self._reasons[submission_id] = error.reason
            if not error.reason.is_final:
                raise
            log.warning("%s is given up: %s", submission_id, error)
            return self._given_up(submission_id)

    def _given_up(self, submission_id: UUID) -> Examination:
        with self.runtime.home.database.read() as session:
            collection = standing(session, submission_id).submission.collection
        reason = self._reasons.get(submission_id, Reason.FAILED)
        return validate.given_up(self.runtime.contracts[collection], reason)

    def _prepare(self, due: publish.DueEdition, now: datetime) -> None:
        publish.prepare_edition(self.runtime.home, self.runtime.contracts, due, now)

    def _publish(self, submission_id: UUID, deaths: int) -> bool:
        runtime = self.runtime
        if deaths + self._failures[submission_id] >= publish.MAX_ATTEMPTS:
            return publish.give_up(runtime.home, submission_id, runtime.now())
        return publish.publish(runtime.home, runtime.contracts, submission_id, runtime.now)

    def _leased(self, name: str, work: Callable[[_Subject, int], bool], subject: _Subject) -> bool:
        """Do ``work`` on a submission or a collection while holding the lease ``name``."""
        if time.monotonic() < self._not_before.get(subject, 0.0):
            return False
        database = self.runtime.home.database
        with database.begin() as session:
            deaths = leases.take(session, name, self.runtime.now())
        if deaths is None:
            return False
        try:
            return work(subject, deaths)
        except PASSING as error:
            log.warning("%s waits: %s", name, error)
            # What is not in the vault will not come back by itself.
            self._failures[subject] += isinstance(error, FileNotFoundError)
            self._put_off(subject)
        except Exception:
            log.exception("%s failed on %s", name, subject)
            self._failures[subject] += 1
            self._put_off(subject)
        finally:
            with database.begin() as session:
                leases.give_back(session, name)
        return False

    def _put_off(self, subject: UUID | str) -> None:
        """Try again later, ever later; others do not wait for this one."""
        self._delays[subject] = min(MAX_DELAY_SECONDS, 2 * self._delays[subject])
        self._not_before[subject] = time.monotonic() + self._delays[subject]


def _went_well(work: Callable[[], bool]) -> bool:
    """Do some work, whatever may come of it; return whether anything was done."""
    try:
        return work()
    except Exception:
        # The facts stay as they were; the next look begins anew.
        log.exception("The worker failed at a step and goes on.")
        return False
