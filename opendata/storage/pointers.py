"""Pointers: the snapshot of each collection that readers follow."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.storage.lake import Snapshot
from opendata.storage.tables import PointerRow


def current(session: Session, collection: str) -> Snapshot | None:
    """Return the snapshot a collection shows now, ``None`` before its first release."""
    row = session.get(PointerRow, collection)
    return None if row is None else Snapshot(row.snapshot_id, row.metadata_location)


def move(
    session: Session, collection: str, seen: Snapshot | None, to: Snapshot, now: datetime
) -> bool:
    """Move the pointer from ``seen`` to ``to``; return whether it was still at ``seen``."""
    values = {"snapshot_id": to.id, "metadata_location": to.metadata_location, "moved_at": now}
    if seen is None:
        try:
            with session.begin_nested():
                session.add(PointerRow(collection=collection, **values))
        except IntegrityError:
            return False
        return True
    still = (PointerRow.collection == collection) & (PointerRow.snapshot_id == seen.id)
    moved = update(PointerRow).where(still).values(**values).returning(PointerRow.collection)
    return session.execute(moved).first() is not None
