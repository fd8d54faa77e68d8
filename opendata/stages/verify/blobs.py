"""Blobs: whether everything in the vault is what its name says, and everything named is there."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.errors import Text
from opendata.stages.erased import to_be_gone
from opendata.stages.verify.model import Inspection
from opendata.stages.verify.reading import read_through, where_changed
from opendata.storage.home import Home
from opendata.storage.tables import (
    ArtefactRow,
    AssessmentRow,
    ComplaintEventRow,
    ComplaintRow,
    CorrectionRow,
    ReportRow,
    RequestEventRow,
    RequestRow,
    SubmissionRow,
)

_DIGEST = re.compile(r"[0-9a-f]{64}")
_AT_ONCE = 2_000


def changed_blobs(home: Home, inspection: Inspection) -> set[str]:
    """Read the whole vault; return the names of what is not what its name says."""
    changed = set()
    for path in _objects(home.vault.objects):
        found = read_through(path, 0, inspection, f"vault {path.name[:12]}")
        inspection.counts["blobs"] += 1
        if found.sha256 != path.name:
            changed.add(path.name)
    return changed


def check_references(
    session: Session, home: Home, changed: set[str], inspection: Inspection
) -> None:
    """Record what of the received bytes and reports is missing or changed.

    What was erased may be missing, and has to be. Release files are looked at with their release.
    """
    erased = to_be_gone(session)
    for what, sha256 in _named(session):
        there = home.vault.path(sha256).exists()
        if sha256 in erased:
            inspection.counts["erased"] += 1
            if there:
                text = Text("已记录删除，却仍在。", "It was erased, and is still there.")
                inspection.wrong("erased-still-there", what, text)
        elif not there:
            if not _erased_meanwhile(home, sha256):
                text = Text(f"{sha256} 不在文件库中。", f"{sha256} is not in the vault.")
                inspection.wrong("blob-missing", what, text)
        elif sha256 in changed:
            tell_changed(home.vault.path(sha256), what, inspection)
            changed.discard(sha256)
    published = set(session.scalars(select(ArtefactRow.sha256).distinct()))
    for sha256 in sorted(changed - published):
        tell_changed(home.vault.path(sha256), f"vault {sha256}", inspection)


def tell_changed(path: Path, what: str, inspection: Inspection) -> None:
    """Record that an object of the vault is not what its name says."""
    size = path.stat().st_size
    found = read_through(path, size, inspection, what)
    text, place = where_changed(path, found, path.name, size)
    inspection.wrong("blob-changed", what, text, place)


def _objects(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*")):
        if _DIGEST.fullmatch(path.name):
            yield path


def _named(session: Session) -> Iterator[tuple[str, str]]:
    """Yield what names something in the vault, and the digest that it names."""
    for rows, label in (
        (select(SubmissionRow.id, SubmissionRow.sha256), "submission"),
        (select(ReportRow.submission_id, ReportRow.report_sha256), "report"),
        (select(CorrectionRow.id, CorrectionRow.contact_sha256), "correction"),
        (select(RequestRow.id, RequestRow.sealed_sha256), "request"),
        (select(RequestEventRow.request_id, RequestEventRow.sealed_sha256), "request event"),
        (select(ComplaintRow.id, ComplaintRow.sealed_sha256), "complaint"),
        (
            select(ComplaintEventRow.complaint_id, ComplaintEventRow.sealed_sha256),
            "complaint event",
        ),
        (select(AssessmentRow.id, AssessmentRow.scheme_sha256), "scheme"),
        (select(AssessmentRow.id, AssessmentRow.computed_sha256), "assessment"),
    ):
        for name, sha256 in session.execute(rows.execution_options(yield_per=_AT_ONCE)):
            if sha256 is not None:
                yield f"{label} {name}", sha256


def _erased_meanwhile(home: Home, sha256: str) -> bool:
    with home.database.read() as fresh:
        return sha256 in to_be_gone(fresh)
