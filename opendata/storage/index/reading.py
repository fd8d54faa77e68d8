"""Reading: one view of a collection, answered from its segments."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope
from opendata.domain.queries import SYSTEM_FIELDS, Aggregation, Query, Sort, whole
from opendata.domain.queries.adding import Demand
from opendata.domain.values import Value
from opendata.storage.engines import Groups, Rendered
from opendata.storage.index.arrays import Array
from opendata.storage.index.conditions import Declined, conditions
from opendata.storage.index.finding import Finding
from opendata.storage.index.merging import Places, merged
from opendata.storage.index.ordering import in_order
from opendata.storage.index.projecting import projected
from opendata.storage.index.roll import Part
from opendata.storage.index.segment import Segment
from opendata.storage.index.shelf import Behind, Shelf
from opendata.storage.index.totals import totals
from opendata.storage.index.walking import first

_ID = SYSTEM_FIELDS[0].name
# Lines of a file that are joined at once.
_LINES = 2_000
_LOG = logging.getLogger(__name__)
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Held:
    """What the index knows of one record.

    ``line`` is the record as it shows now, and ``part`` the release it is then in; ``None``
    where it does not show. ``public`` are the releases that hold it and would show it on the day
    of asking, hidden ones left out; ``ever`` says whether any release holds it. Only releases
    in ``known`` were looked at.
    """

    line: bytes | None
    part: Part | None
    public: frozenset[Part]
    ever: bool
    known: frozenset[Part]


def _or_declines(
    answer: "Callable[Concatenate[Reading, _P], _R]",
) -> "Callable[Concatenate[Reading, _P], _R | None]":
    """Answer ``None`` where the index has no answer, or a file of it is damaged.

    The index only makes answers faster: whatever goes wrong in it is told, and answered without.
    """

    @wraps(answer)
    def answered(reading: "Reading", /, *args: _P.args, **kwargs: _P.kwargs) -> _R | None:
        try:
            return answer(reading, *args, **kwargs)
        except Declined:
            return None
        except Exception as error:
            reading.tell(error)
            return None

    return answered


class Reading:
    """One view of a collection; what it cannot answer is ``None``.

    Records are named by the shelf they are on and their place on it.
    """

    def __init__(
        self,
        contract: Contract,
        scope: Scope,
        releases: Mapping[str, int],
        segments: Sequence[Segment],
    ) -> None:
        """Look at segments that hold at least the releases that show; see ``Index.reading``."""
        self.fields = whole(contract).fields
        self.order = whole(contract).sort
        self._scope = scope
        self._releases = releases
        self._segments = tuple(segments)
        self._told = False
        self._matched: tuple[Query, list[tuple[Segment, Array | None]]] | None = None
        shelves = [Shelf(each, scope, releases, self.order) for each in segments]
        self.shelves = tuple(each for each in shelves if each.count)
        self._every = tuple(shelves)

    @_or_declines
    def page(self, query: Query, after: str | None) -> Rendered:
        """Return a page of records, behind the record that the page before ended with."""
        places = self._places(query, query.limit + 1, after)
        shown = places.cut(0, query.limit)
        lines = shown.lines("ndjson")
        if query.fields != self.fields:
            lines = projected(lines, query.fields)
        last = shown.last()
        last_id = None if last is None else last[0].segment.column(_ID).value(last[1])
        return Rendered(lines, None if last_id is None else str(last_id), len(places) > query.limit)

    @_or_declines
    def count(self, query: Query) -> int:
        """Return how many records match."""
        return sum(each.count() for each in self._findings(query))

    @_or_declines
    def matching(self, query: Query) -> list[tuple[Segment, Array | None]]:
        """Return which records match: numbers ascending, a mask, or ``None`` for all of them."""
        return self._matching(query)

    @_or_declines
    def totals(self, aggregation: Aggregation, demands: Sequence[Demand] = ()) -> Groups:
        """Return what is asked of groups of the records that match; see ``Engine.totals``."""
        found = totals(self._matching(aggregation.query), aggregation, demands)
        if found is None:
            raise Declined
        return found

    @_or_declines
    def lines(self, query: Query, kind: str) -> Iterator[bytes]:
        """Return the lines of all records that match, in order, many at once, each with its end.

        That they can be read is known before the first of them is.
        """
        places = self._all_places(query)
        places.check(kind)
        pieces = (places.cut(at, at + _LINES) for at in range(0, len(places), _LINES))
        return (b"\n".join(each.lines(kind)) + b"\n" for each in pieces)

    @_or_declines
    def record(self, record_id: str) -> Held:
        """Return what is known of one record."""
        shown: tuple[Shelf, int] | None = None
        holding: set[Part] = set()
        ever = False
        for shelf in self._every:
            for record in _with_id(shelf, record_id):
                ever = True
                if shelf.is_open(record):
                    holding.add(shelf.part(record))
                if shelf.is_shown(record):
                    shown = shelf, record
        public = frozenset(holding) - self._scope.hidden
        known = self.known
        if shown is None:
            return Held(None, None, public, ever, known)
        shelf, record = shown
        line = shelf.segment.store.lines("ndjson", [record])[0]
        return Held(line, shelf.part(record), public, ever, known)

    @cached_property
    def known(self) -> frozenset[Part]:
        """The releases that are indexed, whether they show or not."""
        return frozenset(part.part for each in self._segments for part in each.parts)

    def tell(self, error: Exception) -> None:
        """Say once that a file is damaged."""
        if not self._told:
            self._told = True
            _LOG.warning("The serving index declines: %s", type(error).__name__, exc_info=error)

    def _matching(self, query: Query) -> list[tuple[Segment, Array | None]]:
        """Find what matches once for several questions about the same query."""
        known = self._matched
        if known is not None and known[0] is query:
            return known[1]
        found = [(each.shelf.segment, each.matching()) for each in self._findings(query)]
        self._matched = query, found
        return found

    def _findings(self, query: Query) -> list[Finding]:
        return [Finding(each, conditions(each.segment, query)) for each in self.shelves]

    def _places(self, query: Query, need: int, after: str | None) -> Places:
        """Return the first records that match behind another, in the query's order."""
        lead = leading(query.sort, self.order)
        place = None if after is None else self._place(after)
        found = []
        for each in self._findings(query):
            behind = None if place is None else self._behind(each.shelf, place, lead)
            found.append((each.shelf, first(each, each.shelf.keys(lead), behind, need)))
        return merged(found, query.sort, need)

    def _all_places(self, query: Query) -> Places:
        lead = leading(query.sort, self.order)
        found = []
        for each in self._findings(query):
            records = each.all()
            ordered = in_order(records, each.shelf.keys(lead)) if lead else records
            found.append((each.shelf, ordered))
        return merged(found, query.sort)

    def _place(self, record_id: str) -> tuple[Shelf, int]:
        """Return where a record is that a page ended with, though it may show no longer.

        Raises:
            Declined: its release is hidden by now, or it never showed.
        """
        for shelf in self._every:
            for record in _with_id(shelf, record_id):
                dataset, number = shelf.part(record)
                if self._releases.get(dataset) == number:
                    return shelf, record
        raise Declined

    def _behind(self, shelf: Shelf, place: tuple[Shelf, int], lead: tuple[Sort, ...]) -> Behind:
        """Return the place of a record, which may be on another shelf, in a shelf's order."""
        home, record = place
        if home is shelf:
            ranks = [key.rank(record) for key in shelf.keys(lead)]
            return Behind(tuple((rank, rank + 1) for rank in ranks), record + 1)
        values: list[Value | None] = home.values(record, lead)
        keys = zip(shelf.keys(lead), values, strict=True)
        row = shelf.begin_behind(home.values(record, self.order))
        return Behind(tuple(key.span(value) for key, value in keys), row)


@lru_cache(maxsize=256)
def leading(sort: tuple[Sort, ...], order: tuple[Sort, ...]) -> tuple[Sort, ...]:
    """Return the keys of a sort before it goes on in the default order, which records are in."""
    for at in range(len(sort)):
        named = {each.name for each in sort[:at]}
        if sort[at:] == tuple(each for each in order if each.name not in named):
            return sort[:at]
    return sort


def _with_id(shelf: Shelf, record_id: str) -> list[int]:
    column = shelf.segment.column(_ID)
    begin, end = column.values.span(record_id)
    records: list[int] = column.order[int(column.starts[begin]) : int(column.starts[end])].tolist()
    return records
