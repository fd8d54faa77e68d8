"""Requests as they are read: the facts without the applicant, and who recorded each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opendata.domain.editions import local_day
from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Event,
    Kind,
    NoSuchRequest,
    Request,
    Source,
    effective,
)
from opendata.stages.access import hashed
from opendata.storage.tables import PersonRow, RequestEventRow, RequestRow

# Requests are in no collection; a key that is good for some collections only is good for them
# where it names them.
SCOPE = "requests"
# So many names at once fit into one question to the database.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entered:
    """Who recorded an event and when; ``person`` is ``None`` for the applicant's own.

    ``sealed`` is the digest of the words that came with it, if any did.
    """

    number: int
    person: str | None
    at: datetime
    sealed: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A request, and what is kept of it besides; ``sealed`` is the digest of who asked for what."""

    request: Request
    sealed: str | None
    entered: tuple[Entered, ...]

    @property
    def digests(self) -> tuple[str, ...]:
        """Everything that is sealed of it, in the order of its recording."""
        return tuple(each for each in (self.sealed, *(one.sealed for one in self.entered)) if each)


def of_id(session: Session, request_id: UUID) -> Kept:
    """Return one request.

    Raises:
        NoSuchRequest: there is none of this id.
    """
    return _only(session, select(RequestRow).where(RequestRow.id == request_id))


def of_code(session: Session, tracking: str) -> Kept:
    """Return the request that a tracking code was given for.

    Raises:
        NoSuchRequest: the code was given for none.
    """
    code = hashed(tracking.strip().lower())
    return _only(session, select(RequestRow).where(RequestRow.tracking_hash == code))


def requests_of(session: Session, agency: str, until: date | None = None) -> list[Request]:
    """Return the requests to an agency, in the order of their numbers.

    With ``until``: as they stood at the end of that day, those left out that were neither received
    by then nor reviewed or sued over.
    """
    query = select(RequestRow).where(RequestRow.agency_id == agency).order_by(RequestRow.number)
    found = [each.request for each in read(session, query)]
    if until is None:
        return found
    known = _by(found, until)
    return [each for each in known if each.received_on or each.course.proceedings]


def read(session: Session, query: Select[RequestRow]) -> list[Kept]:
    """Return what a query finds, with the events."""
    rows = session.scalars(query).all()
    events = _events(session, [row.id for row in rows])
    return [_as_kept(row, events[row.id]) for row in rows]


def no_such_request() -> NoSuchRequest:
    """Return the refusal for an id or a tracking code that there is not."""
    return NoSuchRequest("没有这件申请。", "There is no such request.")


def _by(requests: Sequence[Request], until: date) -> list[Request]:
    """Return requests with what happened by a day; a mistake is none, whenever it was noticed."""
    return [
        replace(
            each, events=tuple(one for one in effective(each.events) if one.counted_on <= until)
        )
        for each in requests
    ]


def _only(session: Session, query: Select[RequestRow]) -> Kept:
    found = read(session, query)
    if not found:
        raise no_such_request()
    return found[0]


def _events(
    session: Session, ids: Sequence[UUID]
) -> dict[UUID, list[tuple[RequestEventRow, str | None]]]:
    found = defaultdict[UUID, list[tuple[RequestEventRow, str | None]]](list)
    for first in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(RequestEventRow, PersonRow.name)
            .outerjoin(PersonRow, PersonRow.id == RequestEventRow.person_id)
            .where(RequestEventRow.request_id.in_(ids[first : first + _AT_ONCE]))
            .order_by(RequestEventRow.number)
        )
        for row, name in rows:
            found[row.request_id].append((row, name))
    return found


def _as_kept(row: RequestRow, events: Sequence[tuple[RequestEventRow, str | None]]) -> Kept:
    source = Source(row.source)
    request = Request(
        id=row.id,
        agency=row.agency_id,
        number=row.number,
        source=source,
        channel=Channel(row.channel),
        applicant_kind=ApplicantKind(row.applicant_kind),
        filed_at=row.filed_at,
        events=tuple(_as_event(each, source) for each, _ in events),
    )
    entered = tuple(
        Entered(each.number, name, each.recorded_at, each.sealed_sha256) for each, name in events
    )
    return Kept(request, row.sealed_sha256, entered)


def _as_event(row: RequestEventRow, source: Source) -> Event:
    return Event(
        Kind(row.kind),
        row.happened_on,
        row.details,
        row.number,
        has_words=row.sealed_sha256 is not None,
        recorded_on=local_day(row.recorded_at) if source is Source.PUBLIC else None,
        by_applicant=row.person_id is None,
    )
