"""Filing complaints: by anybody over the platform, or by a supervisor who has a clue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import NoSuchDataset
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.procedure import Kind, Source
from opendata.domain.complaints.refusals import check_complaint
from opendata.domain.complaints.steps import Step
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import EVERY_AGENCY, Actor, check_agency, check_collection
from opendata.stages import catalogue
from opendata.stages.access import hashed
from opendata.stages.complaints.model import SCOPE, Subject
from opendata.stages.complaints.recording import By, add_step
from opendata.stages.complaints.taking_part import check_not_involved
from opendata.stages.lineage import hidden_of
from opendata.stages.releases import NoSuchRelease
from opendata.stages.sealing import sealing, tracking_code
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.home import Home
from opendata.storage.tables import ComplaintRow, ReleaseRow


@dataclass(frozen=True, slots=True)
class Filing:
    """What is reported: ``statement``, ``request`` and ``reporter`` are sealed.

    ``request`` is the agency's number of a request for information: the agency would know by it
    who reports. ``reporter`` is ``None`` where nobody gave a name.
    """

    agency: str
    ground: Ground
    statement: str
    subject: Subject = field(default_factory=Subject)
    request: str = ""
    reporter: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint that is on record, and the code to follow it by, which is shown this once."""

    id: UUID
    tracking: str


def file(home: Home, told: Filing, now: datetime) -> Filed:
    """Record what anybody reports over the platform.

    Raises:
        NoSuchAgency, NoSuchDataset, NoSuchRelease: it is about nothing that is public.
        InvalidComplaint: nothing is said, or a name is left blank.
    """
    return _record(home, told, (Source.PUBLIC, None), now)


def register(home: Home, actor: Actor, told: Filing, source: Source, now: datetime) -> Filed:
    """Record a clue that a supervisor has: from a letter, an inspection or another body.

    Raises:
        WrongAgency, WrongCollection, Involved: see there.
        Whatever ``file`` raises.
    """
    check_collection(actor, SCOPE)
    check_agency(actor, EVERY_AGENCY)
    with home.database.read() as session:
        check_not_involved(session, actor, told.agency, told.subject)
    return _record(home, told, (source, actor), now)


def _record(home: Home, told: Filing, origin: tuple[Source, Actor | None], now: datetime) -> Filed:
    check_complaint(_faults(told))
    source, actor = origin
    code = tracking_code()
    row = ComplaintRow(
        id=uuid4(),
        agency_id=told.agency,
        source=source,
        ground=told.ground,
        subject=told.subject.details,
        is_named=told.reporter is not None,
        tracking_hash=hashed(code),
        received_at=now,
    )
    by = By() if actor is None else By.actor(actor)
    row.person_id, row.key_id = by.person_id, by.key_id
    with (
        sealing(home, {"statement": told.statement, "request": told.request}) as statement,
        sealing(home, told.reporter) as reporter,
        home.database.begin() as session,
    ):
        catalogue.agency(session, told.agency)
        _check_subject(session, told)
        row.sealed_sha256 = statement
        row.audit_seq = audit.append(session, by.name, *bound(row), now)
        session.add(row)
        session.flush()
        if reporter is not None:
            step = Step(Kind.REPORTER_NAMED, local_day(now))
            add_step(session, (row.id, 1), step, By(by.person_id, by.key_id, reporter), now)
    return Filed(row.id, code)


def _faults(told: Filing) -> Iterator[Fault]:
    if not told.statement.strip():
        yield Fault("/statement", Text("请写明情况。", "Say what happened."), "claim-needed")
    if told.reporter is not None and not told.reporter.get("name", "").strip():
        text = Text("署名举报请写明姓名；匿名请不填此项。", "Give a name, or leave this out.")
        yield Fault("/reporter/name", text, "value-needed")


def _check_subject(session: Session, told: Filing) -> None:
    """Raise unless what it is about is there: public, and the agency's."""
    dataset, release = told.subject.dataset, told.subject.release
    if dataset is None and release is not None:
        text = Text("版本须连同数据集写明。", "A release goes with its dataset.")
        raise NoSuchDataset(*text, (Fault("/dataset", text, "value-needed"),))
    if dataset is not None and publisher(session, dataset) != told.agency:
        text = Text(
            f"“{told.agency}”没有公开数据集“{dataset}”。",
            f"The agency {told.agency} has no public dataset {dataset}.",
        )
        raise NoSuchDataset(*text, (Fault("/dataset", text, "no-such-dataset"),))
    if dataset is not None and release is not None and not _is_released(session, dataset, release):
        text = Text(f"数据集没有第 {release} 版。", f"The dataset has no release {release}.")
        raise NoSuchRelease(*text, (Fault("/release", text, "no-such-release"),))


def publisher(session: Session, dataset: str) -> str | None:
    """Return whose a dataset is, if the public may read of it."""
    try:
        return catalogue.readable(session, None, dataset).agency.id
    except NoSuchDataset:
        return None


def _is_released(session: Session, dataset: str, release: int) -> bool:
    there = exists().where(ReleaseRow.dataset_id == dataset, ReleaseRow.number == release)
    return bool(session.scalar(select(there)))


def public_since(session: Session, dataset: str, release: int) -> date | None:
    """Return the day of a release, ``None`` unless it may be shown now."""
    if (dataset, release) in hidden_of(session, [dataset]):
        return None
    query = select(ReleaseRow.released_at).filter_by(dataset_id=dataset, number=release)
    released_at = session.scalar(query)
    return None if released_at is None else local_day(released_at)
