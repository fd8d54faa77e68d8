"""Releases as they are told: who signed, which files, and whether they are still public."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.approvals import Withheld, current_round
from opendata.domain.cautions import KnownIssue
from opendata.domain.editions import CHINA, edition, local_day
from opendata.domain.errors import Conflict, Gone, NotFound, Text
from opendata.domain.people import Actor, check_agency
from opendata.stages import catalogue
from opendata.stages.issues import known_issues
from opendata.stages.lineage import Named, hidden_of
from opendata.stages.standing import Standing, as_withheld, standing
from opendata.storage import audit
from opendata.storage.home import Home
from opendata.storage.pieces import Content as Content
from opendata.storage.tables import (
    ArtefactRow,
    DatasetRow,
    PersonRow,
    ReleaseRow,
    TakedownRow,
)

MAX_SUSPENDERS = 2
# What the column holds; a greater number overflows in the database instead of finding nothing.
MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Suspension:
    """One person's word that a release must not be public."""

    person: str
    authority: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable published version of a dataset, as it is told.

    ``suspensions`` are of the release itself, or of a release whose rows it carries.
    """

    id: UUID
    dataset: str
    collection: str
    number: int
    contract: str
    rows: int
    snapshot: int
    edition: date
    released_at: datetime
    submission_id: UUID
    withheld: Withheld
    windowed: bool
    suspensions: tuple[Suspension, ...]

    @property
    def public(self) -> bool:
        """Whether its records and files may be shown."""
        return not self.suspensions

    @property
    def changed_at(self) -> datetime:
        """When its files became what they are: at its release, or on the edition's morning."""
        morning = datetime.combine(self.edition, time.min, CHINA)
        return max(self.released_at, morning)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release in its current edition; ``sha256`` and ``size`` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Account:
    """One release with who signed it, its known issues and its files.

    Of a release that is not public neither issues nor files are told.
    """

    release: Release
    signed: Standing
    known_issues: tuple[KnownIssue, ...]
    files: tuple[File, ...]


class NoSuchRelease(NotFound):
    """The dataset has no release of this number."""

    code = "no-such-release"


class SuspendedRelease(Gone):
    """The release is suspended: it was public, and is not now."""

    code = "suspended"
    title = Text("已停止公开", "Suspended")


class AlreadySuspended(Conflict):
    """This person, or two persons, have suspended the release."""

    code = "already-suspended"


def releases(session: Session, dataset_id: str, now: datetime) -> list[Release]:
    """Return the releases of a dataset, newest first, suspended ones included."""
    catalogue.readable(session, None, dataset_id)
    query = select(ReleaseRow).filter_by(dataset_id=dataset_id).order_by(ReleaseRow.number.desc())
    return _told(session, list(session.scalars(query)), now)


def newest(session: Session, limit: int, now: datetime) -> list[Release]:
    """Return the newest releases of all datasets that are public."""
    query = select(ReleaseRow).order_by(ReleaseRow.released_at.desc()).limit(limit)
    return [each for each in _told(session, list(session.scalars(query)), now) if each.public]


def latest(session: Session, dataset_ids: Collection[str], now: datetime) -> dict[str, Release]:
    """Return the newest release of each of these datasets that has one, suspended or not."""
    top = (
        select(ReleaseRow.dataset_id, func.max(ReleaseRow.number).label("number"))
        .where(ReleaseRow.dataset_id.in_(dataset_ids))
        .group_by(ReleaseRow.dataset_id)
        .subquery()
    )
    query = select(ReleaseRow).join(
        top,
        (ReleaseRow.dataset_id == top.c.dataset_id) & (ReleaseRow.number == top.c.number),
    )
    return {each.dataset: each for each in _told(session, list(session.scalars(query)), now)}


def release(session: Session, dataset_id: str, number: int, now: datetime) -> Release:
    """Return one release, suspended or not, or raise ``NoSuchRelease``."""
    query = select(ReleaseRow).filter_by(dataset_id=dataset_id, number=min(number, MAX_NUMBER))
    found = _told(session, list(session.scalars(query)), now)
    if not found:
        catalogue.readable(session, None, dataset_id)
        raise no_such_release(dataset_id, number)
    return found[0]


def no_such_release(dataset_id: str, number: int) -> NoSuchRelease:
    """Return the refusal that says so."""
    return NoSuchRelease(
        f"数据集“{dataset_id}”没有第 {number} 版。",
        f"The dataset {dataset_id} has no release {number}.",
    )


def check_public(found: Release) -> None:
    """Raise ``SuspendedRelease``, saying when and on whose authority, unless it is public."""
    if not found.public:
        first = found.suspensions[0]
        raise SuspendedRelease(
            f"此版本已于 {first.at:%Y-%m-%d %H:%M} UTC 停止公开。依据：{first.authority}。"
            f"原因：{first.reason}",
            f"This release was suspended on {first.at:%Y-%m-%d %H:%M} UTC on the authority of "
            f"{first.authority}: {first.reason}",
        )


def files(session: Session, found: Release) -> list[File]:
    """Return the files of the release's current edition; none if they are not built yet."""
    query = select(ArtefactRow).filter_by(release_id=found.id).order_by(ArtefactRow.name)
    rows = session.scalars(query).all()
    fixed = [row for row in rows if row.name in ("report.json", "manifest.json")]
    current = [row for row in rows if row.edition == found.edition.isoformat()]
    by_name = {row.name: row for row in (*fixed, *current)}
    return [File(row.name, row.sha256, row.size) for _, row in sorted(by_name.items())]


def contents(home: Home, wanted: File) -> list[Content]:
    """Return the bytes of a file: as they are, then in the codings it was packed in."""
    plain = Content.of_file(home.vault.path(wanted.sha256), wanted.sha256, wanted.size)
    return [plain, *home.derived.packed(wanted.sha256)]


def signers(session: Session, found: Release) -> Standing:
    """Return the submission a release came from, with the decisions that released it.

    The round is the last one on the release's own base, whatever was released since.
    """
    stands = standing(session, found.submission_id)
    words = [each for each in stands.decisions if each.base_release == found.number - 1]
    last = max((each.suspended for each in words), default=0)
    return replace(stands, decisions=current_round(words, found.number - 1, last))


def account(session: Session, found: Release) -> Account:
    """Return everything that is told of a release besides its records."""
    signed = signers(session, found)
    if not found.public:
        return Account(found, signed, (), ())
    issues = known_issues(session, [found.id]).get(found.id, ())
    return Account(found, signed, issues, tuple(files(session, found)))


def suspend(
    session: Session, actor: Actor, found: Release, word: Mapping[str, str], now: datetime
) -> Release:
    """Take a release out of the public at once, or confirm that another person did so.

    Raises:
        WrongAgency: see ``check_agency``.
        AlreadySuspended: this person has said so already, or two persons have.
    """
    dataset = catalogue.dataset(session, found.dataset)
    check_agency(actor, dataset.agency.id)
    session.get(DatasetRow, found.dataset, with_for_update=True)
    said = list(session.scalars(select(TakedownRow).filter_by(release_id=found.id)))
    if len(said) >= MAX_SUSPENDERS or any(row.person_id == actor.person_id for row in said):
        raise AlreadySuspended(
            "此版本已停止公开；确认须由另一人作出，且只需一次。",
            "The release is suspended; another person confirms it, once.",
        )
    row = TakedownRow(release_id=found.id, person_id=actor.person_id, key_id=actor.key_id)
    row.number, row.kind, row.basis, row.said_at = len(said) + 1, "suspend", "", now
    row.authority, row.reason = word["authority"], word["reason"]
    session.add(row)
    session.flush()
    action = "suspension-confirmed" if said else "release-suspended"
    subject = f"{found.dataset}@{found.number}"
    audit.append(session, str(actor.person_id), action, subject, now)
    return release(session, found.dataset, found.number, now)


def _told(session: Session, rows: Sequence[ReleaseRow], now: datetime) -> list[Release]:
    causes = hidden_of(session, {row.dataset_id for row in rows})
    said = _suspensions(session, set(causes.values()))
    today = local_day(now)
    return [
        _as_release(row, said.get(causes.get((row.dataset_id, row.number)), ()), today)
        for row in rows
    ]


def _suspensions(
    session: Session, named: Collection[Named]
) -> dict[Named | None, tuple[Suspension, ...]]:
    """Return what was said when these releases were suspended, first word first."""
    said = session.execute(
        select(ReleaseRow.dataset_id, ReleaseRow.number, TakedownRow, PersonRow.name)
        .join(ReleaseRow, ReleaseRow.id == TakedownRow.release_id)
        .join(PersonRow, PersonRow.id == TakedownRow.person_id)
        .where(ReleaseRow.dataset_id.in_({dataset for dataset, _ in named}))
        .order_by(TakedownRow.number)
    )
    found: dict[Named | None, tuple[Suspension, ...]] = {}
    for dataset, number, row, name in said:
        word = Suspension(name, row.authority, row.reason, row.said_at)
        found[dataset, number] = (*found.get((dataset, number), ()), word)
    return found


def _as_release(row: ReleaseRow, said: tuple[Suspension, ...], today: date) -> Release:
    ends = map(date.fromisoformat, row.window_ends)
    return Release(
        id=row.id,
        dataset=row.dataset_id,
        collection=row.collection,
        number=row.number,
        contract=row.contract,
        rows=row.rows,
        snapshot=row.snapshot_id,
        edition=edition(row.released_at, ends, today),
        released_at=row.released_at,
        submission_id=row.submission_id,
        withheld=as_withheld(row.withheld),
        windowed=bool(row.window_ends),
        suspensions=said,
    )
