"""An agency's own ledger: taken in whole, or not at all; sent again, it changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_own_agency, check_scope
from opendata.domain.requests import (
    Entry,
    InvalidLedger,
    Judged,
    NumberTaken,
    Request,
    Source,
    judge,
)
from opendata.stages import catalogue
from opendata.stages.requests.model import SCOPE, read
from opendata.stages.requests.recording import By, add_events, add_rows
from opendata.storage.home import Home
from opendata.storage.tables import RequestRow
from opendata.storage.turns import take_turn


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a ledger: how many requests were new, went on, or were known already."""

    new: int
    continued: int
    known: int
    events: int


def record_ledger(
    home: Home, actor: Actor, agency: str, entries: Sequence[Entry], now: datetime
) -> Taken:
    """Record what a ledger says of an agency's requests and is not recorded yet.

    Requests are known by the agency's own numbers. All of it is recorded, or nothing.

    Raises:
        WrongAgency, WrongCollection, NoSuchAgency: see there.
        InvalidLedger: an entry says what cannot be, or something else than is recorded; every
            fault is located.
    """
    check_scope(actor, agency, SCOPE)
    check_own_agency(actor, agency)
    by = By.actor(actor)
    with home.database.begin() as session:
        catalogue.agency(session, agency)
        take_turn(session, f"requests {agency}")
        query = select(RequestRow).where(RequestRow.agency_id == agency).with_for_update()
        known = {each.request.number: each.request for each in read(session, query)}
        judged = [judge(each, known.get(each.number.strip()), local_day(now)) for each in entries]
        _check((*_repeated(entries), *(fault for each in judged for fault in each.faults)))
        ids = {number: each.id for number, each in known.items()}
        new = [each for each in entries if each.number.strip() not in known]
        ids |= _registered(session, by, (agency, new), now)
        added = [
            (ids[entry.number.strip()], event)
            for entry, each in zip(entries, judged, strict=True)
            for event in each.added
        ]
        add_events(session, added, by, now)
    return _taken(entries, judged, known)


def _registered(
    session: Session, by: By, what: tuple[str, Sequence[Entry]], now: datetime
) -> dict[str, UUID]:
    """Record an agency's new requests, and return their ids by number."""
    agency, entries = what
    rows = [
        RequestRow(
            id=uuid4(),
            agency_id=agency,
            number=entry.number.strip(),
            source=Source.LEDGER,
            channel=entry.channel,
            applicant_kind=entry.applicant_kind,
            person_id=by.person_id,
            key_id=by.key_id,
            filed_at=now,
        )
        for entry in entries
    ]
    add_rows(session, by, rows, now)
    return {row.number: row.id for row in rows}


def _repeated(entries: Iterable[Entry]) -> list[Fault]:
    """Return a fault for every entry whose number an entry before it has."""
    seen: set[str] = set()
    found = []
    for each in entries:
        number = each.number.strip()
        if number in seen:
            text = Text(
                f"编号“{number}”在台账中出现过。", f"The number {number} occurs before this."
            )
            found.append(Fault(f"{each.pointer}/number", text, NumberTaken.code))
        seen.add(number)
    return found


def _check(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InvalidLedger(
            f"台账有 {len(faults)} 处不能记录，全部未予记录；详见 errors。",
            f"The ledger has {len(faults)} faults, and nothing of it is recorded; see errors.",
            faults,
        )


def _taken(entries: Sequence[Entry], judged: Sequence[Judged], known: dict[str, Request]) -> Taken:
    new = sum(each.number.strip() not in known for each in entries)
    grown = sum(bool(each.added) for each in judged)
    events = sum(len(each.added) for each in judged)
    return Taken(new, grown - new, len(entries) - grown, events)
