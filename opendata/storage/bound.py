"""Bound facts: the log tells of them with a digest, so that none can be changed unseen.

A digest is over all that a row says, the digests of sealed words too: those stay when the words
are erased.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from opendata.domain import compliance, corrections, requests
from opendata.domain.assessment import words
from opendata.domain.complaints import procedure
from opendata.storage.base import Fact
from opendata.storage.signing import base64url, canonical
from opendata.storage.tables import (
    AgencyRow,
    AssessmentRow,
    AssessmentWordRow,
    CautionAnswerRow,
    ClearanceRow,
    ComplaintEventRow,
    ComplaintRow,
    CorrectionRow,
    CorrectionWordRow,
    DatasetRow,
    DeclarationRow,
    DeclaredFigureRow,
    DepartureRow,
    FulfilmentRow,
    KeyRevocationRow,
    KeyRow,
    MetadataRow,
    NarrativeRow,
    OccasionRow,
    PersonRow,
    ReleaseRow,
    RequestEventRow,
    RequestRow,
)

# The number of a row's line is known once there is the line, which is found by it.
SEQ = "audit_seq"


@dataclass(frozen=True, slots=True)
class Kind:
    """How the log tells of the rows of a table: what happened, and to what.

    Where there are ``ends``, the action goes on with that of the row's value of ``by``.
    """

    action: str
    subject: str = "{0.id}"
    by: str = ""
    ends: Mapping[str, str] = field(default_factory=dict)

    @property
    def actions(self) -> frozenset[str]:
        """Everything that may have happened to a row."""
        return frozenset(self.action + end for end in self.ends.values() or ("",))

    def action_of(self, row: Fact) -> str:
        """Return what happened to a row."""
        said = getattr(row, self.by) if self.by else ""
        return self.action + self.ends.get(said, said)


def _each(kinds: type[StrEnum]) -> dict[str, str]:
    return {each.value: each.value for each in kinds}


_SOURCES = {"public": "filed", "agency": "registered", "ledger": "registered"}
KINDS: Mapping[type[Fact], Kind] = {
    PersonRow: Kind("person-added"),
    DepartureRow: Kind("person-left", "{0.person_id}"),
    AgencyRow: Kind("agency-added"),
    KeyRow: Kind("key-created"),
    KeyRevocationRow: Kind("key-revoked", "{0.key_id}"),
    DeclarationRow: Kind("contract-declared", "{0.contract}/{0.number}"),
    DatasetRow: Kind("dataset-registered"),
    MetadataRow: Kind("dataset-amended", "{0.dataset_id}"),
    ClearanceRow: Kind("marking-cleared", "{0.submission_id}"),
    CautionAnswerRow: Kind("caution-answered", "{0.submission_id}#{0.number}"),
    CorrectionRow: Kind("correction-received"),
    CorrectionWordRow: Kind(
        "correction-", "{0.correction_id}#{0.number}", "kind", _each(corrections.Kind)
    ),
    # An occasion's name is words: the id stands for it.
    OccasionRow: Kind("occasion-recorded"),
    FulfilmentRow: Kind("fulfilment-", by="kind", ends=_each(compliance.Kind)),
    RequestRow: Kind("request-", by="source", ends=_SOURCES),
    RequestEventRow: Kind("request-", "{0.request_id}#{0.number}", "kind", _each(requests.Kind)),
    ComplaintRow: Kind("complaint-received"),
    ComplaintEventRow: Kind(
        "complaint-", "{0.complaint_id}#{0.number}", "kind", _each(procedure.Kind)
    ),
    DeclaredFigureRow: Kind(
        "figure-declared",
        "{0.agency_id}/{0.year}/{0.table_code}/{0.row_code}/{0.column_code}#{0.number}",
    ),
    NarrativeRow: Kind("section-written", "{0.agency_id}/{0.year}/section-{0.section}#{0.number}"),
    AssessmentRow: Kind("assessment-made"),
    AssessmentWordRow: Kind(
        "assessment-", "{0.assessment_id}#{0.number}", "kind", _each(words.Kind)
    ),
}
TABLES = {action: table for table, kind in KINDS.items() for action in kind.actions}


class NotWhole(RuntimeError):
    """Code tells the log of a row that does not say yet what it is going to say."""


def bound(row: Fact, *beside: Fact) -> tuple[str, str]:
    """Return action and subject of the line of a row that is about to be kept; see ``told``.

    Raises:
        NotWhole: the row does not say everything yet that it has to say.
    """
    for column in row.__table__.columns:
        if getattr(row, column.name) is None and not column.nullable and column.name != SEQ:
            message = f"{row.__tablename__}.{column.name} is not known yet."
            raise NotWhole(message)
    return told(row, *beside)


def told(row: Fact, *beside: Fact) -> tuple[str, str]:
    """Return action and subject of a row's line; its digest is over what is ``beside``, too.

    A dataset goes with the first version of its metadata, which has no line of its own.
    """
    kind = KINDS[type(row)]
    return kind.action_of(row), f"{kind.subject.format(row)} {digest_of(row, *beside)}"


def digest_of(row: Fact, *beside: Fact) -> str:
    """Return the digest of a row as its line has it.

    In base64url it takes 43 letters: a line has room for 200, and a figure's name needs most.
    """
    if isinstance(row, KeyRow):
        return _hashed(_said_of_key(row)).hex()
    said = _said_of(row)
    if beside:
        said["beside"] = [_said_of(each) for each in beside]
    return base64url(_hashed(said))


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
    return f"{row.dataset_id}@{row.number} {_hashed(said).hex()}"


def _said_of(row: Fact) -> dict[str, Any]:
    """Return what a row says, as JSON; a column that says nothing may as well not be there."""
    said = {}
    for column in row.__table__.columns:
        value = getattr(row, column.name)
        if value is not None and column.name != SEQ:
            said[column.name] = value
    found: dict[str, Any] = json.loads(json.dumps(said, default=_text))
    return found


def _said_of_key(row: KeyRow) -> dict[str, Any]:
    """Return what a key is good for; keys were bound before other facts, and stay as they were."""
    ends = row.expires_at
    return {
        "person": str(row.person_id),
        "role": row.role,
        "agency": row.agency,
        "secret_hash": row.secret_hash,
        "loopback_only": row.loopback_only,
        "collections": row.collections,
        "replaces": None if row.replaces is None else str(row.replaces),
        "expires_at": None if ends is None else ends.astimezone(UTC).isoformat(),
    }


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    message = f"A column does not hold {type(value).__name__}."
    raise TypeError(message)


def _hashed(said: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(said)).digest()
