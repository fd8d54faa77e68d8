"""What is asked for: random parameters out of the records themselves, the same for everybody."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from benchmarks.peers.records import Records

# Filters by one value of these, and a range of days; no field of the default order is among them.
CATEGORIES = ("sector", "violation_type", "counterparty_type", "penalty_types")
SORTS = ("fine_amount", "public_until", "counterparty_name", "decision_number")
OTHERS = ("authority_name", "decision_date")
# How many records are looked at for terms to search, and how many are asked for by their id.
LOOKED_AT = 5_000
IDS = 100_000
# Shares of the records that have a term; the made-up records have few words that are rarer.
RARE, FREQUENT = 0.01, 0.05
ABSENT = ("鲸鱼", "瑜伽", "酱油", "钢琴", "葡萄", "蝴蝶")
# A filter that every record passes, by a number that makes the request one never seen before.
EVERY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """The records of one value within a range of days, and how they are sorted."""

    field: str
    value: str
    since: str
    until: str
    sort: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Pools:
    """The values there are: what random requests are made of."""

    ids: Sequence[str]
    authorities: Sequence[str]
    days: Sequence[str]
    categories: dict[str, Sequence[str]]
    terms: dict[str, Sequence[str]]

    def a_span(self, draw: random.Random) -> Span:
        """Draw a value, a range of days and a sort."""
        name = draw.choice(CATEGORIES)
        since, until = self.some_days(draw, draw.uniform(0.2, 1.0))
        return Span(
            name,
            draw.choice(self.categories[name]),
            since,
            until,
            draw.choice(SORTS),
            draw.random() < 0.5,
        )

    def some_days(self, draw: random.Random, share: float) -> tuple[str, str]:
        """Draw a range of days that has about this share of all days that occur."""
        length = min(max(1, int(share * len(self.days))), len(self.days))
        first = draw.randrange(len(self.days) - length + 1)
        return self.days[first], self.days[first + length - 1]


def pools(records: Records) -> Pools:
    """Read the values of a collection."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE seen AS SELECT * FROM read_csv(?, all_varchar = true)",
            [str(records.path)],
        )

        def column(expression: str, condition: str = "true") -> list[str]:
            sql = f"SELECT {expression} FROM seen WHERE {condition} ORDER BY 1"  # noqa: S608 - our own.
            return [each for (each,) in connection.execute(sql).fetchall()]

        ids = column("_id")
        searched = column(f"concat_ws(chr(10), {', '.join(records.contract.searchable)})")
        distinct = {name: column(f"DISTINCT {name}") for name in (*CATEGORIES, *OTHERS)}
    draw = random.Random("pools")  # noqa: S311 - nothing here is secret.
    return Pools(
        ids=draw.sample(ids, min(IDS, len(ids))),
        authorities=distinct["authority_name"],
        days=distinct["decision_date"],
        categories={name: distinct[name] for name in CATEGORIES},
        terms=_terms(draw.sample(searched, min(LOOKED_AT, len(searched))), len(ids)),
    )


def _terms(texts: Sequence[str], rows: int) -> dict[str, Sequence[str]]:
    """Find terms of two characters and of more, that few records have and that many have.

    Of those of two, some are in no record; the rarest of more are numbers that one record has.
    """
    found: dict[str, Sequence[str]] = {}
    for length in (2, 4):
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({text[at : at + length] for at in range(len(text) - length + 1)})
        chinese = {term: count for term, count in counts.items() if _is_chinese(term)}
        name = f"{length} characters"
        found[f"{name}, frequent"] = sorted(
            term for term, count in chinese.items() if count > FREQUENT * len(texts)
        )
        found[f"{name}, rare"] = sorted(
            term for term, count in chinese.items() if count < RARE * len(texts)
        )
    draw = random.Random("terms")  # noqa: S311 - nothing here is secret.
    found["2 characters, rare"] = [*found["2 characters, rare"], *ABSENT]
    found["4 characters, rare"] = [f"{draw.randrange(rows):010}" for _ in range(LOOKED_AT)]
    return {f"{name}": terms for name, terms in found.items() if terms}


def _is_chinese(term: str) -> bool:
    return all("一" <= each <= "鿿" for each in term)
