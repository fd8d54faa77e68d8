"""How long the scan takes: a million rows of twenty columns of text, on one core."""

import random
import time

import polars as pl
import pytest

from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.scan import Block, Layout
from opendata.tabular.text_table import SourceLines
from tests.domain.made import contract, field
from tests.tables import real_rows

COLUMNS, ROWS, BLOCKS = 20, 50_000, 20
MOST_SECONDS = 10


class Held:
    """A table of which the blocks are at hand."""

    header = tuple((f"c{at}", f"c{at}") for at in range(COLUMNS))
    layout = Layout(COLUMNS)
    lines = SourceLines()
    beside = ()


def frame() -> pl.DataFrame:
    """Rows as agencies send them: texts of real columns, and codes that differ in every row."""
    draw = random.Random(1)  # noqa: S311 - nothing here is secret.
    real = [list(row.values()) for row in real_rows("administrative-penalties-sample")]
    rows = []
    for number in range(ROWS):
        texts = [each for each in draw.choice(real) if len(each) > 5][: COLUMNS - 6]
        codes = [
            f"示市监处罚〔2024〕{number}号",
            f"{draw.randrange(10**14, 10**15)}",
            f"2506-350121-04-01-{draw.randrange(10**6):06}",
            f"1350121MA{draw.randrange(10**8):08}X",
            f"总投资{draw.randrange(10**11)}元，涉及商业秘密的不予公开",
            f"{draw.randrange(10**23, 10**24)}",
        ]
        rows.append([*texts, *[""] * (COLUMNS - 6 - len(texts)), *codes])
    schema = {str(at): pl.String for at in range(COLUMNS)}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.mark.soak
def test_a_million_rows_of_twenty_columns_take_less_than_ten_seconds():
    fields = tuple(field(name) for name, _ in Held.header)
    scan = PrivacyScan(Held(), contract(fields=fields, personal={}))
    cells = frame()
    began = time.process_time()

    for at in range(BLOCKS):
        scan.see(Block(2 + at * ROWS, ROWS, 0, 0, b"", cells))

    assert time.process_time() - began < MOST_SECONDS
    assert scan.flags() == ()
