"""Record: the one transaction in which a release comes to be."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.approvals import State
from opendata.domain.editions import local_day
from opendata.domain.errors import Refusal
from opendata.stages import catalogue
from opendata.stages.declare import number_of
from opendata.stages.issues import add_known_issues
from opendata.stages.publish.artefacts import MANIFEST
from opendata.stages.publish.prepare import Candidate
from opendata.stages.publish.subject import Subject
from opendata.stages.standing import standing
from opendata.storage import audit, pointers
from opendata.storage.bound import bound_release
from opendata.storage.tables import (
    ArtefactRow,
    DatasetRow,
    PublicationFailureRow,
    ReleaseRow,
    SubmissionRow,
)
from opendata.storage.turns import take_turn
from opendata.storage.vault import Blob, Vault


@dataclass(frozen=True, slots=True)
class Made:
    """A release as it was built: what it is about, its files, how many records it has.

    ``root`` stands for the records of its first edition.
    """

    subject: Subject
    files: tuple[tuple[str, Blob], ...]
    rows: int
    root: bytes


def record(session: Session, candidate: Candidate, made: Made) -> bool:
    """Insert the release and move the pointer; return ``False`` and do nothing if facts moved.

    The submission must still be approved by the same decisions (another release of the dataset,
    or a suspension, ends their round), the dataset still be 主动公开, and the pointer still be
    where the commit began. The transaction has a ``hold`` of the files.
    """
    found, subject = candidate.standing, made.subject
    session.get(SubmissionRow, found.submission.id, with_for_update=True)
    session.get(DatasetRow, subject.dataset.id, with_for_update=True)
    now = standing(session, found.submission.id)
    if now.state is not State.APPROVED or now.round != found.round:
        return False
    if not catalogue.dataset(session, subject.dataset.id).is_proactive:
        return False
    collection, at = subject.contract.collection, subject.released_at
    if not pointers.move(session, collection, candidate.pointer, subject.snapshot, at):
        return False
    row = _as_row(candidate, made)
    row.declaration = number_of(session, candidate.contract, at)
    session.add(row)
    session.flush()
    add_artefacts(session, row.id, subject.edition(local_day(at)), made.files)
    add_known_issues(session, row.id, subject.known_issues)
    manifest = dict(made.files)[MANIFEST].sha256
    audit.append(session, "system", "released", bound_release(row, manifest), at)
    return True


def _as_row(candidate: Candidate, made: Made) -> ReleaseRow:
    subject = made.subject
    return ReleaseRow(
        dataset_id=subject.dataset.id,
        number=subject.number,
        collection=subject.contract.collection,
        merged_onto=candidate.onto.number if candidate.onto else None,
        submission_id=candidate.standing.submission.id,
        contract=subject.contract.name,
        rows=made.rows,
        snapshot_id=subject.snapshot.id,
        metadata_location=subject.snapshot.metadata_location,
        window_ends=[each.isoformat() for each in subject.window_ends],
        withheld=asdict(subject.withheld),
        version=subject.version,
        supersedes=subject.supersedes,
        corrects=subject.corrects,
        notes=subject.notes,
        merkle_root=made.root.hex(),
        released_at=subject.released_at,
    )


def hold(session: Session, vault: Vault, files: Iterable[tuple[str, Blob]]) -> bool:
    """Return whether all files are in the vault; none is erased before the transaction ends.

    Somebody may have erased the same bytes since they were built: then they are built again.
    """
    digests = sorted({blob.sha256 for _, blob in files})
    for each in digests:
        take_turn(session, each)
    return all(vault.path(each).exists() for each in digests)


def add_artefacts(
    session: Session, release_id: UUID, begun: date, files: Iterable[tuple[str, Blob]]
) -> None:
    """Insert the files of one edition of a release, which the transaction has a ``hold`` of."""
    for name, blob in files:
        row = ArtefactRow(release_id=release_id, edition=begun.isoformat(), name=name)
        row.sha256, row.size = blob.sha256, blob.size
        session.add(row)
    session.flush()


def record_failure(session: Session, submission_id: UUID, refusal: Refusal, now: datetime) -> None:
    """Record that an approved submission cannot be published as it is, and why."""
    session.get(SubmissionRow, submission_id, with_for_update=True)
    if standing(session, submission_id).state is not State.APPROVED:
        return
    problem = {"code": refusal.code, "detail": refusal.detail._asdict()}
    session.add(PublicationFailureRow(submission_id=submission_id, problem=problem, failed_at=now))
    session.flush()
    audit.append(session, "system", "publication-failed", str(submission_id), now)
