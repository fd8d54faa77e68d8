"""Editions: the files of a release are built anew before the day on which something leaves."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.editions import CHINA, edition, local_day
from opendata.stages import catalogue
from opendata.stages.issues import known_issues
from opendata.stages.publish.artefacts import MANIFEST, REPORT, data_files, with_descriptor
from opendata.stages.publish.manifests import Evidence, next_manifest
from opendata.stages.publish.marks import Mark, unmarked
from opendata.stages.publish.record import add_artefacts, hold
from opendata.stages.publish.subject import Subject
from opendata.stages.publish.versions import newest_of
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
    due = dict[DueEdition, None]()
    released = select(ReleaseRow.id, ReleaseRow.released_at, ReleaseRow.window_ends)
    for release_id, at, ends in session.execute(released.order_by(ReleaseRow.released_at)):
        for day in (today, today + timedelta(days=1)) if ends else ():
            # The ends are in order; the last one before the day says which edition it has.
            past = bisect_left(ends, day.isoformat())
            begun = edition(at, map(date.fromisoformat, ends[max(0, past - 1) : past]), day)
            if (release_id, begun.isoformat()) not in built:
                due[DueEdition(release_id, begun)] = None
    return list(due)


def _is_built(session: Session, due: DueEdition) -> bool:
    of_it = select(ArtefactRow.name).filter_by(
        release_id=due.release_id, edition=due.day.isoformat()
    )
    return session.scalars(of_it.limit(1)).first() is not None


def prepare_edition(
    home: Home,
    contracts: catalogue.Contracts,
    due: DueEdition,
    now: datetime,
    mark: Mark = unmarked,
) -> None:
    """Build the files of an edition and record them; doing it twice changes nothing.

    ``mark`` is called with the name of each step once it is done.
    """
    subject, evidence = _known(home, contracts, due)
    morning = datetime(due.day.year, due.day.month, due.day.day, tzinfo=CHINA)
    data = data_files(home, subject, morning)
    files = with_descriptor(home, subject, data, morning)
    mark("edition-built")
    fixed = [each for each in evidence.files if each[0] == REPORT]
    evidence = replace(evidence, files=[*files, *fixed])
    files.append((MANIFEST, next_manifest(home, subject, due.day.isoformat(), evidence)))
    mark("edition-signed")
    with home.database.begin() as session:
        is_whole = hold(session, home.vault, files)
        session.get(ReleaseRow, due.release_id, with_for_update=True)
        if is_whole and not _is_built(session, due):
            add_artefacts(session, due.release_id, due.day, files)
            subject_name = f"{subject.dataset.id}@{subject.number}/{due.day}"
            audit.append(session, "system", "edition-prepared", subject_name, now)
        mark("edition-recorded")
    mark("edition-prepared")


def _known(home: Home, contracts: catalogue.Contracts, due: DueEdition) -> tuple[Subject, Evidence]:
    """Return what the edition's files are about, and the files and manifest of those before."""
    with home.database.read() as session:
        row = session.get_one(ReleaseRow, due.release_id)
        issues = known_issues(session, [row.id]).get(row.id, ())
        dataset = catalogue.dataset(session, row.dataset_id)
        before = newest_of(session, row.id, (due.day - timedelta(days=1)).isoformat())
        head = audit.head(session)
    contract = catalogue.contract_of(contracts, row.collection)
    subject = Subject(
        dataset=dataset,
        contract=contract.published,
        number=row.number,
        version=row.version,
        corrects=row.corrects,
        notes=row.notes,
        snapshot=Snapshot(row.snapshot_id, row.metadata_location),
        released_at=row.released_at,
        window_ends=tuple(date.fromisoformat(each) for each in row.window_ends),
        withheld=as_withheld(row.withheld),
        known_issues=issues,
        treatments=contract.treatments,
    )
    return subject, Evidence(list(before.items()), head, before[MANIFEST].sha256)
