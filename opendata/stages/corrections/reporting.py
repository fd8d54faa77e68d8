"""Reporting a fault: kept for the agency, its reporter's contact sealed apart from it."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import orjson

from opendata.domain.contracts import Contract
from opendata.domain.corrections import InvalidCorrection
from opendata.domain.errors import Fault, Text
from opendata.stages.access import hashed
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.tables import CorrectionRow

# What is recorded without a person behind it.
ANONYMOUS = "anonymous"
CODE_BYTES = 16
NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class About:
    """The record that is said to be wrong, as it was public then."""

    contract: Contract
    record_id: str
    dataset: str
    release: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said to be wrong, and how one may be asked about it."""

    claim: str
    evidence: str = ""
    field: str | None = None
    contact: Mapping[str, str] | None = None


def report(home: Home, about: About, said: Claim, now: datetime) -> tuple[UUID, str]:
    """Record that a record is said to be wrong; return its id and the code to follow it by.

    The code is shown this once. The contact is written first and gets its name last: whoever is
    killed in between leaves a draft, which is swept, and never a contact that nobody knows of.

    Raises:
        InvalidCorrection: the collection has no such public field.
    """
    _check_field(about.contract, said.field)
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=").lower()
    if not said.contact:
        return _record(home, about, said, (hashed(code), None), now), code
    with home.vault.draft() as draft:
        draft.write(_sealed(said.contact))
        correction_id = _record(home, about, said, (hashed(code), draft.sha256), now)
        draft.keep()
    return correction_id, code


def _record(
    home: Home, about: About, said: Claim, digests: tuple[str, str | None], now: datetime
) -> UUID:
    tracking, contact = digests
    row = CorrectionRow(
        id=uuid4(),
        collection=about.contract.collection,
        record_id=about.record_id,
        dataset_id=about.dataset,
        release=about.release,
        field=said.field,
        claim=said.claim,
        evidence=said.evidence,
        tracking_hash=tracking,
        contact_sha256=contact,
        received_at=now,
    )
    with home.database.begin() as session:
        session.add(row)
        session.flush()
        audit.append(session, ANONYMOUS, "correction-received", str(row.id), now)
    return row.id


def _sealed(contact: Mapping[str, str]) -> bytes:
    """Return a contact as it is kept: no two are the same bytes, so that none betrays another."""
    return orjson.dumps({"contact": dict(contact), "nonce": secrets.token_hex(NONCE_BYTES)})


def _check_field(contract: Contract, field: str | None) -> None:
    if field is not None and contract.published.field(field) is None:
        text = Text(f"没有名为“{field}”的公开字段。", f"There is no public field {field}.")
        raise InvalidCorrection(*text, (Fault("/field", text, "unknown-field"),))
