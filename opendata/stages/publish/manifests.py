"""Manifests: what was published, from which bytes, on whose word; signed, and each to the next.

Every edition of a release has one. What belongs to the release for good is taken over from the
first; the digest of the manifest before binds them, and those of a dataset's releases, to a chain.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from opendata.domain import merkle
from opendata.domain.approvals import Decision
from opendata.domain.coordination import Consent
from opendata.domain.editions import local_day
from opendata.domain.queries import moment_text
from opendata.stages.publish.artefacts import RECORDS, Files
from opendata.stages.publish.subject import Subject
from opendata.stages.standing import Standing, Submission
from opendata.storage.audit import Head
from opendata.storage.home import Home
from opendata.storage.lake import files_written_by
from opendata.storage.signing import SIGNATURE
from opendata.storage.vault import Blob

FORMAT = "opendata-manifest/2"
# What the first form of manifests did not say; what can be found out later is, the rest is unknown.
_UNSAID = dict.fromkeys(("version", "supersedes", "corrects", "notes", "rows_root"))


class DamagedManifest(RuntimeError):
    """The vault has other bytes than were recorded; nothing may be signed that builds on them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a manifest says of one edition: its files, the log's head, the manifest before."""

    files: Files
    head: Head
    previous: str | None

    def told(self, home: Home) -> dict[str, Any]:
        """Return it as a manifest has it."""
        records = dict(self.files)[RECORDS]
        rows: int = pq.read_metadata(home.vault.path(records.sha256)).num_rows
        return {
            "rows_public": rows,
            "artefacts": [
                {"name": name, "sha256": blob.sha256, "size": blob.size}
                for name, blob in sorted(self.files)
            ],
            "audit": {"seq": self.head.seq, "hash": self.head.hash},
            "previous": self.previous,
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """How many records a release has, and the tree over ``hashed`` ones, its first edition's."""

    total: int
    hashed: int
    root: bytes


def first_manifest(
    home: Home, subject: Subject, found: Standing, rows: Rows, evidence: Evidence
) -> Blob:
    """Sign and keep the manifest of a release's first edition."""
    body = {
        "format": FORMAT,
        **_release(subject),
        "rows": rows.total,
        "lake": _lake_files(home, subject),
        "submission": _submission(subject, found.submission),
        "decisions": [_decision(each) for each in found.round],
        "consents": [_consent(each.answer) for each in found.coordination.asked if each.answer],
        "withheld": {
            "columns": list(subject.withheld.columns),
            "rows": list(subject.withheld.rows),
        },
        "treatments": dict(subject.treatments),
        "known_issues": [each.as_dict() for each in subject.known_issues],
        "rows_root": {
            "algorithm": merkle.ALGORITHM,
            "size": rows.hashed,
            "root": rows.root.hex(),
        },
        **evidence.told(home),
    }
    return home.vault.put(home.signer.sign(body))


def next_manifest(home: Home, subject: Subject, begun: str, evidence: Evidence) -> Blob:
    """Sign and keep the manifest of a later edition, which follows ``evidence.previous``.

    Raises:
        DamagedManifest: see there.
    """
    before = _recorded(home, evidence.previous)
    if "lake" not in before:
        lake = _lake_files(home, subject)
        unsaid = {**_UNSAID, "lake": lake, "consents": [], "treatments": dict(subject.treatments)}
        before = {**unsaid, **before}
    if subject.has_private_part:
        before["lake"] = [_keyed(home, each) for each in before["lake"]]
    body = {**before, "format": FORMAT, "edition": begun, **evidence.told(home)}
    return home.vault.put(home.signer.sign(body))


def _recorded(home: Home, digest: str | None) -> dict[str, Any]:
    """Return what a manifest says, its signature aside."""
    content = home.vault.read(digest) if digest else b""
    if hashlib.sha256(content).hexdigest() != digest:
        message = f"The manifest {digest} is damaged."
        raise DamagedManifest(message)
    body: dict[str, Any] = json.loads(content)
    return {name: each for name, each in body.items() if name != SIGNATURE}


def _release(subject: Subject) -> dict[str, Any]:
    return {
        "dataset": subject.dataset.id,
        "release": subject.number,
        "version": subject.version,
        "supersedes": subject.supersedes,
        "corrects": subject.corrects,
        "notes": subject.notes,
        "collection": subject.dataset.collection,
        "contract": {"name": subject.contract.name, "digest": subject.contract.digest},
        "released_at": moment_text(subject.released_at),
        "edition": subject.edition(local_day(subject.released_at)).isoformat(),
        "snapshot": str(subject.snapshot.id),
    }


def keyed_digest(secret: bytes, path: str, sha256: str) -> str:
    """Return what stands for a lake file's digest where not all of its records are public.

    Only the holder of ``secret`` can tell which bytes it fits.
    """
    return hmac.new(secret, f"lake-file/{path}/{sha256}".encode(), hashlib.sha256).hexdigest()


def _lake_files(home: Home, subject: Subject) -> list[dict[str, Any]]:
    found = [_lake_file(home, path) for path in files_written_by(subject.snapshot)]
    return [_keyed(home, each) for each in found] if subject.has_private_part else found


def _lake_file(home: Home, path: str) -> dict[str, Any]:
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"path": home.lake.name_of(path), "sha256": digest, "size": file.tell()}


def _keyed(home: Home, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a lake file that holds more than the public is shown."""
    if "sha256" not in told:
        return told
    digest = keyed_digest(home.secret, told["path"], told["sha256"])
    return {"path": told["path"], "hmac_sha256": digest}


def _submission(subject: Subject, submission: Submission) -> dict[str, Any]:
    """Tell where a release came from; the file's digest only if all of the file is public.

    Whoever knows all of a file but one identity number could find the number by trying every
    one until the digest fits.
    """
    told = {
        "id": str(submission.id),
        "received_at": moment_text(submission.received_at),
        "author": submission.author,
    }
    if subject.has_private_part:
        return told
    return {**told, "sha256": submission.sha256, "size": submission.size}


def _decision(each: Decision) -> dict[str, Any]:
    return {
        "person": each.person,
        "role": each.role,
        "verdict": each.verdict,
        "basis_code": each.basis_code,
        "basis": each.basis,
        "reason": each.reason,
        "at": moment_text(each.at),
    }


def _consent(each: Consent) -> dict[str, Any]:
    """Tell what another agency answered, as far as it is that agency's word to the public."""
    return {
        "agency": each.agency,
        "verdict": each.stance,
        "reference": each.reference,
        "at": moment_text(each.at),
    }
