"""Reading the catalogue: datasets as they are told, to those who may read of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import (
    Agency,
    Dataset,
    DisclosureAttribute,
    Metadata,
    NoSuchAgency,
    NoSuchCollection,
    NoSuchDataset,
)
from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.domain.people import Actor, is_within
from opendata.storage.tables import AgencyRow, DatasetRow, MetadataRow, ReleaseRow

Contracts = Mapping[str, Contract]


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


def dataset(session: Session, dataset_id: str) -> Dataset:
    """Return the dataset of this id, or raise ``NoSuchDataset``."""
    for row, publisher, told, at in session.execute(_datasets().where(DatasetRow.id == dataset_id)):
        return _as_dataset(row, publisher, told, at)
    raise no_such(dataset_id)


def readable(session: Session, reader: Actor | None, dataset_id: str) -> Dataset:
    """Return the dataset of this id if ``reader`` may read of it; ``None`` is the public.

    Before its first release nobody has reviewed what is said of a dataset, so only its own
    agency sees it; to everyone else there is no such dataset.

    Raises:
        NoSuchDataset: there is none, or none that the reader may read of.
    """
    found = dataset(session, dataset_id)
    if _may_read(found, reader, published(session, [dataset_id])):
        return found
    raise no_such(dataset_id)


def datasets(
    session: Session,
    reader: Actor | None,
    *,
    collection: str | None = None,
    text: str | None = None,
) -> list[Dataset]:
    """Return the datasets, newest registration first, that hold every word of ``text``.

    Words are looked for in id, titles, description, agency and transcribed publishers; see
    ``readable`` for ``reader``.
    """
    query = _datasets().order_by(DatasetRow.registered_at.desc(), DatasetRow.id)
    if collection is not None:
        query = query.where(DatasetRow.collection == collection)
    released = published(session)
    found = [
        _as_dataset(row, publisher, told, at) for row, publisher, told, at in session.execute(query)
    ]
    words = (text or "").lower().split()
    return [
        each
        for each in found
        if _may_read(each, reader, released) and all(word in _searchable(each) for word in words)
    ]


def named(session: Session, ids: Collection[str]) -> dict[str, Dataset]:
    """Return the datasets of these ids, by id; an id that none has is left out."""
    if not ids:
        return {}
    found = session.execute(_datasets().where(DatasetRow.id.in_(ids)))
    return {each.id: each for each in (_as_dataset(*row) for row in found)}


def registered(session: Session, dataset_id: str) -> bool:
    """Whether a dataset of this id is registered."""
    return session.get(DatasetRow, dataset_id) is not None


def published(session: Session, ids: Collection[str] | None = None) -> set[str]:
    """Return which datasets, of ``ids`` or of all, have a release."""
    query = select(ReleaseRow.dataset_id).distinct()
    if ids is not None:
        query = query.where(ReleaseRow.dataset_id.in_(ids))
    return set(session.scalars(query))


def has_agency(session: Session, agency_id: str) -> bool:
    """Whether there is an agency of this id."""
    return session.get(AgencyRow, agency_id) is not None


def agencies(session: Session) -> list[Agency]:
    """Return every agency, by name."""
    return [_as_agency(row) for row in session.scalars(select(AgencyRow).order_by(AgencyRow.name))]


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
        coordinates_with=tuple(body.get("coordinates_with", ())),
    )


def no_such(dataset_id: str) -> NoSuchDataset:
    """Return the refusal that says so."""
    return NoSuchDataset(f"没有数据集“{dataset_id}”。", f"There is no dataset {dataset_id}.")


def _may_read(each: Dataset, reader: Actor | None, released: Collection[str]) -> bool:
    if each.id in released:
        return True
    return reader is not None and is_within(reader, each.agency.id, each.collection)


def _searchable(each: Dataset) -> str:
    meta = each.metadata
    parts = (each.id, *meta.title, *meta.description, *each.agency.name, *meta.transcribes)
    return " ".join(parts).lower()
