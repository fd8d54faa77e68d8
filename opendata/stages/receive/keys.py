"""Idempotency keys: what a person sends in again under one is no second submission."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opendata.domain.errors import Conflict, Refusal, Unprocessable
from opendata.stages.receive.model import Sender, Upload
from opendata.storage import leases
from opendata.storage.tables import IdempotencyRow

REMEMBERED = timedelta(days=7)
# An upload still unfinished after this long was cut off, and its key may be used again; sooner
# where the process that took it in is known to have ended.
ABANDONED = timedelta(hours=1)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class InvalidIdempotencyKey(Refusal):
    """The Idempotency-Key is empty, too long, or has characters outside ASCII."""

    code = "invalid-idempotency-key"


class IdempotencyMismatch(Unprocessable):
    """The Idempotency-Key was used for other bytes or another dataset."""

    code = "idempotency-mismatch"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "此 Idempotency-Key 已用于另一份内容或另一数据集。",
            "This Idempotency-Key stands for other bytes or another dataset.",
        )


class StillInFlight(Conflict):
    """A request with the same Idempotency-Key has not ended yet."""

    code = "still-in-flight"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "使用同一 Idempotency-Key 的请求尚未结束。",
            "A request with this Idempotency-Key has not ended yet.",
        )


def open_key(session: Session, actor: Sender, upload: Upload, now: datetime) -> None:
    """Open the upload's idempotency key, if it has one, before a byte is read.

    Raises:
        InvalidIdempotencyKey: see there.
        StillInFlight: the first request with this key is still going on.
    """
    if upload.idempotency_key is None:
        return
    check_key(upload.idempotency_key)
    forget_old(session, now)
    row = remembered(session, actor, upload.idempotency_key)
    if row is None:
        remember(session, actor, upload, now)
    elif row.submission_id is None:
        if row.begun_at > now - ABANDONED and not _ended(row.holder):
            raise StillInFlight
        row.begun_at, row.dataset_id, row.holder = now, upload.dataset, leases.holder_name()


def forget_old(session: Session, now: datetime) -> None:
    """Forget the keys that were opened more than seven days ago."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.begun_at < now - REMEMBERED))


def abandon(session: Session, actor: Sender, upload: Upload) -> None:
    """Forget an idempotency key whose request was refused, so that it can be sent again."""
    if upload.idempotency_key is not None:
        row = remembered(session, actor, upload.idempotency_key)
        if row is not None and row.submission_id is None:
            session.delete(row)


def check_key(key: str) -> None:
    """Raise ``InvalidIdempotencyKey`` unless it has 1 to 200 visible ASCII characters."""
    if _KEY.fullmatch(key) is None:
        raise InvalidIdempotencyKey(
            "Idempotency-Key 应为 1 至 200 个可见 ASCII 字符。",
            "An Idempotency-Key has 1 to 200 visible ASCII characters.",
        )


def submission_of(session: Session, sender: Sender, upload: Upload, sha256: str) -> UUID | None:
    """Return the submission that the upload's key stands for already, if there is one.

    Raises:
        IdempotencyMismatch: the key stands for other bytes, or for another dataset.
    """
    row = None
    if upload.idempotency_key is not None:
        row = remembered(session, sender, upload.idempotency_key)
    if row is None or row.submission_id is None:
        return None
    if (row.dataset_id, row.sha256) != (upload.dataset, sha256):
        raise IdempotencyMismatch
    return row.submission_id


def remembered(session: Session, actor: Sender, key: str) -> IdempotencyRow | None:
    """Return what a person's key stands for, locked; rows do not leave the stages."""
    query = select(IdempotencyRow).filter_by(person_id=actor.person_id, key=key)
    return session.scalars(query.with_for_update()).first()


def remember(session: Session, actor: Sender, upload: Upload, now: datetime) -> IdempotencyRow:
    """Open a key that nobody has opened; raises ``StillInFlight`` if somebody does so now."""
    row = IdempotencyRow(person_id=actor.person_id, key=upload.idempotency_key, begun_at=now)
    row.dataset_id, row.holder = upload.dataset, leases.holder_name()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another request opened the same key in this very moment.
        raise StillInFlight from error
    return row


def _ended(holder: str | None) -> bool:
    """Whether the process that took a file in is known to have ended."""
    return holder is not None and leases.alive(holder) is False
