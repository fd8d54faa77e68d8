"""Handling corrections: the agency reads what was reported, and says its words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.corrections import (
    InvalidWord,
    Kind,
    State,
    Word,
    check_may_be_said,
    word_faults,
)
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, Role, check_scope
from opendata.stages import erasure
from opendata.stages.access import within
from opendata.stages.corrections.model import (
    Contact,
    Correction,
    no_such_correction,
    of_id,
    read,
    reported,
)
from opendata.stages.erased import erasures
from opendata.stages.lineage import hidden_of
from opendata.stages.personal import personal_faults
from opendata.stages.sealing import unsealed
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.home import Home
from opendata.storage.tables import CorrectionRow, CorrectionWordRow, DatasetRow, ReleaseRow

# Who answers for the agency, and may for that know whom.
HANDLERS = frozenset({Role.REVIEWER, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which corrections are asked for; at most ``limit``."""

    state: State | None = None
    dataset: str | None = None
    limit: int = 100


def corrections(session: Session, actor: Actor, asked: Asked) -> list[Correction]:
    """Return what was reported to the actor's agency (to all of them for ``*``), newest first."""
    query = reported().where(*within(actor)).order_by(CorrectionRow.received_at.desc())
    if asked.dataset is not None:
        query = query.where(CorrectionRow.dataset_id == asked.dataset)
    found = read(session, query if asked.state is not None else query.limit(asked.limit))
    wanted = (each for each in found if asked.state in (None, each.status.state))
    return [each for each, _ in zip(wanted, range(asked.limit), strict=False)]


def correction(session: Session, actor: Actor, correction_id: UUID) -> Correction:
    """Return one correction, to someone of the agency.

    Raises:
        NoSuchCorrection, WrongAgency, WrongCollection: see there.
    """
    found = of_id(session, correction_id)
    check_scope(actor, found.agency, found.collection)
    return found


def opened(home: Home, actor: Actor, correction_id: UUID) -> Correction:
    """Return one correction with its contact, as far as the actor may know it.

    Raises:
        NoSuchCorrection, WrongAgency, WrongCollection: see there.
    """
    with home.database.read() as session:
        found = correction(session, actor, correction_id)
        return replace(found, contact=_contact(home, session, actor, found))


def say(
    session: Session, actor: Actor, correction_id: UUID, word: Word, now: datetime
) -> Correction:
    """Record one word on a correction, in turn.

    Raises:
        NoSuchCorrection, WrongAgency, WrongCollection, InvalidWord: see there.
        Whatever ``check_may_be_said`` raises.
    """
    row = session.get(CorrectionRow, correction_id, with_for_update=True)
    if row is None:
        raise no_such_correction()
    session.get(DatasetRow, row.dataset_id, with_for_update=True)
    found = correction(session, actor, correction_id)
    said = replace(word, at=now, person=actor.name)
    _check_word(session, said, found)
    check_may_be_said(said, found.status)
    kept = CorrectionWordRow(
        correction_id=correction_id,
        number=len(found.words) + 1,
        kind=word.kind,
        person_id=actor.person_id,
        key_id=actor.key_id,
        reason=word.reason,
        release=word.release,
        transferred_to=word.transferred_to,
        said_at=now,
    )
    kept.audit_seq = audit.append(session, str(actor.person_id), *bound(kept), now)
    session.add(kept)
    session.flush()
    return of_id(session, correction_id)


def erase_contact(
    home: Home, actor: Actor, correction_id: UUID, word: erasure.Word, now: datetime
) -> Correction:
    """Erase how the reporter may be reached; what was reported stays.

    Raises:
        NoSuchCorrection: there is none of this id, or it came without a contact.
        WrongAgency, WrongCollection: see there.
    """
    with home.database.read() as session:
        found = correction(session, actor, correction_id)
    if found.contact_sha256 is None:
        raise no_such_correction()
    what = erasure.Erasable(found.contact_sha256, f"correction {correction_id}")
    erasure.erase(home, actor, what, word, now)
    return opened(home, actor, correction_id)


def _contact(home: Home, session: Session, actor: Actor, found: Correction) -> Contact:
    """Return how the reporter may be reached: to those only who answer for the agency itself."""
    sealed = found.contact_sha256
    if sealed is None:
        return Contact()
    gone = erasures(session, [sealed]).get(sealed)
    if gone is not None:
        return Contact(erasure=gone)
    if actor.role not in HANDLERS or actor.agency != found.agency:
        return Contact()
    return Contact(unsealed(home, sealed).get("contact"))


def _check_word(session: Session, word: Word, found: Correction) -> None:
    """Raise ``InvalidWord`` unless the word is one, and what it names is there and public."""
    faults = (*word_faults(word, found.release), *_unfit(word, found))
    if not faults and word.kind is Kind.CORRECT and not _is_public(session, word, found):
        text = Text(
            f"数据集没有公开的第 {word.release} 版；请先发布更正后的版本。",
            f"The dataset has no public release {word.release}; publish the correction first.",
        )
        faults = (Fault("/release", text, "release-needed"),)
    if faults:
        raise InvalidWord(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def _unfit(word: Word, found: Correction) -> Iterator[Fault]:
    """Yield the faults of what the word says, or would show, to everybody."""
    yield from personal_faults("/reason", word.reason)
    if word.kind is Kind.SHOW:
        for text in (found.claim, found.evidence):
            yield from personal_faults("/kind", text or "")


def _is_public(session: Session, word: Word, found: Correction) -> bool:
    query = select(ReleaseRow.id).filter_by(dataset_id=found.dataset, number=word.release)
    hidden = hidden_of(session, [found.dataset])
    return session.scalar(query) is not None and (found.dataset, word.release) not in hidden
