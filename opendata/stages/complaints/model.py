"""Complaints as they are read: the facts, without what is sealed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Agency
from opendata.domain.complaints.accountability import Case
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.procedure import Source
from opendata.domain.complaints.refusals import no_such_complaint
from opendata.domain.complaints.standing import Event, Status, status_of
from opendata.domain.complaints.steps import Step
from opendata.domain.complaints.terms import Rectification, Reply, rectification, reply
from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.stages.access import hashed
from opendata.stages.rules import Rules
from opendata.storage.tables import AgencyRow, ComplaintEventRow, ComplaintRow, PersonRow

# Complaints are in no collection; a key that is good for some collections only is good for them
# where it names them.
SCOPE = "complaints"
# So many names at once fit into one question to the database.
_AT_ONCE = 500


# A submission that somebody had a part in: its dataset, and its release once there is one.
Part = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a complaint is about, where that is something public; a request is sealed."""

    dataset: str | None = None
    release: int | None = None
    obligation: str | None = None

    def is_of(self, parts: Iterable[Part]) -> bool:
        """Whether it is about one of these: the release that it names, else all of its dataset."""
        return any(
            dataset == self.dataset and self.release in (None, release)
            for dataset, release in parts
        )

    @property
    def details(self) -> dict[str, str | int]:
        """What is kept of it."""
        told = {"dataset": self.dataset, "release": self.release, "obligation": self.obligation}
        return {name: value for name, value in told.items() if value is not None}


# Without slots, so that its status is computed once.
@dataclass(frozen=True)
class Complaint:
    """One complaint with every step; ``sealed`` and ``words`` name what the vault keeps of it.

    ``words`` are digests by the number of their step.
    """

    id: UUID
    agency: Agency
    source: Source
    ground: Ground
    subject: Subject
    is_named: bool
    received_at: datetime
    registered_by: UUID | None
    sealed: str | None
    events: tuple[Event, ...] = ()
    words: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def status(self) -> Status:
        """Where it stands."""
        return status_of(self.events, self.registered_by)

    @property
    def is_reachable(self) -> bool:
        """Whether somebody can be answered: who gave a name, or has a tracking code."""
        return self.is_named or self.source is Source.PUBLIC

    @property
    def received_on(self) -> date:
        """The day in China on which it was received."""
        return local_day(self.received_at)

    def rectification(self, rules: Rules, today: date) -> Rectification | None:
        """Return how what was ordered to be put right stands on a day."""
        region = self.agency.region_code
        local = rules.binding(self.agency.id, region)
        return rectification(self.status, today, rules.calendar(region), local)

    def reply(self, rules: Rules, today: date) -> Reply | None:
        """Return how the answer to a reporter who gave a name stands on a day."""
        calendar = rules.calendar(self.agency.region_code)
        return reply(self.status, today, calendar, is_named=self.is_named)

    def case(self, rules: Rules, today: date) -> Case:
        """Return it as it is counted on a day."""
        found = self.rectification(rules, today)
        return Case(self.agency.id, self.ground, self.received_on, self.status, found)


def of_id(session: Session, complaint_id: UUID) -> Complaint:
    """Return one complaint.

    Raises:
        NoSuchComplaint: there is none of this id.
    """
    return _only(session, complaints_table().where(ComplaintRow.id == complaint_id))


def of_code(session: Session, tracking: str) -> Complaint:
    """Return the complaint that a tracking code was given for.

    Raises:
        NoSuchComplaint: the code was given for none.
    """
    code = hashed(tracking.strip().lower())
    return _only(session, complaints_table().where(ComplaintRow.tracking_hash == code))


def complaints_table() -> Select[ComplaintRow, AgencyRow]:
    """Return the query for complaints with the agencies that they are about, newest first."""
    return (
        select(ComplaintRow, AgencyRow)
        .join(AgencyRow, AgencyRow.id == ComplaintRow.agency_id)
        .order_by(ComplaintRow.received_at.desc(), ComplaintRow.id)
    )


def read(session: Session, query: Select[ComplaintRow, AgencyRow]) -> list[Complaint]:
    """Return what a query finds, with the steps."""
    rows = session.execute(query).all()
    events = _events(session, [row.id for row, _ in rows])
    return [_as_complaint(row, agency, events[row.id]) for row, agency in rows]


def _only(session: Session, query: Select[ComplaintRow, AgencyRow]) -> Complaint:
    found = read(session, query)
    if not found:
        raise no_such_complaint()
    return found[0]


Recorded = tuple[ComplaintEventRow, str | None]


def _events(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
    found = defaultdict[UUID, list[Recorded]](list)
    for first in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(ComplaintEventRow, PersonRow.name)
            .outerjoin(PersonRow, PersonRow.id == ComplaintEventRow.person_id)
            .where(ComplaintEventRow.complaint_id.in_(ids[first : first + _AT_ONCE]))
            .order_by(ComplaintEventRow.number)
        )
        for row, name in rows:
            found[row.complaint_id].append((row, name))
    return found


def _as_complaint(row: ComplaintRow, agency: AgencyRow, events: Sequence[Recorded]) -> Complaint:
    return Complaint(
        id=row.id,
        agency=Agency(
            agency.id, Text(agency.name, agency.name_en), agency.uscc, agency.region_code
        ),
        source=Source(row.source),
        ground=Ground(row.ground),
        subject=Subject(**row.subject),
        is_named=row.is_named,
        received_at=row.received_at,
        registered_by=row.person_id,
        sealed=row.sealed_sha256,
        events=tuple(_as_event(each, name) for each, name in events),
        words={each.number: each.sealed_sha256 for each, _ in events if each.sealed_sha256},
    )


def _as_event(row: ComplaintEventRow, name: str | None) -> Event:
    step = Step.of(row.kind, row.happened_on, row.details)
    return Event(row.number, step, row.person_id, name or "", row.recorded_at)
