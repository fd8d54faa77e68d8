"""Whole collections and large answers as CSV: how long they take, and until their first byte."""

import csv
import http.client
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.load import Target, driven, get
from benchmarks.peers import datasette, roapi
from benchmarks.peers.records import PLACE, TABLE
from benchmarks.programs import HOST
from benchmarks.queries.asked import API, DATASETTE, OURS, ROAPI, ours
from benchmarks.queries.parameters import Pools
from benchmarks.queries.same import PATIENCE_SECONDS, Different
from benchmarks.queries.visible import PART
from benchmarks.rounds import Bound, Builder, Contest, Goal, Sample, Turn

NGINX = "nginx"
WHOLE_NAME = "whole.csv"
# Of a million records about fifty thousand.
SHARE = 0.05
FIRST_BYTE_SECONDS = 1.0
# Less than this is hardly more than opening a connection: such files are sent several times.
LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Files:
    """Who sends files, and on which ports; ``whole`` is what the whole collection's file is."""

    ports: Mapping[str, int]
    pools: Pools
    columns: str
    whole: Path

    def builders(self) -> list[Builder]:
        """Return what makes the contests of files."""
        return [self._whole, self._filtered, self._first_bytes]

    def _whole(self) -> Contest:
        ways: dict[str, Turn] = {OURS: self._sends(OURS, f"{API}.csv")}
        goals = []
        if NGINX in self.ports:
            ways[NGINX] = self._sends(NGINX, f"/{WHOLE_NAME}")
            goals.append(Goal(OURS, NGINX, 0.80))
        size = self.whole.stat().st_size / 1e6
        return Contest(f"the whole collection as CSV, {size:,.0f} MB", ways, goals)

    def _sends(self, name: str, path: str) -> Turn:
        def turn(_: int) -> Sample:
            return self._sent(name, get(path), self.whole.stat().st_size)

        return turn

    def _sent(self, name: str, request: bytes, least_bytes: int) -> Sample:
        times, seconds = 0, 0.0
        while seconds < LEAST_SECONDS:
            load = driven(Target(self.ports[name], 200, 1), iter([request]), 1.0)
            if load.received < least_bytes:
                message = f"{name} sent {load.received} bytes of {least_bytes}"
                raise Different(message)
            seconds += load.seconds
            times += 1
        return Sample(seconds / times)

    def _filtered(self) -> Contest:
        asks = {OURS: self._to_us, DATASETTE: self._to_datasette, ROAPI: self._to_roapi}
        here = {name: ask for name, ask in asks.items() if name in self.ports}
        counted = {name: self._count(name, ask(*self._days(0))) for name, ask in here.items()}
        if len(set(counted.values())) > 1:
            message = f"not everybody finds as many records in a range of days: {counted}"
            raise Different(message)

        def way(name: str) -> Turn:
            return lambda number: self._sent(name, here[name](*self._days(number)), 1)

        least = {DATASETTE: 8.0, ROAPI: 1.0}
        goals = [Goal(OURS, name, least[name]) for name in here if name in least]
        name = f"a range of days as CSV, {counted[OURS]:,} records"
        return Contest(name, {each: way(each) for each in here}, goals)

    def _days(self, number: int) -> tuple[str, str]:
        draw = random.Random(f"days {number}")  # noqa: S311 - nothing here is secret.
        return self.pools.some_days(draw, SHARE)

    def _to_us(self, since: str, until: str) -> bytes:
        return ours(".csv", decision_date__between=f"{since},{until}")

    def _to_datasette(self, since: str, until: str) -> bytes:
        days = {"decision_date__gte": since, "decision_date__lte": until}
        return datasette.stream({**days, "_sort": PLACE})

    def _to_roapi(self, since: str, until: str) -> bytes:
        return roapi.sql(
            f"SELECT {self.columns} FROM {TABLE} "  # noqa: S608 - our own.
            f"WHERE decision_date BETWEEN '{since}' AND '{until}' ORDER BY {PLACE}",
            "application/csv",
        )

    def _count(self, name: str, request: bytes) -> int:
        """Count the records of an answer."""
        head, _, body = request.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        accept = {"Accept": "application/csv"} if body else {}
        connection = http.client.HTTPConnection(HOST, self.ports[name], timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body or None, accept)
            said = connection.getresponse().read().decode("utf-8-sig")
        finally:
            connection.close()
        return sum(1 for _ in islice(csv.reader(said.splitlines(keepends=True)), 1, None))

    def _first_bytes(self) -> Contest:
        release = f"/api/v1/datasets/{PART.format(0)}/releases/1/data.csv"

        def filtered(number: int) -> Sample:
            request = self._to_us(*self._days(1_000 + number))
            return Sample(self._first_byte(request.split(b" ")[1].decode()))

        ways: dict[str, Turn] = {
            "a release's file": lambda _: Sample(self._first_byte(release)),
            "the whole collection": lambda _: Sample(self._first_byte(f"{API}.csv")),
            "a range of days": filtered,
        }
        bounds = [Bound(name, FIRST_BYTE_SECONDS) for name in ways]
        return Contest("the first byte of a CSV", ways, (), bounds)

    def _first_byte(self, path: str) -> float:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(HOST, self.ports[OURS], timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK or not response.read(1):
                message = f"GET {path}: {response.status}"
                raise Different(message)
            return time.perf_counter() - begun
        finally:
            connection.close()


def fetch(port: int, path: Path) -> None:
    """Download the whole collection as CSV from us."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", f"{API}.csv")
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            message = f"GET {API}.csv: {response.status} {response.read(1000)!r}"
            raise Different(message)
        with path.open("wb") as out:
            while block := response.read(1 << 20):
                out.write(block)
    finally:
        connection.close()
