"""Checks across collections, for everybody."""

from collections.abc import Iterable

from opendata.domain.crosschecks import CROSS_CHECKS, rows
from opendata.domain.listings import Row
from opendata.stages.crosschecks import cross_checks
from opendata.web.access import runtime
from opendata.web.compliance.room import blp
from opendata.web.listings import add_listing


def _found(agency: str) -> Iterable[Row]:
    held = runtime()
    with held.home.database.read() as session:
        return rows(cross_checks(session, held.home, held.contracts, agency))


add_listing(blp, "/agencies/<agency>/cross-checks", CROSS_CHECKS, _found)
