"""Announcing an upload: everything that can be refused is, before a byte is taken."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.domain.people import Actor
from opendata.stages import receive
from opendata.stages.upload.model import KEPT, Progress, TooManyUploads, progress_of
from opendata.storage.home import Home
from opendata.storage.tables import SubmissionRow, UploadRow

MOST_OPEN = 32


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of a file that it is going to upload.

    ``declared`` is the Upload-Metadata as sent, of which the others are read; ``sha256`` (hex) is
    checked once all is there.
    """

    dataset: str
    length: int
    declared: str
    media_type: str
    filename: str
    sha256: str | None
    idempotency_key: str | None
    remarks: receive.Remarks


def create(
    home: Home, actor: Actor, announced: Announced, max_bytes: int, now: datetime
) -> Progress:
    """Return a new upload; where the key stands for one already, that one.

    Raises:
        TooLarge, EmptyUpload, InsufficientStorage, InvalidIdempotencyKey, NoSuchDataset,
        WrongAgency, NotForPublication, NothingToCorrect, IdempotencyMismatch, TooManyUploads: see
            there.
        StillInFlight: another request announces it at this very moment.
    """
    receive.check_size(announced.length, max_bytes)
    if announced.length == 0:
        raise receive.EmptyUpload("文件是空的。", "The file is empty.")
    if announced.idempotency_key is not None:
        receive.check_key(announced.idempotency_key)
    with home.database.begin() as session:
        receive.check_may_submit(session, actor, announced.dataset)
        receive.check_remarks(session, announced.dataset, announced.remarks, "Upload-Metadata:")
        receive.forget_old(session, now)
        row = _known(session, actor, announced, now)
        if row is None:
            row = _of(actor, announced, now)
            _settle_by_key(session, actor, row, announced)
            if row.submission_id is None:
                _check_room(home, session, actor, announced.length, now)
            _insert(session, row)
        return progress_of(row)


def _known(session: Session, actor: Actor, announced: Announced, now: datetime) -> UploadRow | None:
    """Return the upload that the key stands for; after seven days it gives its key back."""
    if announced.idempotency_key is None:
        return None
    mine = select(UploadRow).filter_by(
        person_id=actor.person_id, idempotency_key=announced.idempotency_key
    )
    row = session.scalars(mine.with_for_update()).first()
    if row is None:
        return None
    if row.expires_at <= now:
        row.idempotency_key = None
        session.flush()
        return None
    told = (announced.dataset, announced.length, announced.sha256)
    if (row.dataset_id, row.length, row.wanted_sha256) != told:
        raise receive.IdempotencyMismatch
    return row


def _of(actor: Actor, announced: Announced, now: datetime) -> UploadRow:
    return UploadRow(
        id=uuid4(),
        dataset_id=announced.dataset,
        person_id=actor.person_id,
        key_id=actor.key_id,
        idempotency_key=announced.idempotency_key,
        length=announced.length,
        received=0,
        declared=announced.declared,
        media_type=announced.media_type[:200],
        filename=announced.filename[:255],
        wanted_sha256=announced.sha256,
        notes=announced.remarks.notes,
        corrects=announced.remarks.corrects,
        created_at=now,
        expires_at=now + KEPT,
    )


def _settle_by_key(session: Session, actor: Actor, row: UploadRow, announced: Announced) -> None:
    """Mark an upload as finished whose file was sent in under the same key already."""
    if announced.idempotency_key is None:
        return
    stands_for = receive.remembered(session, actor, announced.idempotency_key)
    if stands_for is None or stands_for.submission_id is None:
        return
    there = session.get_one(SubmissionRow, stands_for.submission_id)
    known = (there.dataset_id, there.size, announced.sha256 and there.sha256)
    if known != (announced.dataset, announced.length, announced.sha256):
        raise receive.IdempotencyMismatch
    row.received, row.sha256, row.submission_id = there.size, there.sha256, there.id


def _check_room(home: Home, session: Session, actor: Actor, length: int, now: datetime) -> None:
    if shutil.disk_usage(home.vault.uploads.folder).free < length:
        raise receive.InsufficientStorage
    still_open = (
        select(func.count())
        .select_from(UploadRow)
        .filter_by(person_id=actor.person_id, submission_id=None)
        .where(UploadRow.expires_at > now)
    )
    if (session.scalar(still_open) or 0) >= MOST_OPEN:
        raise TooManyUploads(
            f"您有 {MOST_OPEN} 次上传尚未完成；请先续传或终止其中几次。",
            f"You have {MOST_OPEN} unfinished uploads; go on with some of them, or end them.",
        )


def _insert(session: Session, row: UploadRow) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another request announced an upload under the same key in this very moment.
        raise receive.StillInFlight from error
