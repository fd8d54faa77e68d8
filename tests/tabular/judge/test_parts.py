"""The pieces the judge is made of, beyond what small tables reach."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from frictionless import Error, errors

from opendata.tabular.checks.errors import ERRORS, RuleCellError
from opendata.tabular.judge import gathered
from opendata.tabular.judge.descriptors import cell_error, row_error
from opendata.tabular.judge.gathered import Gathered
from opendata.tabular.judge.integrity import Hashes
from opendata.tabular.judge.log import ErrorLog

CELLS = ["甲", "{note}", ""]


@pytest.mark.parametrize("kind", [errors.TypeError, errors.ConstraintError])
def test_an_error_of_a_cell_is_written_as_frictionless_writes_it(
    kind: type[errors.CellError],
) -> None:
    made = kind(
        note='type is "a/b"',
        cells=CELLS,
        row_number=7,
        cell="{note}",
        field_name="b",
        field_number=2,
    )

    assert cell_error(kind, 'type is "a/b"', CELLS, 7, ("b", 2)) == made.to_descriptor()


@pytest.mark.parametrize("kind", [errors.BlankRowError, errors.PrimaryKeyError])
def test_an_error_of_a_row_is_written_as_frictionless_writes_it(
    kind: type[errors.RowError],
) -> None:
    made = kind(note="the same", cells=["甲", "", "x"], row_number=7)

    assert row_error(kind, "the same", ["甲", None, "x"], 7) == made.to_descriptor()


@pytest.mark.parametrize("kind", [each for each in ERRORS if issubclass(each, RuleCellError)])
def test_our_own_errors_are_written_as_frictionless_would_write_them(
    kind: type[RuleCellError],
) -> None:
    made = kind(
        note="no {code}",
        cells=CELLS,
        row_number=7,
        cell="甲",
        field_name="a",
        field_number=1,
        rule="a-rule",
        expected="x",
    )

    quickly = made.to_descriptor()
    Error.__attrs_post_init__(made)
    slowly: dict[str, Any] = made.metadata_export()
    assert quickly == slowly


def test_errors_come_out_in_the_order_of_a_report() -> None:
    log = ErrorLog()
    log.at_start({"type": "start"})
    log.of_cells(2, {"type": "a", "at": 2})
    log.of_check(2, 3, {"type": "b", "at": 2})
    log.of_cells(5, {"type": "c", "at": 5})
    log.at_end({"type": "end"})
    log.rows_are_told()
    log.replace_row(3, [{"type": "key", "at": 3}])
    log.replace_row(5, [{"type": "d", "at": 5}, {"type": "key", "at": 5}])

    assert [each["type"] for each in log] == ["start", "a", "b", "key", "d", "key", "end"]
    assert len(log) == 7
    assert +log.by_type == {"start": 1, "a": 1, "b": 1, "d": 1, "key": 2, "end": 1}


@pytest.mark.parametrize("limit", [1, 7, 10_000])
def test_repeated_hashes_are_found_in_memory_and_on_disk(limit: int) -> None:
    chance = np.random.default_rng(5)
    hashes = chance.integers(0, 2**64, 500, dtype=np.uint64)
    hashes[400:450] = hashes[:50]
    rows = np.arange(2, 502, dtype=np.uint64)
    found = Hashes(None, limit)
    for start in range(0, 500, 60):
        found.add(rows[start : start + 60], hashes[start : start + 60])

    repeated = np.sort(np.concatenate(list(found.repeated())))

    assert repeated.tolist() == [*range(2, 52), *range(402, 452)]


@pytest.mark.parametrize("limit", [0, 10**9])
def test_gathered_rows_come_back_in_order(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(gathered, "IN_MEMORY_BYTES", limit)
    rows = Gathered({"1": "b"}, None)
    for first in (2, 4, 6):
        rows.add(first, pl.DataFrame({"0": ["x", "y"], "1": [f"{first}", None]}))

    assert rows.frame(["b"]).rows() == [
        *((2, "2"), (3, None), (4, "4"), (5, None), (6, "6"), (7, None))
    ]
