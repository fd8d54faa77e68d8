"""Summaries: how many cases stand where, and rates with what they are made of."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from opendata.domain.compliance.cases import Case
from opendata.domain.compliance.model import Status

# Of these it is known whether the term was kept; rates are made of no others.
JUDGED = (Status.ON_TIME, Status.LATE, Status.OVERDUE)
_PLACES = Decimal("0.0001")


class Rate(StrEnum):
    """A share of the cases whose term is known to be kept or not."""

    ON_TIME = "on_time"
    DISCLOSED = "disclosed"


# What counts for each rate.
COUNTED: Mapping[Rate, tuple[Status, ...]] = {
    Rate.ON_TIME: (Status.ON_TIME,),
    Rate.DISCLOSED: (Status.ON_TIME, Status.LATE),
}


class Grouping(StrEnum):
    """What cases may be grouped by."""

    AGENCY = "agency"
    PUBLISHER = "publisher"
    FIELD = "field"
    REGION = "region"
    YEAR = "year"
    PERIOD = "period"


_KEYS: Mapping[Grouping, Callable[[Case], str]] = {
    Grouping.AGENCY: lambda each: each.obligation.agency,
    Grouping.PUBLISHER: lambda each: each.obligation.publisher,
    Grouping.FIELD: lambda each: each.obligation.field,
    Grouping.REGION: lambda each: each.obligation.region or "",
    Grouping.YEAR: lambda each: each.period[:4],
    Grouping.PERIOD: lambda each: each.period,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases stand where."""

    counts: Mapping[Status, int]

    @property
    def cases(self) -> int:
        """How many cases there are in all."""
        return sum(self.counts.values())

    def of(self, statuses: Iterable[Status]) -> int:
        """Return how many stand in one of ``statuses``."""
        return sum(self.counts.get(each, 0) for each in statuses)

    def rate(self, rate: Rate) -> Decimal | None:
        """Return a rate to four decimal places; ``None`` where there is nothing to judge."""
        whole = self.of(JUDGED)
        if not whole:
            return None
        share = Decimal(self.of(COUNTED[rate])) / whole
        return share.quantize(_PLACES, ROUND_HALF_UP)


def figures(cases: Iterable[Case]) -> Figures:
    """Count cases by where they stand."""
    return Figures(Counter(each.status for each in cases))


def grouped(cases: Iterable[Case], by: Grouping) -> dict[str, Figures]:
    """Count cases by group and by where they stand, groups in alphabetical order."""
    key = _KEYS[by]
    counts = Counter((key(each), each.status) for each in cases)
    groups: dict[str, dict[Status, int]] = {}
    for (name, status), number in counts.items():
        groups.setdefault(name, {})[status] = number
    return {name: Figures(groups[name]) for name in sorted(groups)}
