"""Limits: how often a person may ask for changes, whichever process is asked."""

from datetime import datetime
from uuid import UUID

from opendata.domain.limits import WINDOW_SECONDS, Allowance
from opendata.storage import counters
from opendata.storage.db import Database


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
