"""Both engines say the same, for as long as one cares to try; a seed that fails is run again.

``make soak`` draws a seed and prints that of each round. ``SOAK_SEED=7 SOAK_ROUNDS=1 make soak
ARGS="tests/tabular/judge"`` runs the round of that seed once more, and nothing else.
"""

import os
import random
import secrets
from pathlib import Path

import pytest
from frictionless import Check
from hypothesis import Phase, assume, given, seed, settings
from hypothesis import strategies as st

from opendata.tabular.readers import Unreadable, open_table
from tests.tabular.certify.strategies import is_valid, schemas
from tests.tabular.certify.test_twins import ROWS, RULES
from tests.tabular.conftest import judged_twice
from tests.tabular.judge.test_contracts import CONTRACTS, SAMPLES, context_of, damaged
from tests.tabular.judge.test_equal import FRESH, VERSION, files, same_verdict
from tests.tabular.judge.test_remembered import same_verdict_by_rules

pytestmark = pytest.mark.soak
FIRST_SEED = int(os.environ.get("SOAK_SEED") or secrets.randbelow(2**31))
ROUNDS = int(os.environ.get("SOAK_ROUNDS") or 5)
LONG = settings(FRESH, database=None, phases=[Phase.generate])
TABLES_OF_A_COLLECTION = 25


@pytest.fixture(params=range(ROUNDS))
def round_seed(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> int:
    """The seed of one round, told whether it fails or not."""
    found = FIRST_SEED + int(request.param)
    with capsys.disabled():
        print(f"SOAK_SEED={found}", end=" ", flush=True)  # noqa: T201 - it is needed afterwards.
    return found


def test_the_report_is_frictionless_s_for_any_schema(round_seed: int, tmp_path: Path) -> None:
    @seed(round_seed)
    @settings(LONG, max_examples=100)
    @given(data=st.data())
    def judge(data: st.DataObject) -> None:
        schema = VERSION | data.draw(schemas())
        assume(is_valid(schema))
        for _ in range(5):
            same_verdict(schema, data.draw(files(schema)), tmp_path)

    judge()


def test_the_report_is_frictionless_s_by_any_rules(round_seed: int, tmp_path: Path) -> None:
    @seed(round_seed)
    @settings(LONG, max_examples=200)
    @given(rules=st.lists(st.one_of(*RULES.values()), max_size=6), rows=ROWS)
    def judge(rules: list[Check], rows: list[tuple[str, ...]]) -> None:
        same_verdict_by_rules(rules, rows, tmp_path)

    judge()


@pytest.mark.parametrize("collection", SAMPLES)
def test_the_report_is_frictionless_s_under_every_contract(
    collection: str, round_seed: int, tmp_path: Path
) -> None:
    chance = random.Random(round_seed)  # noqa: S311 - nothing is kept secret by it.
    contract = CONTRACTS[collection]
    for _ in range(TABLES_OF_A_COLLECTION):
        content, context = damaged(collection, chance.randrange(2**32)), None
        if chance.random() < 0.5:
            context = context_of(contract)
        (tmp_path / "received.csv").write_bytes(content)
        try:
            open_table(tmp_path / "received.csv", contract, tmp_path / "canonical.csv").table()
        except Unreadable:
            continue  # Broken quotes are refused before anybody judges.
        judged_twice(content, contract, context, tmp_path)
