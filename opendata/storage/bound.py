"""Bound facts: the log tells of some of them with a digest, so that none can be changed unseen."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from opendata.storage.signing import canonical
from opendata.storage.tables import KeyRow, ReleaseRow


def bound_release(row: ReleaseRow, manifest: str) -> str:
    """Return a release as its line of the log tells it.

    The digest is over that of the first manifest, and what no manifest says of the release.
    """
    said = {
        "manifest": manifest,
        "merged_onto": row.merged_onto,
        "metadata_location": row.metadata_location,
        "window_ends": row.window_ends,
    }
    return _bound(f"{row.dataset_id}@{row.number}", said)


def bound_key(row: KeyRow) -> str:
    """Return a key as its line of the log tells it; the digest is over what it is good for."""
    ends = row.expires_at
    said = {
        "person": str(row.person_id),
        "role": row.role,
        "agency": row.agency,
        "secret_hash": row.secret_hash,
        "loopback_only": row.loopback_only,
        "collections": row.collections,
        "replaces": None if row.replaces is None else str(row.replaces),
        "expires_at": None if ends is None else ends.astimezone(UTC).isoformat(),
    }
    return _bound(str(row.id), said)


def _bound(subject: str, said: Mapping[str, Any]) -> str:
    return f"{subject} {hashlib.sha256(canonical(said)).hexdigest()}"
