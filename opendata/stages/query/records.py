"""Records: pages of them, and single ones with their history."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain import cursors
from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope
from opendata.domain.errors import Gone, NotFound
from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op, Query, whole
from opendata.domain.values import Value
from opendata.stages.query.view import View, current_view, pinned_view
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot, files_of
from opendata.storage.tables import ReleaseRow
from opendata.tabular.records import record_schema

ID_FIELD = SYSTEM_FIELDS[0]


class NoSuchRecord(NotFound):
    """No public record has this identifier."""

    code = "no-such-record"


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order asked for, and where to go on.

    ``records`` are mappings of the query's fields in its order; ``total`` is ``None`` unless it
    was asked for; ``next_cursor`` is ``None`` on the last page.
    """

    view: View
    query: Query
    records: list[dict[str, Any]]
    total: int | None
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is, and the releases it was in."""

    view: View
    values: dict[str, Any]
    history: list[dict[str, Any]]


def view_of(session: Session, contract: Contract, query: Query, now: datetime) -> View:
    """Return the view a query is about: pinned by ``as_of``, else current."""
    if query.as_of is not None:
        return pinned_view(session, contract, query.as_of, now)
    return current_view(session, contract, now)


def page(home: Home, contract: Contract, query: Query, now: datetime) -> Page:
    """Answer one page of records.

    Raises:
        InvalidCursor: the cursor was made for another query, or elsewhere.
        NoSuchSnapshot: ``as_of`` names no state of the collection.
    """
    after = None
    with home.database.read() as session:
        if query.cursor is None:
            view = view_of(session, contract, query, now)
        else:
            place = cursors.read(query, query.cursor, home.secret)
            view = pinned_view(session, contract, str(place.snapshot), now)
            after = _position(home, view, query, place)
    wanted = replace(query, fields=_with_id(query), limit=query.limit + 1)
    found = home.engine.rows(view.source, wanted, after).to_pylist()
    records = found[: query.limit]
    more = len(found) > query.limit and view.snapshot is not None
    return Page(
        view=view,
        query=query,
        records=[{name: row[name] for name in query.fields} for row in records],
        total=home.engine.count(view.source, query) if query.count else None,
        next_cursor=_cursor(home, view, query, records[-1]) if more else None,
    )


def record(home: Home, contract: Contract, record_id: str, now: datetime) -> Record:
    """Return one record by its ``_id``, as it is now, with the releases that held it.

    Raises:
        Gone: the record was public, and is no longer.
        NoSuchRecord: it never was.
    """
    query = whole(contract.published, filters=(Filter(ID_FIELD, Op.EXACT, (record_id,)),), limit=1)
    with home.database.read() as session:
        view = current_view(session, contract, now)
        found = home.engine.rows(view.source, query).to_pylist()
        if not found:
            raise _why_absent(session, home, (contract, query))
        history = _history(session, home, (contract, query), found[0]["_dataset"], now)
    return Record(view, found[0], history)


def _history(
    session: Session, home: Home, asked: tuple[Contract, Query], dataset: str, now: datetime
) -> list[dict[str, Any]]:
    """Return the public releases of the record's dataset that hold it, newest first."""
    contract, query = asked
    rows = session.scalars(
        select(ReleaseRow).filter_by(dataset_id=dataset).order_by(ReleaseRow.number.desc())
    )
    history = []
    for row in rows:
        view = pinned_view(session, contract, str(row.snapshot_id), now)
        if home.engine.count(view.source, query):
            entry = {"dataset": dataset, "release": row.number, "released_at": row.released_at}
            history.append({**entry, "snapshot": str(row.snapshot_id)})
    return history


def _why_absent(session: Session, home: Home, asked: tuple[Contract, Query]) -> NotFound | Gone:
    """Tell a record that is no longer public from one that never was."""
    contract, query = asked
    releases = session.scalars(select(ReleaseRow).filter_by(collection=contract.collection))
    snapshots = [Snapshot(row.snapshot_id, row.metadata_location) for row in releases]
    files = tuple(sorted({file for each in snapshots for file in files_of(each)}))
    ever = Source(files, record_schema(contract.published), Scope(None, None))
    if home.engine.count(ever, query):
        return Gone(
            "此记录曾经公开，现已停止公开（公开期限届满、更正或停止公开）。",
            "This record was public and no longer is: its window ended, or it was taken out.",
        )
    return NoSuchRecord("没有这条记录。", "There is no such record.")


def _with_id(query: Query) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*query.fields, ID_FIELD.name]))


def _position(home: Home, view: View, query: Query, place: cursors.Place) -> list[Value | None]:
    """Return the sort keys of the record that the last page ended with.

    It is in the snapshot for ever, also when it has left the public since.
    """
    names = tuple(each.name for each in query.sort)
    one = (Filter(ID_FIELD, Op.EXACT, (place.record_id,)),)
    source = replace(view.source, scope=Scope(None, None))
    found = home.engine.rows(source, whole(view.contract, names, one, limit=1)).to_pylist()
    if not found:
        raise cursors.InvalidCursor
    return [found[0][name] for name in names]


def _cursor(home: Home, view: View, query: Query, last: dict[str, Any]) -> str:
    assert view.snapshot is not None  # noqa: S101 - only a page of a snapshot has a next one.
    return cursors.write(query, cursors.Place(view.snapshot.id, last[ID_FIELD.name]), home.secret)
