"""Sweeping uploads: files that nobody will go on with are removed."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select

from opendata.domain.errors import Refusal
from opendata.stages.upload.finishing import finish, reconciled
from opendata.stages.upload.model import TOLD, progress_of
from opendata.storage.home import Home
from opendata.storage.tables import UploadRow
from opendata.storage.uploads import Busy, Growing

log = logging.getLogger(__name__)


def sweep(home: Home, now: datetime) -> None:
    """Remove what expired, and files that belong to no upload; finish what is whole.

    Whatever a request holds at this moment is left to it.
    """
    with home.database.read() as session:
        whole = select(UploadRow.id).where(
            UploadRow.submission_id.is_(None), UploadRow.received == UploadRow.length
        )
        waiting = set(session.scalars(whole))
    for upload_id in sorted(waiting.union(home.vault.uploads.ids())):
        try:
            with home.vault.uploads.held(upload_id) as file:
                _tidy(home, file, upload_id, now)
        except Busy:
            continue
        except Refusal as refusal:
            log.warning("The upload %s was whole and is dropped: %s", upload_id, refusal)
        except Exception:
            # On a full disk this one cannot be finished; those that follow may make room.
            log.exception("The upload %s is left for the next time.", upload_id)
    with home.database.begin() as session:
        # What is whole and not yet sent in is nobody's to forget.
        settled = or_(UploadRow.submission_id.is_not(None), UploadRow.received < UploadRow.length)
        session.execute(delete(UploadRow).where(UploadRow.expires_at < now - TOLD, settled))


def _tidy(home: Home, file: Growing, upload_id: UUID, now: datetime) -> None:
    with home.database.read() as session:
        row = session.get(UploadRow, upload_id)
    if row is None or row.submission_id is not None:
        file.remove()
        return
    found = reconciled(home, file, progress_of(row))
    if found.is_whole:
        finish(home, file, found, now)
    elif found.expires_at <= now:
        file.remove()
