"""Whole collections: the files of their releases, one behind the other, without a copy.

The order is by dataset, then by row. Of every release that is shown the file of the edition
that is public now is sent. Where any of them is missing, is shorter than it was, or was made
under other columns, nothing is joined: the same records are spooled in the same order.
"""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract
from opendata.domain.editions import edition, local_day
from opendata.domain.queries import Sort
from opendata.domain.queries import whole as everything
from opendata.stages.export.choices import Choices
from opendata.stages.query import View
from opendata.storage.home import Home
from opendata.storage.pieces import Content, Piece
from opendata.storage.tables import ArtefactRow, ReleaseRow
from opendata.tabular.export import WRITERS

log = logging.getLogger(__name__)
JOINED = ("csv", "ndjson")
BY_DATASET = (Sort("_dataset"), Sort("_row"), Sort("_id"))


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a release in the vault."""

    path: Path
    sha256: str
    size: int


def whole(home: Home, view: View, choices: Choices, now: datetime) -> Content | None:
    """Return all records of a view as one file; ``None`` where it has to be spooled.

    Its digest is told once a worker has computed it.
    """
    if choices.format not in JOINED or not choices.is_rendered:
        return None
    with home.database.read() as session:
        parts = _parts(session, home, view, (choices.format, local_day(now)))
    if parts is None:
        return None
    head = _head(view.contract, choices)
    # A release's own file has no byte order mark.
    skipped = len(_head(view.contract, Choices(choices.format)))
    bodies = [Piece(each.path, skipped, each.size - skipped) for each in parts]
    told = [choices.format, head.hex(), *(each.sha256 for each in parts)]
    tag = hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
    return Content((Piece.of(head), *bodies), tag, home.derived.digest(tag))


def _parts(
    session: Session, home: Home, view: View, wanted: tuple[str, date]
) -> list[_File] | None:
    """Return the file of each release shown, by dataset; ``None`` if any cannot be used."""
    format_name, day = wanted
    plain = f"data.{format_name}"
    found = _files(session, home, view, day)
    head = _head(view.contract, Choices("csv"))
    parts = []
    for release in sorted(view.releases.items()):
        files = found.get(release, {})
        # Both were written at once, so what the CSV says of the columns holds for the other.
        part, told = files.get(plain), files.get("data.csv")
        if part is None or told is None or not _is_usable(part, told, head):
            log.warning("%s of %s@%s cannot be joined", plain, *release)
            return None
        parts.append(part)
    return parts


def _files(
    session: Session, home: Home, view: View, day: date
) -> dict[tuple[str, int], dict[str, _File]]:
    """Return the files of the editions that are public on a day, by release and name."""
    names = [f"data.{each}" for each in JOINED]
    rows = session.execute(
        select(
            ReleaseRow.dataset_id,
            ReleaseRow.number,
            ReleaseRow.released_at,
            ReleaseRow.window_ends,
            ArtefactRow.edition,
            ArtefactRow.name,
            ArtefactRow.sha256,
            ArtefactRow.size,
        )
        .join(ArtefactRow, ArtefactRow.release_id == ReleaseRow.id)
        .where(ReleaseRow.collection == view.contract.collection)
        .where(ReleaseRow.contract == view.contract.name, ArtefactRow.name.in_(names))
    )
    found: dict[tuple[str, int], dict[str, _File]] = {}
    for row in rows:
        ends = map(date.fromisoformat, row.window_ends)
        if row.edition == edition(row.released_at, ends, day).isoformat():
            file = _File(home.vault.path(row.sha256), row.sha256, row.size)
            found.setdefault((row.dataset_id, row.number), {})[row.name] = file
    return found


def _is_usable(part: _File, told: _File, head: bytes) -> bool:
    try:
        return part.path.stat().st_size == part.size and _begins_with(told.path, head)
    except OSError:
        return False


@lru_cache(maxsize=65_536)
def _begins_with(path: Path, head: bytes) -> bool:
    """Whether a file, which never changes, begins with a header."""
    with path.open("rb") as file:
        return file.read(len(head)) == head


def _head(contract: Contract, choices: Choices) -> bytes:
    """Return what stands before the records."""
    names = everything(contract).fields
    out = io.BytesIO()
    WRITERS[choices.format]((), choices.layout(contract, names, {}), out)
    return out.getvalue()
