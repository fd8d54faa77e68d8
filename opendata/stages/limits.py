"""Limits: how often something may be asked for, whichever process is asked."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from opendata.domain.keys import TooManyAttempts
from opendata.domain.limits import WINDOW_SECONDS, Allowance, RateLimited
from opendata.storage import audit, counters
from opendata.storage.db import Database
from opendata.storage.home import Home

log = logging.getLogger(__name__)
# What is counted longest is counted by the day.
ATTEMPTS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is attempted, and of whom or about what; kept as a keyed hash only."""

    what: str
    whose: str

    def name(self, secret: bytes) -> str:
        """Return what the count is kept under: the same in every process of a home."""
        digest = hmac.new(secret, f"{self.what}/{self.whose}".encode(), hashlib.sha256)
        return f"{self.what}/{digest.hexdigest()}"


def spend_write(database: Database, person_id: UUID, quota: int, now: datetime) -> Allowance | None:
    """Count a request for a change, and return what is left; ``None`` where there is no quota.

    It is counted in a transaction of its own: what is refused later on was asked all the same.
    """
    if not quota:
        return None
    minute, second = divmod(int(now.timestamp()), WINDOW_SECONDS)
    with database.begin() as session:
        made = counters.count_write(session, person_id, minute)
    return Allowance("writes", quota, quota - made, WINDOW_SECONDS - second)


def spend_attempt(
    home: Home, subject: Subject, quota: int, window: timedelta, now: datetime
) -> None:
    """Count an attempt in the window of this moment; ``quota`` is never 0.

    Raises:
        RateLimited: it is one too many.
    """
    begun, left = _window(now, window)
    with home.database.begin() as session:
        made = counters.count_attempt(session, subject.name(home.secret), begun)
    if made > quota:
        raise RateLimited(left)


def count_failure(home: Home, address: str, quota: int, now: datetime) -> None:
    """Count a key that does not count against the address it came from; 0 counts nothing.

    The first that is one too many in its minute leaves a line in the audit log, without the
    address. What cannot be counted is refused as a key that does not count, no more.

    Raises:
        TooManyAttempts: more came from there in this minute.
    """
    if not quota:
        return
    name = Subject("key", address).name(home.secret)
    begun, left = _window(now, timedelta(seconds=WINDOW_SECONDS))
    if home.noted.get(name, begun) is None:
        try:
            with home.database.begin_promptly() as session:
                made = counters.count_attempt(session, name, begun)
                if made == quota + 1:
                    audit.append(session, "anonymous", "key-attempts-limited", "keys", now)
        except SQLAlchemyError:
            log.warning("A key that does not count was not counted.", exc_info=True)
            return
        if made <= quota:
            return
        # Until the minute is over, nothing more is written about this address.
        home.noted.keep(name, begun, True)
    raise TooManyAttempts(left)


def sweep(home: Home, now: datetime) -> None:
    """Forget counts of windows that are over."""
    long_ago = int((now - ATTEMPTS_KEPT).timestamp()) // WINDOW_SECONDS
    with home.database.begin() as session:
        counters.forget_attempts(session, long_ago)


def _window(now: datetime, length: timedelta) -> tuple[int, int]:
    """Return the minute in which the window of a moment began, and how many seconds are left."""
    seconds = int(length.total_seconds())
    number, spent = divmod(int(now.timestamp()), seconds)
    return number * seconds // WINDOW_SECONDS, seconds - spent
