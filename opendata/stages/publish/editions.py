"""Editions: the files of a release are built anew before the day on which something leaves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.editions import CHINA, edition, local_day
from opendata.stages import catalogue
from opendata.stages.issues import known_issues
from opendata.stages.publish.artefacts import Subject, edition_files
from opendata.stages.publish.record import add_artefacts
from opendata.stages.standing import as_withheld
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot
from opendata.storage.tables import ArtefactRow, ReleaseRow


@dataclass(frozen=True, slots=True)
class DueEdition:
    """An edition of a release whose files are not built yet; ``day`` is its first."""

    release_id: UUID
    day: date


def due_editions(session: Session, now: datetime) -> list[DueEdition]:
    """Return the editions of today and tomorrow, Asia/Shanghai, that lack their files."""
    built = set(session.execute(select(ArtefactRow.release_id, ArtefactRow.edition).distinct()))
    today = local_day(now)
    due = []
    for row in session.scalars(select(ReleaseRow).order_by(ReleaseRow.released_at)):
        if not row.window_ends:
            continue
        ends = [date.fromisoformat(each) for each in row.window_ends]
        for day in (today, today + timedelta(days=1)):
            begun = edition(row.released_at, ends, day)
            if (row.id, begun.isoformat()) not in built and DueEdition(row.id, begun) not in due:
                due.append(DueEdition(row.id, begun))
    return due


def prepare_edition(
    home: Home, contracts: catalogue.Contracts, due: DueEdition, now: datetime
) -> None:
    """Build the files of an edition and record them; doing it twice changes nothing."""
    with home.database.read() as session:
        row = session.get_one(ReleaseRow, due.release_id)
        issues = known_issues(session, [row.id]).get(row.id, ())
        dataset = catalogue.dataset(session, row.dataset_id)
    contract = catalogue.contract_of(contracts, row.collection)
    subject = Subject(
        dataset=dataset,
        contract=contract.published,
        number=row.number,
        snapshot=Snapshot(row.snapshot_id, row.metadata_location),
        released_at=row.released_at,
        window_ends=tuple(date.fromisoformat(each) for each in row.window_ends),
        withheld=as_withheld(row.withheld),
        known_issues=issues,
        has_dropped_columns=bool(contract.dropped),
    )
    morning = datetime(due.day.year, due.day.month, due.day.day, tzinfo=CHINA)
    files = edition_files(home, subject, morning)
    with home.database.begin() as session:
        session.get(ReleaseRow, due.release_id, with_for_update=True)
        if due in due_editions(session, now):
            add_artefacts(session, row.id, due.day, files)
            subject_name = f"{row.dataset_id}@{row.number}/{due.day}"
            audit.append(session, "system", "edition-prepared", subject_name, now)
