"""Official time in China: how far it was ahead of UTC, and since when."""

from bisect import bisect
from datetime import UTC, datetime, timedelta
from functools import cache

from opendata.domain.editions import CHINA

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Summer time never lasted less.
_STEP = timedelta(weeks=2)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


@cache
def official_offsets() -> tuple[tuple[int, int], ...]:
    """Return since which instants official time was how far ahead of UTC, in time's order.

    Instants and distances are microseconds, instants since 1970 in UTC. What was before the
    first instant was as far ahead as from then on. Engines shift instants by these, so that a
    local day is the same whatever computes it.

    >>> official_offsets()[-1][1] // 3_600_000_000
    8
    """
    found = [(_FIRST, _offset(_FIRST))]
    at = _FIRST
    while at < _LAST:
        following = at + _STEP
        if _offset(following) != _offset(at):
            seconds = range(int((following - at) / _SECOND))
            changed = bisect(seconds, 0, key=lambda second: _differs(at, second))
            found.append((at + changed * _SECOND, _offset(following)))
        at = following
    return tuple(
        ((since - _EPOCH) // _MICROSECOND, offset // _MICROSECOND) for since, offset in found
    )


def _offset(at: datetime) -> timedelta:
    found = at.astimezone(CHINA).utcoffset()
    assert found is not None  # noqa: S101 - the zone is known.
    return found


def _differs(since: datetime, seconds: int) -> int:
    return int(_offset(since + timedelta(seconds=seconds)) != _offset(since))
