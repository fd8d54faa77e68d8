"""Judging apart: a file is read, judged and compared in a process of its own, with limits.

Whatever a file makes of that process, the worker goes on.
"""

import logging
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import OperationalError

from opendata.runtime import Runtime
from opendata.runtime.priority import background, stand_back
from opendata.settings import Settings
from opendata.stages import diff, validate
from opendata.stages.catalogue import Contracts
from opendata.stages.validate import Examination, Reason
from opendata.storage.home import Home
from opendata.storage.vault import scratch_folder

log = logging.getLogger(__name__)
TIME_LIMIT_SECONDS = 3600
LOOK_SECONDS = 0.5
# What has nothing to do with the file: a full disk, a database that is away.
PASSING = (OSError, OperationalError)
_T = TypeVar("_T")
# What is done there: a function of a module, so that it can be sent.
Work = Callable[[Home, Contracts, UUID], _T]
_Task = tuple[Settings, UUID, Path, Work[object]]


class ExaminationFailed(RuntimeError):
    """The process that judged a file ended without a finding; ``reason`` says how."""

    def __init__(self, message: str, reason: Reason) -> None:
        """Remember the reason."""
        super().__init__(message)
        self.reason = reason


class PassingTrouble(RuntimeError):
    """The file could not be judged now, through no fault of its own."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of the work."""

    outcome: Any


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a judging process ended without a finding; no ``reason`` where the trouble passes."""

    reason: Reason | None
    trace: str


def examine_apart(settings: Settings, stop: Event, submission_id: UUID) -> Examination:
    """Judge a submission in a process of its own and return what was found; see ``_apart``."""
    return _apart(settings, stop, submission_id, validate.examine)


def compare_apart(settings: Settings, stop: Event, submission_id: UUID) -> bool:
    """Compare a submission in a process of its own; see ``diff.prepare`` and ``_apart``."""
    return _apart(settings, stop, submission_id, diff.prepare)


def _apart(settings: Settings, stop: Event, submission_id: UUID, work: Work[_T]) -> _T:
    """Do something with a submission's file in a process of its own and return the outcome.

    What the process wrote to the scratch folder is gone afterwards, however it ended.

    Raises:
        ExaminationFailed: it ran out of memory or time, was killed, or met a fault of ours.
        PassingTrouble: disk or database failed, or ``stop`` was set; the same file may be
            judged later.
    """
    with scratch_folder(settings.scratch) as folder:
        found, status = _found((settings, submission_id, folder, work), stop)
    if isinstance(found, _Done):
        outcome: _T = found.outcome
        return outcome
    if isinstance(found, _Ended):
        if found.reason is None:
            raise PassingTrouble(found.trace)
        raise ExaminationFailed(found.trace, found.reason)
    if stop.is_set():
        message = "The worker is being stopped."
        raise PassingTrouble(message)
    # Rust and C++ abort where memory cannot be had; their other faults end in other ways.
    reason = Reason.MEMORY if status == -signal.SIGABRT else Reason.CRASHED
    message = f"The judging process ended with status {status} and no finding."
    raise ExaminationFailed(message, reason)


def _found(task: _Task, stop: Event) -> tuple[object, int | None]:
    """Start the process; return what it told, if anything, and its exit status."""
    context = background()
    answers, told = context.Pipe(duplex=False)
    # Nothing is ever sent: its other end closes when this process ends, however it ends.
    lifeline, held = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(task, told, lifeline))
    child.start()
    told.close()
    lifeline.close()
    try:
        found = _answer(answers, stop)
    finally:
        child.kill()
        child.join()
        answers.close()
        held.close()
    return found, child.exitcode


def _answer(answers: Connection, stop: Event) -> object:
    """Wait for an answer or the end of the process, for as long as the limit and ``stop`` let."""
    deadline = time.monotonic() + TIME_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if stop.is_set():
            return None
        if answers.poll(LOOK_SECONDS):
            try:
                return answers.recv()
            except EOFError:
                return None
    return _Ended(Reason.TIME, f"It takes more than {TIME_LIMIT_SECONDS} seconds.")


def _work(task: _Task, told: Connection, lifeline: Connection) -> None:
    stand_back()
    Thread(target=end_with_worker, args=(lifeline,), daemon=True).start()
    limit = task[0].judge_memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    # What a failed attempt held is free again before its end is told.
    told.send(_attempt(*task))


def _attempt(
    settings: Settings, submission_id: UUID, folder: Path, work: Work[object]
) -> _Done | _Ended:
    limit = settings.judge_memory_bytes
    try:
        runtime = Runtime.of(settings)
        home = replace(runtime.home, scratch=folder)
        return _Done(work(home, runtime.contracts, submission_id))
    except Exception as error:
        if isinstance(error, MemoryError) or _is_used_up(limit):
            return _Ended(Reason.MEMORY, f"It needs more than {limit} bytes of memory.")
        log.debug("Work on %s failed.", submission_id, exc_info=error)
        reason = None if isinstance(error, PASSING) else Reason.FAILED
        return _Ended(reason, traceback.format_exc())


def _is_used_up(limit: int) -> bool:
    """Whether memory is short, while what failed still holds it.

    Want of it has many faces: a thread that cannot start, a library that cannot be loaded, an
    ``OSError`` that looks like a disk's.
    """
    try:
        bytearray(limit // 16)
    except MemoryError:
        return True
    return False


def end_with_worker(lifeline: Connection) -> None:
    """End this process once its worker is gone: another one judges the file anew."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)
