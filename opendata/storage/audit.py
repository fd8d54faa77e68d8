"""The audit log: every fact leaves a line in its own transaction, each chained to the last."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from opendata.storage.tables import AuditRow

GENESIS = "0" * 64
# Any constant will do; it names the lock under which PostgreSQL's writers take turns.
_CHAIN_LOCK = 0x6F70656E


class Fault(StrEnum):
    """What may be wrong with a line of the chain.

    A line is ``ODD`` that follows another line than the one before it.
    """

    MISSING = "missing"
    CHANGED = "changed"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the chain: its hash stands for every line before it."""

    seq: int
    hash: str


def append(session: Session, actor: str, action: str, subject: str, at: datetime) -> int:
    """Add one line to the chain, in the caller's transaction, and return its number.

    ``actor`` is a person's id or ``system``; ``subject`` names what the fact is about. No free
    text enters the log, so that nothing in it ever has to be erased.
    """
    return append_all(session, actor, [(action, subject)], at)[0]


def append_all(
    session: Session, actor: str, facts: Iterable[tuple[str, str]], at: datetime
) -> list[int]:
    """Add a line for each action and subject, one behind the other; return their numbers."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = head(session)
    rows = []
    for action, subject in facts:
        seq = last.seq + 1
        row = AuditRow(seq=seq, at=at, actor=actor, action=action, subject=subject)
        row.previous = last.hash
        row.hash = line_hash(row)
        rows.append(row)
        last = Head(seq, row.hash)
    session.add_all(rows)
    session.flush()
    return [row.seq for row in rows]


def head(session: Session) -> Head:
    """Return the end of the chain; before the first line its number is 0."""
    last = select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)
    row = session.execute(last).first()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.hash)


def line_hash(row: AuditRow) -> str:
    """Return the SHA-256 of a line and, through ``previous``, of every line before it."""
    at = row.at.astimezone(UTC).isoformat()
    line = [row.seq, at, row.actor, row.action, row.subject, row.previous]
    return hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()


def fault_in(row: AuditRow, seq: int, previous: str) -> Fault | None:
    """Say what is wrong with a line where number ``seq`` should follow the hash ``previous``."""
    if row.seq != seq:
        return Fault.MISSING
    if row.hash != line_hash(row):
        return Fault.CHANGED
    return None if row.previous == previous else Fault.ODD


def first_break(session: Session) -> int | None:
    """Return the number of the first line that does not fit the chain, or ``None``."""
    previous = GENESIS
    for seq, row in enumerate(session.scalars(select(AuditRow).order_by(AuditRow.seq)), start=1):
        if fault_in(row, seq, previous) is not None:
            return seq
        previous = row.hash
    return None
