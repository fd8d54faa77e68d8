"""Limits: how often something may be asked for, whichever process is asked."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from opendata.domain.keys import InVain, TooManyAttempts
from opendata.domain.limits import WINDOW_SECONDS, Allowance, RateLimited
from opendata.storage import audit, counters
from opendata.storage.db import Database
from opendata.storage.home import Home

log = logging.getLogger(__name__)
# What is counted longest is counted by the day.
ATTEMPTS_KEPT = timedelta(days=1)
# Lines a minute about keys that there are and do not count, and as many about all others: nobody
# fills the audit log with them, nor makes the first go under in the second.
MOST_LINES = 10
_KNOWN, _OTHERS = "known-keys", "other-keys"
_ANYBODY = "anonymous"
_MINUTE = timedelta(seconds=WINDOW_SECONDS)


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


def note_failure(
    home: Home, address: str, tried: tuple[UUID, InVain] | None, now: datetime
) -> None:
    """Leave a line in the audit log of a key that does not count: of the key, or of whose address.

    A key that there is (``tried``) is told by its id, with why; of any other the network, as its
    keyed hash. Each has one line a minute at most; see ``MOST_LINES``.
    """
    if tried is not None:
        key_id, why = tried
        _tell(home, _KNOWN, f"key-tried-{why}", str(key_id), now)
        return
    _tell(home, _OTHERS, "key-tried-unknown", _network(home, address), now)


def count_failure(home: Home, address: str, quota: int, now: datetime) -> None:
    """Count a key that does not count against the address it came from; 0 counts nothing.

    Once there are too many in a minute, a line in the audit log says so, with the keyed hash of
    the address. What cannot be counted is refused as a key that does not count, no more.

    Raises:
        TooManyAttempts: more came from there in this minute.
    """
    if not quota:
        return
    name = _network(home, address)
    begun, left = _window(now, _MINUTE)
    if home.noted.get(name, begun) is None:
        try:
            with home.database.begin_promptly() as session:
                made = counters.count_attempt(session, name, begun)
        except SQLAlchemyError:
            log.warning("A key that does not count was not counted.", exc_info=True)
            return
        if made <= quota:
            return
        # Until the minute is over, nothing more is written about this address.
        home.noted.keep(name, begun, True)
    _tell(home, _OTHERS, "key-attempts-limited", name, now)
    raise TooManyAttempts(left)


def sweep(home: Home, now: datetime) -> None:
    """Forget counts of windows that are over."""
    long_ago = int((now - ATTEMPTS_KEPT).timestamp()) // WINDOW_SECONDS
    with home.database.begin() as session:
        counters.forget_attempts(session, long_ago)


def _network(home: Home, address: str) -> str:
    return Subject("key", address).name(home.secret)


def _tell(home: Home, among: str, action: str, subject: str, now: datetime) -> None:
    """Add a line about keys that do not count, unless there is one of this minute.

    In a transaction of its own, which waits for nobody: what cannot be written now is tried with
    the next such key. Where there are too many lines ``among`` which it is, the last says so.
    """
    begun, _ = _window(now, _MINUTE)
    line = Subject(action, subject).name(home.secret)
    if home.noted.get(line, begun) or home.noted.get(among, begun):
        return
    try:
        with home.database.begin_promptly() as session:
            is_first = counters.count_attempt(session, line, begun) == 1
            lines = counters.count_attempt(session, among, begun) if is_first else 0
            if 0 < lines <= MOST_LINES:
                audit.append(session, _ANYBODY, action, subject, now)
            elif lines == MOST_LINES + 1:
                audit.append(session, _ANYBODY, "key-lines-limited", among, now)
    except SQLAlchemyError:
        log.warning("That a key was tried in vain is not in the log.", exc_info=True)
        return
    home.noted.keep(line, begun, True)
    if lines > MOST_LINES:
        home.noted.keep(among, begun, True)


def _window(now: datetime, length: timedelta) -> tuple[int, int]:
    """Return the minute in which the window of a moment began, and how many seconds are left."""
    seconds = int(length.total_seconds())
    number, spent = divmod(int(now.timestamp()), seconds)
    return number * seconds // WINDOW_SECONDS, seconds - spent
