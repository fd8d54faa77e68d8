"""Knowing: the facts about obligations, as they were recorded by a moment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from opendata.domain.compliance import Facts, Kind, Obligation, Occasion, Release, Word
from opendata.domain.editions import local_day
from opendata.stages.lineage import effects_in, effects_of
from opendata.storage.tables import (
    AgencyRow,
    DatasetRow,
    FulfilmentRow,
    MetadataRow,
    OccasionRow,
    ReleaseRow,
)

# Releases of an agency's dataset, by agency, collection and period.
_Released = dict[tuple[str, str, str], list[Release]]


def facts(session: Session, owed: Sequence[Obligation], until: datetime | None) -> Facts:
    """Return what was known of these obligations by a moment; ``None`` is now.

    It is known of the obligation: who answers for it may have become an agency here since.
    """
    only = owed[0].id if len(owed) == 1 else None
    words = _words(session, only, until)
    collections = {each.collection for each in owed if each.collection}
    released = _released(session, collections, until)
    return Facts(
        obligations=owed,
        occasions=_occasions(session, only, until),
        words=words,
        first={key: each[0] for key, each in released.items()},
        public=_public(session, _named_in(words), until),
        later={key: each[1:] for key, each in released.items() if len(each) > 1},
    )


def last_fact(session: Session) -> tuple[int, int, int, int]:
    """Return what grows with every fact of obligations, every agency and word on a dataset."""
    occasions = session.scalar(select(func.max(OccasionRow.audit_seq)))
    words = session.scalar(select(func.max(FulfilmentRow.audit_seq)))
    known = session.scalar(select(func.count()).select_from(AgencyRow))
    told = session.scalar(select(func.count()).select_from(MetadataRow))
    return occasions or 0, words or 0, known or 0, told or 0


def public_day(session: Session, dataset: str, number: int) -> date | None:
    """Return since when a release is public, ``None`` if it is not or transcribes others' data."""
    return _public(session, {(dataset, number)}, None).get((dataset, number))


def _occasions(
    session: Session, only: str | None, until: datetime | None
) -> dict[str, tuple[Occasion, ...]]:
    query = select(OccasionRow)
    if until is not None:
        query = query.where(OccasionRow.recorded_at <= until)
    if only is not None:
        query = query.where(OccasionRow.obligation == only)
    found: defaultdict[str, dict[str, Occasion]] = defaultdict(dict)
    for row in session.scalars(query.order_by(OccasionRow.audit_seq)):
        told = Occasion(row.occasion, row.title, row.rule, row.trigger_date)
        # What is recorded stays: of what two agencies once recorded the first counts.
        found[row.obligation].setdefault(row.occasion, told)
    return {each: tuple(recorded.values()) for each, recorded in found.items()}


def _words(
    session: Session, only: str | None, until: datetime | None
) -> dict[str, dict[str, list[Word]]]:
    query = select(FulfilmentRow)
    if until is not None:
        query = query.where(FulfilmentRow.recorded_at <= until)
    if only is not None:
        query = query.where(FulfilmentRow.obligation == only)
    found: defaultdict[str, dict[str, list[Word]]] = defaultdict(dict)
    for row in session.scalars(query.order_by(FulfilmentRow.audit_seq)):
        of_case = found[row.obligation].setdefault(row.occasion, [])
        of_case.append(_as_word(row))
    return dict(found)


def _as_word(row: FulfilmentRow) -> Word:
    return Word(
        kind=Kind(row.kind),
        on=row.fulfilled_on,
        dataset=row.dataset_id,
        release=row.release,
        url=row.url,
        basis=row.basis,
        reason=row.reason,
        said_on=local_day(row.recorded_at),
    )


def _named_in(words: dict[str, dict[str, list[Word]]]) -> set[tuple[str, int]]:
    return {
        (each.dataset, each.release)
        for of_one in words.values()
        for said in of_one.values()
        for each in said
        if each.dataset is not None and each.release is not None
    }


def _released(session: Session, collections: Collection[str], until: datetime | None) -> _Released:
    """Return the releases of these collections that were public then, the earliest first."""
    found: defaultdict[tuple[str, str, str], list[Release]] = defaultdict(list)
    transcribing = _transcribing(session, until)
    for collection in sorted(collections):
        hidden = effects_in(session, collection, until).hidden
        query = (
            select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.released_at)
            .add_columns(DatasetRow.agency_id, DatasetRow.period)
            .join(DatasetRow, DatasetRow.id == ReleaseRow.dataset_id)
            .where(ReleaseRow.collection == collection)
            .order_by(ReleaseRow.released_at)
        )
        if until is not None:
            query = query.where(ReleaseRow.released_at <= until)
        for dataset, number, at, agency, period in session.execute(query):
            if (dataset, number) not in hidden and dataset not in transcribing:
                told = Release(dataset, number, local_day(at))
                found[agency, collection, period].append(told)
    return dict(found)


def _transcribing(session: Session, until: datetime | None) -> set[str]:
    """Return the datasets of which it was ever said by then that they transcribe others' data."""
    query = select(MetadataRow.dataset_id, MetadataRow.body)
    if until is not None:
        query = query.where(MetadataRow.recorded_at <= until)
    return {dataset for dataset, body in session.execute(query) if body["transcribes"]}


def _public(
    session: Session, named: Collection[tuple[str, int]], until: datetime | None
) -> dict[tuple[str, int], date]:
    """Return since when those of the releases are public that nobody had taken down by then."""
    if not named:
        return {}
    datasets = {dataset for dataset, _ in named} - _transcribing(session, until)
    hidden = effects_of(session, datasets, until).hidden
    conditions: list[ColumnElement[bool]] = [ReleaseRow.dataset_id.in_(datasets)]
    if until is not None:
        conditions.append(ReleaseRow.released_at <= until)
    query = select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.released_at)
    return {
        (dataset, number): local_day(at)
        for dataset, number, at in session.execute(query.where(*conditions))
        if (dataset, number) in named and (dataset, number) not in hidden
    }
