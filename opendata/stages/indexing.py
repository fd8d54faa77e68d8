"""Indexing: which releases the serving index lacks, and which of its segments become one.

The index is derived from the releases' files. What is done here only makes answers faster; it
may be done at any time, by anyone, again, or not at all.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract
from opendata.storage.index.building import PartSource, Unindexable
from opendata.storage.index.keeping import Keeper
from opendata.storage.index.roll import Entry, Part, roll_stamp
from opendata.storage.index.tiers import MAX_ROWS, change, quiet_seconds, settled
from opendata.storage.tables import ArtefactRow, ReleaseRow

log = logging.getLogger(__name__)
_FILES = ("data.parquet", "data.ndjson", "data.csv")
# Releases whose files are looked up in one query.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Job:
    """A segment to be built of some releases, and those it takes the place of.

    ``rows`` is about how many records it will have; without ``parts`` there is nothing to build.
    """

    parts: tuple[PartSource, ...]
    replaced: tuple[str, ...]
    rows: int


# What a collection's index depends on: its snapshot, and the roll.
Mark = tuple[int, int]


def marks(
    pointers: Mapping[str, int], keeper: Keeper, collections: Collection[str]
) -> dict[str, Mark]:
    """Return what each of these collections' index depends on, of those that have releases.

    ``pointers`` are the snapshots that readers follow. As long as a mark stays the same, there is
    nothing new to do.
    """
    return {
        each: (pointers[each], roll_stamp(keeper.root / each))
        for each in collections
        if each in pointers
    }


def jobs(
    session: Session,
    keeper: Keeper,
    contract: Contract,
    refused: Collection[Part] = (),
    quiet: float = 0.0,
) -> list[Job]:
    """Return what there is to do for a collection under its (published) contract.

    First what the index lacks; only when it lacks nothing, one step of keeping it in shape.
    ``refused`` are releases that cannot be indexed; for ``quiet`` seconds the roll has not changed.
    """
    rows = _rows(session, contract.collection)
    live = frozenset(_newest(rows))
    roll = keeper.roll(contract)
    missing = live - roll.parts - frozenset(refused)
    if missing:
        return [_job(session, each, (), rows) for each in _portions(sorted(missing), rows)]
    wanted = change(roll.entries, live, rows)
    if wanted is None and quiet >= quiet_seconds(roll.entries):
        wanted = settled(roll.entries, live)
    return [_job(session, wanted.parts, wanted.replaced, rows)] if wanted else []


def unsettled_for(keeper: Keeper, contract: Contract, quiet: float) -> float | None:
    """Return in how many seconds a collection's segments should become one, if all stays quiet.

    ``None`` where there is but one, or where it should have happened already.
    """
    entries = keeper.roll(contract).entries
    left = quiet_seconds(entries) - quiet
    return left if len(entries) > 1 and left > 0 else None


def everything(session: Session, contract: Contract) -> list[Job]:
    """Return what there is to build of a collection where nothing is there yet."""
    rows = _rows(session, contract.collection)
    return [_job(session, each, (), rows) for each in _portions(sorted(_newest(rows)), rows)]


def build(
    keeper: Keeper, contract: Contract, job: Job, name: str = ""
) -> tuple[Entry | None, frozenset[Part]]:
    """Build a job's segment; return it, and the releases that it could not be built with.

    Those stay without an index, and collections that show them are answered without it.
    """
    parts, refused = list(job.parts), set[Part]()
    while parts:
        try:
            return keeper.build(contract, parts, name), frozenset(refused)
        except Unindexable as error:
            log.warning("Not indexed: %s", error)
            refused.add(error.part)
            parts = [each for each in parts if each.part != error.part]
    return None, frozenset(refused)


def rebuild(keeper: Keeper, contract: Contract, todo: Iterable[Job]) -> None:
    """Build everything anew, then put it in the place of all that is there."""
    found = [build(keeper, contract, each)[0] for each in todo]
    keeper.adopt(contract, [each for each in found if each is not None], replaced=None)


def _rows(session: Session, collection: str) -> dict[Part, int]:
    """Return how many records each release of a collection has, those never public included."""
    query = select(ReleaseRow.dataset_id, ReleaseRow.number, ReleaseRow.rows).where(
        ReleaseRow.collection == collection
    )
    return {(dataset, number): rows for dataset, number, rows in session.execute(query)}


def _newest(rows: Iterable[Part]) -> Iterator[Part]:
    """Yield the newest release of each dataset, hidden or not."""
    yield from dict(sorted(rows)).items()


def _portions(parts: Sequence[Part], rows: dict[Part, int]) -> Iterator[tuple[Part, ...]]:
    """Cut releases into groups, each of at most ``MAX_ROWS`` records or a single release."""
    group: list[Part] = []
    size = 0
    for each in parts:
        if group and size + rows[each] > MAX_ROWS:
            yield tuple(group)
            group, size = [], 0
        group.append(each)
        size += rows[each]
    if group:
        yield tuple(group)


def _job(
    session: Session, parts: Sequence[Part], replaced: tuple[str, ...], rows: dict[Part, int]
) -> Job:
    sources = tuple(_sources(session, parts))
    return Job(sources, replaced, sum(rows.get(each.part, 0) for each in sources))


def _sources(session: Session, parts: Sequence[Part]) -> Iterator[PartSource]:
    """Yield the files of releases as they were first published.

    They hold every record that was ever public of a release; later editions hold fewer.
    """
    for begin in range(0, len(parts), _AT_ONCE):
        some = parts[begin : begin + _AT_ONCE]
        files = _first_editions(session, some)
        for part in some:
            found = [files.get((*part, name)) for name in _FILES]
            if None not in found:
                yield PartSource(part, *(each for each in found if each is not None))


def _first_editions(session: Session, parts: Sequence[Part]) -> dict[tuple[str, int, str], str]:
    first = (
        select(func.min(ArtefactRow.edition))
        .where(ArtefactRow.release_id == ReleaseRow.id)
        .correlate(ReleaseRow)
        .scalar_subquery()
    )
    query = (
        select(ReleaseRow.dataset_id, ReleaseRow.number, ArtefactRow.name, ArtefactRow.sha256)
        .join(ArtefactRow, ArtefactRow.release_id == ReleaseRow.id)
        .where(tuple_(ReleaseRow.dataset_id, ReleaseRow.number).in_(parts))
        .where(ArtefactRow.name.in_(_FILES), ArtefactRow.edition == first)
    )
    return {(dataset, number, name): sha for dataset, number, name, sha in session.execute(query)}
