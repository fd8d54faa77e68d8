"""The steps of a publication, in order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pyarrow as pa

from opendata.domain import merkle
from opendata.stages.catalogue import Contracts
from opendata.stages.publish.artefacts import (
    LEAVES,
    MANIFEST,
    RECORDS,
    REPORT,
    data_files,
    put_json,
    row_tree,
    with_descriptor,
)
from opendata.stages.publish.manifests import Evidence, Rows, first_manifest
from opendata.stages.publish.marks import Mark, unmarked
from opendata.stages.publish.prepare import (
    Candidate,
    NotPublishable,
    gather,
    judged_again,
    public_report_of,
    records_of,
    window_ends,
)
from opendata.stages.publish.record import Made, hold, record, record_failure
from opendata.stages.publish.subject import Subject
from opendata.stages.publish.versions import predecessor, version_after
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.lake import Change, Snapshot

# So often is a publication tried that fails for no reason that passes; the tries are ever rarer.
MAX_ATTEMPTS = 20


class PublicationFailed(NotPublishable):
    """What was approved could not be published, though nothing in the data forbids it."""

    code = "processing-failed"


def give_up(home: Home, submission_id: UUID, now: datetime) -> bool:
    """Record that a publication failed again and again, so that somebody is told of it."""
    refusal = PublicationFailed(
        "发布此报送时系统多次出错；文件已保存。请系统管理员查看日志，再重新报送。",
        "Publishing this failed several times; the file is kept. Have the administrator look at "
        "the log, then send it in again.",
    )
    with home.database.begin() as session:
        record_failure(session, submission_id, refusal, now)
    return True


def publish(
    home: Home,
    contracts: Contracts,
    submission_id: UUID,
    clock: Callable[[], datetime],
    mark: Mark = unmarked,
) -> bool:
    """Publish one approved submission; return whether a release was made.

    ``False`` says that it may not be published as the facts are now (another release came
    first, it was cancelled, a suspension stands); the next look at the facts decides anew.
    ``mark`` is called with the name of each step once it is done.
    """
    candidate = gather(home, contracts, submission_id, clock())
    if candidate is None:
        return False
    mark("gathered")
    try:
        candidate = judged_again(home, candidate)
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
        released = hold(session, home.vault, made.files) and record(session, candidate, made)
        mark("recorded")
    mark("released")
    return released


def _built(
    home: Home, candidate: Candidate, rows: pa.Table, snapshot: Snapshot, now: datetime
) -> Made:
    """Build the files of the release's first edition and the manifest that names them all."""
    subject = _subject(candidate, rows, snapshot, now)
    with home.database.read() as session:
        before = predecessor(session, subject.dataset.id, subject.number, now)
        head = audit.head(session)
    data = data_files(home, subject, now)
    leaves = row_tree(home, subject, data)
    version = version_after(home, subject, before, dict(data)[RECORDS])
    subject = replace(subject, version=version)
    files = with_descriptor(home, subject, data, now)
    files.append((REPORT, put_json(home, public_report_of(home, candidate))))
    evidence = Evidence(files, head, before.manifest if before else None)
    counted = Rows(rows.num_rows, len(leaves) // merkle.HASH_BYTES, merkle.root(leaves))
    manifest = first_manifest(home, subject, candidate.standing, counted, evidence)
    kept = [*files, (MANIFEST, manifest), (LEAVES, home.vault.put(leaves))]
    return Made(subject, tuple(kept), rows.num_rows, counted.root)


def _subject(candidate: Candidate, rows: pa.Table, snapshot: Snapshot, now: datetime) -> Subject:
    """Return what the files are about; the version is not known before they are built."""
    submission = candidate.standing.submission
    return Subject(
        dataset=candidate.dataset,
        contract=candidate.contract.published,
        number=candidate.number,
        version=None,
        corrects=submission.corrects,
        notes=submission.notes,
        snapshot=snapshot,
        released_at=now,
        window_ends=tuple(window_ends(rows, candidate.contract)),
        withheld=candidate.withheld,
        known_issues=candidate.known_issues,
        treatments=candidate.contract.treatments,
    )
