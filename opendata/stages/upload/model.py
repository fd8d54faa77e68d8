"""How far an upload has come, and why a request about it is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from opendata.domain.errors import Conflict, Gone, NotFound, Refusal, Text
from opendata.domain.people import Actor, check_collection
from opendata.stages.receive import REMEMBERED, Remarks
from opendata.storage.home import Home
from opendata.storage.tables import DatasetRow, UploadRow
from opendata.storage.uploads import Busy, Growing

# An unfinished upload is kept for so long after its last bytes.
KEPT = REMEMBERED
# Its row outlives its file by so long, so that it can be said that it has expired.
TOLD = timedelta(days=7)
# A request waits so long for the one before it, whose connection may just have broken.
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One upload: what was announced, and how much of it is durable.

    ``sha256`` is known once the file is whole, ``submission_id`` once it was sent in.
    """

    id: UUID
    dataset: str
    person_id: UUID
    key_id: UUID
    idempotency_key: str | None
    length: int
    received: int
    declared: str
    media_type: str
    filename: str
    wanted_sha256: str | None
    remarks: Remarks
    sha256: str | None
    submission_id: UUID | None
    expires_at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether every byte is there."""
        return self.received == self.length


class NoSuchUpload(NotFound):
    """There is no upload of this id, or it is another person's."""

    code = "no-such-upload"


class UploadExpired(Gone):
    """The upload was not gone on with in time, and its bytes were dropped."""

    code = "upload-expired"
    title = Text("上传已过期", "The upload has expired")


class UploadLocked(Refusal):
    """Another request is writing the upload at this moment."""

    status = 423
    code = "upload-locked"
    title = Text("上传正被占用", "The upload is in use")


class OffsetMismatch(Conflict):
    """The bytes do not begin where those that are there end."""

    code = "offset-mismatch"


class BeyondLength(Refusal):
    """More bytes than the upload was announced to have."""

    status = 413
    code = "beyond-length"
    title = Text("超出声明的长度", "More than was announced")


class ChecksumMismatch(Refusal):
    """The bytes of one request are not those of their Upload-Checksum."""

    status = 460
    code = "checksum-mismatch"
    title = Text("校验和不符", "The checksum does not match")


class TooManyUploads(Refusal):
    """One person has too many unfinished uploads."""

    status = 429
    code = "too-many-uploads"
    title = Text("未完成的上传过多", "Too many unfinished uploads")


def progress_of(row: UploadRow) -> Progress:
    """Return what a row says."""
    return Progress(
        id=row.id,
        dataset=row.dataset_id,
        person_id=row.person_id,
        key_id=row.key_id,
        idempotency_key=row.idempotency_key,
        length=row.length,
        received=row.received,
        declared=row.declared,
        media_type=row.media_type,
        filename=row.filename,
        wanted_sha256=row.wanted_sha256,
        remarks=Remarks(row.notes, row.corrects),
        sha256=row.sha256,
        submission_id=row.submission_id,
        expires_at=row.expires_at,
    )


def find(home: Home, actor: Actor, upload_id: UUID, now: datetime) -> Progress:
    """Return an upload of the actor's own.

    Raises:
        NoSuchUpload, WrongCollection, UploadExpired: see there.
    """
    with home.database.read() as session:
        row = session.get(UploadRow, upload_id)
        dataset = None if row is None else session.get_one(DatasetRow, row.dataset_id)
    if row is None or dataset is None or row.person_id != actor.person_id:
        raise NoSuchUpload("没有这次上传。", "There is no such upload.")
    check_collection(actor, dataset.collection)
    found = progress_of(row)
    if found.submission_id is None and found.expires_at <= now:
        raise UploadExpired(
            "上传已过期，收到的内容已删除；请重新上传。",
            "The upload has expired and its bytes are dropped; begin again.",
        )
    return found


@contextmanager
def held(home: Home, upload_id: UUID) -> Iterator[Growing]:
    """Hold the upload's file; raises ``UploadLocked`` while another request does."""
    try:
        with home.vault.uploads.held(upload_id, PATIENCE_SECONDS) as file:
            yield file
    except Busy as error:
        raise UploadLocked(
            "另一请求正在写入此上传；请稍候再试。",
            "Another request is writing this upload; try again in a moment.",
        ) from error


def change(session: Session, upload_id: UUID, **values: object) -> None:
    """Record how far an upload has come."""
    session.execute(update(UploadRow).where(UploadRow.id == upload_id).values(**values))
