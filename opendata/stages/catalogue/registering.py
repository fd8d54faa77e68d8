"""Registering datasets, and correcting what is said of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.domain.catalogue import (
    Dataset,
    DatasetExists,
    InvalidRegistration,
    Metadata,
    metadata_faults,
    registration_faults,
)
from opendata.domain.contracts import Contract
from opendata.domain.coordination import agency_faults
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_scope
from opendata.stages.catalogue.reading import Contracts, dataset, no_such
from opendata.stages.catalogue.wording import wording_faults
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import AgencyRow, DatasetRow, MetadataRow


@dataclass(frozen=True, slots=True)
class Registration:
    """What an agency says when it registers a dataset."""

    id: str
    collection: str
    agency: str
    period: str
    metadata: Metadata


def register(
    session: Session, actor: Actor, wanted: Registration, contracts: Contracts, now: datetime
) -> Dataset:
    """Register a dataset of the actor's agency.

    Raises:
        InvalidRegistration: id, period, agency or metadata do not fit, each fault located.
        DatasetExists: the id, or the agency's dataset of that period, is registered already.
    """
    contract = contracts.get(wanted.collection)
    faults = list(_unknown_names(session, wanted, contract, contracts))
    if contract is not None:
        faults += registration_faults(wanted.id, wanted.period, contract)
    faults += metadata_faults(wanted.metadata)
    faults += wording_faults(wanted.metadata)
    faults += _unknown_agencies(session, wanted.metadata, wanted.agency)
    if faults or contract is None:
        raise InvalidRegistration(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            tuple(faults),
        )
    check_scope(actor, wanted.agency, wanted.collection)
    _check_new(session, wanted)
    row = _insert(session, actor, wanted, contract.version, now)
    first = _add_metadata(session, wanted.id, wanted.metadata, actor.person_id, now)
    audit.append(session, str(actor.person_id), *bound(row, first), now)
    return dataset(session, wanted.id)


def amend(
    session: Session,
    actor: Actor,
    dataset_id: str,
    revise: Callable[[Metadata], Metadata],
    now: datetime,
) -> Dataset:
    """Record a new version of what people read about a dataset: ``revise`` of the newest.

    The dataset is locked before its metadata is read, so that no correction undoes another.
    """
    locked = session.get(DatasetRow, dataset_id, with_for_update=True)
    if locked is None:
        raise no_such(dataset_id)
    check_scope(actor, locked.agency_id, locked.collection)
    known = dataset(session, dataset_id).metadata
    metadata = revise(known)
    faults = metadata_faults(metadata)
    faults += wording_faults(metadata, known)
    faults += _unknown_agencies(session, metadata, locked.agency_id)
    if faults:
        raise InvalidRegistration(faults[0].detail.zh, faults[0].detail.en, faults)
    row = _add_metadata(session, dataset_id, metadata, actor.person_id, now)
    audit.append(session, str(actor.person_id), *bound(row), now)
    return dataset(session, dataset_id)


def _add_metadata(
    session: Session, dataset_id: str, metadata: Metadata, person_id: UUID, now: datetime
) -> MetadataRow:
    last = select(func.max(MetadataRow.version)).filter_by(dataset_id=dataset_id)
    version = (session.scalar(last) or 0) + 1
    row = MetadataRow(dataset_id=dataset_id, version=version, body=asdict(metadata))
    row.recorded_by, row.recorded_at = person_id, now
    session.add(row)
    session.flush()
    return row


def _unknown_names(
    session: Session, wanted: Registration, contract: Contract | None, contracts: Contracts
) -> Sequence[Fault]:
    faults = []
    if contract is None:
        names = "、".join(sorted(contracts))
        zh, en = f"没有数据类别“{wanted.collection}”；现有：{names}。", "No such collection."
        faults.append(Fault("/collection", Text(zh, en), "no-such-collection"))
    if session.get(AgencyRow, wanted.agency) is None:
        zh, en = f"没有公开主体“{wanted.agency}”。", f"There is no agency {wanted.agency}."
        faults.append(Fault("/agency", Text(zh, en), "no-such-agency"))
    return faults


def _unknown_agencies(session: Session, metadata: Metadata, own: str) -> tuple[Fault, ...]:
    named = metadata.coordinates_with
    known = session.scalars(select(AgencyRow.id).where(AgencyRow.id.in_(named))) if named else ()
    return agency_faults(named, own, set(known))


def _check_new(session: Session, wanted: Registration) -> None:
    if session.get(DatasetRow, wanted.id) is not None:
        raise DatasetExists(
            f"数据集“{wanted.id}”已登记。", f"The dataset {wanted.id} is registered already."
        )
    same = select(DatasetRow.id).filter_by(
        agency_id=wanted.agency, collection=wanted.collection, period=wanted.period
    )
    other = session.scalar(same)
    if other is not None:
        raise DatasetExists(
            f"该公开主体在此类别、此时段的数据集已登记为“{other}”。",
            f"The agency's dataset of this collection and period is {other}.",
        )


def _insert(
    session: Session, actor: Actor, wanted: Registration, version: int, now: datetime
) -> DatasetRow:
    row = DatasetRow(
        id=wanted.id,
        collection=wanted.collection,
        contract_version=version,
        agency_id=wanted.agency,
        period=wanted.period,
        registered_by=actor.person_id,
        registered_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DatasetExists(
            f"数据集“{wanted.id}”刚刚由他人登记。", f"The dataset {wanted.id} was just registered."
        ) from error
    return row
