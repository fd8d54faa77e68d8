"""Bound facts: whether keys, releases and pointers are what the log fixed of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.errors import Text
from opendata.stages.publish import MANIFEST
from opendata.stages.verify.facts import Released
from opendata.stages.verify.lines import KEY_CREATED, RELEASED
from opendata.stages.verify.log import Log
from opendata.stages.verify.model import Inspection
from opendata.storage.bound import bound_key, bound_release
from opendata.storage.tables import KeyRow, PointerRow, ReleaseRow


def check_bound(
    session: Session, releases: Sequence[Released], log: Log, inspection: Inspection
) -> None:
    """Record the facts that do not have the digest of their line; early lines have none."""
    facts = {
        (RELEASED, each.name): bound_release(each.row, _first_manifest(each)) for each in releases
    }
    facts |= {(KEY_CREATED, str(row.id)): bound_key(row) for row in session.scalars(select(KeyRow))}
    # Where a comparison has told more than a digest can, nothing is added.
    told = {each.what.partition(" ")[0] for each in inspection.misfits}
    for (what, subject), line in log.bound.items():
        # A line whose fact is gone altogether is told of elsewhere.
        if facts.get((what, subject), line) != line and subject not in told:
            text = Text(
                "与日志记下的摘要不符：事后被改动。",
                "It does not have the digest that the log tells: it was changed afterwards.",
            )
            inspection.wrong("fact-changed", f"{subject} {what}", text)


def check_pointers(
    session: Session, releases: Sequence[Released], log: Log, inspection: Inspection
) -> None:
    """Record the collections that show something else than their newest release."""
    known = {each.name: each.row for each in releases}
    # Releases may have one time; the log has them in order.
    names = [subject for what, subject, _ in log.said if what == RELEASED]
    newest = {known[name].collection: known[name] for name in names if name in known}
    pointers = {row.collection: row for row in session.scalars(select(PointerRow))}
    for collection in sorted({*newest, *pointers}):
        if _shown(pointers.get(collection)) != _shown(newest.get(collection)):
            text = Text(
                "读者所见的不是最新版本的快照。",
                "What readers see is not the snapshot of the newest release.",
            )
            inspection.wrong("pointer-differs", f"{collection} pointer", text)


def _first_manifest(release: Released) -> str:
    """Return the digest of the first edition's manifest, nothing if there is none."""
    row = release.editions[0].files.get(MANIFEST) if release.editions else None
    return "" if row is None else row.sha256


def _shown(row: PointerRow | ReleaseRow | None) -> tuple[int, str] | None:
    return None if row is None else (row.snapshot_id, row.metadata_location)
