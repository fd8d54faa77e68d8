"""Filing requests: by anybody over the platform, or by the agency for who came another way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import NoSuchAgency
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_own_agency, check_scope
from opendata.domain.requests import (
    ApplicantKind,
    Channel,
    Event,
    InvalidApplication,
    Kind,
    NumberTaken,
    Source,
    event_faults,
)
from opendata.stages import catalogue
from opendata.stages.access import hashed
from opendata.stages.personal import personal_faults
from opendata.stages.requests.model import SCOPE
from opendata.stages.requests.recording import By, add_event
from opendata.stages.sealing import ANONYMOUS, sealing, tracking_code
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.home import Home
from opendata.storage.tables import RequestRow
from opendata.storage.turns import take_turn

REACHED_BY = ("email", "phone", "address")
# What an application says (第二十九条); an organisation's document is its registration.
_NEEDED = {
    "name": Text("请写明姓名或者名称。", "Say who asks."),
    "id_document": Text("请写明身份证明。", "Name an identity document."),
}


@dataclass(frozen=True, slots=True)
class Application:
    """Who asks for what: ``applicant`` and ``wanted`` are sealed, and told to nobody else."""

    agency: str
    applicant_kind: ApplicantKind
    applicant: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    """A request that reached the agency itself, under the agency's own number.

    ``received_on`` is the day of receipt by its channel, where that is known already.
    """

    application: Application
    channel: Channel
    number: str
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A request that is on record, and the code to follow it by, which is shown this once."""

    id: UUID
    number: str
    tracking: str


def file(home: Home, asked: Application, now: datetime) -> Filed:
    """Record that somebody asks an agency for information, over the platform.

    It is received once the agency has confirmed that (第三十一条第三项).

    Raises:
        NoSuchAgency: see there.
        InvalidApplication: nobody asks, nobody is reached, or it is for nothing.
    """
    check_application(home, asked)
    code = tracking_code()
    row = _row(asked, Channel.INTERNET, Source.PUBLIC, now)
    row.tracking_hash = hashed(code)
    with sealing(home, _sealed(asked)) as sealed, home.database.begin() as session:
        row.sealed_sha256 = sealed
        row.number = _next_number(session, asked.agency, now)
        row.audit_seq = audit.append(session, ANONYMOUS, *bound(row), now)
        session.add(row)
    return Filed(row.id, row.number, code)


def check_application(home: Home, asked: Application) -> None:
    """Check that a request can be filed; raises what ``file`` raises."""
    with home.database.read() as session:
        _check_agency(session, asked.agency)
    _check(tuple(_application_faults(asked)))


def register(home: Home, actor: Actor, told: Registration, now: datetime) -> Filed:
    """Record a request that reached the actor's agency another way, and its receipt if known.

    Raises:
        WrongAgency, WrongCollection, NoSuchAgency: see there.
        InvalidApplication: its day of receipt is missing, or cannot be; or its number holds
            personal data.
        NumberTaken: the agency has a request of this number already.
    """
    asked = told.application
    check_scope(actor, asked.agency, SCOPE)
    check_own_agency(actor, asked.agency)
    _check(tuple(_registration_faults(told, local_day(now))))
    code = tracking_code()
    row = _row(asked, told.channel, Source.AGENCY, now)
    row.tracking_hash, row.number = hashed(code), told.number.strip()
    row.person_id, row.key_id = actor.person_id, actor.key_id
    with sealing(home, _sealed(asked)) as sealed, home.database.begin() as session:
        catalogue.agency(session, asked.agency)
        row.sealed_sha256 = sealed
        _take_number(session, asked.agency, row.number)
        by = By.actor(actor)
        row.audit_seq = audit.append(session, by.name, *bound(row), now)
        session.add(row)
        session.flush()
        if told.received_on is not None:
            event = Event(Kind.RECEIVED, told.received_on, number=1)
            add_event(session, row.id, event, by, now)
    return Filed(row.id, row.number, code)


def _row(asked: Application, channel: Channel, source: Source, now: datetime) -> RequestRow:
    return RequestRow(
        id=uuid4(),
        agency_id=asked.agency,
        source=source,
        channel=channel,
        applicant_kind=asked.applicant_kind,
        filed_at=now,
    )


def _sealed(asked: Application) -> dict[str, Mapping[str, str]] | None:
    if not asked.applicant and not asked.wanted:
        return None
    return {"applicant": dict(asked.applicant), "wanted": dict(asked.wanted)}


def _next_number(session: Session, agency: str, now: datetime) -> str:
    """Return the agency's next number of requests that are filed over the platform."""
    take_turn(session, f"requests {agency}")
    begun = f"P{local_day(now).year}-"
    filed = session.scalar(
        select(func.count())
        .select_from(RequestRow)
        .where(RequestRow.agency_id == agency, RequestRow.number.startswith(begun))
    )
    count = (filed or 0) + 1
    # An agency may have given the same number to a request of its own.
    while _is_taken(session, agency, f"{begun}{count:04d}"):
        count += 1
    return f"{begun}{count:04d}"


def _take_number(session: Session, agency: str, number: str) -> None:
    take_turn(session, f"requests {agency}")
    if _is_taken(session, agency, number):
        text = Text(f"编号“{number}”已登记过申请。", f"The number {number} is taken.")
        raise NumberTaken(*text, (Fault("/number", text, NumberTaken.code),))


def _is_taken(session: Session, agency: str, number: str) -> bool:
    there = exists().where(RequestRow.agency_id == agency, RequestRow.number == number)
    return bool(session.scalar(select(there)))


def _check(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InvalidApplication(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def _application_faults(asked: Application) -> Iterator[Fault]:
    for name, text in _NEEDED.items():
        if not asked.applicant.get(name, "").strip():
            yield Fault(f"/applicant/{name}", text, "applicant-incomplete")
    if not any(asked.applicant.get(each, "").strip() for each in REACHED_BY):
        text = Text("请留电子邮箱、电话或地址。", "Leave an e-mail address, a phone or an address.")
        yield Fault("/applicant", text, "contact-needed")
    if not asked.wanted.get("information", "").strip():
        text = Text("请写明所需信息的名称、文号或者特征描述。", "Say what is asked for.")
        yield Fault("/wanted/information", text, "description-needed")


def _check_agency(session: Session, agency: str) -> None:
    if not catalogue.has_agency(session, agency):
        text = Text(f"没有公开主体“{agency}”。", f"There is no agency {agency}.")
        raise NoSuchAgency(*text, (Fault("/agency", text, NoSuchAgency.code),))


def _registration_faults(told: Registration, today: date) -> Iterator[Fault]:
    if not told.number.strip():
        text = Text("请写明编号。", "Give it a number.")
        yield Fault("/number", text, "invalid-value")
    yield from personal_faults("/number", told.number)
    if told.received_on is not None:
        event = Event(Kind.RECEIVED, told.received_on)
        for each in event_faults(event, today, words_needed=False):
            yield Fault("/received_on", each.detail, each.code)
    elif not told.channel.is_confirmed:
        when = told.channel.received_when
        text = Text(f"请写明收到日期：{when.zh}。", f"Say on which day it was received: {when.en}.")
        yield Fault("/received_on", text, "day-needed")
