"""Obligations: what must be disclosed, read from what was published of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.compliance import Frequency, Obligation
from opendata.domain.editions import CHINA, local_day
from opendata.domain.errors import NotFound
from opendata.domain.queries import SYSTEM_FIELDS, whole
from opendata.stages import query
from opendata.stages.catalogue import Contracts, contract_of
from opendata.stages.lineage import Effects, effects_in
from opendata.stages.rules import Rules
from opendata.storage.home import Home
from opendata.storage.tables import AgencyRow, DatasetRow

COLLECTION = "disclosure-obligations"
_ID, _DATASET, _RELEASE = (each.name for each in SYSTEM_FIELDS[:3])
_FIELDS = (
    *(_ID, _DATASET, _RELEASE, "publisher_name", "region_code", "obligation_code", "field"),
    *("item_level", "level1_item", "level2_item", "second_level_items", "deadline_rule"),
    *("frequency", "method", "collection", "effective_from", "effective_until"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What compliance is worked out from: the facts, the contracts, the operator's rules."""

    home: Home
    contracts: Contracts
    rules: Rules


@dataclass(frozen=True, slots=True)
class Agencies:
    """Which agency has which name, and whose the published catalogues are."""

    by_name: Mapping[str, str]
    by_dataset: Mapping[str, str]
    seats: Mapping[str, str | None]

    def answering(self, publisher: str, dataset: str) -> tuple[str, bool]:
        """Return who answers for what a catalogue says of a publisher, and whether it is that.

        A publisher that is no agency here is answered for by whose catalogue it is.
        """
        own = self.by_name.get(publisher)
        return (self.by_dataset[dataset], False) if own is None else (own, True)


class NotAnObligation(NotFound):
    """Nothing is due of the record by itself: a heading, or on request; or the agency owes none."""

    code = "not-an-obligation"


def obligations(sources: Sources, on: date, now: datetime) -> list[Obligation]:
    """Return what had to be disclosed by what was published on a day; nothing before that.

    A catalogue that was suspended since was public on that day: it is read all the same, but what
    it says is told nowhere. Who was no agency yet at the end of the day did not answer for it.
    """
    contract = sources.contracts.get(COLLECTION)
    if contract is None:
        return []
    until = None if on == local_day(now) else end_of_day(on)
    as_of = None if until is None else on.isoformat()
    try:
        view = query.shown(sources.home, contract, as_of, now)
    except query.NoSuchSnapshot:
        return []
    if view.snapshot is None:
        return []
    with sources.home.database.read() as session:
        known = agencies(session, until)
        effects = effects_in(session, COLLECTION)
        hidden = view.scope.hidden if until is None else _hidden(session, effects, until)
    asked = whole(view.contract, fields=_FIELDS)
    source = replace(view.source, scope=replace(view.scope, hidden=hidden))
    records = (
        each for batch in sources.home.engine.batches(source, asked) for each in batch.to_pylist()
    )
    return list(_obligations(records, known, effects.hidden))


def obligation(sources: Sources, obligation_id: str, now: datetime) -> Obligation:
    """Return one obligation as it is published now.

    Raises:
        NoSuchCollection, NoSuchRecord, Gone: see there.
        NotAnObligation: nothing is due of it by itself.
    """
    contract = contract_of(sources.contracts, COLLECTION)
    found = query.record(sources.home, contract, obligation_id, now)
    with sources.home.database.read() as session:
        known = agencies(session, None)
    read = next(_obligations([_typed(found.values)], known, ()), None)
    if read is None:
        raise NotAnObligation(
            "这一条是一级事项标题，或属依申请公开，本身没有公开期限。",
            "This is a heading, or disclosed on request: nothing is due of it by itself.",
        )
    return read


def agencies(session: Session, until: datetime | None) -> Agencies:
    """Return the agencies there were by a moment (``None`` is now), and whose catalogues."""
    query = select(AgencyRow.name, AgencyRow.id, AgencyRow.region_code)
    if until is not None:
        query = query.where(AgencyRow.added_at <= until)
    rows = session.execute(query).all()
    of = select(DatasetRow.id, DatasetRow.agency_id).where(DatasetRow.collection == COLLECTION)
    named = {name: slug for name, slug, _ in rows}
    seats = {slug: region for _, slug, region in rows}
    return Agencies(named, dict(session.execute(of).all()), seats)


def _hidden(session: Session, now: Effects, until: datetime) -> frozenset[tuple[str, int]]:
    """Return the releases of catalogues that were not public at a moment.

    What was withdrawn for good, or shows what may not be shown any more, is not read even so.
    """
    for_good = {each for each in now.hidden if now.is_withdrawn(each) or each in now.outdated}
    return frozenset(effects_in(session, COLLECTION, until).hidden) | for_good


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day in China."""
    after = datetime.combine(day + timedelta(days=1), time.min, CHINA)
    return after - timedelta(microseconds=1)


def _obligations(
    records: Iterable[Mapping[str, Any]], known: Agencies, hidden: Collection[tuple[str, int]]
) -> Iterator[Obligation]:
    """Read records; headings and what is disclosed on request are left out.

    Of those of the releases in ``hidden`` no text is kept.
    """
    for each in records:
        is_heading = each["item_level"] == "1" and (each["second_level_items"] or 0) > 0
        if is_heading or each["method"] != "proactive":
            continue
        agency, is_own = known.answering(each["publisher_name"], each[_DATASET])
        found = Obligation(
            id=each[_ID],
            agency=agency,
            publisher=each["publisher_name"],
            code=each["obligation_code"],
            field=each["field"],
            item=each["level1_item"],
            subitem=each["level2_item"] or "",
            region=each["region_code"],
            frequency=Frequency(each["frequency"]),
            rule=each["deadline_rule"],
            collection=each["collection"],
            since=each["effective_from"],
            until=each["effective_until"],
            is_own=is_own,
            seat=known.seats.get(agency) if is_own else None,
        )
        yield found.withheld() if (each[_DATASET], each[_RELEASE]) in hidden else found


def _typed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it is told with its days as dates."""
    days = {
        name: None if record[name] is None else date.fromisoformat(str(record[name]))
        for name in ("effective_from", "effective_until")
    }
    return {**record, **days}
