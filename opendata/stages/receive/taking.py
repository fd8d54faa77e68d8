"""Taking a file in: checked before a byte is read, durable before it is recorded."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import check_takes_submissions
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, check_scope
from opendata.stages import catalogue
from opendata.stages.erased import check_may_be_taken_in
from opendata.stages.keys import check_still_counts
from opendata.stages.receive.keys import open_key, remember, remembered, submission_of
from opendata.stages.receive.model import (
    DigestMismatch,
    EmptyUpload,
    InvalidDigest,
    NothingToCorrect,
    Remarks,
    Sender,
    TooLarge,
    TruncatedUpload,
    Upload,
)
from opendata.stages.standing import Standing, standing
from opendata.storage import audit
from opendata.storage.tables import ReleaseRow, SubmissionRow
from opendata.storage.vault import Blob, Vault

_DIGEST = re.compile(r"\s*([a-z0-9-]+)\s*=\s*:([A-Za-z0-9+/=]*):\s*")


def begin(session: Session, actor: Actor, upload: Upload, now: datetime) -> None:
    """Check, before a byte is read, that the actor may submit; open the idempotency key.

    Raises:
        NoSuchDataset, WrongAgency, NotForPublication, NothingToCorrect: see there.
        InvalidIdempotencyKey: see there.
        StillInFlight: the first request with this key is still going on.
    """
    check_may_submit(session, actor, upload.dataset)
    check_remarks(session, upload.dataset, upload.remarks, "?corrects")
    open_key(session, actor, upload, now)


def check_may_submit(session: Session, actor: Actor, dataset_id: str) -> None:
    """Check that the actor may send files in for this dataset, and that it takes any.

    Raises:
        NoSuchDataset, WrongAgency, NotForPublication: see there.
    """
    dataset = catalogue.dataset(session, dataset_id)
    check_scope(actor, dataset.agency.id, dataset.collection)
    check_takes_submissions(dataset)


def check_remarks(session: Session, dataset_id: str, remarks: Remarks, place: str) -> None:
    """Raise ``NothingToCorrect``, located at ``place``, if they name no release of the dataset."""
    number = remarks.corrects
    if number is None:
        return
    named = select(ReleaseRow.id).filter_by(dataset_id=dataset_id, number=number)
    if session.scalars(named).first() is None:
        text = Text(
            f"数据集 {dataset_id} 没有第 {number} 版，无从更正。",
            f"The dataset {dataset_id} has no release {number} to correct.",
        )
        raise NothingToCorrect(*text, (Fault(place, text, NothingToCorrect.code),))


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
    session: Session, actor: Sender, upload: Upload, blob: Blob, now: datetime
) -> tuple[Standing, bool]:
    """Record the submission; return where it stands, and whether it is a new one.

    Raises:
        IdempotencyMismatch: the key stood for other bytes, or for another dataset.
        ErasedBytes: exactly these bytes were erased.
        NotAuthenticated: the key was revoked, or its person left, while they arrived.
    """
    check_still_counts(session, actor.key_id, now)
    check_may_be_taken_in(session, blob.sha256)
    row = None
    if upload.idempotency_key is not None:
        known = submission_of(session, actor, upload, blob.sha256)
        if known is not None:
            return standing(session, known), False
        row = remembered(session, actor, upload.idempotency_key)
        row = row or remember(session, actor, upload, now)
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


def _insert(session: Session, actor: Sender, upload: Upload, blob: Blob, now: datetime) -> UUID:
    row = SubmissionRow(
        id=uuid4(),
        dataset_id=upload.dataset,
        author_id=actor.person_id,
        key_id=actor.key_id,
        sha256=blob.sha256,
        size=blob.size,
        media_type=upload.media_type[:200],
        filename=upload.filename[:255],
        notes=upload.remarks.notes,
        corrects=upload.remarks.corrects,
        received_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


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
