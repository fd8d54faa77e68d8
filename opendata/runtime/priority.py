"""Priority: what a process does for nobody in particular gives way to what somebody waits for."""

import multiprocessing
import os
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

import pyarrow as pa

_POLARS = "POLARS_MAX_THREADS"
_LOWEST = 19
_LOW = 10


def background() -> ForkServerContext:
    """Return how processes are made that read, judge and build beside the rest.

    They have few threads, since those who answer requests should find a processor idle.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["opendata.runtime.isolation"])
    # Polars settles how many threads it has when it is imported, which the server does for all.
    before = os.environ.get(_POLARS)
    os.environ[_POLARS] = str(spare_threads())
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[_POLARS]
        if before is not None:
            os.environ[_POLARS] = before
    return context


def stand_back(*, urgent: bool = False, only_when_idle: bool = False) -> None:
    """Let others go first, less so if it is ``urgent``.

    What nobody waits for is done ``only_when_idle``: while all processors are busy, not at all.
    """
    pa.set_cpu_count(spare_threads())
    pa.set_io_thread_count(1)
    os.nice(_LOW if urgent else _LOWEST)
    if only_when_idle:
        # Not every system, nor every container, has it.
        with suppress(AttributeError, OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def lower(pid: int) -> None:
    """Let another process of ours stand back, one whose work somebody waits for."""
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, pid, _LOW)


def spare_threads() -> int:
    """Return how many threads leave a processor to those who answer requests; at least one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (usable or 1) - 1)
