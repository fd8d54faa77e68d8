"""Turns: transactions about the same thing go one after the other."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_turn(session: Session, subject: str) -> None:
    """Wait until no other transaction about ``subject`` is open; hold the turn to the end.

    For what has no row to be locked. SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        wanted = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")
        session.execute(wanted, {"subject": subject})
