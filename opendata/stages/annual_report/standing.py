"""Which of a report is public: the figures of a release, and the words reviewed with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.annual.layout import Place
from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op
from opendata.stages import query
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.published import PublicRecords
from opendata.stages.annual_words import COLLECTION
from opendata.stages.annual_words.facts import Named
from opendata.stages.annual_words.submitted import digest_of_said, is_bound
from opendata.storage.tables import DatasetRow, ReleaseRow

_DATASET = SYSTEM_FIELDS[1]
_FIGURE = ("table_code", "indicator_code", "column_code", "value", "note")


@dataclass(frozen=True, slots=True)
class Published:
    """A report's figures as released, and until when what was said was reviewed with them.

    ``until`` is ``None`` where the figures were not sent in as a report, or something was declared
    or written anew before they were released: nobody has reviewed those words. ``noted`` are the
    figures whose notes were released with them; the others' may have been withheld.
    """

    dataset: str
    until: datetime | None
    figures: Mapping[Place, Decimal]
    noted: frozenset[Place]


def public_dataset(session: Session, means: Means, report: Named) -> str | None:
    """Return the dataset with a report's figures, if it is public now."""
    found = session.scalar(
        select(DatasetRow.id).where(
            DatasetRow.agency_id == report.agency,
            DatasetRow.collection == COLLECTION,
            DatasetRow.period == str(report.year),
        )
    )
    view = query.shown(means.home, means.contract, None, means.now)
    return found if found in view.releases else None


def published_of(session: Session, means: Means, report: Named) -> Published | None:
    """Return what is public of a report now; ``None`` where nothing is."""
    dataset = public_dataset(session, means, report)
    view = query.shown(means.home, means.contract, None, means.now)
    number = None if dataset is None else view.releases.get(dataset)
    release = session.scalar(
        select(ReleaseRow).where(ReleaseRow.dataset_id == dataset, ReleaseRow.number == number)
    )
    if dataset is None or release is None:
        return None
    until = release.released_at
    digest = digest_of_said(session, report, until)
    reviewed = is_bound(session, means.home.views, release.submission_id, digest)
    own = (Filter(_DATASET, Op.EXACT, (dataset,)),)
    rows = {
        Place(row["table_code"], row["indicator_code"], row["column_code"]): row
        for row in PublicRecords(means).selected(means.contract, _FIGURE, own)
    }
    figures = {place: row["value"] for place, row in rows.items()}
    noted = frozenset(place for place, row in rows.items() if row["note"])
    return Published(dataset, until if reviewed else None, figures, noted)
