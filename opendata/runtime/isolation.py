"""Judging apart: a file is read and judged in a process of its own, with limits.

Whatever a file makes of that process, the worker goes on.
"""

import logging
import multiprocessing
import os
import resource
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Event, Thread
from uuid import UUID

from sqlalchemy.exc import OperationalError

from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import validate
from opendata.stages.validate import Examination

log = logging.getLogger(__name__)
TIME_LIMIT_SECONDS = 3600
LOOK_SECONDS = 0.5
# What has nothing to do with the file: a full disk, a database that is away.
PASSING = (OSError, OperationalError)


class ExaminationFailed(RuntimeError):
    """The process that judged a file ended without a finding."""


class PassingTrouble(RuntimeError):
    """The file could not be judged now, through no fault of its own."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a judging process ended without a finding."""

    passing: bool
    trace: str


def examine_apart(settings: Settings, stop: Event, submission_id: UUID) -> Examination:
    """Judge a submission in a process of its own and return what was found.

    Raises:
        ExaminationFailed: it ran out of memory or time, was killed, or met a fault of ours.
        PassingTrouble: disk or database failed, or ``stop`` was set; the same file may be
            judged later.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["opendata.runtime.isolation"])
    answers, told = context.Pipe(duplex=False)
    # Nothing is ever sent: its other end closes when this process ends, however it ends.
    lifeline, held = context.Pipe(duplex=False)
    child = context.Process(target=_examine, args=(settings, submission_id, told, lifeline))
    child.start()
    told.close()
    lifeline.close()
    try:
        found = answers.recv() if _answered(answers, stop) else None
    except EOFError:
        found = None
    finally:
        child.kill()
        child.join()
        answers.close()
        held.close()
    if isinstance(found, Examination):
        return found
    if isinstance(found, _Ended):
        kind = PassingTrouble if found.passing else ExaminationFailed
        raise kind(found.trace)
    if stop.is_set():
        message = "The worker is being stopped."
        raise PassingTrouble(message)
    message = f"The judging process ended with status {child.exitcode} and no finding."
    raise ExaminationFailed(message)


def _answered(answers: Connection, stop: Event) -> bool:
    """Wait for an answer or the end of the process, for as long as the limit and ``stop`` let."""
    deadline = time.monotonic() + TIME_LIMIT_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if answers.poll(LOOK_SECONDS):
            return True
    return False


def _examine(
    settings: Settings, submission_id: UUID, told: Connection, lifeline: Connection
) -> None:
    Thread(target=_end_with_worker, args=(lifeline,), daemon=True).start()
    limit = settings.judge_memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        runtime = Runtime.of(settings)
        told.send(validate.examine(runtime.home, runtime.contracts, submission_id))
    except MemoryError:
        told.send(_Ended(passing=False, trace=f"It needs more than {limit} bytes of memory."))
    except Exception as error:
        log.debug("Judging %s failed.", submission_id, exc_info=error)
        told.send(_Ended(isinstance(error, PASSING), traceback.format_exc()))


def _end_with_worker(lifeline: Connection) -> None:
    """End this process once its worker is gone: another one judges the file anew."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)
