"""Files that were written under other contracts are read in the columns of the one in force."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.editions import Scope
from opendata.domain.queries import whole
from opendata.storage.engines import Source
from opendata.storage.engines.columns import relation
from opendata.storage.engines.duckdb import DuckDB
from opendata.tabular.records import record_schema
from tests.domain.made import contract, field

FIELDS = (
    field("name"),
    field("amount", "number", decimal_places=6),
    field("born", "year"),
    field("street"),
    field("seen_at", "datetime"),
    field("is_open", "boolean"),
)
CONTRACT = contract(fields=FIELDS, personal={}, default_sort=("name",), table_schema={"fields": []})
SCHEMA = record_schema(CONTRACT)


@pytest.fixture
def written(tmp_path):
    """A function that writes one record with these columns as a file of a release of its own."""

    def run(letter: str, **columns: pa.Array) -> str:
        own = {"_id": letter * 52, "_dataset": "d", "_release": 1, "_row": 1, "name": letter}
        path = tmp_path / f"{letter}.parquet"
        pq.write_table(pa.table({each: [value] for each, value in own.items()} | columns), path)
        return str(path)

    return run


def found(tmp_path, *files: str) -> list[dict[str, object]]:
    source = Source(files, SCHEMA, Scope(None, None))
    query = whole(CONTRACT, fields=("name", "amount", "born", "street"))
    return DuckDB(tmp_path).rows(source, query).to_pylist()


def test_columns_that_a_file_has_not_or_has_otherwise(tmp_path, written):
    whole_amount = written("a", amount=pa.array([3]))
    exact = written(
        "b",
        amount=pa.array([Decimal("1.250001")], pa.decimal128(38, 6)),
        born=pa.array([1980], pa.int32()),
        street=pa.array(["某街道"]),
    )
    renamed = written("c", road=pa.array(["某路"]))
    day = written("d", born=pa.array([date(1980, 1, 2)]))

    for files in ((whole_amount, exact, renamed, day), (day, renamed, exact, whole_amount)):
        assert found(tmp_path, *files) == [
            {"name": "a", "amount": Decimal(3), "born": None, "street": None},
            {"name": "b", "amount": Decimal("1.250001"), "born": 1980, "street": "某街道"},
            {"name": "c", "amount": None, "born": None, "street": None},
            {"name": "d", "amount": None, "born": None, "street": None},
        ]


def test_files_that_have_the_columns_are_read_as_they_are(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(SCHEMA.append(pa.field("more", pa.string())).empty_table(), path)

    made = relation(Source((str(path),), SCHEMA, Scope(None, None)))

    assert "TRY_CAST" not in made.sql
    assert made.files == ((str(path),),)
