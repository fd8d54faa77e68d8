"""Exported files: exact, deterministic, and safe to open."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.contracts import Contract
from opendata.tabular.export import WRITERS, Layout, TooBigForWorkbook, sheet_rows, write_xlsx
from opendata.tabular.records import record_schema

ROW: dict[str, Any] = {
    "_id": "abc",
    "_dataset": "penalties-2020",
    "_release": 1,
    "_row": 1,
    "agency_name": "=1+1",
    "decided_year": 2020,
    "serial": 2**60,
    "kind": "fine",
    "types": 'a "b",\nc',
    "amount": Decimal("434.70"),
    "accepted": date(1899, 12, 31),
    "decided": date(2020, 2, 29),
    "agency_code": "007",
    "is_person": True,
    "party": "https://example.org",
    "source": None,
}
COLUMNS = tuple(ROW)


def batches(contract: Contract, *rows: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    schema = record_schema(contract.published)
    for row in rows:
        yield pa.RecordBatch.from_pylist([ROW | row], schema=schema)


def written(contract: Contract, kind: str, *rows: dict[str, Any], **look: Any) -> bytes:
    layout = Layout(contract.published, look.pop("columns", COLUMNS), **look)
    out = io.BytesIO()
    WRITERS[kind](batches(contract, *rows), layout, out)
    return out.getvalue()


def test_csv_is_exact(contract: Contract) -> None:
    text = written(contract, "csv", {}).decode()

    assert text == (
        ",".join(COLUMNS) + "\n"
        'abc,penalties-2020,1,1,=1+1,2020,1152921504606846976,fine,"a ""b"",\nc",434.7,'
        "1899-12-31,2020-02-29,007,true,https://example.org,\n"
    )


def test_csv_reads_back_as_it_was_written(contract: Contract) -> None:
    text = written(contract, "csv", {}, {"types": "a\rb"}, delimiter=";").decode()

    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    assert rows[0] == list(COLUMNS)
    assert rows[1][COLUMNS.index("types")] == 'a "b",\nc'
    assert rows[2][COLUMNS.index("types")] == "a\rb"


def test_csv_for_people_has_titles_labels_and_a_byte_order_mark(contract: Contract) -> None:
    columns = ("agency_name", "kind", "is_person")
    content = written(
        contract, "csv", {}, columns=columns, use_labels=True, with_bom=True, newline="\r\n"
    )

    assert content == "\ufeff处罚机关,类别,是否自然人\r\n=1+1,罚款,是\r\n".encode()


def test_ndjson_has_numbers_with_their_exact_digits(contract: Contract) -> None:
    big = Decimal("12345678901234567890.12")
    line = written(contract, "ndjson", {"amount": big}).decode()

    assert '"amount":12345678901234567890.12,' in line
    parsed = json.loads(line, parse_float=Decimal)
    assert list(parsed) == list(COLUMNS)
    assert parsed["amount"] == big
    assert parsed["source"] is None
    assert parsed["is_person"] is True
    assert parsed["decided"] == "2020-02-29"
    assert parsed["types"] == ROW["types"]


def test_parquet_has_the_contract_s_types(contract: Contract) -> None:
    content = written(contract, "parquet", {}, {"_row": 2}, columns=("_id", "amount", "decided"))
    table = pq.read_table(io.BytesIO(content))

    assert table.column_names == ["_id", "amount", "decided"]
    assert table.schema.field("amount").type == pa.decimal128(38, 2)
    assert table.column("amount").to_pylist() == [Decimal("434.70")] * 2


def cells(contract: Contract, **look: Any) -> tuple[Any, Any]:
    book = openpyxl.load_workbook(io.BytesIO(written(contract, "xlsx", {}, **look)))
    return book["数据"], book["说明"]


def test_a_workbook_keeps_text_as_text_and_dates_as_dates(contract: Contract) -> None:
    data, _ = cells(contract)
    row = dict(zip(COLUMNS, data[2], strict=True))

    assert [each.value for each in data[1]] == list(COLUMNS)
    assert (row["agency_name"].value, row["agency_name"].data_type) == ("=1+1", "s")
    assert (row["agency_code"].value, row["agency_code"].data_type) == ("007", "s")
    assert row["party"].hyperlink is None
    assert row["decided"].value == datetime(2020, 2, 29)  # noqa: DTZ001 - Excel has no zones.
    assert row["decided"].is_date
    assert row["accepted"].value == "1899-12-31"
    assert row["is_person"].value is True
    assert row["source"].value is None


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        ("434.70", 434.7),
        ("-0.01", -0.01),
        ("9999999999999.99", 9999999999999.99),
        ("99999999999999.99", "99999999999999.99"),
        ("1000000000000000000", 1000000000000000000),
    ],
)
def test_a_workbook_has_a_number_only_where_it_is_exact(
    contract: Contract, amount: str, cell: float | str
) -> None:
    content = written(contract, "xlsx", {"amount": Decimal(amount)}, columns=("amount", "serial"))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["数据"]

    assert sheet["A2"].value == cell
    assert sheet["B2"].value == "1152921504606846976"


def test_a_workbook_explains_itself(contract: Contract) -> None:
    _, notes = cells(contract, notes={"许可 Licence": "CC-BY-4.0"}, use_labels=True)
    rows = [[cell.value or "" for cell in row] for row in notes.iter_rows()]

    assert rows[0][:2] == ["许可 Licence", "CC-BY-4.0"]
    assert rows[2][0] == "字段 Field"
    assert ["amount", "罚款金额", "数值 number", "万元", "罚款金额。"] in rows


def test_more_records_than_a_worksheet_holds_are_refused(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_rows, "MAX_ROWS", 2)

    with pytest.raises(TooBigForWorkbook) as refusal:
        written(contract, "xlsx", {}, {}, {})

    assert refusal.value.code == "too-big-for-xlsx"
    assert "CSV" in refusal.value.detail.zh
    assert written(contract, "xlsx", {}, {})


def test_a_text_longer_than_a_cell_is_refused_not_cut(contract: Contract) -> None:
    assert written(contract, "xlsx", {"types": "长" * 32_767})
    with pytest.raises(TooBigForWorkbook):
        written(contract, "xlsx", {"types": "长" * 32_768})


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_the_same_records_are_the_same_file(contract: Contract, kind: str) -> None:
    assert written(contract, kind, {}, {}) == written(contract, kind, {}, {})


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_file_may_have_no_record(contract: Contract, kind: str) -> None:
    assert written(contract, kind) or kind == "ndjson"


def test_a_layout_leaves_a_workbook_s_stream_open(contract: Contract) -> None:
    out = io.BytesIO()
    layout = replace(Layout(contract.published, COLUMNS), notes={})
    write_xlsx(batches(contract, {}), layout, out)

    assert not out.closed
