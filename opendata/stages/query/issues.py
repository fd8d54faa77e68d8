"""Issues: what is known to be wrong in what a collection shows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from opendata.domain.cautions import KnownIssue
from opendata.domain.contracts import Contract
from opendata.domain.queries import Query
from opendata.stages.issues import known_issues
from opendata.stages.query.records import view_for
from opendata.stages.query.view import View
from opendata.storage.home import Home
from opendata.storage.tables import ReleaseRow


@dataclass(frozen=True, slots=True)
class IssuesOfRelease:
    """The known issues of one release, in the order of its report."""

    dataset: str
    release: int
    issues: tuple[KnownIssue, ...]


@dataclass(frozen=True, slots=True)
class IssuesInView:
    """The releases shown in a view that have known issues, by the names of their datasets."""

    view: View
    releases: list[IssuesOfRelease]


def issues(home: Home, contract: Contract, query: Query, now: datetime) -> IssuesInView:
    """Return the known issues of every release in the view that ``query`` is about.

    Raises:
        NoSuchSnapshot: ``as_of`` names no state of the collection.
        NoSuchRelease: there is no such release in the collection.
        SuspendedRelease: the release asked about is not public.
    """
    view = view_for(home, contract, query, now)
    with home.database.read() as session:
        rows = session.scalars(
            select(ReleaseRow)
            .where(ReleaseRow.dataset_id.in_(view.issues))
            .order_by(ReleaseRow.dataset_id, ReleaseRow.number)
        )
        shown = [row for row in rows if view.releases[row.dataset_id] == row.number]
        told = known_issues(session, [row.id for row in shown])
    return IssuesInView(
        view, [IssuesOfRelease(row.dataset_id, row.number, told[row.id]) for row in shown]
    )
