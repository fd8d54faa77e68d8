"""Corrections beside records: what the public reported and the agency shows, with its answers."""

from collections.abc import Mapping

from opendata.stages.corrections import Shown, shown_in
from opendata.stages.query.view import View
from opendata.storage.home import Home

_NOTHING = Shown()


def shown_beside(home: Home, view: View, record_id: str) -> Shown:
    """Return the corrections shown beside a record.

    They are read once for all records of a view, which is another one after every word on a
    correction.
    """
    key = ("corrections", view.contract.collection)
    found: Mapping[str, Shown] | None = home.views.get(key, view)
    if found is None:
        with home.database.read() as session:
            found = shown_in(session, view.contract.collection)
        home.views.keep(key, view, found, 1 + len(found))
    return found.get(record_id, _NOTHING)
