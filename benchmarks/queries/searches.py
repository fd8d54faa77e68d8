"""Substring search, the first 20 records: one after the other, each term a new one."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from benchmarks.load import Target, driven
from benchmarks.peers import datasette, postgres
from benchmarks.peers.records import PLACE, TABLE, Records
from benchmarks.queries.asked import DATASETTE, OURS, everything, ours
from benchmarks.queries.parameters import Pools
from benchmarks.queries.same import Different, answer
from benchmarks.rounds import Builder, Contest, Goal, Sample, Turn

POSTGRES = "PostgreSQL, trigrams"
LIKE = "Datasette, LIKE"
ALL = "all kinds in turn"
TERMS = 400
ROWS = "20"
# What a goal is set for: all kinds together for LIKE, which finds what is frequent at once.
LEAST_LIKE, LEAST_POSTGRES = 100.0, 1.0


@dataclass(frozen=True, slots=True)
class Searching:
    """Who is asked, and where: ports, and PostgreSQL's address where there is one."""

    ports: Mapping[str, int]
    address: str | None
    pools: Pools
    records: Records
    seconds: float

    def builders(self) -> list[Builder]:
        """Return what makes a contest for each kind of term, and one for all kinds in turn."""
        kinds = {**self.pools.terms, ALL: self._mixed()}
        return [partial(self._contest, kind, list(terms)) for kind, terms in kinds.items()]

    def _mixed(self) -> list[str]:
        draw = _draw("mixed")
        several = [draw.choices(terms, k=TERMS) for terms in self.pools.terms.values()]
        return [term for each in zip(*several, strict=True) for term in each]

    def _contest(self, kind: str, terms: list[str]) -> Contest:
        ways: dict[str, Turn] = {OURS: self._ours(kind, terms)}
        goals = []
        if self.address:
            ways[POSTGRES] = self._postgres(kind, terms)
            goals.append(Goal(OURS, POSTGRES, LEAST_POSTGRES))
        if DATASETTE in self.ports:
            ways[LIKE] = self._like(kind, terms)
            goals.append(Goal(OURS, LIKE, LEAST_LIKE if kind == ALL else None))
        self._check(terms)
        return Contest(f"search, {kind}", ways, goals)

    def _asked(self, kind: str, terms: list[str], number: int) -> list[tuple[str, int]]:
        draw = _draw(f"{kind} {number}")
        first = draw.randrange(len(terms))
        turned = terms[first:] + terms[:first]
        return [(term, int(everything(draw)["party_no__lte"])) for term in turned[:TERMS]]

    def _ours(self, kind: str, terms: list[str]) -> Turn:
        def turn(number: int) -> Sample:
            asked = [_to_us(*each) for each in self._asked(kind, terms, number)]
            return Sample.of(driven(Target(self.ports[OURS], 200, 1), iter(asked), self.seconds))

        return turn

    def _like(self, kind: str, terms: list[str]) -> Turn:
        def turn(number: int) -> Sample:
            asked = [self._to_datasette(*each) for each in self._asked(kind, terms, number)]
            target = Target(self.ports[DATASETTE], 200, 1)
            return Sample.of(driven(target, iter(asked), self.seconds))

        return turn

    def _postgres(self, kind: str, terms: list[str]) -> Turn:
        def turn(number: int) -> Sample:
            with self._connection() as connection:
                begun, done = time.perf_counter(), 0
                for asked in self._asked(kind, terms, number):
                    postgres.search(connection, self.records, asked)
                    done += 1
                    if time.perf_counter() - begun > self.seconds:
                        break
                return Sample((time.perf_counter() - begun) / done)

        return turn

    def _connection(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.address or "", autocommit=True)

    def _to_datasette(self, term: str, most: int) -> bytes:
        either = " OR ".join(f"{each} LIKE :term" for each in self.records.contract.searchable)
        statement = (
            f"SELECT {self.records.columns} FROM {TABLE} WHERE ({either}) "  # noqa: S608 - our own.
            f"AND party_no <= :most ORDER BY {PLACE} LIMIT {ROWS}"
        )
        return datasette.sql(statement, term=f"%{term}%", most=str(most))

    def _check(self, terms: list[str]) -> None:
        term, most = self._asked("check", terms, 0)[0]
        said = {OURS: answer(self.ports[OURS], _to_us(term, most))["data"]}
        if DATASETTE in self.ports:
            said[LIKE] = answer(self.ports[DATASETTE], self._to_datasette(term, most))
        found = {name: [row["_id"] for row in rows] for name, rows in said.items()}
        if self.address:
            with self._connection() as connection:
                rows = postgres.search(connection, self.records, (term, most))
            found[POSTGRES] = [row[0] for row in rows]
        if any(each != found[OURS] for each in found.values()):
            message = f"not everybody finds the same records with {term}: {found}"
            raise Different(message)


def _to_us(term: str, most: int) -> bytes:
    return ours(q=term, limit=ROWS, party_no__lte=str(most))


def _draw(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing here is secret.
