"""Records: pages of them, and single ones with their history.

The serving index answers what it can; everything else is answered from the snapshot's files, with
the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opendata.domain import cursors
from opendata.domain.contracts import Contract
from opendata.domain.errors import Gone, NotFound
from opendata.domain.queries import Query
from opendata.domain.takedowns import Tombstone
from opendata.stages.corrections import Shown
from opendata.stages.query.corrected import shown_beside
from opendata.stages.query.history import holding, releases_of, taken_from, was_ever, was_in
from opendata.stages.query.rendering import values_of
from opendata.stages.query.scanning import scanned_page, scanned_record
from opendata.stages.query.view import View, check_left, released, shown
from opendata.storage.engines import Rendered
from opendata.storage.home import Home
from opendata.storage.index.reading import Held, Reading


class NoSuchRecord(NotFound):
    """No public record has this identifier."""

    code = "no-such-record"


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order asked for, and where to go on.

    ``objects`` are JSON objects of the query's fields in its order; ``total`` is ``None`` unless
    it was asked for; ``next_cursor`` is ``None`` on the last page.
    """

    view: View
    query: Query
    objects: Sequence[bytes]
    total: int | None
    next_cursor: str | None

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records as values by name; read at every call."""
        return values_of(self.objects, self.view.contract)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is, as a JSON object, the releases it was in, and what was said of it.

    ``dataset`` and ``release`` are those it is in now.
    """

    view: View
    line: bytes
    dataset: str
    release: int
    history: list[dict[str, Any]]
    corrections: Shown

    @property
    def values(self) -> dict[str, Any]:
        """The record as values by name; read at every call."""
        return values_of([self.line], self.view.contract)[0]


def view_for(home: Home, contract: Contract, query: Query, now: datetime) -> View:
    """Return the view a query is answered from; a cursor stays in the snapshot it began in.

    Raises:
        InvalidCursor: the cursor was made for another query, or elsewhere.
        NoSuchSnapshot: ``as_of`` names no state of the collection.
        NoSuchRelease: there is no such release in the collection.
        SuspendedRelease: the release asked about is not public.
    """
    return _view(home, contract, query, _place(home, query), now)


def reading_of(home: Home, view: View) -> Reading | None:
    """Return what answers from the serving index; ``None`` where it does not hold the view."""
    if view.snapshot is None:
        return None
    return home.index.reading(view.contract, view.scope, view.releases)


def page(home: Home, contract: Contract, query: Query, now: datetime) -> Page:
    """Answer one page of records.

    Raises:
        InvalidCursor: the cursor was made for another query, or elsewhere.
        NoSuchSnapshot: ``as_of`` names no state of the collection.
        NoSuchRelease: there is no such release in the collection.
        SuspendedRelease: the release asked about is not public.
    """
    place = _place(home, query)
    view = _view(home, contract, query, place, now)
    after = None if place is None else place.record_id
    reading = reading_of(home, view)
    found = None if reading is None else reading.page(query, after)
    if found is None:
        found = scanned_page(home, view, query, after)
    following = None
    if found.more and view.snapshot is not None and found.last_id is not None:
        following = cursors.write(
            query, cursors.Place(view.snapshot.id, found.last_id), home.secret
        )
    total = counted(home, view, query) if query.count else None
    return Page(view, query, found.objects, total, following)


def counted(home: Home, view: View, query: Query) -> int:
    """Return how many records of a view match."""
    reading = reading_of(home, view)
    found = None if reading is None else reading.count(query)
    return home.engine.count(view.source, query) if found is None else found


def record(
    home: Home,
    contract: Contract,
    record_id: str,
    now: datetime,
    release: tuple[str, int] | None = None,
) -> Record:
    """Return one record by its ``_id``, as it is now, with the releases that held it.

    It is looked for in one ``release`` alone where that is named, by dataset and number.

    Raises:
        Gone: the record was public, and is no longer.
        NoSuchRecord: it never was.
        NoSuchRelease: there is no such release in the collection.
        SuspendedRelease: the release is not public.
    """
    if release is None:
        view = shown(home, contract, None, now)
    else:
        view = released(home, contract, release, now)
    held = _held(home, view, record_id)
    if held.line is None or held.part is None:
        raise _why_absent(home, view, held, record_id)
    dataset, number = held.part
    made = releases_of(home, view, dataset)
    unknown = [each for each in made if each.part not in held.known]
    public = held.public | (holding(home, view, unknown, record_id) if unknown else frozenset())
    history = [each.told for each in made if each.part in public]
    corrections = shown_beside(home, view, record_id)
    return Record(view, held.line, dataset, number, history, corrections)


def _held(home: Home, view: View, record_id: str) -> Held:
    """Return what the index knows of a record, or what the snapshot's files say."""
    reading = reading_of(home, view)
    held = None if reading is None else reading.record(record_id)
    if held is not None:
        return held
    found = scanned_record(home, view, record_id)
    line, part = (None, None) if found is None else found
    return Held(line, part, frozenset(), ever=line is not None, known=frozenset())


def _why_absent(home: Home, view: View, held: Held, record_id: str) -> NotFound | Gone:
    """Tell a record that is no longer public from one that never was.

    Of a view of one release only that one is asked.
    """
    only = view.scope.dataset
    if only is not None:
        was = was_in(home, view, (only, view.releases[only]), record_id)
    else:
        was = held.ever or was_ever(home, view, held.known, record_id)
    if was:
        return _gone(taken_from(home, view, record_id))
    return NoSuchRecord("没有这条记录。", "There is no such record.")


def _gone(stone: Tombstone | None) -> Gone:
    """Return the refusal that says why a record is gone; ``stone`` is its release's."""
    if stone is None:
        return Gone(
            "此记录曾经公开，现已停止公开（公开期限届满、更正或停止公开）。",
            "This record was public and no longer is: its window ended, or it was taken out.",
        )
    refusal = Gone(
        f"此记录曾经公开，现已不再公开。{stone.sentence.zh}",
        f"This record was public and no longer is. {stone.sentence.en}",
    )
    refusal.members = {"takedown": stone}
    return refusal


def _following(home: Home, view: View, query: Query, found: Rendered) -> str | None:
    if not found.more or view.snapshot is None or found.last_id is None:
        return None
    return cursors.write(query, cursors.Place(view.snapshot.id, found.last_id), home.secret)


def _view(
    home: Home, contract: Contract, query: Query, place: cursors.Place | None, now: datetime
) -> View:
    if query.release is not None:
        return released(home, contract, query.release, now)
    view = shown(home, contract, query.as_of if place is None else str(place.snapshot), now)
    check_left(view, query)
    return view


def _place(home: Home, query: Query) -> cursors.Place | None:
    return None if query.cursor is None else cursors.read(query, query.cursor, home.secret)
