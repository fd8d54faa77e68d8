"""The steps of a publication, in order."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pyarrow as pa

from opendata.stages.catalogue import Contracts
from opendata.stages.publish.artefacts import Subject, digests, edition_files, put_json
from opendata.stages.publish.descriptors import manifest
from opendata.stages.publish.prepare import (
    Candidate,
    NotPublishable,
    gather,
    public_report_of,
    records_of,
    window_ends,
)
from opendata.stages.publish.record import Made, record, record_failure
from opendata.storage.home import Home
from opendata.storage.lake import Change, Snapshot

Mark = Callable[[str], None]


def _unmarked(_step: str) -> None:
    """Do nothing at a step; a test that stops the worker there passes something else."""


def publish(
    home: Home,
    contracts: Contracts,
    submission_id: UUID,
    clock: Callable[[], datetime],
    mark: Mark = _unmarked,
) -> bool:
    """Publish one approved submission; return whether a release was made.

    ``False`` says that it may not be published as the facts are now (another release came
    first, it was cancelled, a suspension stands); the next look at the facts decides anew.
    ``mark`` is called with the name of each step once it is done.
    """
    candidate = gather(home, contracts, submission_id)
    if candidate is None:
        return False
    mark("gathered")
    try:
        rows = records_of(home, candidate)
    except NotPublishable as refusal:
        with home.database.begin() as session:
            record_failure(session, submission_id, refusal, clock())
        return False
    mark("typed")
    collection = candidate.contract.collection
    base = candidate.pointer or home.lake.beginning(collection, rows.schema)
    mark("begun")
    branch, is_first = f"submission-{submission_id}", candidate.number == 1
    change = Change(collection, candidate.dataset.id, branch, is_first)
    snapshot = home.lake.commit(change, base, rows)
    mark("committed")
    made = _built(home, candidate, rows, snapshot, clock())
    mark("files-built")
    with home.database.begin() as session:
        released = record(session, candidate, made)
        mark("recorded")
    mark("released")
    return released


def _built(
    home: Home, candidate: Candidate, rows: pa.Table, snapshot: Snapshot, now: datetime
) -> Made:
    """Build the files of the release's first edition and the manifest that names them all."""
    subject = Subject(
        dataset=candidate.dataset,
        contract=candidate.contract.published,
        number=candidate.number,
        snapshot=snapshot,
        released_at=now,
        window_ends=tuple(window_ends(rows, candidate.contract)),
        withheld=candidate.withheld,
        known_issues=candidate.known_issues,
        has_dropped_columns=bool(candidate.contract.dropped),
    )
    files = edition_files(home, subject, now)
    files.append(("report.json", put_json(home, public_report_of(home, candidate))))
    told = manifest(subject, candidate.standing, rows.num_rows, digests(files))
    files.append(("manifest.json", put_json(home, told)))
    return Made(subject, tuple(files), rows.num_rows)
