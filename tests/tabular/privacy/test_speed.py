"""How long the scan takes: a million rows of twenty columns of text, on one core."""

import random
import time

import polars as pl
import pytest
from stdnum.cn import ric

from opendata.domain.privacy import Kind
from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.scan import Block, Layout
from opendata.tabular.text_table import SourceLines
from tests.domain.made import contract, field
from tests.tables import real_rows

COLUMNS, ROWS, BLOCKS = 20, 50_000, 20
MOST_SECONDS = 10
DAYS = [f"{year}{month:02}15" for year in range(1950, 2005) for month in range(1, 13)]


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


def with_persons(cells: pl.DataFrame, columns: int) -> pl.DataFrame:
    """Put something of a person, another in each row, into as many of the last columns."""
    draw = random.Random(2)  # noqa: S311 - nothing here is secret.
    found = [
        [f"1{draw.randrange(3 * 10**9, 10**10)}" for _ in range(ROWS)],
        [f"110101{draw.choice(DAYS)}{draw.randrange(10**3):03}" for _ in range(ROWS)],
        [f"住红星小区{draw.randrange(40)}号楼{at % 7}单元{at % 3000}室" for at in range(ROWS)],
    ]
    found[1] = [each + ric.calc_check_digit(f"{each}0") for each in found[1]]
    names = cells.columns[::-1][:columns]
    put = zip(names, found, strict=False)
    return cells.with_columns(pl.Series(name, texts) for name, texts in put)


def seconds_of(scan: PrivacyScan, cells: pl.DataFrame) -> float:
    began = time.process_time()
    for at in range(BLOCKS):
        scan.see(Block(2 + at * ROWS, ROWS, 0, 0, b"", cells))
    return time.process_time() - began


@pytest.fixture
def scan():
    fields = tuple(field(name) for name, _ in Held.header)
    return PrivacyScan(Held(), contract(fields=fields, personal={}))


@pytest.mark.soak
def test_a_million_rows_of_twenty_columns_take_less_than_ten_seconds(scan):
    assert seconds_of(scan, frame()) < MOST_SECONDS
    assert scan.flags() == ()


@pytest.mark.soak
@pytest.mark.parametrize(("columns", "most"), [(1, MOST_SECONDS), (3, 2 * MOST_SECONDS)])
def test_what_is_found_in_every_row_takes_little_longer(scan, columns, most):
    assert seconds_of(scan, with_persons(frame(), columns)) < most
    kinds = [Kind.RESIDENT_ID, Kind.MOBILE, Kind.HOME_ADDRESS]
    expected = [kind for kind in kinds if columns == 3 or kind is Kind.MOBILE]
    assert [(each.kind, each.count) for each in scan.flags()] == [
        (kind, ROWS * BLOCKS) for kind in expected
    ]
