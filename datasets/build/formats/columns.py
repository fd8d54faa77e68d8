"""Records as Parquet, each column of the type that its field has."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.build.formats.model import File, Table

# More digits than any amount has; those behind the point are the field's.
_DIGITS = 24
_MAKERS: Mapping[str, tuple[Callable[[str], Any], pa.DataType]] = {
    "string": (str, pa.string()),
    "integer": (int, pa.int64()),
    "year": (int, pa.int16()),
    "date": (date.fromisoformat, pa.date32()),
    "boolean": (lambda cell: cell == "true", pa.bool_()),
}


def typed(field: Mapping[str, Any], cells: Sequence[str]) -> Any:
    """Return cells as an Arrow array: exact numbers, days, truth values, and nothing as null."""
    make, kind = _MAKERS.get(field["type"]) or (
        Decimal,
        pa.decimal128(_DIGITS, field.get("decimalPlaces", 0)),
    )
    return pa.array([make(cell) if cell else None for cell in cells], kind)


def parquet(table: pa.Table, **options: Any) -> bytes:
    """Return the bytes of a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def _parquet(table: Table) -> bytes:
    """Return uncompressed columns: what packs them may change with the machine."""
    columns = zip(*table.rows, strict=True)
    arrays = {
        name: typed(field, cells)
        for name, field, cells in zip(table.names, table.fields, columns, strict=True)
    }
    return parquet(pa.table(arrays), compression="none")


FILES = (
    File("budgets-2018", "parquet", _parquet),
    File("project-approvals-transcribed", "parquet", _parquet),
)
