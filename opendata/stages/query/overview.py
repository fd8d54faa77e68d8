"""Overview: how much of every collection is public now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from opendata.domain.contracts import Contract
from opendata.domain.queries import whole
from opendata.stages.query.view import current_view
from opendata.storage.home import Home


@dataclass(frozen=True, slots=True)
class Overview:
    """One collection in numbers. ``contract`` is the published one.

    ``datasets`` and ``records`` count what is public today; ``published_at`` is when the newest
    release was made, ``None`` before the first.
    """

    contract: Contract
    datasets: int
    records: int
    published_at: datetime | None


def overview(home: Home, contracts: Iterable[Contract], now: datetime) -> list[Overview]:
    """Return every collection in numbers, in the order given."""
    with home.database.read() as session:
        views = [current_view(session, each, now) for each in contracts]
    found = []
    for view in views:
        everything = replace(whole(view.contract), count=True)
        counted = home.engine.count(view.source, everything) if view.snapshot else 0
        found.append(Overview(view.contract, len(view.releases), counted, view.published_at))
    return found
