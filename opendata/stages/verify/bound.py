"""Bound facts: whether rows, releases and pointers are what the log fixed of them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.errors import Text
from opendata.stages.publish import MANIFEST
from opendata.stages.verify.facts import Released
from opendata.stages.verify.lines import (
    RELEASED,
    Told,
    told_as,
    wrong_without_fact,
    wrong_without_line,
)
from opendata.stages.verify.log import Log
from opendata.stages.verify.model import Inspection
from opendata.storage.bound import KINDS, SEQ, bound_release, told
from opendata.storage.tables import DatasetRow, MetadataRow, PointerRow, ReleaseRow

_AT_ONCE = 2_000
_FIRST = 1
_CHANGED = Text(
    "与日志记下的摘要不符：事后被改动。",
    "It does not have the digest that the log tells: it was changed afterwards.",
)


def check_rows_told(session: Session, log: Log, inspection: Inspection) -> None:
    """Record the rows that are not as their lines tell, and rows or lines without the other."""
    lines = log.told
    left = [each for each in _told(session) if not _has_line(each, lines)]
    unmet: dict[tuple[str, str], list[Told]] = {}
    for line in sorted(lines.elements()):
        unmet.setdefault((line.table, line.subject), []).append(line)
    for fact in sorted(left):
        others = unmet.get((fact.table, fact.subject))
        if others:
            line = others.pop(0)
            inspection.wrong("fact-changed", f"{line.subject} {line.action}", _CHANGED)
        else:
            wrong_without_line(inspection, f"{fact.subject} {fact.action}")
    for line in (each for others in unmet.values() for each in others):
        wrong_without_fact(inspection, f"{line.subject} {line.action}")


def check_releases_told(releases: Sequence[Released], log: Log, inspection: Inspection) -> None:
    """Record the releases that do not have the digest of their line; early lines have none."""
    facts = {each.name: bound_release(each.row, _first_manifest(each)) for each in releases}
    # Where a comparison has told more than a digest can, nothing is added.
    known = {each.what.partition(" ")[0] for each in inspection.misfits}
    for name, line in log.released.items():
        # A line whose release is gone altogether is told of elsewhere.
        if facts.get(name, line) != line and name not in known:
            inspection.wrong("fact-changed", f"{name} {RELEASED}", _CHANGED)


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


def _told(session: Session) -> Iterator[Told]:
    """Yield the facts that are bound, as their lines should tell them."""
    versions = select(MetadataRow).where(MetadataRow.version == _FIRST)
    first = {row.dataset_id: row for row in session.scalars(versions)}
    for table in KINDS:
        for row in session.scalars(select(table).execution_options(yield_per=_AT_ONCE)):
            if isinstance(row, MetadataRow) and row.version == _FIRST:
                # It goes with its dataset.
                continue
            beside = [first[row.id]] if isinstance(row, DatasetRow) and row.id in first else []
            yield told_as(table, *told(row, *beside), getattr(row, SEQ, 0))


def _has_line(fact: Told, lines: Counter[Told]) -> bool:
    """Take the line of a fact out of those that are left, if there is one; early ones will do."""
    for line in (fact, fact._replace(digest="")):
        if lines[line]:
            lines[line] -= 1
            return True
    return False


def _first_manifest(release: Released) -> str:
    """Return the digest of the first edition's manifest, nothing if there is none."""
    row = release.editions[0].files.get(MANIFEST) if release.editions else None
    return "" if row is None else row.sha256


def _shown(row: PointerRow | ReleaseRow | None) -> tuple[int, str] | None:
    return None if row is None else (row.snapshot_id, row.metadata_location)
