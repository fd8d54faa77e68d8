"""Editions: what of a release is public at a date, where the law ends windows.

A record with a window is public up to and including its last day, Asia/Shanghai; each day on
which something leaves begins a new edition, named by that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Scope:
    """What of one snapshot is public: the one set of conditions that every read path applies.

    ``hidden`` names releases that are suspended or withdrawn, as (dataset, number).
    ``window_field`` is the column whose date is a record's last public day; a record without
    one is not public. ``on`` is the day of asking; ``None`` lifts the window, which only the
    platform's own work on a release may do.
    """

    window_field: str | None
    on: date | None
    hidden: frozenset[tuple[str, int]] = frozenset()
    dataset: str | None = None


def local_day(moment: datetime) -> date:
    """Return the civil date of an instant in China."""
    return moment.astimezone(CHINA).date()


def edition(released_at: datetime, window_ends: Iterable[date], on: date) -> date:
    """Return the day on which the edition current on ``on`` began.

    >>> from datetime import UTC
    >>> released = datetime(2026, 1, 1, tzinfo=UTC)
    >>> edition(released, [date(2026, 3, 31), date(2026, 9, 30)], date(2026, 4, 1)).isoformat()
    '2026-04-01'
    """
    begun = [end + timedelta(days=1) for end in window_ends if end < on]
    return max([local_day(released_at), *begun])
