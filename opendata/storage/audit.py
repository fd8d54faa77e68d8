"""The audit log: every fact leaves a line in its own transaction, each chained to the last."""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from opendata.storage.tables import AuditRow

GENESIS = "0" * 64
# Any constant will do; it names the lock under which PostgreSQL's writers take turns.
_CHAIN_LOCK = 0x6F70656E


def append(session: Session, actor: str, action: str, subject: str, at: datetime) -> None:
    """Add one line to the chain, in the caller's transaction.

    ``actor`` is a person's id or ``system``; ``subject`` names what the fact is about. No free
    text enters the log, so that nothing in it ever has to be erased.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).first()
    seq, previous = (1, GENESIS) if last is None else (last.seq + 1, last.hash)
    row = AuditRow(seq=seq, at=at, actor=actor, action=action, subject=subject, previous=previous)
    row.hash = line_hash(row)
    session.add(row)
    session.flush()


def line_hash(row: AuditRow) -> str:
    """Return the SHA-256 of a line and, through ``previous``, of every line before it."""
    at = row.at.astimezone(UTC).isoformat()
    line = [row.seq, at, row.actor, row.action, row.subject, row.previous]
    return hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()


def first_break(session: Session) -> int | None:
    """Return the number of the first line that does not fit the chain, or ``None``."""
    previous = GENESIS
    for seq, row in enumerate(session.scalars(select(AuditRow).order_by(AuditRow.seq)), start=1):
        if (row.seq, row.previous, row.hash) != (seq, previous, line_hash(row)):
            return seq
        previous = row.hash
    return None
