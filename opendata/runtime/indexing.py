"""Indexing beside everything else: small segments at once, others in a process of low priority."""

import logging
import resource
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Thread

from opendata.domain.contracts import Contract
from opendata.runtime import Runtime
from opendata.runtime.isolation import end_with_worker
from opendata.runtime.priority import background, stand_back
from opendata.settings import Settings
from opendata.stages import indexing
from opendata.storage import leases
from opendata.storage.index.keeping import Keeper, fresh_name
from opendata.storage.index.roll import Entry, Part, quiet_for
from opendata.storage.vault import Vault

log = logging.getLogger(__name__)
# What takes a second or two; longer work is not done while a publication may be waiting.
ROWS_AT_ONCE = 50_000
# What failed so often would take time and memory again and again; the next worker tries anew.
MAX_ATTEMPTS = 3
# What another worker builds is looked at again, lest it died.
AGAIN_SECONDS = 60.0


class NotBuilt(RuntimeError):
    """The process that built a segment ended without one."""


@dataclass(frozen=True, slots=True)
class _Built:
    """What a process built: a segment, unless no release could be indexed."""

    entry: Entry | None
    refused: frozenset[Part]


@dataclass(frozen=True, slots=True)
class _Underway:
    """A segment that is being built in another process."""

    contract: Contract
    job: indexing.Job
    name: str
    child: BaseProcess
    answers: Connection
    held: Connection

    @property
    def is_over(self) -> bool:
        """Whether the process has answered or ended."""
        return self.answers.poll()

    @property
    def parts(self) -> frozenset[Part]:
        """The releases that the segment will hold, where it takes the place of no other."""
        taken = () if self.job.replaced else self.job.parts
        return frozenset(each.part for each in taken)


class Indexing:
    """Keeps the serving index of every collection complete and in shape."""

    def __init__(self, runtime: Runtime, *, aside: bool) -> None:
        """Prepare; with ``aside`` long work is done in a process of its own, one at a time."""
        self._runtime = runtime
        self._aside = aside
        self._keeper = Keeper(runtime.settings.index, runtime.home.vault)
        self._done: dict[str, indexing.Mark] = {}
        self._refused: dict[str, frozenset[Part]] = {}
        self._again: dict[str, float] = {}
        self._failures: Counter[indexing.Job] = Counter()
        self._underway: _Underway | None = None

    def waiting(self) -> list[str]:
        """Return the collections for which there may be something to do."""
        for name in [each for each, at in self._again.items() if at <= time.monotonic()]:
            del self._again[name]
            self._done.pop(name, None)
        found = {name for name, mark in self._marks().items() if self._done.get(name) != mark}
        if self._underway is not None and self._underway.is_over:
            found.add(self._underway.contract.collection)
        return sorted(found)

    def work(self, collection: str) -> bool:
        """Do what there is to do for a collection, or begin it; return whether anything was done.

        Raises:
            NotBuilt: the process that built a segment failed.
        """
        contract = self._runtime.contracts[collection].published
        done = self._collected(collection)
        mark, quiet = self._marks().get(collection), self._quiet(collection)
        while any(self._adopted_or_begun(contract, each) for each in self._jobs(contract, quiet)):
            done = True
            mark, quiet = self._marks().get(collection), self._quiet(collection)
        if mark is not None:
            self._done[collection] = mark
            left = indexing.unsettled_for(self._keeper, contract, quiet)
            if self._aside and left is not None:
                self._again[collection] = time.monotonic() + left
        return done

    def sweep(self) -> None:
        """Remove segments that nobody uses any more."""
        for each in self._runtime.contracts:
            self._keeper.sweep(each)

    def stop(self) -> None:
        """End what is being built."""
        if self._underway is not None:
            self._end(self._underway)

    def _marks(self) -> Mapping[str, indexing.Mark]:
        pointers = self._runtime.home.database.watch.state().pointers
        return indexing.marks(pointers, self._keeper, self._runtime.contracts)

    def _quiet(self, collection: str) -> float:
        return quiet_for(self._keeper.root / collection) if self._aside else 0.0

    def _jobs(self, contract: Contract, quiet: float) -> list[indexing.Job]:
        known = self._refused.get(contract.collection, frozenset())
        underway = self._underway.parts if self._underway else frozenset()
        with self._runtime.home.database.read() as session:
            found = indexing.jobs(session, self._keeper, contract, known | underway, quiet)
        return [each for each in found if self._failures[each] < MAX_ATTEMPTS]

    def _adopted_or_begun(self, contract: Contract, job: indexing.Job) -> bool:
        """Build a segment and put it on the roll; ``False`` where that will take a while."""
        if self._aside and (job.rows > ROWS_AT_ONCE or (job.replaced and job.parts)):
            self._begin(contract, job)
            return False
        return self._adopted(contract, job, _Built(*indexing.build(self._keeper, contract, job)))

    def _adopted(self, contract: Contract, job: indexing.Job, built: _Built) -> bool:
        known = self._refused.get(contract.collection, frozenset())
        self._refused[contract.collection] = known | built.refused
        fresh = () if built.entry is None else (built.entry,)
        drops = bool(job.replaced) and not job.parts
        if not fresh and not drops:
            return False
        return self._keeper.adopt(contract, fresh, job.replaced)

    def _begin(self, contract: Contract, job: indexing.Job) -> None:
        """Have a segment built by another process, unless one is being built or another does."""
        if self._underway is not None:
            return
        with self._runtime.home.database.begin() as session:
            if leases.take(session, _lease(contract), self._runtime.now()) is None:
                self._again[contract.collection] = time.monotonic() + AGAIN_SECONDS
                return
        context = background()
        answers, told = context.Pipe(duplex=False)
        # Nothing is ever sent: its other end closes when this process ends, however it ends.
        lifeline, held = context.Pipe(duplex=False)
        settings, name = self._runtime.settings, fresh_name()
        given = (settings, contract, job, name)
        child = context.Process(target=_build, args=(given, told, lifeline))
        child.start()
        told.close()
        lifeline.close()
        self._underway = _Underway(contract, job, name, child, answers, held)

    def _collected(self, collection: str) -> bool:
        """Take over what was built for a collection, if it is ready."""
        ready = self._underway
        if ready is None or ready.contract.collection != collection or not ready.is_over:
            return False
        try:
            found = ready.answers.recv()
        except EOFError:
            found = "The process ended."
        if not isinstance(found, _Built):
            self._failures[ready.job] += 1
            self._end(ready)
            raise NotBuilt(found)
        adopted = self._adopted(ready.contract, ready.job, found)
        self._end(ready)
        return adopted

    def _end(self, underway: _Underway) -> None:
        """End the process, remove what it left; whatever waited for its end is looked at again."""
        underway.child.kill()
        underway.child.join()
        underway.answers.close()
        underway.held.close()
        self._underway = None
        self._done.clear()
        self._keeper.discard(underway.contract.collection, underway.name)
        with self._runtime.home.database.begin() as session:
            leases.give_back(session, _lease(underway.contract))


_Given = tuple[Settings, Contract, indexing.Job, str]


def _build(given: _Given, told: Connection, lifeline: Connection) -> None:
    Thread(target=end_with_worker, args=(lifeline,), daemon=True).start()
    settings, contract, job, name = given
    stand_back(urgent=not job.replaced, only_when_idle=bool(job.replaced))
    limit = settings.judge_memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    keeper = Keeper(settings.index, Vault(settings.vault))
    try:
        told.send(_Built(*indexing.build(keeper, contract, job, name)))
    except Exception:
        told.send(traceback.format_exc())


def _lease(contract: Contract) -> str:
    return f"index-aside/{contract.collection}"
