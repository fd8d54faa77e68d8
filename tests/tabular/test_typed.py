"""Typed rows: exactly what the judge read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.identifiers import record_id
from opendata.tabular.contract import load
from opendata.tabular.judge import judge
from opendata.tabular.readers import OpenTable, open_table
from opendata.tabular.record_ids import KeyColumn, record_ids
from opendata.tabular.typed import Secrets, arrow_schema, typed_batches, typed_schema, typed_table
from opendata.tabular.values import key_values, one_by_one, reader_of, values_of
from tests.tabular.certify.forms import TRAPS, form_texts
from tests.tabular.conftest import Declarations, column, csv_text

Opening = Callable[[str], OpenTable]


@pytest.fixture
def opening(contract: Contract, tmp_path: Path) -> Opening:
    """A function that opens text as a received file."""

    def run(content: str) -> OpenTable:
        (tmp_path / "received.csv").write_text(content, encoding="utf-8")
        return open_table(tmp_path / "received.csv", contract, tmp_path / "canonical.csv")

    return run


def test_columns_have_the_types_of_the_contract(contract: Contract) -> None:
    schema = arrow_schema(contract)

    assert schema.field("decided_year").type == pa.int32()
    assert schema.field("serial").type == pa.int64()
    assert schema.field("amount").type == pa.decimal128(38, 2)
    assert schema.field("decided").type == pa.date32()
    assert schema.field("is_person").type == pa.bool_()
    assert schema.field("party").type == pa.string()
    assert all(each.nullable for each in schema)


def test_rows_are_typed_without_the_columns_that_are_dropped(
    contract: Contract, opening: Opening
) -> None:
    rows = typed_table(opening(csv_text({}, {"serial": "007", "amount": ""})), contract).to_pylist()

    assert rows[0] == {
        "_id": record_id("penalties", ["某市市监局", 2020, 1]),
        "_row": 1,
        "agency_name": "某市市监局",
        "decided_year": 2020,
        "serial": 1,
        "kind": "fine",
        "types": "罚款",
        "amount": Decimal("434.72"),
        "accepted": date(2020, 1, 31),
        "decided": date(2020, 2, 29),
        "agency_code": "91110000600037341L",
        "is_person": True,
        "party": "张*三",
        "source": "https://example.org/1",
    }
    assert rows[1]["_id"] == record_id("penalties", ["某市市监局", 2020, 7])
    assert rows[1]["amount"] is None


def test_numbers_stay_exact_however_they_are_written(contract: Contract, opening: Opening) -> None:
    texts = ["434.72", "434.720000", " 12 ", "1_000", "1E+3", "-0", "１２", "999999999.99"]
    rows = [{"amount": text, "serial": str(at)} for at, text in enumerate(texts, start=1)]

    amounts = typed_table(opening(csv_text(*rows)), contract).column("amount").to_pylist()

    assert amounts == [Decimal(text.strip()) for text in texts]
    assert all(each.as_tuple().exponent == -2 for each in amounts)


def test_a_key_that_is_not_personal_takes_no_secret(contract: Contract, opening: Opening) -> None:
    keyed = typed_table(opening(csv_text({})), contract, Secrets(b"secret"))

    assert keyed == typed_table(opening(csv_text({})), contract)


def test_a_time_without_a_zone_is_official_time(declarations: Declarations) -> None:
    declarations.schema["fields"].append(
        column("entered", "录入时间", "datetime", example="2020-01-01T08:00:00Z")
    )
    contract = load(declarations.write())
    work = declarations.folder
    texts = ["2020-01-01T08:00:00", "2020-01-01T08:00:00Z", "2020-01-01T08:00:00.5+08:00", ""]
    header, *lines = csv_text(*[{"serial": str(at)} for at in (1, 2, 3, 4)]).splitlines()
    text = [f"{header},entered", *(f"{a},{b}" for a, b in zip(lines, texts, strict=True))]
    (work / "x.csv").write_text("\n".join(text), encoding="utf-8")

    assert judge(open_table(work / "x.csv", contract, work / "y.csv"), contract).valid
    table = open_table(work / "x.csv", contract, work / "y.csv")
    assert typed_table(table, contract).column("entered").to_pylist() == [
        datetime(2020, 1, 1, 0, 0, tzinfo=UTC),
        datetime(2020, 1, 1, 8, 0, tzinfo=UTC),
        datetime(2020, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        None,
    ]


def test_rows_are_numbered_throughout_the_blocks_of_a_file(
    contract: Contract, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a block that holds a stray quote the records come one by one.
    table = opening(csv_text(*[{"serial": "1"}] * 9, {"types": '"a"" b"'}, {"types": "一"}))
    monkeypatch.setattr(table, "blocks", partial(table.blocks, 200))

    batches = list(typed_batches(table, contract))

    assert len(batches) > 2
    assert [at for each in batches for at in each.column("_row").to_pylist()] == [*range(1, 12)]
    assert batches[0].schema == typed_schema(contract)


def test_a_table_without_rows_has_its_columns(contract: Contract, opening: Opening) -> None:
    assert typed_table(opening(csv_text()), contract).schema == typed_schema(contract)


KINDS = ("string", "integer", "number", "boolean", "date", "datetime", "year")
quickly = settings(
    max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


def a_field(kind: str, places: int) -> Field:
    return Field("x", kind, Text("", ""), Text("", ""), "", {}, decimal_places=places)


def result_of(work: Callable[[], pl.Series]) -> Any:
    """Return what came out, or what went wrong."""
    try:
        return work().to_list()
    except (ValueError, ArithmeticError, OverflowError) as error:
        return type(error)


@quickly
@given(st.data(), st.sampled_from(KINDS), st.integers(0, 6))
def test_a_column_s_values_are_what_the_judge_reads_one_by_one(
    data: st.DataObject, kind: str, places: int
) -> None:
    known = form_texts({"name": "x", "type": kind})
    cell = known | known | st.sampled_from([*TRAPS, ""])
    for texts in ([data.draw(cell)], data.draw(st.lists(cell, max_size=5))):
        field, cells = a_field(kind, places), pl.Series(texts, dtype=pl.String)
        assert result_of(lambda: values_of(cells, field)) == result_of(  # noqa: B023 - used at once.
            lambda: one_by_one(cells, field)  # noqa: B023 - used at once.
        )


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("integer", ["0", "-0", "+1", "007", str(2**63 - 1), str(-(2**63)), " 1", "1_0", "１２"]),
        ("year", ["2020", "0000", "0999", "9999", "１２３４", "+123"]),
        ("date", ["0001-01-01", "9999-12-31", "2020-02-29", "1582-10-10", "2020-1-5"]),
        ("number", ["0", "-0", "-0.00", "0.5", ".5", "5.", "1e2", "00.5", "9" * 36 + ".99"]),
    ],
)
def test_values_at_the_edges_are_what_the_judge_reads(kind: str, texts: list[str]) -> None:
    field = a_field(kind, 2)

    for text in texts:
        cells = pl.Series([text, ""])
        assert values_of(cells, field).to_list() == one_by_one(cells, field).to_list()


KEYS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9),
        st.integers(-(2**63), 2**63 - 1).map(str),
        st.sampled_from(["1.50", "-0", "1E+3", "0.07", "12"]),
        st.dates().map(str),
        st.sampled_from(["true", "false", "1"]),
        st.sampled_from(["2020-01-01T00:00:00Z", "2020-01-01T08:00:00", "2020-01-01T01:00:00.5Z"]),
    ),
    max_size=4,
)


@quickly
@given(KEYS, st.none() | st.binary(max_size=80))
@example([('"\\\n\x00\x1f\x7f\u2028', "1", "1", "2020-01-01", "1", "2020-01-01T00:00:00Z")], None)
def test_the_ids_of_many_records_are_the_ids_of_each(
    rows: list[tuple[str, ...]], secret: bytes | None
) -> None:
    kinds = ("string", "integer", "number", "date", "boolean", "datetime")
    key = []
    for at, kind in enumerate(kinds):
        field, texts = a_field(kind, 2), pl.Series([row[at] for row in rows], dtype=pl.String)
        key.append(KeyColumn(kind, key_values(texts, values_of(texts, field), kind)))

    found = record_ids("收集", key, secret).to_pylist()

    readers = [reader_of(kind) for kind in kinds]
    values = [[read(cell) for read, cell in zip(readers, row, strict=True)] for row in rows]
    assert found == [record_id("收集", each, secret) for each in values]
