"""Scanning: answers from the snapshot's own Parquet files, where the index has none."""

from dataclasses import replace

from opendata.domain.cursors import InvalidCursor
from opendata.domain.editions import Scope
from opendata.domain.queries import Query, whole
from opendata.domain.values import Value
from opendata.stages.query.history import ID_FIELD, query_of
from opendata.stages.query.rendering import rendered
from opendata.stages.query.view import View
from opendata.storage.engines import Rendered
from opendata.storage.home import Home


def scanned_page(home: Home, view: View, query: Query, after: str | None) -> Rendered:
    """Return a page of records, behind the one that the page before ended with.

    Raises:
        InvalidCursor: the snapshot has no such record.
    """
    place = None if after is None else _position(home, view, query, after)
    names = tuple(dict.fromkeys([*query.fields, ID_FIELD.name]))
    wanted = replace(query, fields=names, limit=query.limit + 1)
    found = home.engine.rows(view.source, wanted, place)
    rows = found.slice(0, query.limit)
    last_id = rows[ID_FIELD.name][-1].as_py() if len(rows) else None
    objects = rendered(rows.select(list(query.fields)), view.contract)
    return Rendered(objects, last_id, more=len(found) > query.limit)


def scanned_record(home: Home, view: View, record_id: str) -> tuple[bytes, tuple[str, int]] | None:
    """Return a record and the release it is in; ``None`` if it does not show."""
    found = home.engine.rows(view.source, query_of(view.contract, record_id))
    if not len(found):
        return None
    part = found["_dataset"][0].as_py(), found["_release"][0].as_py()
    return rendered(found, view.contract)[0], part


def _position(home: Home, view: View, query: Query, record_id: str) -> list[Value | None]:
    """Return the sort keys of the record that the last page ended with.

    It is in the snapshot for ever, also when it has left the public since.
    """
    names = tuple(each.name for each in query.sort)
    one = query_of(view.contract, record_id).filters
    source = replace(view.source, scope=Scope(None, None, dataset=view.scope.dataset))
    found = home.engine.rows(source, whole(view.contract, names, one, limit=1)).to_pylist()
    if not found:
        raise InvalidCursor
    return [found[0][name] for name in names]
