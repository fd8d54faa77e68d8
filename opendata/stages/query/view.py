"""The one read path: which snapshot a question is about, and what of it is public today."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope, edition, local_day
from opendata.domain.errors import Conflict, Fault, NotFound, Text
from opendata.domain.queries import SYSTEM_FIELDS, BadQuery, Op, Query
from opendata.domain.takedowns import State, Tombstone
from opendata.domain.values import read_instant
from opendata.stages.issues import issue_counts
from opendata.stages.lineage import Named, effects_in
from opendata.stages.publish import MANIFEST
from opendata.stages.releases import Version, check_public, gone, no_such_release, versioned
from opendata.storage import pointers
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot, files_of
from opendata.storage.tables import ArtefactRow, ReleaseRow
from opendata.tabular.records import record_schema

_DATASET = SYSTEM_FIELDS[1].name


class NoSuchSnapshot(NotFound):
    """The collection was never in this state."""

    code = "no-such-snapshot"


class ChangedSince(Conflict):
    """The state is no longer the one that was cited."""

    code = "changed-since"
    title = Text("引用的数据已有变化", "Changed since it was cited")


@dataclass(frozen=True, eq=False)
class View:
    """A collection as it may be shown: ``snapshot`` is ``None`` before its first release.

    ``releases`` maps each dataset in the snapshot to its release number, without those that are
    hidden, and ``issues`` those of them with known issues to how many they have. ``edition`` is
    the day since which the collection looks as it does, in this snapshot; ``published_at`` is
    when the snapshot became current. ``digest`` is the SHA-256 over all that shows: the edition,
    and each release with the digest of its first manifest, from which all else follows. A view is
    equal to itself alone: there is one as long as nothing changes. ``tombstones`` are of all that
    is hidden; ``taken_down`` of what a pinned snapshot had. ``pinned`` is the release it is of.
    """

    contract: Contract
    snapshot: Snapshot | None
    scope: Scope
    edition: date | None
    releases: Mapping[str, int]
    issues: Mapping[str, int]
    published_at: datetime | None
    digest: str
    tombstones: Mapping[Named, Tombstone]
    taken_down: tuple[Tombstone, ...] = ()
    pinned: Version | None = None

    @cached_property
    def source(self) -> Source:
        """Return what an engine needs to answer from this view."""
        files = () if self.snapshot is None else files_of(self.snapshot)
        return Source(files, record_schema(self.contract), self.scope)

    @cached_property
    def version(self) -> str:
        """Name the state shown: it changes whenever an answer could."""
        snapshot = 0 if self.snapshot is None else self.snapshot.id
        hidden = ",".join(
            f"{dataset}@{number} {stone.state} {stone.at.isoformat()}"
            for (dataset, number), stone in sorted(self.tombstones.items())
        )
        only = f"/{self.scope.dataset}" if self.scope.dataset else ""
        return f"{self.contract.digest}/{snapshot}/{self.edition}/{hidden}{only}"


def shown(home: Home, contract: Contract, as_of: str | None, now: datetime) -> View:
    """Return the current view, or the one pinned by ``as_of``, without reading it twice.

    It is worked out again whenever anything was published or suspended in the collection since,
    and on every new day: what was committed before this is called is in it.

    Raises:
        NoSuchSnapshot: the collection was never in that state, or had no release by then.
        BadQuery: ``as_of`` is neither a snapshot's id nor a date nor an instant.
    """
    holds_for = (home.database.watch.state().of(contract.collection), local_day(now))
    key = (contract.collection, contract.digest, as_of)
    view: View | None = home.views.get(key, holds_for)
    if view is None:
        with home.database.read() as session:
            # It may be newer than ``holds_for`` says; then it is not found again.
            view = (
                current_view(session, contract, now)
                if as_of is None
                else pinned_view(session, contract, as_of, now)
            )
        home.views.keep(key, holds_for, view, 1 + len(view.releases))
    return view


def released(home: Home, contract: Contract, named: tuple[str, int], now: datetime) -> View:
    """Return one release as a view: a dataset and the number of its release.

    Raises:
        NoSuchDataset: there is no such dataset.
        NoSuchRelease: it has no such release in this collection.
        SuspendedRelease: the release is not public.
    """
    holds_for = (home.database.watch.state().of(contract.collection), local_day(now))
    key = (contract.collection, contract.digest, named)
    view: View | None = home.views.get(key, holds_for)
    if view is None:
        with home.database.read() as session:
            view = _released(session, contract, named, now)
        home.views.keep(key, holds_for, view)
    return view


def _released(session: Session, contract: Contract, named: tuple[str, int], now: datetime) -> View:
    version = versioned(session, named, now)
    found = version.release
    if found.collection != contract.collection:
        raise no_such_release(*named)
    check_public(found)
    view = pinned_view(session, contract, str(found.snapshot), now)
    dataset, number = named
    return replace(
        view,
        digest=_digest(session, [session.get_one(ReleaseRow, found.id)], found.edition),
        scope=replace(view.scope, dataset=dataset),
        edition=found.edition,
        releases={dataset: number},
        issues={name: count for name, count in view.issues.items() if name == dataset},
        published_at=found.released_at,
        taken_down=(),
        pinned=version,
    )


def current_view(session: Session, contract: Contract, now: datetime) -> View:
    """Return the collection as its pointer shows it."""
    return _view(session, contract, pointers.current(session, contract.collection), now)


def pinned_view(session: Session, contract: Contract, as_of: str, now: datetime) -> View:
    """Return the collection as it was: ``as_of`` is a snapshot's id, a date or an instant.

    What was hidden since, by suspension, withdrawal or the end of a window, is hidden here too.

    Raises:
        NoSuchSnapshot: the collection was never in that state, or had no release by then.
        BadQuery: ``as_of`` is none of the three.
    """
    query = select(ReleaseRow).filter_by(collection=contract.collection)
    if as_of.isascii() and as_of.isdigit() and len(as_of) > 8:
        # Cut short, since a text of digits may be longer than any integer that is read.
        query = query.where(ReleaseRow.snapshot_id == min(int(as_of[:20]), 2**63 - 1))
    else:
        query = query.where(ReleaseRow.released_at <= _end_of(as_of))
    newest = query.order_by(ReleaseRow.released_at.desc(), ReleaseRow.number.desc()).limit(1)
    row = session.scalars(newest).first()
    if row is None:
        raise NoSuchSnapshot(
            f"数据类别 {contract.collection} 没有 {as_of[:80]} 时的快照。",
            f"The collection {contract.collection} has no snapshot as of {as_of[:80]}.",
        )
    snapshot = Snapshot(row.snapshot_id, row.metadata_location)
    return _view(session, contract, snapshot, now, pinned=True)


def _view(
    session: Session,
    contract: Contract,
    snapshot: Snapshot | None,
    now: datetime,
    *,
    pinned: bool = False,
) -> View:
    published = contract.published
    today = local_day(now)
    effects = effects_in(session, contract.collection)
    hidden = frozenset(effects.hidden)
    tombstones = {each: stone for each in hidden if (stone := effects.tombstone(each))}
    scope = Scope(published.window_field, today, hidden)
    rows = _releases_in(session, contract.collection, snapshot)
    editions = [
        edition(row.released_at, map(date.fromisoformat, row.window_ends), today) for row in rows
    ]
    shown = [row for row in rows if (row.dataset_id, row.number) not in hidden]
    named = [(row.dataset_id, row.number) for row in rows]
    lost = tuple(tombstones[each] for each in named if each in tombstones)
    counts = issue_counts(session, [row.id for row in shown])
    begun = max(editions, default=None)
    return View(
        contract=published,
        snapshot=snapshot,
        scope=scope,
        edition=begun,
        releases={row.dataset_id: row.number for row in shown},
        issues={row.dataset_id: counts[row.id] for row in shown if row.id in counts},
        published_at=max((row.released_at for row in rows), default=None),
        digest=_digest(session, shown, begun),
        tombstones=tombstones,
        taken_down=lost if pinned else (),
    )


def check_left(view: View, query: Query) -> None:
    """Refuse what asks for withdrawn releases of a pinned snapshot alone.

    Raises:
        WithdrawnRelease: nothing else of the snapshot is, or is asked for by ``_dataset``.
    """
    wanted = {
        value
        for each in query.filters
        if each.field.name == _DATASET and each.op in (Op.EXACT, Op.IN)
        for value in each.values
    }
    lost = [each for each in view.taken_down if not wanted or each.dataset in wanted]
    left = [each for each in view.releases if not wanted or each in wanted]
    if lost and not left and all(each.state is State.WITHDRAWN for each in lost):
        raise gone(lost[0])


def check_cited(view: View, query: Query) -> None:
    """Refuse to give what is there now as what was cited, where nothing beside it can say so.

    Raises:
        ChangedSince: the state is not the one that was cited.
    """
    if query.digest is not None and query.digest != view.digest:
        raise ChangedSince(
            "被引用的数据此后有变（公开期限届满，或有版本停止公开）。去掉 digest 可取现存部分。",
            "What was cited has changed since: a window ended, or a release was taken out. "
            "Leave digest out to get what is left.",
        )


def _digest(session: Session, shown: Sequence[ReleaseRow], begun: date | None) -> str:
    """Return the SHA-256 over the first manifests of the releases shown, and the edition.

    What an edition shows follows from the first manifest and the day. Its own manifest may be
    signed after it began; what was cited until then has not changed by that.
    """
    manifests = dict(
        session.execute(
            select(ArtefactRow.release_id, ArtefactRow.sha256)
            .where(ArtefactRow.name == MANIFEST)
            .where(ArtefactRow.release_id.in_([row.id for row in shown]))
            # Of several the last one stays, which is the first edition's.
            .order_by(ArtefactRow.edition.desc())
        ).all()
    )
    lines = [f"{row.dataset_id}@{row.number} {manifests.get(row.id, '')}" for row in shown]
    return hashlib.sha256("\n".join([str(begun), *lines]).encode()).hexdigest()


def _releases_in(session: Session, collection: str, snapshot: Snapshot | None) -> list[ReleaseRow]:
    """Return the newest release of each dataset at the time of ``snapshot``."""
    if snapshot is None:
        return []
    made_by = select(ReleaseRow.released_at).filter_by(snapshot_id=snapshot.id)
    newest: dict[str, ReleaseRow] = {}
    at = session.scalars(made_by).first()
    if at is None:
        return []
    rows = session.scalars(
        select(ReleaseRow)
        .where(ReleaseRow.collection == collection, ReleaseRow.released_at <= at)
        .order_by(ReleaseRow.number)
    )
    for row in rows:
        newest[row.dataset_id] = row
    return sorted(newest.values(), key=lambda row: row.dataset_id)


def _end_of(as_of: str) -> datetime:
    """Read a date (its last moment in China) or an instant."""
    whole_day = f"{as_of}T23:59:59.999999+08:00"
    moment = read_instant(whole_day if len(as_of) == len("2026-01-31") else as_of)
    if moment is None:
        text = Text(
            "as_of 应为快照编号、日期（2026-01-31）或带时区的时刻。",
            "as_of is a snapshot's id, a date (2026-01-31) or an instant with its zone.",
        )
        raise BadQuery(*text, (Fault("?as_of", text, "invalid-value"),))
    return moment
