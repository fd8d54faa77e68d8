"""Lineage: whose rows a release carries, and what a takedown therefore hides.

In mode ``add`` a release holds the rows of the release it was merged onto. What hides one
release hides every later one that still carries its rows; once it is public again, so are they.
This is the one place that says which releases may not be shown.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from opendata.domain.declarations import Declaration, outdated_because
from opendata.domain.takedowns import (
    UNTOUCHED,
    Kind,
    Place,
    State,
    Status,
    TakedownWord,
    Tombstone,
    standing_of,
)
from opendata.stages.declare import declarations
from opendata.storage.lake import Snapshot
from opendata.storage.tables import PersonRow, ReleaseRow, TakedownRow

# A release, named by its dataset and number.
Named = tuple[str, int]
# Whose word it is where no person spoke.
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class MergeBase:
    """The release that a submission in mode ``add`` is merged onto: the newest not taken down.

    Its records may show what is personal data since: ``declaration`` says what was treated then.
    """

    number: int
    snapshot: Snapshot
    declaration: Declaration | None

    @property
    def declared(self) -> int | None:
        """The number of its declaration, if that is known."""
        return None if self.declaration is None else self.declaration.number


@dataclass(frozen=True, slots=True)
class Effects:
    """What was said of releases, and what follows for them and for those that carry their rows.

    ``statuses`` are of releases about which anything was said; ``hidden`` are those that may not
    be shown, each with the release that was taken down: itself, or one whose rows it carries.
    ``outdated`` are those that show what a later contract declared personal data, or took out:
    they are hidden themselves, and what is merged onto them treats their rows.
    """

    statuses: Mapping[Named, Status]
    hidden: Mapping[Named, Named]
    outdated: Mapping[Named, Status]

    def status(self, release: Named) -> Status:
        """Return the status that decides about a release: its own, or of what it carries."""
        said = self.statuses.get(self.hidden.get(release, release), UNTOUCHED)
        return self.outdated.get(release, said) if said.visible else said

    def may_be_merged_onto(self, release: Named) -> bool:
        """Whether nobody has taken down a release, or what it carries."""
        return self.statuses.get(self.hidden.get(release, release), UNTOUCHED).visible

    def is_withdrawn(self, release: Named) -> bool:
        """Whether a release was taken down for good, by itself or with what it carries."""
        return self.status(release).state is State.WITHDRAWN

    def tombstone(self, release: Named) -> Tombstone | None:
        """Return what is told in a release's place, ``None`` while it may be shown."""
        return self.status(release).tombstone(*release)

    def changes(self, dataset: str) -> int:
        """Return how often releases of a dataset were taken out of the public or put back.

        It never takes on an old value again: a review round is told by it.
        """
        return sum(each.changes for (name, _), each in self.statuses.items() if name == dataset)


def effects_in(session: Session, collection: str, until: datetime | None = None) -> Effects:
    """Return what was said of the releases of a collection, by a moment if one is named."""
    return _effects(session, ReleaseRow.collection == collection, until)


def effects_of(
    session: Session, datasets: Collection[str], until: datetime | None = None
) -> Effects:
    """Return what was said of the releases of datasets, by a moment if one is named."""
    return _effects(session, ReleaseRow.dataset_id.in_(datasets), until)


def hidden_in_collection(session: Session, collection: str) -> Mapping[Named, Named]:
    """Return the releases of a collection that may not be shown; see ``Effects``."""
    return effects_in(session, collection).hidden


def hidden_of(session: Session, datasets: Collection[str]) -> Mapping[Named, Named]:
    """Return the releases of datasets that may not be shown; see ``Effects``."""
    return effects_of(session, datasets).hidden


def merge_base(session: Session, dataset: str) -> MergeBase | None:
    """Return the newest release of a dataset that nobody took down, ``None`` if there is none."""
    effects = effects_of(session, [dataset])
    query = select(ReleaseRow).filter_by(dataset_id=dataset).order_by(ReleaseRow.number.desc())
    for row in session.scalars(query):
        if effects.may_be_merged_onto((dataset, row.number)):
            known = declarations(session, [row.collection]).get(row.collection, ())
            said = next((each for each in known if each.number == (row.declaration or 1)), None)
            snapshot = Snapshot(row.snapshot_id, row.metadata_location)
            return MergeBase(row.number, snapshot, said)
    return None


def words_of(
    session: Session, condition: ColumnElement[bool]
) -> dict[Named, tuple[TakedownWord, ...]]:
    """Return what was said of the releases that meet a condition, first word first."""
    rows = session.execute(
        select(ReleaseRow.dataset_id, ReleaseRow.number, TakedownRow, PersonRow.name)
        .join(ReleaseRow, ReleaseRow.id == TakedownRow.release_id)
        .join(PersonRow, PersonRow.id == TakedownRow.person_id)
        .where(condition)
        .order_by(ReleaseRow.dataset_id, ReleaseRow.number, TakedownRow.number)
    )
    found: defaultdict[Named, list[TakedownWord]] = defaultdict(list)
    for dataset, number, row, name in rows:
        found[dataset, number].append(_as_word(row, name))
    return {release: tuple(words) for release, words in found.items()}


def _effects(session: Session, condition: ColumnElement[bool], until: datetime | None) -> Effects:
    by_then = condition if until is None else and_(condition, TakedownRow.said_at <= until)
    words = words_of(session, by_then)
    statuses = {release: standing_of(said) for release, said in words.items()}
    down = {release for release, status in statuses.items() if not status.visible}
    outdated = _outdated(session, condition, until)
    hidden = {each: each for each in outdated} | (_carriers(session, down) if down else {})
    return Effects(statuses, hidden, outdated)


def _outdated(
    session: Session, condition: ColumnElement[bool], until: datetime | None
) -> dict[Named, Status]:
    """Return the releases that show what the contract now in force does not; see ``Declaration``.

    Each stands as if the contract had suspended it.
    """
    collections = session.scalars(select(ReleaseRow.collection).where(condition).distinct())
    found: dict[Named, Status] = {}
    for collection, every in declarations(session, collections).items():
        said = [each for each in every if until is None or each.at <= until]
        shown = {each.number: each.shows(said[-1]) for each in said}
        numbers = [number for number, columns in shown.items() if columns]
        if not numbers:
            continue
        under = func.coalesce(ReleaseRow.declaration, 1)
        rows = session.execute(
            select(ReleaseRow.dataset_id, ReleaseRow.number, under).where(
                condition, ReleaseRow.collection == collection, under.in_(numbers)
            )
        )
        for dataset, number, at in rows:
            found[dataset, number] = _suspended_by(said[-1], shown[at])
    return found


def _suspended_by(declaration: Declaration, columns: tuple[str, ...]) -> Status:
    reason = outdated_because(columns)
    word = TakedownWord(
        number=0,
        kind=Kind.SUSPEND,
        person_id=_NOBODY,
        person="system",
        authority=declaration.contract,
        basis="",
        reason=f"{reason.zh} / {reason.en}",
        at=declaration.at,
    )
    return Status(Place.CONFIRMED, (word,), (word,))


def _carriers(session: Session, down: Collection[Named]) -> dict[Named, Named]:
    """Return the releases that are down and those that carry their rows, each with its cause."""
    rows = session.execute(
        select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.merged_onto)
        .where(ReleaseRow.dataset_id.in_({dataset for dataset, _ in down}))
        .order_by(ReleaseRow.number)
    )
    causes: dict[Named, Named] = {}
    for dataset, number, onto in rows:
        if (dataset, number) in down:
            causes[dataset, number] = (dataset, number)
        elif onto is not None and (dataset, onto) in causes:
            causes[dataset, number] = causes[dataset, onto]
    return causes


def _as_word(row: TakedownRow, name: str) -> TakedownWord:
    return TakedownWord(
        number=row.number,
        kind=Kind(row.kind),
        person_id=row.person_id,
        person=name,
        authority=row.authority,
        basis=row.basis,
        reason=row.reason,
        at=row.said_at,
    )
