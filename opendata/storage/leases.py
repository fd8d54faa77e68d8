"""Leases: who works on what at the moment. They spare work; the facts keep it right."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.storage.tables import LeaseRow

TERM = timedelta(minutes=2)


def holder_name() -> str:
    """Name this process so that a neighbour on the same host can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take(session: Session, name: str, now: datetime) -> int | None:
    """Take the lease ``name`` if it is free, has run out, or its holder has died.

    Returns how often it has been taken since it was last given back (1: the first time), or
    ``None`` if another holds it.
    """
    mine = holder_name()
    row = session.scalars(select(LeaseRow).filter_by(name=name).with_for_update()).first()
    if row is None:
        return _open(session, LeaseRow(name=name, holder=mine, until=now + TERM, attempts=1))
    if row.holder and row.until > now and row.holder != mine and _alive(row.holder):
        return None
    row.holder, row.until, row.attempts = mine, now + TERM, row.attempts + 1
    return row.attempts


def renew(session: Session, name: str, now: datetime) -> None:
    """Put off the end of a lease that this process holds."""
    ours = (LeaseRow.name == name) & (LeaseRow.holder == holder_name())
    session.execute(update(LeaseRow).where(ours).values(until=now + TERM))


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
    return row.attempts


def _alive(holder: str) -> bool:
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname():
        return True  # Only its own host can tell; elsewhere the term decides.
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
