"""Leases: who works on what at the moment. They spare work; the facts keep it right."""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.storage.tables import LeaseRow

# Long enough for any one piece of work on another host.
TERM = timedelta(hours=2)
# proc_pid_stat(5): starttime is field 22, counted here from field 3.
_START_TIME = 19


def holder_name() -> str:
    """Name this process so that a neighbour on the same host can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def take(session: Session, name: str, now: datetime) -> int | None:
    """Take the lease ``name`` unless another process that may still live holds it.

    On the same host a living holder keeps it for as long as it lives; of another host's only
    the term can tell. Returns how many holders have died over it since it was last given back,
    or ``None`` if another holds it.
    """
    mine = holder_name()
    row = session.scalars(select(LeaseRow).filter_by(name=name).with_for_update()).first()
    if row is None:
        return _open(session, LeaseRow(name=name, holder=mine, until=now + TERM, deaths=0))
    if row.holder == mine:
        return row.deaths
    here = alive(row.holder)
    if row.until > now if here is None else here:
        return None
    row.holder, row.until, row.deaths = mine, now + TERM, row.deaths + 1
    return row.deaths


def give_back(session: Session, name: str) -> None:
    """End a lease that this process holds."""
    ours = (LeaseRow.name == name) & (LeaseRow.holder == holder_name())
    session.execute(delete(LeaseRow).where(ours))


def _open(session: Session, row: LeaseRow) -> int | None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None  # Another process took the same new lease in this very moment.
    return row.deaths


def alive(holder: str) -> bool | None:
    """Whether the process of this name lives; ``None`` where it is another host's."""
    if not holder.startswith(f"{socket.gethostname()}:"):
        return None
    _, pid, started = holder.rsplit(":", 2)
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # The number may have been given to another process since, as in a restarted container.
    return _started(int(pid)) == started


def _started(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; empty where there is no ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[_START_TIME]
