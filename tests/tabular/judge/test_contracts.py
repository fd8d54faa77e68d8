"""Real tables, damaged at random, have the same verdict by both engines under every contract."""

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract
from opendata.tabular.context import Context
from opendata.tabular.contract import load_all, packaged_schemas
from opendata.tabular.readers import Unreadable, open_table
from tests.tables import Row, csv_of, real_rows
from tests.tabular.conftest import judged_twice

SAMPLES = {
    "administrative-penalties": "administrative-penalties-sample",
    "budgets": "budgets-2020",
    "disclosure-obligations": "disclosure-obligations-illustrative",
    "disclosure-statistics": "disclosure-statistics-2020",
    "project-approvals": "project-approvals-transcribed",
    "random-inspections": "random-inspections-illustrative",
}
CONTRACTS = load_all(packaged_schemas())
TRAPS = [
    *("", " ", "-", "+5", " 5 ", "1e5", "1,000", "1_000", "１２", "NaN", "-Infinity", "9" * 40),
    *("0.1234567", "007", "-0", "2020-2-30", "0000-01-01", "2020-01-01 ", "true", "TRUE", "1"),
    *("罚款", "自然人", "张三", "张*三", "91110000600037341L", "91110000600037341l", "0" * 18),
    *("total", "C7", "3.7", "2010301", "x" * 5000, 'a"b', "a\nb", "a\r\nb", "，", "合计"),
]


@cache
def sample(collection: str) -> list[Row]:
    """Return the first rows of a package that comes with the project, read once."""
    return real_rows(SAMPLES[collection], 0, 3000)


def damaged(collection: str, seed: int) -> bytes:
    """Return a slice of real rows in which a few cells are something else."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it.
    rows = sample(collection)
    first = chance.randrange(max(len(rows) - 60, 1))
    rows = [dict(row) for row in rows[first : first + chance.randrange(1, 60)]]
    names = list(rows[0])
    for _ in range(chance.randrange(12)):
        row, name = chance.choice(rows), chance.choice(names)
        row[name] = chance.choice([*TRAPS, chance.choice(rows)[name]])
    if chance.random() < 0.3:
        rows.append(dict(chance.choice(rows)))
    content = csv_of(rows)
    if chance.random() < 0.3:
        lines = content.split(b"\n")
        at = chance.randrange(1, len(lines))
        lines[at] = chance.choice([b"", lines[at] + b",", lines[at].rpartition(b",")[0], b'"'])
        content = b"\n".join(lines)
    return content


def context_of(contract: Contract) -> Context:
    """Return a registration that fits some of the rows and not others."""
    rows = sample(contract.collection)
    names = frozenset(row[contract.publisher_field] for row in rows[::2])
    period = rows[0][contract.period_field] if contract.period_field else "rolling"
    return Context(names, period, dataset="own")


@pytest.mark.parametrize("collection", SAMPLES)
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), told=st.booleans())
def test_both_engines_say_the_same_of_a_damaged_table(
    collection: str, seed: int, told: bool, tmp_path: Path
) -> None:
    contract = CONTRACTS[collection]

    content = damaged(collection, seed)
    (tmp_path / "received.csv").write_bytes(content)

    try:
        open_table(tmp_path / "received.csv", contract, tmp_path / "canonical.csv").table()
    except Unreadable:
        return  # Broken quotes are refused before anybody judges.
    judged_twice(content, contract, context_of(contract) if told else None, tmp_path)
