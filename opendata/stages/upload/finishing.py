"""Finishing an upload: the whole file goes into the vault, and is sent in."""

import dataclasses
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from opendata.domain.erasures import ErasedBytes
from opendata.domain.errors import Refusal
from opendata.domain.keys import NotAuthenticated
from opendata.stages import receive
from opendata.stages.erased import check_may_be_taken_in
from opendata.stages.upload.model import Progress, change
from opendata.storage.home import Home
from opendata.storage.tables import UploadRow
from opendata.storage.uploads import Growing
from opendata.storage.vault import Blob


def reconciled(home: Home, file: Growing, found: Progress) -> Progress:
    """Return how far the upload has come, should its file have been lost or cut off since.

    After a power failure or from a backup the file may be shorter than what was recorded; it is
    not there at all where it has been moved into the vault.
    """
    if file.size >= found.received:
        return found
    if found.sha256 is not None and home.vault.path(found.sha256).exists():
        return found
    there = dataclasses.replace(found, received=file.size, sha256=None)
    with home.database.begin() as session:
        change(session, found.id, received=there.received, sha256=None)
    return there


def finish(home: Home, file: Growing, found: Progress, now: datetime) -> Progress:
    """Send a whole file in, from whichever step an earlier request was killed at.

    Raises:
        DigestMismatch, IdempotencyMismatch, ErasedBytes, NotAuthenticated: the upload is dropped;
            it could never be finished.
    """
    sha256 = found.sha256
    if sha256 is None:
        try:
            sha256 = _sealed(home, file, found)
        except Refusal:
            discard(home, file, found)
            raise
    blob = Blob(sha256, found.length)
    home.vault.adopt(file.path, blob)
    try:
        submission_id = _recorded(home, found, blob, now)
    except (ErasedBytes, NotAuthenticated):
        discard(home, file, found)
        raise
    return dataclasses.replace(found, sha256=sha256, submission_id=submission_id)


def _recorded(home: Home, found: Progress, blob: Blob, now: datetime) -> UUID:
    with home.database.begin() as session:
        row = session.get_one(UploadRow, found.id, with_for_update=True)
        if row.submission_id is None:
            standing, _ = receive.record(session, found, _as_sent(found), blob, now)
            row.submission_id = standing.submission.id
        return row.submission_id


def discard(home: Home, file: Growing, found: Progress) -> None:
    """Forget an upload and its bytes."""
    with home.database.begin() as session:
        session.execute(delete(UploadRow).where(UploadRow.id == found.id))
    file.remove()


def _sealed(home: Home, file: Growing, found: Progress) -> str:
    """Record the digest of the whole file, by which it is found again once it has moved."""
    sha256 = file.sha256()
    if found.wanted_sha256 not in (None, sha256):
        raise receive.DigestMismatch(
            f"内容与声明的 SHA-256 不符；收到内容的 SHA-256 是 {sha256}。请重新上传。",
            f"The bytes are not those of the SHA-256 announced, but of {sha256}; begin again.",
        )
    with home.database.begin() as session:
        check_may_be_taken_in(session, sha256)
        receive.submission_of(session, found, _as_sent(found), sha256)
        change(session, found.id, sha256=sha256)
    return sha256


def _as_sent(found: Progress) -> receive.Upload:
    return receive.Upload(
        dataset=found.dataset,
        media_type=found.media_type,
        filename=found.filename,
        length=found.length,
        digest=None,
        idempotency_key=found.idempotency_key,
        remarks=found.remarks,
    )
