"""Facts: what the database says of a release, and whether its manifest says the same."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Dataset
from opendata.domain.errors import Text
from opendata.domain.queries import moment_text
from opendata.stages import catalogue, releases
from opendata.stages.issues import known_issues
from opendata.stages.publish import LEAVES, MANIFEST, REPORT
from opendata.stages.standing import Standing
from opendata.stages.verify.again import Beside
from opendata.stages.verify.manifests import Manifest
from opendata.stages.verify.model import Inspection, Place
from opendata.storage.home import Home
from opendata.storage.tables import ArtefactRow, ReleaseRow, ReportRow

_MOST_SHOWN = 200
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Kept:
    """One edition of a release as the database has it: its first day, its files by name."""

    begun: str
    files: Mapping[str, ArtefactRow]


@dataclass(frozen=True, slots=True)
class Released:
    """One release as the database has it, its editions in order; ``says`` is as a manifest does."""

    row: ReleaseRow
    editions: Sequence[Kept]
    says: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What the release is called."""
        return f"{self.row.dataset_id}@{self.row.number}"


def released(session: Session, now: datetime) -> Iterator[Released]:
    """Yield every release, by dataset and number."""
    ordered = select(ReleaseRow).order_by(ReleaseRow.dataset_id, ReleaseRow.number)
    for row in session.scalars(ordered).all():
        files = select(ArtefactRow).filter_by(release_id=row.id)
        found: dict[str, dict[str, ArtefactRow]] = {}
        for each in session.scalars(files.order_by(ArtefactRow.edition, ArtefactRow.name)):
            found.setdefault(each.edition, {})[each.name] = each
        editions = [Kept(begun, named) for begun, named in found.items()]
        yield Released(row, editions, _says(session, row, now))


def check_facts(manifest: Manifest, kept: Kept, release: Released, inspection: Inspection) -> None:
    """Record the first thing that manifest and database tell differently."""
    # The report belongs to the release, and is kept with its first edition.
    files = {**_report(release), **kept.files}
    expected = {
        **release.says,
        "/edition": kept.begun,
        "/artefacts": [
            {"name": name, "sha256": row.sha256, "size": row.size}
            for name, row in sorted(files.items())
            if name not in (MANIFEST, LEAVES)
        ],
    }
    for pointer, value in expected.items():
        found = _at(manifest.body, pointer)
        if found != value:
            text = Text(
                f"清单说 {_shown(found)}，数据库说 {_shown(value)}。",
                f"The manifest says {_shown(found)}, the database says {_shown(value)}.",
            )
            what = f"{release.name} {MANIFEST}"
            inspection.wrong("facts-differ", what, text, Place(pointer=pointer))
            return
    inspection.counts["facts"] += len(expected)


def check_location(manifest: Manifest, release: Released, inspection: Inspection) -> None:
    """Record that the table a release is read from is not among the files of its manifest."""
    location = release.row.metadata_location
    # The lake may be in another folder than it was in.
    if not any(location.endswith(f"/{file.path}") for file in manifest.told.lake):
        text = Text(
            f"数据库所指的湖文件 {location} 不在清单之中。",
            f"The database names {location} in the lake, which the manifest does not.",
        )
        what = f"{release.name} {MANIFEST}"
        inspection.wrong("facts-differ", what, text, Place(pointer="/lake"))


def beside_of(
    home: Home, release: Released, edition: tuple[Manifest | None, Kept], changed: Container[str]
) -> Beside:
    """Return what a changed file of an edition may be written again from."""
    manifest, kept = edition
    named = {
        name: home.vault.path(row.sha256)
        for name, row in kept.files.items()
        if row.sha256 not in changed
    }
    with home.database.read() as session:
        dataset = _dataset(session, release.row.dataset_id)
        reports = select(ReportRow.report_sha256).filter_by(submission_id=release.row.submission_id)
        sha256 = session.scalar(reports)
    report = None if sha256 is None else home.vault.path(sha256)
    told = {} if manifest is None else manifest.body
    there = {name: path for name, path in named.items() if path.exists()}
    return Beside(told, there, dataset, report)


def _dataset(session: Session, dataset_id: str) -> Dataset | None:
    try:
        return catalogue.named(session, [dataset_id]).get(dataset_id)
    except (LookupError, TypeError, ValueError):
        # What is said of it was changed, too, so that nothing can be made of it.
        return None


def _report(release: Released) -> dict[str, ArtefactRow]:
    return {
        name: row
        for edition in release.editions
        for name, row in edition.files.items()
        if name == REPORT
    }


def _says(session: Session, row: ReleaseRow, now: datetime) -> dict[str, Any]:
    release = releases.release(session, row.dataset_id, row.number, now)
    signed = releases.signers(session, release)
    said: dict[str, Any] = {
        "/dataset": row.dataset_id,
        "/release": row.number,
        "/version": row.version,
        "/supersedes": row.supersedes,
        "/corrects": row.corrects,
        "/notes": row.notes,
        "/collection": row.collection,
        "/contract/name": row.contract,
        "/released_at": moment_text(row.released_at),
        "/rows": row.rows,
        "/rows_root/root": row.merkle_root,
        "/snapshot": str(row.snapshot_id),
        "/withheld/columns": list(release.withheld.columns),
        "/withheld/rows": list(release.withheld.rows),
        "/submission/id": str(row.submission_id),
        "/submission/received_at": moment_text(signed.submission.received_at),
        "/submission/author": signed.submission.author,
    }
    for at, each in enumerate(signed.decisions):
        own = f"/decisions/{at}"
        said |= {
            f"{own}/person": each.person,
            f"{own}/role": each.role,
            f"{own}/verdict": each.verdict,
            f"{own}/basis": each.basis,
            f"{own}/reason": each.reason,
            f"{own}/at": moment_text(each.at),
        }
        if each.basis_code is not None:
            said[f"{own}/basis_code"] = each.basis_code
    said[f"/decisions/{len(signed.decisions)}"] = _NOTHING
    said |= _consents(signed)
    issues = known_issues(session, [row.id]).get(row.id, ())
    return said | {"/known_issues": [each.as_dict() for each in issues]}


def _consents(signed: Standing) -> dict[str, Any]:
    answers = [each.answer for each in signed.coordination.asked if each.answer]
    said: dict[str, Any] = {f"/consents/{len(answers)}": _NOTHING}
    for at, each in enumerate(answers):
        own = f"/consents/{at}"
        said |= {
            f"{own}/agency": each.agency,
            f"{own}/verdict": each.stance.value,
            f"{own}/reference": each.reference,
            f"{own}/at": moment_text(each.at),
        }
    return said


def _at(body: Any, pointer: str) -> Any:
    """Return what is at a JSON Pointer (RFC 6901), ``_NOTHING`` if nothing is."""
    for step in pointer.split("/")[1:]:
        if isinstance(body, Mapping) and step in body:
            body = body[step]
        elif isinstance(body, Sequence) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        else:
            return _NOTHING
    return body


def _shown(value: Any) -> str:
    """Write a value as far as it fits into a line."""
    text = "—" if value is _NOTHING else repr(value)
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"
