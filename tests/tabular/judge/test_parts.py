"""The pieces the judge is made of, beyond what small tables reach."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from frictionless import Error, errors

from opendata.domain.contracts import Contract
from opendata.tabular.checks.errors import ERRORS, RuleCellError
from opendata.tabular.judge import canonical_resource, gathered, judge, parts
from opendata.tabular.judge.descriptors import cell_error, row_error
from opendata.tabular.judge.gathered import Gathered
from opendata.tabular.judge.integrity import Hashes
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.readers import open_table
from tests.tables import changed, csv_of, real_rows
from tests.tabular.conftest import CONTEXT

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


def test_a_field_copied_lightly_is_what_frictionless_makes_of_it(
    contracts: Mapping[str, Contract],
) -> None:
    resource = canonical_resource(Path("data.csv"), contracts["budgets"])
    for each in resource.schema.fields:
        own, light = type(each).to_copy(each), each.to_copy().to_copy()

        assert light.to_descriptor() == own.to_descriptor() == each.to_descriptor()
        light.rdf_type = "http://example.org/"
        assert each.to_descriptor() == own.to_descriptor()


def test_few_rows_are_judged_as_many(
    contracts: Mapping[str, Contract], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rule has all of them, and none reads a cell that another one has read."""
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(changed(real_rows("budgets-2019"), amount_total="3.21")))
    found = []
    for few in (0, 200):
        monkeypatch.setattr(parts, "FEW_ROWS", few)
        folder = tmp_path / str(few)
        folder.mkdir()
        judged = judge(
            open_table(file, contracts["budgets"], folder), contracts["budgets"], CONTEXT
        )
        found.append((list(judged.errors), judged.cautions, judged.counts))

    assert found[0] == found[1]
    assert found[0][0]
