"""How many requests a second each side answers over sixteen connections, parameters at random."""

import http.client
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat

from benchmarks.load import Target, driven, get
from benchmarks.peers.records import Records
from benchmarks.platforms import COLLECTION
from benchmarks.programs import HOST
from benchmarks.queries.asked import (
    ANY_PAGE,
    API,
    DATASETTE,
    GROUPS,
    OURS,
    PAGE,
    POINT,
    ROAPI,
    ROW_PAGE,
    Ask,
    Asking,
    everything,
    ours,
)
from benchmarks.queries.parameters import Pools
from benchmarks.queries.same import answer, check
from benchmarks.rounds import Builder, Contest, Goal, Sample, Turn
from opendata.domain import cursors
from opendata.domain.queries import parse

HELLO = "Flask, hello world"
AGAIN, NOT_MODIFIED = "the same page again", "not modified (304)"
PACKED = "the same page again, packed"
FIRST, DEEP = "the first page", "a page deep in the collection"
# What is prepared for a second of a side's turn; whoever is faster than that has less time.
PREPARED_PER_SECOND = 6_000
# The deep page begins about here, as a share of all records.
DEEP_AT = 0.9
GOALS: Mapping[str, Mapping[str, float | None]] = {
    POINT: {DATASETTE: 15, ROW_PAGE: None, ROAPI: 20},
    PAGE: {DATASETTE: 20, ROAPI: 15},
    ANY_PAGE: {DATASETTE: 8, ROAPI: 8},
    GROUPS: {DATASETTE: 12, ROAPI: 2.5},
}


@dataclass(frozen=True, slots=True)
class Sides:
    """Everything that rates are measured on: ports by who listens, and the turn's seconds."""

    ports: Mapping[str, int]
    pools: Pools
    records: Records
    secret: bytes
    seconds: float

    def builders(self) -> list[Builder]:
        """Return what makes the contests of requests."""
        questions = Asking(self.records.columns).questions()
        asked = [partial(self._contest, what, asks) for what, asks in questions.items()]
        return [*asked, self._again, self._deep]

    def _contest(self, what: str, asks: Mapping[str, Ask]) -> Contest:
        here = {name: ask for name, ask in asks.items() if name in self.ports}
        check(what, here, self.ports, self.pools)
        goals = [Goal(OURS, name, least) for name, least in GOALS[what].items() if name in here]
        ways = {name: self._turn(what, name, ask) for name, ask in here.items()}
        return Contest(what, ways, goals, rates=True)

    def _turn(self, what: str, name: str, ask: Ask) -> Turn:
        def turn(number: int) -> Sample:
            draw = _draw(f"{what} {number}")
            requests = [ask(self.pools, draw) for _ in range(self._prepared)]
            return self._driven(name, iter(requests))

        return turn

    @property
    def _prepared(self) -> int:
        return int(PREPARED_PER_SECOND * self.seconds)

    def _driven(self, name: str, requests: Iterator[bytes], status: int = 200) -> Sample:
        return Sample.of(driven(Target(self.ports[name], status), requests, self.seconds))

    def _again(self) -> Contest:
        """One page of 100 records asked for again and again, whole and by its tag."""

        def again(number: int) -> Sample:
            return self._driven(OURS, repeat(get(self._hot(number))))

        def packed(number: int) -> Sample:
            return self._driven(OURS, repeat(get(self._hot(number), "Accept-Encoding: zstd, gzip")))

        def not_modified(number: int) -> Sample:
            path = self._hot(number)
            tagged = get(path, f"If-None-Match: {_tag(self.ports[OURS], path)}")
            return self._driven(OURS, repeat(tagged), 304)

        ways: dict[str, Turn] = {
            HELLO: lambda _: self._driven(HELLO, repeat(get("/"))),
            AGAIN: again,
            PACKED: packed,
            NOT_MODIFIED: not_modified,
        }
        goals = [
            Goal(AGAIN, HELLO, 0.80),
            Goal(PACKED, HELLO, 0.80),
            Goal(NOT_MODIFIED, HELLO, 0.95),
        ]
        return Contest("beside hello world", ways, goals, rates=True)

    def _hot(self, number: int) -> str:
        return f"{API}?limit=100&party_no__lte={1_000 + number}"

    def _deep(self) -> Contest:
        """Pages with a filter that passes everything and has a number never seen before."""
        places = self._places()
        snapshot = int(answer(self.ports[OURS], ours(limit="1"))["meta"]["snapshot"])

        def first(number: int) -> Sample:
            draw = _draw(f"first {number}")
            pages = [ours(**everything(draw)) for _ in range(self._prepared)]
            return self._driven(OURS, iter(pages))

        def deep(number: int) -> Sample:
            draw = _draw(f"deep {number}")
            pages = [self._deep_page(draw, places, snapshot) for _ in range(self._prepared)]
            return self._driven(OURS, iter(pages))

        self._check_deep(places, snapshot)
        ways: dict[str, Turn] = {FIRST: first, DEEP: deep}
        return Contest("deep pages", ways, [Goal(DEEP, FIRST, 1 / 1.2)], rates=True)

    def _places(self) -> list[str]:
        """Return the ids about the deep place, in the default order."""
        ids = [str(row[0]) for row in self.records.rows()]
        middle = int(DEEP_AT * len(ids))
        return ids[middle - len(ids) // 100 : middle + len(ids) // 100]

    def _deep_page(self, draw: random.Random, places: list[str], snapshot: int) -> bytes:
        wanted = everything(draw)
        query = parse(wanted.items(), self.records.contract.published)
        place = cursors.Place(snapshot, draw.choice(places))
        return ours(**wanted, cursor=cursors.write(query, place, self.secret))

    def _check_deep(self, places: list[str], snapshot: int) -> None:
        middle = len(places) // 2
        request = self._deep_page(_draw("check"), places[middle : middle + 1], snapshot)
        found = [row["_id"] for row in answer(self.ports[OURS], request)["data"]]
        if found[:5] != places[middle + 1 : middle + 6]:
            message = f"the deep page of {COLLECTION} does not follow its cursor"
            raise RuntimeError(message)


def _tag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        # As the load generator asks: an answer's links, and so its tag, have the host's name.
        connection.request("GET", path, headers={"Accept": "application/json", "Host": HOST})
        response = connection.getresponse()
        response.read()
        return str(response.headers["ETag"])
    finally:
        connection.close()


def _draw(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing here is secret.
