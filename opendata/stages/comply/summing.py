"""Summing: how many cases stand where, narrowed and by group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from opendata.domain.compliance import Case, Figures, Grouping, figures, grouped
from opendata.domain.editions import local_day
from opendata.stages.comply.finding import Asked, whole
from opendata.stages.comply.obligations import Sources, agencies


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Of which cases: ``region`` begins a region's code, ``period`` what a case counts under."""

    asked: Asked
    field: str | None = None
    region: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one group; ``label`` is what people call it."""

    key: str
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Summary:
    """How cases stood at the end of a day; without those of ``left_out``, see ``Found``."""

    on: date
    whole: Figures
    groups: tuple[Group, ...]
    left_out: tuple[str, ...]


def summary(sources: Sources, of: Narrowed, by: Grouping | None, now: datetime) -> Summary:
    """Count the cases of a day, whole and by group.

    Raises:
        BadQuery, NoSuchAgency, TooManyCases: see ``found``.
    """
    found = whole(sources, of.asked, now)
    cases = list(narrowed(found.cases, of))
    on = of.asked.as_of or local_day(now)
    if by is None:
        return Summary(on, figures(cases), (), found.left_out)
    names = _agency_names(sources) if by is Grouping.AGENCY else {}
    groups = grouped(cases, by).items()
    told = tuple(Group(key, names.get(key, key), each) for key, each in groups)
    return Summary(on, figures(cases), told, found.left_out)


def narrowed(cases: Sequence[Case], of: Narrowed) -> Iterator[Case]:
    """Yield the cases that are asked about."""
    for each in cases:
        own = each.obligation
        if of.field is not None and own.field != of.field:
            continue
        if of.region is not None and not (own.region or "").startswith(of.region):
            continue
        if of.period is None or each.period.startswith(of.period):
            yield each


def _agency_names(sources: Sources) -> dict[str, str]:
    with sources.home.database.read() as session:
        return {slug: name for name, slug in agencies(session, None).by_name.items()}
