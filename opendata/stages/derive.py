"""Derive: what is computed from published files, so that nobody has to wait for it.

Release files are packed once, for readers who take them packed; whole collections get their
digests. Nothing of it is a fact: it may be stopped anywhere, lost, and done again.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import select

from opendata.domain.contracts import Contract
from opendata.domain.editions import edition, local_day
from opendata.stages.export import JOINED, Choices, whole
from opendata.stages.lineage import hidden_in_collection
from opendata.stages.publish import MANIFEST, PACKAGE, REPORT
from opendata.stages.query import shown
from opendata.storage.home import Home
from opendata.storage.pieces import Content
from opendata.storage.tables import ArtefactRow, ReleaseRow

# Workbooks and Parquet are packed in themselves.
PACKED = frozenset({"data.csv", "data.ndjson", PACKAGE, REPORT, MANIFEST})
# What is sent in one packet anyway gains nothing.
LEAST_BYTES = 1_400


def derive(home: Home, contracts: Iterable[Contract], now: datetime) -> Iterator[None]:
    """Compute whatever is missing, a slice at each step; forget what is no longer public."""
    collections = tuple(contracts)
    files = _files(home, [each.collection for each in collections], local_day(now))
    wholes = list(_wholes(home, collections, now))
    home.derived.keep_only(files, {each.tag for each in wholes})
    for content in wholes:
        if content.sha256 is None:
            yield from home.derived.compute_digest(content)
    for sha256, size in files.items():
        if not home.derived.is_packed(sha256):
            content = Content.of_file(home.vault.path(sha256), sha256, size)
            yield from home.derived.pack(sha256, content)
        yield


def _files(home: Home, collections: Iterable[str], today: date) -> dict[str, int]:
    """Return the size of every file to be packed, by digest: current editions, and later ones."""
    found = {}
    with home.database.read() as session:
        hidden = {name for each in collections for name in hidden_in_collection(session, each)}
        rows = session.execute(
            select(ReleaseRow, ArtefactRow.edition, ArtefactRow.name, ArtefactRow.sha256,
                   ArtefactRow.size)
            .join(ArtefactRow, ArtefactRow.release_id == ReleaseRow.id)
            .where(ArtefactRow.name.in_(PACKED), ArtefactRow.size >= LEAST_BYTES)
            .order_by(ReleaseRow.released_at.desc())
        )  # fmt: skip
        for release, begun, name, sha256, size in rows:
            ends = map(date.fromisoformat, release.window_ends)
            current = edition(release.released_at, ends, today).isoformat()
            # Early releases have one manifest for all of their editions.
            ages = name != REPORT and (name != MANIFEST or release.version is not None)
            if (release.dataset_id, release.number) in hidden or (ages and begun < current):
                continue
            found[sha256] = size
    return found


def _wholes(home: Home, contracts: Iterable[Contract], now: datetime) -> Iterator[Content]:
    for contract in contracts:
        view = shown(home, contract, None, now)
        for name in JOINED:
            content = whole(home, view, Choices(name), now)
            if content is not None and view.releases:
                yield content
