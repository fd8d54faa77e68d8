"""Looking after an upload: how far it has come, and ending it."""

from datetime import datetime
from uuid import UUID

from opendata.domain.people import Actor
from opendata.stages.upload.finishing import discard, finish, reconciled
from opendata.stages.upload.model import Progress, find, held
from opendata.storage.home import Home


def look(home: Home, actor: Actor, upload_id: UUID, now: datetime) -> Progress:
    """Return how far an upload has come; what was left unfinished at its end is finished.

    Raises:
        NoSuchUpload, UploadExpired, DigestMismatch, IdempotencyMismatch: see there.
        UploadLocked: bytes are arriving, so that no offset would be true for long.
    """
    found = find(home, actor, upload_id, now)
    if found.submission_id is not None:
        return found
    with held(home, upload_id) as file:
        found = reconciled(home, file, find(home, actor, upload_id, now))
        if found.submission_id is None and found.is_whole:
            found = finish(home, file, found, now)
        return found


def terminate(home: Home, actor: Actor, upload_id: UUID, now: datetime) -> None:
    """Forget an upload and drop its bytes; what was sent in already stays.

    Raises:
        NoSuchUpload, UploadExpired, UploadLocked: see there.
    """
    find(home, actor, upload_id, now)
    with held(home, upload_id) as file:
        discard(home, file, find(home, actor, upload_id, now))
