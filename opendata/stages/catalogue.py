"""The catalogue: registering datasets, correcting what is said of them, finding them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.domain.catalogue import (
    Agency,
    Dataset,
    DatasetExists,
    DisclosureAttribute,
    InvalidRegistration,
    Metadata,
    NoSuchAgency,
    NoSuchCollection,
    NoSuchDataset,
    metadata_faults,
    registration_faults,
)
from opendata.domain.contracts import Contract
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_agency
from opendata.storage import audit
from opendata.storage.tables import AgencyRow, DatasetRow, MetadataRow, ReleaseRow

Contracts = Mapping[str, Contract]


@dataclass(frozen=True, slots=True)
class Registration:
    """What an agency says when it registers a dataset."""

    id: str
    collection: str
    agency: str
    period: str
    metadata: Metadata


def contract_of(contracts: Contracts, collection: str) -> Contract:
    """Return the contract of a collection, or raise ``NoSuchCollection``."""
    found = contracts.get(collection)
    if found is None:
        names = "、".join(sorted(contracts))
        raise NoSuchCollection(
            f"没有数据类别“{collection}”；现有：{names}。",
            f"There is no collection {collection}; there are: {', '.join(sorted(contracts))}.",
        )
    return found


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
    if faults or contract is None:
        raise InvalidRegistration(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            tuple(faults),
        )
    check_agency(actor, wanted.agency)
    _check_new(session, wanted)
    _insert(session, actor, wanted, contract.version, now)
    _add_metadata(session, wanted.id, wanted.metadata, actor.person_id, now)
    audit.append(session, str(actor.person_id), "dataset-registered", wanted.id, now)
    return dataset(session, wanted.id)


def amend(
    session: Session, actor: Actor, dataset_id: str, metadata: Metadata, now: datetime
) -> Dataset:
    """Record a new version of what people read about a dataset."""
    locked = session.get(DatasetRow, dataset_id, with_for_update=True)
    if locked is None:
        raise _no_such(dataset_id)
    check_agency(actor, locked.agency_id)
    faults = metadata_faults(metadata)
    if faults:
        raise InvalidRegistration(faults[0].detail.zh, faults[0].detail.en, faults)
    _add_metadata(session, dataset_id, metadata, actor.person_id, now)
    audit.append(session, str(actor.person_id), "dataset-amended", dataset_id, now)
    return dataset(session, dataset_id)


def dataset(session: Session, dataset_id: str) -> Dataset:
    """Return the dataset of this id, or raise ``NoSuchDataset``."""
    for row, publisher, told, at in session.execute(_datasets().where(DatasetRow.id == dataset_id)):
        return _as_dataset(row, publisher, told, at)
    raise _no_such(dataset_id)


def datasets(
    session: Session, *, collection: str | None = None, text: str | None = None
) -> list[Dataset]:
    """Return the datasets, newest registration first, that hold every word of ``text``.

    Words are looked for in id, titles, description, agency and transcribed publishers.
    """
    query = _datasets().order_by(DatasetRow.registered_at.desc(), DatasetRow.id)
    if collection is not None:
        query = query.where(DatasetRow.collection == collection)
    found = [
        _as_dataset(row, publisher, told, at) for row, publisher, told, at in session.execute(query)
    ]
    words = (text or "").lower().split()
    return [each for each in found if all(word in _searchable(each) for word in words)]


def named(session: Session, ids: Collection[str]) -> dict[str, Dataset]:
    """Return the datasets of these ids, by id; an id that none has is left out."""
    if not ids:
        return {}
    found = session.execute(_datasets().where(DatasetRow.id.in_(ids)))
    return {each.id: each for each in (_as_dataset(*row) for row in found)}


def registered(session: Session, dataset_id: str) -> bool:
    """Whether a dataset of this id is registered."""
    return session.get(DatasetRow, dataset_id) is not None


def published(session: Session) -> set[str]:
    """Return the datasets that have a release."""
    return set(session.scalars(select(ReleaseRow.dataset_id).distinct()))


def has_agency(session: Session, agency_id: str) -> bool:
    """Whether there is an agency of this id."""
    return session.get(AgencyRow, agency_id) is not None


def agency(session: Session, agency_id: str) -> Agency:
    """Return the agency of this id, or raise ``NoSuchAgency``."""
    row = session.get(AgencyRow, agency_id)
    if row is None:
        raise NoSuchAgency(f"没有公开主体“{agency_id}”。", f"There is no agency {agency_id}.")
    return _as_agency(row)


def _datasets() -> Select[DatasetRow, AgencyRow, MetadataRow, datetime]:
    newest = (
        select(MetadataRow.dataset_id, func.max(MetadataRow.version).label("version"))
        .group_by(MetadataRow.dataset_id)
        .subquery()
    )
    return (
        select(DatasetRow, AgencyRow, MetadataRow, MetadataRow.recorded_at)
        .join(AgencyRow, AgencyRow.id == DatasetRow.agency_id)
        .join(newest, newest.c.dataset_id == DatasetRow.id)
        .join(
            MetadataRow,
            (MetadataRow.dataset_id == DatasetRow.id) & (MetadataRow.version == newest.c.version),
        )
    )


def _as_agency(row: AgencyRow) -> Agency:
    return Agency(row.id, Text(row.name, row.name_en), row.uscc, row.region_code)


def _as_dataset(row: DatasetRow, agency: AgencyRow, meta: MetadataRow, at: datetime) -> Dataset:
    return Dataset(
        id=row.id,
        collection=row.collection,
        contract_version=row.contract_version,
        agency=_as_agency(agency),
        period=row.period,
        metadata=_read_metadata(meta.body),
        registered_at=row.registered_at,
        modified_at=at,
    )


def _read_metadata(body: Mapping[str, Any]) -> Metadata:
    return Metadata(
        title=Text(*body["title"]),
        description=Text(*body["description"]),
        disclosure_attribute=DisclosureAttribute(body["disclosure_attribute"]),
        attribute_reason=body["attribute_reason"],
        transcribes=tuple(body["transcribes"]),
        sources=tuple((title, path) for title, path in body["sources"]),
    )


def _add_metadata(
    session: Session, dataset_id: str, metadata: Metadata, person_id: UUID, now: datetime
) -> None:
    last = select(func.max(MetadataRow.version)).filter_by(dataset_id=dataset_id)
    version = (session.scalar(last) or 0) + 1
    row = MetadataRow(dataset_id=dataset_id, version=version, body=asdict(metadata))
    row.recorded_by, row.recorded_at = person_id, now
    session.add(row)
    session.flush()


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
) -> None:
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


def _no_such(dataset_id: str) -> NoSuchDataset:
    return NoSuchDataset(f"没有数据集“{dataset_id}”。", f"There is no dataset {dataset_id}.")


def _searchable(each: Dataset) -> str:
    meta = each.metadata
    parts = (each.id, *meta.title, *meta.description, *each.agency.name, *meta.transcribes)
    return " ".join(parts).lower()
