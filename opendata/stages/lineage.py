"""Lineage: whose rows a release carries, and what a suspension therefore hides.

In mode ``add`` a release holds the rows of the release it was merged onto. Suspending one
release hides every later one that still carries its rows.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from opendata.storage.lake import Snapshot
from opendata.storage.tables import ReleaseRow, TakedownRow

# A release, named by its dataset and number.
Named = tuple[str, int]


@dataclass(frozen=True, slots=True)
class MergeBase:
    """The release that a submission in mode ``add`` is merged onto: the newest that is public."""

    number: int
    snapshot: Snapshot


def hidden_in_collection(session: Session, collection: str) -> dict[Named, Named]:
    """Return the releases of a collection that may not be shown; see ``hidden_of``."""
    return _hidden(session, ReleaseRow.collection == collection)


def hidden_of(session: Session, datasets: Collection[str]) -> dict[Named, Named]:
    """Return the releases of datasets that may not be shown, each with the suspended release.

    A release is hidden by its own suspension, or by that of a release whose rows it carries.
    """
    return _hidden(session, ReleaseRow.dataset_id.in_(datasets))


def suspended_of(session: Session, datasets: Collection[str]) -> dict[str, int]:
    """Return how many releases of each of these datasets are suspended, if any is."""
    rows = session.execute(_suspended(ReleaseRow.dataset_id.in_(datasets)))
    found: dict[str, int] = {}
    for dataset, _ in rows:
        found[dataset] = found.get(dataset, 0) + 1
    return found


def merge_base(session: Session, dataset: str) -> MergeBase | None:
    """Return the newest public release of a dataset, ``None`` if there is none."""
    hidden = hidden_of(session, [dataset])
    query = select(ReleaseRow).filter_by(dataset_id=dataset).order_by(ReleaseRow.number.desc())
    for row in session.scalars(query):
        if (dataset, row.number) not in hidden:
            return MergeBase(row.number, Snapshot(row.snapshot_id, row.metadata_location))
    return None


def _hidden(session: Session, condition: ColumnElement[bool]) -> dict[Named, Named]:
    suspended = {(dataset, number) for dataset, number in session.execute(_suspended(condition))}
    if not suspended:
        return {}
    rows = session.execute(
        select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.merged_onto)
        .where(ReleaseRow.dataset_id.in_({dataset for dataset, _ in suspended}))
        .order_by(ReleaseRow.number)
    )
    causes: dict[Named, Named] = {}
    for dataset, number, onto in rows:
        if (dataset, number) in suspended:
            causes[dataset, number] = (dataset, number)
        elif onto is not None and (dataset, onto) in causes:
            causes[dataset, number] = causes[dataset, onto]
    return causes


def _suspended(condition: ColumnElement[bool]) -> Select[str, int]:
    return (
        select(ReleaseRow.dataset_id, ReleaseRow.number)
        .where(condition)
        .where(ReleaseRow.id.in_(select(TakedownRow.release_id)))
    )
