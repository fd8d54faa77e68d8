"""What a process of its own runs to make one marked workbook; importing it is quick."""

import resource
from multiprocessing.connection import Connection
from pathlib import Path

from opendata.tabular.annotate.account import Outcome
from opendata.tabular.annotate.workbook import Received, mark

Job = tuple[Received, Outcome, Path, Path]


def mark_limited(job: Job, memory_bytes: int, told: Connection) -> None:
    """Do the job within a limit on memory, and tell how the workbook's name ends."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    told.send(mark(*job)[1])
