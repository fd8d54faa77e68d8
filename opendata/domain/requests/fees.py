"""What an agency may charge for handling requests: 信息处理费 (国办函〔2020〕109号)."""

from datetime import date
from decimal import Decimal

from opendata.domain.requests.kinds import FeeBasis

SINCE = date(2021, 1, 1)
# By requests of one applicant in one month: free, then 100 yuan each, then more by tens.
_FREE_REQUESTS, _PLAIN_REQUESTS, _STEP = 10, 30, 10
_PER_REQUEST = Decimal(100)
# By pages: up to which page, and how much a page; cumulative.
_PAGES = ((30, Decimal(0)), (100, Decimal(10)), (200, Decimal(20)), (None, Decimal(40)))


def tariff(basis: FeeBasis, count: int, before: int, on: date) -> Decimal | None:
    """Return the fee in yuan for ``count`` requests or pages; ``None`` before there was a tariff.

    ``before`` are requests of the same applicant in the same month that were reckoned already;
    the steps go on where those ended. Pages begin anew with each request.

    >>> tariff(FeeBasis.REQUESTS, 1, 10, date(2026, 3, 2)), tariff(FeeBasis.PAGES, 201, 0, SINCE)
    (Decimal('100'), Decimal('2740'))
    """
    if on < SINCE:
        return None
    if basis is FeeBasis.PAGES:
        return by_pages(count)
    return by_requests(before + count) - by_requests(before)


def by_requests(count: int) -> Decimal:
    """Return the fee for so many requests of one applicant in one month.

    Up to 10 are free, the 11th to the 30th cost 100 yuan each; from the 31st on each further ten
    are a step, and each step costs 100 yuan a request more than the last.

    >>> [int(by_requests(each)) for each in (10, 11, 30, 31, 40, 41)]
    [0, 100, 2000, 2200, 4000, 4300]
    """
    plain = min(max(count - _FREE_REQUESTS, 0), _PLAIN_REQUESTS - _FREE_REQUESTS)
    full, rest = divmod(max(count - _PLAIN_REQUESTS, 0), _STEP)
    # The first step above the plain ones costs twice as much a request, the second three times.
    in_full_steps = _STEP * (full * (full + 3) // 2)
    return _PER_REQUEST * (plain + in_full_steps + rest * (full + 2))


def by_pages(pages: int) -> Decimal:
    """Return the fee for so many pages of one request.

    >>> [int(by_pages(each)) for each in (30, 31, 100, 101, 200, 201)]
    [0, 10, 700, 720, 2700, 2740]
    """
    total, reckoned = Decimal(0), 0
    for upto, price in _PAGES:
        until = pages if upto is None else min(pages, upto)
        total += price * max(until - reckoned, 0)
        reckoned = max(until, reckoned)
    return total
