"""Reporting a fault: kept for the agency, its reporter's contact sealed apart from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from opendata.domain.contracts import Contract
from opendata.domain.corrections import InvalidCorrection
from opendata.domain.errors import Fault, Text
from opendata.stages.access import hashed
from opendata.stages.sealing import ANONYMOUS, sealing, tracking_code
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.home import Home
from opendata.storage.tables import CorrectionRow

REACHED_BY = ("email", "phone")


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

    The code is shown this once.

    Raises:
        InvalidCorrection: nothing is said, there is no such public field, or nobody is reached.
    """
    _check(about.contract, said)
    code = tracking_code()
    contact = None if said.contact is None else {"contact": dict(said.contact)}
    with sealing(home, contact) as sealed:
        correction_id = _record(home, about, said, (hashed(code), sealed), now)
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
        audit.append(session, ANONYMOUS, *bound(row), now)
    return row.id


def _check(contract: Contract, said: Claim) -> None:
    """Raise ``InvalidCorrection`` unless something is said, of a field that there is."""
    faults = list(_faults(contract, said))
    if faults:
        raise InvalidCorrection(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            tuple(faults),
        )


def _faults(contract: Contract, said: Claim) -> Iterator[Fault]:
    if not said.claim.strip():
        text = Text("请写明错在何处。", "Say what is wrong.")
        yield Fault("/claim", text, "claim-needed")
    if said.field is not None and contract.published.field(said.field) is None:
        text = Text(
            f"没有名为“{said.field}”的公开字段。", f"There is no public field {said.field}."
        )
        yield Fault("/field", text, "unknown-field")
    if said.contact is not None and not any(said.contact.get(each) for each in REACHED_BY):
        text = Text("联系方式须有电子邮箱或电话。", "A contact has an e-mail address or a phone.")
        yield Fault("/contact", text, "contact-needed")
