"""The same questions, put to each side in its own words."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.load import get
from benchmarks.peers import datasette, roapi
from benchmarks.peers.records import PLACE, TABLE
from benchmarks.peers.roapi import quoted
from benchmarks.platforms import COLLECTION
from benchmarks.queries.parameters import CATEGORIES, EVERY, Pools

OURS, ROW_PAGE, DATASETTE, ROAPI = (
    "opendata",
    "Datasette, a row's page",
    "Datasette",
    "ROAPI",
)
POINT, PAGE, ANY_PAGE, GROUPS = (
    "a record by its id",
    "100 records, one authority until a day, default order",
    "100 records, any filter and range of days, any order",
    "groups and sums of any filter",
)
QUESTIONS = (POINT, PAGE, ANY_PAGE, GROUPS)
API = f"/api/v1/{COLLECTION}"
PAGE_ROWS = 100

# Makes one request from the pools and a random source.
Ask = Callable[[Pools, random.Random], bytes]


def ours(path: str = "", **parameters: str) -> bytes:
    """Ask our API."""
    return get(f"{API}{path}?{urlencode(parameters)}" if parameters else f"{API}{path}")


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions to each side; the same random source makes the same question of each."""

    columns: str

    def questions(self) -> Mapping[str, Mapping[str, Ask]]:
        """Return the makers of requests by what is asked and by who is."""
        return {
            POINT: {
                OURS: lambda pools, draw: ours(f"/{draw.choice(pools.ids)}"),
                ROW_PAGE: lambda pools, draw: datasette.row(draw.choice(pools.ids)),
                DATASETTE: lambda pools, draw: datasette.table(
                    {"_id__exact": draw.choice(pools.ids)}
                ),
                ROAPI: lambda pools, draw: roapi.sql(
                    f"{self._select} WHERE _id = {quoted(draw.choice(pools.ids))}"
                ),
            },
            PAGE: {OURS: _page, DATASETTE: _page_of_datasette, ROAPI: self._page_of_roapi},
            ANY_PAGE: {OURS: _any, DATASETTE: _any_of_datasette, ROAPI: self._any_of_roapi},
            GROUPS: {OURS: _groups, DATASETTE: _groups_of_datasette, ROAPI: _groups_of_roapi},
        }

    @property
    def _select(self) -> str:
        return f"SELECT {self.columns} FROM {TABLE}"  # noqa: S608 - our own.

    def _page_of_roapi(self, pools: Pools, draw: random.Random) -> bytes:
        authority, until = _authority_until(pools, draw)
        return roapi.sql(
            f"{self._select} WHERE authority_name = {quoted(authority)} "
            f"AND decision_date <= '{until}' ORDER BY {PLACE} LIMIT {PAGE_ROWS}"
        )

    def _any_of_roapi(self, pools: Pools, draw: random.Random) -> bytes:
        span = pools.a_span(draw)
        way = "DESC" if span.descending else "ASC"
        return roapi.sql(
            f"{self._select} WHERE {span.field} = {quoted(span.value)} "
            f"AND decision_date BETWEEN '{span.since}' AND '{span.until}' "
            f"ORDER BY {span.sort} {way}, {PLACE} LIMIT {PAGE_ROWS}"
        )


def _authority_until(pools: Pools, draw: random.Random) -> tuple[str, str]:
    # Of the first days there are too few records to fill a page.
    return draw.choice(pools.authorities), draw.choice(pools.days[len(pools.days) // 8 :])


def _page(pools: Pools, draw: random.Random) -> bytes:
    authority, until = _authority_until(pools, draw)
    return ours(authority_name=authority, decision_date__lte=until)


def _page_of_datasette(pools: Pools, draw: random.Random) -> bytes:
    authority, until = _authority_until(pools, draw)
    return datasette.table(
        {"authority_name": authority, "decision_date__lte": until, "_sort": PLACE}
    )


def _any(pools: Pools, draw: random.Random) -> bytes:
    span = pools.a_span(draw)
    return ours(
        **{span.field: span.value},
        decision_date__between=f"{span.since},{span.until}",
        sort=f"{'-' if span.descending else ''}{span.sort}",
    )


def _any_of_datasette(pools: Pools, draw: random.Random) -> bytes:
    span = pools.a_span(draw)
    return datasette.table(
        {
            span.field: span.value,
            "decision_date__gte": span.since,
            "decision_date__lte": span.until,
            "_sort_desc" if span.descending else "_sort": span.sort,
        }
    )


def _grouping(pools: Pools, draw: random.Random) -> tuple[str, str, str]:
    # What was withdrawn may not be added to what holds: status is a key always.
    since, until = pools.some_days(draw, draw.uniform(0.2, 1.0))
    return f"{draw.choice(CATEGORIES)},status", since, until


def _groups(pools: Pools, draw: random.Random) -> bytes:
    keys, since, until = _grouping(pools, draw)
    return ours(
        "/aggregate",
        group_by=keys,
        metrics="count,sum(fine_amount)",
        decision_date__between=f"{since},{until}",
        sort=keys,
    )


def _groups_of_datasette(pools: Pools, draw: random.Random) -> bytes:
    keys, since, until = _grouping(pools, draw)
    statement = _grouped(keys, ":since", ":until")
    return datasette.sql(statement, since=since, until=until)


def _groups_of_roapi(pools: Pools, draw: random.Random) -> bytes:
    keys, since, until = _grouping(pools, draw)
    return roapi.sql(_grouped(keys, quoted(since), quoted(until)))


def _grouped(keys: str, since: str, until: str) -> str:
    return (
        f"SELECT {keys}, count(*) AS count, sum(fine_amount) AS total FROM {TABLE} "  # noqa: S608 - our own.
        f"WHERE decision_date BETWEEN {since} AND {until} GROUP BY {keys} ORDER BY {keys}"
    )


def everything(draw: random.Random) -> dict[str, str]:
    """Return a filter that all records pass and no request had before."""
    return {"party_no__lte": str(draw.randrange(EVERY // 2, EVERY))}
