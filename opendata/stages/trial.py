"""Trial: what a changed contract would newly find in everything that was published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.catalogue import Dataset
from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.stages import catalogue, validate
from opendata.stages.lineage import Named, hidden_in_collection
from opendata.stages.published import PublishedRecords
from opendata.stages.standing import Submission, standing
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot
from opendata.storage.tables import ReleaseRow
from opendata.tabular.readers import Unreadable

# So many row numbers are kept of each kind of failure, as an example.
MAX_ROWS = 20


class Outcome(StrEnum):
    """What became of trying one release."""

    PASSES = "passes"
    FAILS = "fails"
    SUSPENDED = "suspended"
    ERASED = "erased"

    @property
    def label(self) -> Text:
        """The outcome in both languages."""
        return _LABELS[self]


_LABELS = {
    Outcome.PASSES: Text("仍然合格", "STILL VALID"),
    Outcome.FAILS: Text("不再合格", "NEWLY INVALID"),
    Outcome.SUSPENDED: Text("已停止公开，未试", "SUSPENDED, not tried"),
    Outcome.ERASED: Text("文件已不存在，未试", "FILE GONE, not tried"),
}


class Failure(NamedTuple):
    """One kind of error: its type, and the column and the rule it is about, where it has them."""

    type: str
    field: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class NewFailure:
    """A kind of error that the changed contract finds more often than the release's own.

    ``count`` is how much more often; ``rows`` are the first rows it finds it in, as in a report.
    """

    failure: Failure
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One release, judged by the changed contract.

    ``contract`` is the one it was published under; ``compared`` says whether that one was there
    to be compared with: if not, it counts as having found nothing. ``current`` is whether it is
    the newest release of its dataset. ``rows`` are those of the release.
    """

    dataset: Dataset
    release: int
    current: bool
    rows: int
    contract: str
    outcome: Outcome
    compared: bool = False
    failures: tuple[NewFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Replay:
    """A release with what it was judged on: its file, and what was published before it."""

    row: ReleaseRow
    dataset: Dataset
    submission: Submission
    before: Snapshot | None


def trials(
    home: Home, contracts: catalogue.Contracts, known: Mapping[str, Contract], changed: Contract
) -> Iterator[Trial]:
    """Yield what ``changed`` finds in every release of its collection, dataset by dataset.

    Nothing is recorded. What is judged is the file that was sent in, against what was published
    just before it, by ``changed`` and, where that finds something, by the contract of its time.

    Args:
        home: Where everything is.
        contracts: The contracts in force, by collection.
        known: Every contract there is, by name (``budgets/v1``).
        changed: The contract to be tried.

    Raises:
        NoSuchCollection: the platform has no such collection.
    """
    in_force = catalogue.contract_of(contracts, changed.collection)
    with home.database.read() as session:
        replays = _replays(session, changed.collection)
        hidden = hidden_in_collection(session, changed.collection)
    newest = {each.row.dataset_id: each.row.number for each in replays}
    for each in replays:
        row = each.row
        releases = PublishedRecords(home, contracts, in_force, each.before, each.before)
        own = known.get(row.contract)
        outcome, failures = _tried(home, each, (changed, own), releases, hidden)
        yield Trial(
            dataset=each.dataset,
            release=row.number,
            current=newest[row.dataset_id] == row.number,
            rows=row.rows,
            contract=row.contract,
            outcome=outcome,
            compared=own is not None,
            failures=failures,
        )


def _replays(session: Session, collection: str) -> list[_Replay]:
    rows = session.scalars(
        select(ReleaseRow)
        .filter_by(collection=collection)
        .order_by(ReleaseRow.released_at, ReleaseRow.dataset_id)
    ).all()
    datasets = catalogue.named(session, {row.dataset_id for row in rows})
    before: Snapshot | None = None
    found = []
    for row in rows:
        submission = standing(session, row.submission_id).submission
        found.append(_Replay(row, datasets[row.dataset_id], submission, before))
        before = Snapshot(row.snapshot_id, row.metadata_location)
    return sorted(found, key=lambda each: (each.row.dataset_id, each.row.number))


def _tried(
    home: Home,
    replay: _Replay,
    contracts: tuple[Contract, Contract | None],
    releases: PublishedRecords,
    hidden: Mapping[Named, Named],
) -> tuple[Outcome, tuple[NewFailure, ...]]:
    if (replay.row.dataset_id, replay.row.number) in hidden:
        return Outcome.SUSPENDED, ()
    if not home.vault.path(replay.submission.sha256).exists():
        return Outcome.ERASED, ()
    changed, own = contracts
    found = _failures(home, changed, replay, releases)
    usual = _failures(home, own, replay, releases) if found and own is not None else {}
    failures = tuple(
        NewFailure(kind, len(rows) - len(usual.get(kind, ())), tuple(_numbers(rows)))
        for kind, rows in found.items()
        if len(rows) > len(usual.get(kind, ()))
    )
    return (Outcome.FAILS if failures else Outcome.PASSES), failures


def _failures(
    home: Home, contract: Contract, replay: _Replay, releases: PublishedRecords
) -> dict[Failure, list[int | None]]:
    """Judge the file; return the row of every error, ``None`` where it has none, by kind."""
    try:
        judged = validate.verdict(home, contract, replay.dataset, replay.submission, releases)
    except Unreadable as refusal:
        return {Failure(refusal.code, None, None): [None]}
    found: defaultdict[Failure, list[int | None]] = defaultdict(list)
    for error in chain(judged.outline["errors"], judged.errors):
        found[_kind_of(error)].append(error.get("rowNumber"))
    return dict(found)


def _kind_of(error: Mapping[str, Any]) -> Failure:
    return Failure(error["type"], error.get("fieldName") or None, error.get("rule"))


def _numbers(rows: Iterable[int | None]) -> list[int]:
    return [each for each in rows if each is not None][:MAX_ROWS]
