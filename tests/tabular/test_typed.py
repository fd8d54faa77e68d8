"""Typed rows: exactly what the judge read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.domain.identifiers import record_id
from opendata.tabular.contract import load
from opendata.tabular.judge import judge
from opendata.tabular.readers import open_table
from opendata.tabular.typed import arrow_schema, typed_batches, typed_schema, typed_table
from tests.tabular.conftest import Declarations, Reader, column, csv_text


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
    contract: Contract, reading: Reader
) -> None:
    rows = typed_table(reading(csv_text({}, {"serial": "007", "amount": ""})), contract).to_pylist()

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


def test_numbers_stay_exact_however_they_are_written(contract: Contract, reading: Reader) -> None:
    texts = ["434.72", "434.720000", " 12 ", "1_000", "1E+3", "-0", "１２", "999999999.99"]
    rows = [{"amount": text, "serial": str(at)} for at, text in enumerate(texts, start=1)]

    amounts = typed_table(reading(csv_text(*rows)), contract).column("amount").to_pylist()

    assert amounts == [Decimal(text.strip()) for text in texts]
    assert all(each.as_tuple().exponent == -2 for each in amounts)


def test_a_key_that_is_not_personal_takes_no_secret(contract: Contract, reading: Reader) -> None:
    table = reading(csv_text({}))

    assert typed_table(table, contract, b"secret") == typed_table(table, contract)


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
    table = open_table(work / "x.csv", contract, work / "y.csv")

    assert judge(open_table(work / "x.csv", contract, work / "y.csv"), contract).valid
    assert typed_table(table.table(), contract).column("entered").to_pylist() == [
        datetime(2020, 1, 1, 0, 0, tzinfo=UTC),
        datetime(2020, 1, 1, 8, 0, tzinfo=UTC),
        datetime(2020, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
        None,
    ]


def test_rows_come_in_batches_numbered_throughout(contract: Contract, reading: Reader) -> None:
    table = reading(csv_text(*[{"serial": "1"}] * 20_000))

    batches = list(typed_batches(table, contract))

    assert [each.num_rows for each in batches] == [16_384, 3_616]
    assert batches[1].column("_row")[0].as_py() == 16_385
    assert batches[0].schema == typed_schema(contract)


def test_a_table_without_rows_has_its_columns(contract: Contract, reading: Reader) -> None:
    assert typed_table(reading(csv_text()), contract).schema == typed_schema(contract)
