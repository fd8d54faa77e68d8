"""Receive: bytes are durable and a submission is recorded before anybody is told 202."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.domain.catalogue import check_takes_submissions
from opendata.domain.errors import Conflict, Refusal, Text, Unprocessable
from opendata.domain.people import Actor, check_agency
from opendata.stages import catalogue
from opendata.stages.standing import Standing, standing
from opendata.storage import audit
from opendata.storage.tables import IdempotencyRow, SubmissionRow
from opendata.storage.vault import Blob, Vault

REMEMBERED = timedelta(days=7)
# An upload still unfinished after this long was cut off, and its key may be used again.
ABANDONED = timedelta(hours=1)
_DIGEST = re.compile(r"\s*([a-z0-9-]+)\s*=\s*:([A-Za-z0-9+/=]*):\s*")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Upload:
    """What a request says about the bytes it brings.

    ``length`` is the declared Content-Length (``None`` for chunked bodies), ``digest`` the
    Content-Digest field as sent (RFC 9530), ``idempotency_key`` the field of that name.
    """

    dataset: str
    media_type: str
    filename: str
    length: int | None
    digest: str | None
    idempotency_key: str | None


class TruncatedUpload(Refusal):
    """Fewer bytes arrived than were announced."""

    code = "truncated-upload"
    title = Text("上传不完整", "The upload is incomplete")


class DigestMismatch(Refusal):
    """The bytes are not those whose digest was announced."""

    code = "digest-mismatch"
    title = Text("摘要不符", "The digest does not match")


class InvalidDigest(Refusal):
    """The Content-Digest field cannot be read, or names no algorithm that is checked here."""

    code = "invalid-digest"


class EmptyUpload(Unprocessable):
    """There is no byte to submit."""

    code = "empty-upload"


class TooLarge(Refusal):
    """The file is larger than this platform takes."""

    status = 413
    code = "too-large"
    title = Text("文件过大", "The file is too large")


class InvalidIdempotencyKey(Refusal):
    """The Idempotency-Key is empty, too long, or has characters outside ASCII."""

    code = "invalid-idempotency-key"


class IdempotencyMismatch(Unprocessable):
    """The Idempotency-Key was used for other bytes or another dataset."""

    code = "idempotency-mismatch"


class StillInFlight(Conflict):
    """A request with the same Idempotency-Key has not ended yet."""

    code = "still-in-flight"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "使用同一 Idempotency-Key 的请求尚未结束。",
            "A request with this Idempotency-Key has not ended yet.",
        )


def begin(session: Session, actor: Actor, upload: Upload, now: datetime) -> None:
    """Check, before a byte is read, that the actor may submit; open the idempotency key.

    Raises:
        NoSuchDataset, WrongAgency, NotForPublication: see there.
        StillInFlight: the first request with this key is still going on.
    """
    dataset = catalogue.dataset(session, upload.dataset)
    check_agency(actor, dataset.agency.id)
    check_takes_submissions(dataset)
    if upload.idempotency_key is None:
        return
    if _KEY.fullmatch(upload.idempotency_key) is None:
        raise InvalidIdempotencyKey(
            "Idempotency-Key 应为 1 至 200 个可见 ASCII 字符。",
            "An Idempotency-Key has 1 to 200 visible ASCII characters.",
        )
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.begun_at < now - REMEMBERED))
    row = _remembered(session, actor, upload.idempotency_key)
    if row is None:
        _remember(session, actor, upload, now)
    elif row.submission_id is None:
        if row.begun_at > now - ABANDONED:
            raise StillInFlight
        row.begun_at, row.dataset_id = now, upload.dataset


def abandon(session: Session, actor: Actor, upload: Upload) -> None:
    """Forget an idempotency key whose request was refused, so that it can be sent again."""
    if upload.idempotency_key is not None:
        row = _remembered(session, actor, upload.idempotency_key)
        if row is not None and row.submission_id is None:
            session.delete(row)


def store(vault: Vault, chunks: Iterable[bytes], upload: Upload, max_bytes: int) -> Blob:
    """Stream the bytes into the vault and return them durable, or raise and keep nothing.

    Raises:
        TooLarge, TruncatedUpload, DigestMismatch, InvalidDigest, EmptyUpload: see there.
    """
    wanted = _wanted_digest(upload.digest)
    check_size(upload.length, max_bytes)
    with vault.draft() as draft:
        for chunk in chunks:
            draft.write(chunk)
            check_size(draft.size, max_bytes)
        if upload.length is not None and draft.size != upload.length:
            raise TruncatedUpload(
                f"应收到 {upload.length} 字节，实际收到 {draft.size} 字节；请重新上传。",
                f"{upload.length} bytes were announced, {draft.size} arrived; send it again.",
            )
        if wanted is not None and wanted != draft.sha256:
            raise DigestMismatch(
                f"Content-Digest 与收到的内容不符；收到内容的 SHA-256 是 {draft.sha256}。",
                f"Content-Digest is not that of the bytes received: {draft.sha256}.",
            )
        if draft.size == 0:
            raise EmptyUpload("文件是空的。", "The file is empty.")
        return draft.keep()


def record(
    session: Session, actor: Actor, upload: Upload, blob: Blob, now: datetime
) -> tuple[Standing, bool]:
    """Record the submission; return where it stands, and whether it is a new one.

    Raises:
        IdempotencyMismatch: the key stood for other bytes, or for another dataset.
    """
    row = None
    if upload.idempotency_key is not None:
        row = _remembered(session, actor, upload.idempotency_key)
    if row is not None and row.submission_id is not None:
        if (row.dataset_id, row.sha256) != (upload.dataset, blob.sha256):
            raise IdempotencyMismatch(
                "此 Idempotency-Key 已用于另一份内容或另一数据集。",
                "This Idempotency-Key stands for other bytes or another dataset.",
            )
        return standing(session, row.submission_id), False
    submission_id = _insert(session, actor, upload, blob, now)
    if row is not None:
        row.sha256, row.submission_id = blob.sha256, submission_id
    audit.append(session, str(actor.person_id), "submission-received", str(submission_id), now)
    return standing(session, submission_id), True


def check_size(size: int | None, max_bytes: int) -> None:
    """Raise ``TooLarge`` if ``size`` is over ``max_bytes``."""
    if size is not None and size > max_bytes:
        raise TooLarge(
            f"文件超过 {max_bytes} 字节的上限。",
            f"The file is over the limit of {max_bytes} bytes.",
        )


def _insert(session: Session, actor: Actor, upload: Upload, blob: Blob, now: datetime) -> UUID:
    row = SubmissionRow(
        id=uuid4(),
        dataset_id=upload.dataset,
        author_id=actor.person_id,
        key_id=actor.key_id,
        sha256=blob.sha256,
        size=blob.size,
        media_type=upload.media_type[:200],
        filename=upload.filename[:255],
        received_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _remember(session: Session, actor: Actor, upload: Upload, now: datetime) -> None:
    row = IdempotencyRow(person_id=actor.person_id, key=upload.idempotency_key, begun_at=now)
    row.dataset_id = upload.dataset
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another request opened the same key in this very moment.
        raise StillInFlight from error


def _remembered(session: Session, actor: Actor, key: str) -> IdempotencyRow | None:
    query = select(IdempotencyRow).filter_by(person_id=actor.person_id, key=key)
    return session.scalars(query.with_for_update()).first()


def _wanted_digest(field: str | None) -> str | None:
    """Return the announced SHA-256 in hex; other algorithms beside it are left unchecked."""
    if field is None:
        return None
    for member in field.split(","):
        match = _DIGEST.fullmatch(member)
        if match is not None and match[1] == "sha-256":
            try:
                digest = base64.b64decode(match[2], validate=True)
            except binascii.Error:
                break
            if len(digest) == 32:
                return digest.hex()
    raise InvalidDigest(
        "Content-Digest 应写作 sha-256=:<Base64>:（RFC 9530）。",
        "Content-Digest is written sha-256=:<base64>: (RFC 9530).",
    )
