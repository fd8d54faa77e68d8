"""What readers work with, reading from addresses: pandas, Polars, DuckDB, Frictionless."""

import io
import json
import urllib.request
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from frictionless import Package

from opendata.domain.queries import SYSTEM_FIELDS

RELEASES = (
    "budgets-2016",
    "budgets-2017",
    "budgets-2018",
    "statistics-2018",
    "projects",
    "penalties",
)
ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "year": pa.int32(),
}


def fetched(url):
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server.
        return answer.read()


@pytest.fixture(scope="module")
def budgets(address):
    """Where the collection of budgets is."""
    return f"{address}/api/v1/budgets"


@pytest.fixture(scope="module")
def records(budgets):
    """Its records, with exact numbers, as the JSON of the API has them."""
    answer = json.loads(fetched(f"{budgets}?limit=10000"), parse_float=Decimal)
    return {each["_id"]: each for each in answer["data"]}


@pytest.fixture
def spilled(budgets, tmp_path):
    """A Parquet file as it came from its address."""
    path = tmp_path / "budgets.parquet"
    path.write_bytes(fetched(f"{budgets}.parquet"))
    return path


def test_pandas_reads_csv(budgets, records):
    frame = pd.read_csv(f"{budgets}.csv", dtype=str, keep_default_na=False)

    assert set(frame["_id"]) == set(records)
    row = frame.iloc[0]
    assert row["subject_name"] == records[row["_id"]]["subject_name"]


def test_pandas_reads_csv_that_was_asked_for_with_conditions(budgets):
    frame = pd.read_csv(f"{budgets}.csv?fiscal_year=2018&fields=_id,fiscal_year")

    assert list(frame.columns) == ["_id", "fiscal_year"]
    assert set(frame["fiscal_year"]) == {2018}


def test_pandas_reads_parquet_with_its_types(budgets, records):
    frame = pd.read_parquet(f"{budgets}.parquet", dtype_backend="pyarrow")

    row = frame.iloc[0]
    assert len(frame) == len(records)
    assert row["amount_total"] == records[row["_id"]]["amount_total"]


def test_pandas_reads_json_line_by_line(budgets, records):
    frame = pd.read_json(f"{budgets}.ndjson", lines=True, dtype=False)

    assert list(frame.columns) == list(next(iter(records.values())))
    assert set(frame["_id"]) == set(records)


def test_polars_reads_csv_and_parquet(budgets, records):
    csv = pl.read_csv(fetched(f"{budgets}.csv"), infer_schema=False)
    parquet = pl.read_parquet(fetched(f"{budgets}.parquet"))

    assert csv.columns == parquet.columns
    assert set(csv["_id"]) == set(parquet["_id"]) == set(records)
    amounts = dict(zip(parquet["_id"], parquet["amount_total"], strict=True))
    assert amounts == {each: row["amount_total"] for each, row in records.items()}


def test_duckdb_reads_parquet(spilled, records):
    known = [each["amount_total"] for each in records.values() if each["amount_total"] is not None]
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*), sum(amount_total) FROM read_parquet(?)", [str(spilled)]
        ).fetchone()

    assert found == (len(records), sum(known))


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
@pytest.mark.parametrize("collection", ["budgets", "administrative-penalties"])
def test_columns_have_their_types_and_say_what_they_are(address, contracts, collection, kind):
    content = io.BytesIO(fetched(f"{address}/api/v1/{collection}.{kind}?_row=1"))
    if kind == "parquet":
        schema = pa.parquet.read_schema(content)
    else:
        schema = pa.ipc.open_stream(content).schema

    for field in (*SYSTEM_FIELDS, *contracts[collection].published.fields):
        column = schema.field(field.name)
        exact = pa.decimal128(38, field.decimal_places or 0)
        assert column.type == ARROW_TYPES.get(field.type, exact)
        told = {name.decode(): text.decode() for name, text in column.metadata.items()}
        assert told["title"] == field.title.zh
        assert told["title_en"] == field.title.en
        assert told.get("unit") == field.unit


def test_arrow_is_read_into_memory_as_it_is(budgets, records):
    table = pa.ipc.open_stream(fetched(f"{budgets}.arrow")).read_all()

    assert pl.from_arrow(table)["_id"].to_list() == table["_id"].to_pylist()
    assert set(table["_id"].to_pylist()) == set(records)


@pytest.mark.parametrize("release", RELEASES)
def test_frictionless_finds_every_package_valid(address, release):
    package = Package(f"{address}/api/v1/datasets/{release}/releases/1/datapackage.json")
    report = package.validate()

    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])
    assert [each.name for each in report.tasks] == [
        "data-csv", "data-xlsx", "data-ndjson", "data-parquet",
    ]  # fmt: skip
    assert len({each.stats["rows"] for each in report.tasks}) == 1
