"""Releases: those of the period, with their known issues, and those that were taken down."""

from sqlalchemy import select

from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.errors import Text
from opendata.domain.takedowns import Tombstone
from opendata.stages.assessment.measuring.model import Subject, cases
from opendata.stages.issues import issue_counts
from opendata.stages.lineage import effects_of
from opendata.storage.tables import DatasetRow, ReleaseRow


def with_issues(subject: Subject) -> Figure:
    """Count, of the period's releases, those with known issues."""
    query = (
        select(ReleaseRow.id, ReleaseRow.dataset_id, ReleaseRow.number)
        .join(DatasetRow, DatasetRow.id == ReleaseRow.dataset_id)
        .where(DatasetRow.agency_id == subject.agency.id)
        .where(ReleaseRow.released_at >= subject.begins, ReleaseRow.released_at < subject.ends)
        .order_by(ReleaseRow.dataset_id, ReleaseRow.number)
    )
    with subject.sources.home.database.read() as session:
        found = session.execute(query).all()
        issues = issue_counts(session, [row.id for row in found])
    told = [_release(row.dataset_id, row.number) for row in found if row.id in issues]
    return Figure(len(told), len(found), tuple(told))


def taken_down(subject: Subject) -> Figure:
    """Count the releases, of whatever day, that were taken down in the period and still are.

    What only carries the rows of another one is not counted.
    """
    query = select(DatasetRow.id).where(DatasetRow.agency_id == subject.agency.id)
    with subject.sources.home.database.read() as session:
        effects = effects_of(session, session.scalars(query).all(), subject.until)
    told = [
        _release(*release)
        for release, status in sorted(effects.statuses.items())
        if _is_of_the_period(status.tombstone(*release), subject)
    ]
    return Figure(len(told), cases=tuple(told))


def _is_of_the_period(stone: Tombstone | None, subject: Subject) -> bool:
    return stone is not None and subject.begins <= stone.at < subject.ends


def _release(dataset: str, number: int) -> Cases:
    label = Text(f"{dataset} 第 {number} 版", f"{dataset}, release {number}")
    return cases(label, f"datasets/{dataset}/releases/{number}")
