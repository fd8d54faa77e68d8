"""Releases as they are told: who signed, which files, and whether they are still public."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.approvals import Withheld, current_round
from opendata.domain.cautions import KnownIssue
from opendata.domain.editions import CHINA, edition, local_day
from opendata.domain.errors import Gone, NotFound
from opendata.domain.takedowns import State, Status, Tombstone
from opendata.stages import catalogue
from opendata.stages.issues import known_issues
from opendata.stages.lineage import Effects, effects_of
from opendata.stages.publish import LEAVES, MANIFEST, REPORT
from opendata.stages.standing import Standing, as_withheld, standing
from opendata.storage.home import Home
from opendata.storage.pieces import Content as Content
from opendata.storage.tables import (
    ArtefactRow,
    ReleaseRow,
)

# What the column holds; a greater number overflows in the database instead of finding nothing.
MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable published version of a dataset, as it is told.

    ``status`` is its own, or that of release ``hidden_by``, whose rows it carries; ``overdue``
    is whether a suspension waits for its second person for longer than it may.
    """

    id: UUID
    dataset: str
    collection: str
    number: int
    version: str | None
    supersedes: int | None
    corrects: int | None
    notes: str | None
    contract: str
    rows: int
    snapshot: int
    edition: date
    released_at: datetime
    submission_id: UUID
    withheld: Withheld
    windowed: bool
    status: Status
    hidden_by: int | None
    overdue: bool

    @property
    def public(self) -> bool:
        """Whether its records and files may be shown."""
        return self.status.visible

    @property
    def takedown(self) -> Tombstone | None:
        """What is told in its place, ``None`` while it is public."""
        return self.status.tombstone(self.dataset, self.number)

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

    Of a release that is not public neither issues nor files are told, nor the signers' words.
    """

    release: Release
    signed: Standing
    known_issues: tuple[KnownIssue, ...]
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which releases of the dataset are beside one; ``latest`` is the newest that is public."""

    predecessor: int | None
    successor: int | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One release, and which are beside it."""

    release: Release
    beside: Neighbours


class NoSuchRelease(NotFound):
    """The dataset has no release of this number."""

    code = "no-such-release"


class SuspendedRelease(Gone):
    """The release is suspended: it was public, and is not now."""

    code = "suspended"
    title = State.SUSPENDED.label


class WithdrawnRelease(Gone):
    """The release is withdrawn: it was public, and never is again."""

    code = "withdrawn"
    title = State.WITHDRAWN.label


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


def neighbours(session: Session, found: Release) -> Neighbours:
    """Return which releases are before and behind one, and which is the one to read."""
    of_it = select(ReleaseRow.number).filter_by(dataset_id=found.dataset)
    numbers = list(session.scalars(of_it.order_by(ReleaseRow.number.desc())))
    effects = effects_of(session, {found.dataset})
    shown = (each for each in numbers if (found.dataset, each) not in effects.hidden)
    return Neighbours(
        predecessor=found.number - 1 or None,
        successor=found.number + 1 if found.number < numbers[0] else None,
        latest=next(shown, None),
    )


def versioned(session: Session, named: tuple[str, int], now: datetime) -> Version:
    """Return the release of a dataset that has a number with those beside it; see ``release``."""
    found = release(session, *named, now)
    return Version(found, neighbours(session, found))


def no_such_release(dataset_id: str, number: int) -> NoSuchRelease:
    """Return the refusal that says so."""
    return NoSuchRelease(
        f"数据集“{dataset_id}”没有第 {number} 版。",
        f"The dataset {dataset_id} has no release {number}.",
    )


def check_public(found: Release) -> None:
    """Raise what ``gone`` returns unless the release is public."""
    if found.takedown is not None:
        raise gone(found.takedown)


def gone(stone: Tombstone) -> Gone:
    """Return the refusal that says since when a release is gone, on whose authority, and why."""
    kind = WithdrawnRelease if stone.state is State.WITHDRAWN else SuspendedRelease
    refusal = kind(*stone.sentence)
    refusal.members = {"takedown": stone}
    return refusal


def files(session: Session, found: Release) -> list[File]:
    """Return the files of the release's current edition; none if they are not built yet."""
    query = select(ArtefactRow).filter_by(release_id=found.id).order_by(ArtefactRow.name)
    rows = session.scalars(query).all()
    # Early releases have one manifest for all of their editions.
    fixed = {REPORT} if found.version else {REPORT, MANIFEST}
    current = found.edition.isoformat()
    by_name = {row.name: row for row in rows if row.name in fixed}
    by_name |= {row.name: row for row in rows if row.edition == current}
    # The hashes of single records are for proofs alone.
    by_name.pop(LEAVES, None)
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


def account(session: Session, found: Release, *, sealed: bool = False) -> Account:
    """Return everything that is told of a release besides its records.

    ``sealed`` says that it is told to somebody who may see it though it is not public.
    """
    signed = signers(session, found)
    if not found.public and not sealed:
        # A signer's reason may quote the very thing for which the release was taken down.
        verdicts = tuple(replace(each, basis="", reason="") for each in signed.decisions)
        return Account(found, replace(signed, decisions=verdicts), (), ())
    issues = known_issues(session, [found.id]).get(found.id, ())
    return Account(found, signed, issues, tuple(files(session, found)))


def _told(session: Session, rows: Sequence[ReleaseRow], now: datetime) -> list[Release]:
    effects = effects_of(session, {row.dataset_id for row in rows})
    return [_as_release(row, effects, now) for row in rows]


def _as_release(row: ReleaseRow, effects: Effects, now: datetime) -> Release:
    ends = map(date.fromisoformat, row.window_ends)
    named = (row.dataset_id, row.number)
    status, cause = effects.status(named), effects.hidden.get(named, named)
    return Release(
        id=row.id,
        dataset=row.dataset_id,
        collection=row.collection,
        number=row.number,
        version=row.version,
        supersedes=row.supersedes,
        corrects=row.corrects,
        # What was written about a release may be the very thing for which it was taken down.
        notes=row.notes if status.visible else None,
        contract=row.contract,
        rows=row.rows,
        snapshot=row.snapshot_id,
        edition=edition(row.released_at, ends, local_day(now)),
        released_at=row.released_at,
        submission_id=row.submission_id,
        withheld=as_withheld(row.withheld),
        windowed=bool(row.window_ends),
        status=status.at(now),
        hidden_by=None if cause == named else cause[1],
        overdue=status.is_overdue(now),
    )
