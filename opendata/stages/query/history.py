"""History: which releases held a record, and whether one that is not public ever was.

It is told by the serving index as far as that knows the releases; the others are looked into one
by one, in the Parquet file of their first edition, which has all that was ever public of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope
from opendata.domain.queries import MAX_LIMIT, SYSTEM_FIELDS, Filter, Op, Query, whole
from opendata.domain.takedowns import Tombstone
from opendata.stages.first_editions import first_editions
from opendata.stages.query.view import View
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.tables import ReleaseRow
from opendata.tabular.records import record_schema

ID_FIELD = SYSTEM_FIELDS[0]
_PART = (SYSTEM_FIELDS[1].name, SYSTEM_FIELDS[2].name)
Part = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """One release as a record's history tells it, and the file that has its records."""

    part: Part
    snapshot: int
    released_at: datetime
    path: str

    @property
    def told(self) -> dict[str, Any]:
        """What a record's history says of the release."""
        dataset, number = self.part
        named = {"dataset": dataset, "release": number, "released_at": self.released_at}
        return {**named, "snapshot": str(self.snapshot)}


def query_of(contract: Contract, record_id: str) -> Query:
    """Return the query for one record, under a published contract."""
    return whole(contract, filters=(Filter(ID_FIELD, Op.EXACT, (record_id,)),), limit=1)


def releases_of(home: Home, view: View, dataset: str) -> list[Made]:
    """Return the releases of a dataset that are not hidden, newest first.

    What was released since the view was made is not in it: an answer is of one moment.
    """
    found = _made(home, view).get(dataset, ())
    until = view.published_at
    return [
        each
        for each in found
        if each.part not in view.scope.hidden and (until is None or each.released_at <= until)
    ]


def holding(home: Home, view: View, made: Sequence[Made], record_id: str) -> frozenset[Part]:
    """Return those of some releases that show a record on the view's day."""
    key = ("holding", view.contract.collection, record_id, tuple(each.part for each in made))
    found: frozenset[Part] | None = home.views.get(key, view)
    if found is None:
        scope = Scope(view.scope.window_field, view.scope.on)
        found = _looked_up(home, view, made, scope, record_id)
        home.views.keep(key, view, found)
    return found


def was_ever(home: Home, view: View, known: Collection[Part], record_id: str) -> bool:
    """Whether a release that is not among the ``known`` ones ever showed a record."""
    made = [each for found in _made(home, view).values() for each in found]
    rest = [each for each in made if each.part not in known]
    return bool(_looked_up(home, view, rest, Scope(None, None), record_id))


def was_in(home: Home, view: View, part: Part, record_id: str) -> bool:
    """Whether one release ever showed a record."""
    made = [each for each in _made(home, view).get(part[0], ()) if each.part == part]
    return bool(_looked_up(home, view, made, Scope(None, None), record_id))


def taken_from(home: Home, view: View, record_id: str) -> Tombstone | None:
    """Return the tombstone of the newest release that would show a record, were it public."""
    made = [each for found in _made(home, view).values() for each in found]
    hidden = [each for each in made if each.part in view.tombstones]
    scope = Scope(view.scope.window_field, view.scope.on)
    held = _looked_up(home, view, hidden, scope, record_id)
    newest = max((each for each in hidden if each.part in held), key=_released_at, default=None)
    return None if newest is None else view.tombstones[newest.part]


def _released_at(made: Made) -> datetime:
    return made.released_at


def _looked_up(
    home: Home, view: View, made: Iterable[Made], scope: Scope, record_id: str
) -> frozenset[Part]:
    """Return which releases hold a record, out of their own files."""
    files = tuple(each.path for each in made)
    if not files:
        return frozenset()
    query = replace(query_of(view.contract, record_id), fields=_PART, limit=MAX_LIMIT)
    rows = home.engine.rows(Source(files, record_schema(view.contract), scope), query)
    return frozenset(zip(*(rows[name].to_pylist() for name in _PART), strict=True))


def _made(home: Home, view: View) -> Mapping[str, Sequence[Made]]:
    """Return the releases of a collection by dataset, newest first, hidden ones too."""
    key = ("made", view.contract.collection)
    found: dict[str, list[Made]] | None = home.views.get(key, view)
    if found is None:
        found = _read(home, view.contract.collection)
        home.views.keep(key, view, found, 1 + sum(map(len, found.values())))
    return found


def _read(home: Home, collection: str) -> dict[str, list[Made]]:
    found: dict[str, list[Made]] = {}
    with home.database.read() as session:
        for row, digest in first_editions(session, ReleaseRow.collection == collection):
            path = str(home.vault.path(digest))
            made = Made((row.dataset_id, row.number), row.snapshot_id, row.released_at, path)
            found.setdefault(row.dataset_id, []).append(made)
    return found
