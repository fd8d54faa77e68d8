"""What stands below a table, and what does not."""

from dataclasses import replace

import pytest

from opendata.domain.contracts import Reading
from opendata.tabular.readers.headers import match
from opendata.tabular.readers.tails import MOST_ROWS, Tail
from tests.tabular.readers.cases.clean import contracts

NAMES = ["authority_name", "decision_number", "fine_amount", "remark"]
FULL = ("某局", "1号", "0.1", "")
NOTE = ("注：略", "", "", "")
TOTAL = ("", "合 计：", "0.3", "")
BLANK = ("", "", "", "")


def kept(*rows: tuple[str, ...]) -> tuple[list[tuple[str, ...]], list[object]]:
    """Return the rows that are passed on, and the lines of those that are left out."""
    contract = contracts()["administrative-penalties"]
    contract = replace(contract, reading=Reading(strip_notes=True, strip_totals=True))
    tail = Tail(match(NAMES, contract, str), contract, str)
    numbered = ((row, line, False) for line, row in enumerate(rows, start=2))
    passed = [tuple(cells) for cells, _ in tail.without(numbered)]
    return passed, [each["line"] for each in tail.stripped]


@pytest.mark.parametrize(
    ("rows", "passed", "lines"),
    [
        ((FULL, NOTE), 1, [3]),
        ((FULL, FULL, BLANK, TOTAL, BLANK, NOTE, BLANK), 2, [5, 7]),
        ((FULL, NOTE, FULL), 3, []),
        ((FULL, BLANK), 2, []),
        ((NOTE, FULL, NOTE), 2, [4]),
        ((NOTE, NOTE), 2, []),
        ((FULL, ("合计", "1号", "0.3", "")), 2, []),
        ((FULL, ("", "", "", "注：略")), 2, []),
        ((FULL, *[NOTE] * (MOST_ROWS + 1)), MOST_ROWS + 2, []),
    ],
    ids=[
        "a note",
        "totals, notes and blank rows",
        "in the middle",
        "only a blank row",
        "above and below",
        "no full row",
        "a record called total",
        "another cell than the first",
        "too many",
    ],
)
def test_only_what_stands_below_the_last_full_row_is_left_out(
    rows: tuple[tuple[str, ...], ...], passed: int, lines: list[int]
) -> None:
    found, stripped = kept(*rows)

    assert found == list(rows[:passed])
    assert stripped == lines
