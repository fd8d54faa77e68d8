"""Overview: how much of every collection is public now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from opendata.domain.contracts import Contract
from opendata.domain.queries import whole
from opendata.stages.query.records import counted
from opendata.stages.query.view import shown
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
    found = []
    for contract in contracts:
        view = shown(home, contract, None, now)
        records = counted(home, view, whole(view.contract)) if view.snapshot else 0
        found.append(Overview(view.contract, len(view.releases), records, view.published_at))
    return found
