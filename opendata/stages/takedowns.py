"""Takedowns: persons suspend a release, confirm it, lift it or withdraw it, and who is late."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Dataset
from opendata.domain.errors import Forbidden
from opendata.domain.people import Actor, Role, check_scope
from opendata.domain.takedowns import (
    UNTOUCHED,
    Kind,
    State,
    Status,
    TakedownWord,
    check_may_say,
    standing_of,
)
from opendata.stages import catalogue, releases
from opendata.stages.access import within
from opendata.stages.lineage import Named, effects_of, words_of
from opendata.stages.personal import check_words
from opendata.stages.releases import File, Release
from opendata.storage import audit
from opendata.storage.tables import DatasetRow, ReleaseRow, TakedownRow

# Who may read what is taken down.
UNSEALERS = frozenset({Role.SUPERVISOR, Role.ADMIN})
ACTIONS = {
    (Kind.SUSPEND, False): "release-suspended",
    (Kind.SUSPEND, True): "suspension-confirmed",
    (Kind.LIFT, False): "lifting-asked",
    (Kind.LIFT, True): "suspension-lifted",
    (Kind.WITHDRAW, False): "withdrawal-asked",
    (Kind.WITHDRAW, True): "release-withdrawn",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a release, on whose authority, and why."""

    kind: Kind
    authority: str
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A release of which something was said that another person, or two, may yet end."""

    dataset: Dataset
    number: int
    status: Status
    overdue: bool


def say(session: Session, actor: Actor, named: Named, said: Said, now: datetime) -> Release:
    """Record what a person says of a release; the dataset's lock makes persons take turns.

    Raises:
        NoSuchDataset, NoSuchRelease: there is none.
        WrongAgency, WrongCollection: see ``check_scope``.
        UnfitWords: see there.
        Whatever ``check_may_say`` raises.
    """
    dataset_id, number = named
    found = releases.release(session, dataset_id, number, now)
    agency = catalogue.dataset(session, dataset_id).agency.id
    check_scope(actor, agency, found.collection)
    check_words(("/authority", said.authority), ("/basis", said.basis), ("/reason", said.reason))
    session.get(DatasetRow, dataset_id, with_for_update=True)
    status = effects_of(session, [dataset_id]).statuses.get(named, UNTOUCHED).at(now)
    word = _as_word(actor, said, len(status.words) + 1, now)
    check_may_say(word, status)
    session.add(_as_row(found.id, actor.key_id, word))
    session.flush()
    action = ACTIONS[word.kind, status.first_word(word.kind) is not None]
    audit.append(session, str(actor.person_id), action, f"{dataset_id}@{number}", now)
    return releases.release(session, dataset_id, number, now)


def waiting(session: Session, actor: Actor, now: datetime) -> list[Open]:
    """Return the releases of the actor's agency about which a word is awaited or may yet come.

    They are those that are suspended, and those that one person wants withdrawn; first those
    whose second person is due first.
    """
    condition = ReleaseRow.dataset_id.in_(select(DatasetRow.id).where(*within(actor)))
    said = words_of(session, condition)
    statuses = {name: standing_of(words).at(now) for name, words in said.items()}
    still = {name: each for name, each in statuses.items() if _is_open(each)}
    datasets = catalogue.named(session, {dataset for dataset, _ in still})
    found = [
        Open(datasets[dataset], number, status, status.is_overdue(now))
        for (dataset, number), status in still.items()
    ]
    return sorted(found, key=lambda each: (each.status.due_by is None, each.status.due_by or now))


def record_reading(
    session: Session, actor: Actor, found: Release, file: File, now: datetime
) -> None:
    """Record that somebody reads a file of a release that is not public."""
    subject = f"{found.dataset}@{found.number}/{file.name}"
    audit.append(session, str(actor.person_id), "sealed-file-read", subject, now)


def unsealer(session: Session, reading: Actor | None, found: Release) -> Actor | None:
    """Return who reads a release that is not public, if that person may."""
    if reading is None or found.public or reading.role not in UNSEALERS:
        return None
    try:
        agency = catalogue.dataset(session, found.dataset).agency.id
        check_scope(reading, agency, found.collection)
    except Forbidden:
        return None
    return reading


def _is_open(status: Status) -> bool:
    return status.state is State.SUSPENDED or status.withdrawal_pending


def _as_word(actor: Actor, said: Said, number: int, now: datetime) -> TakedownWord:
    return TakedownWord(
        number=number,
        kind=said.kind,
        person_id=actor.person_id,
        person=actor.name,
        authority=said.authority,
        basis=said.basis,
        reason=said.reason,
        at=now,
    )


def _as_row(release_id: UUID, key_id: UUID, word: TakedownWord) -> TakedownRow:
    return TakedownRow(
        release_id=release_id,
        number=word.number,
        person_id=word.person_id,
        key_id=key_id,
        kind=word.kind,
        authority=word.authority,
        basis=word.basis,
        reason=word.reason,
        said_at=word.at,
    )
