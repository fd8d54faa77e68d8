"""Tables to send in: slices of the real packages, and files written as an agency would."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
Row = dict[str, str]


def real_rows(dataset: str, first: int = 0, last: int | None = None) -> list[Row]:
    """Return rows of a package of ``datasets/`` as texts, keyed by machine name."""
    with (ROOT / "datasets" / dataset / "data.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))[first:last]


def descriptor(dataset: str) -> dict[str, Any]:
    """Return the ``datapackage.json`` of a package of ``datasets/``."""
    text = (ROOT / "datasets" / dataset / "datapackage.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def csv_of(rows: Iterable[Mapping[str, str]], columns: Sequence[str] | None = None) -> bytes:
    """Write rows as a UTF-8 CSV with a header of machine names, or of ``columns``."""
    rows = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns or rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changed(rows: Iterable[Row], **cells: str) -> list[Row]:
    """Return copies of ``rows`` with ``cells`` put in."""
    return [{**row, **cells} for row in rows]


def read_csv(content: bytes) -> list[Row]:
    """Read a CSV that the platform sent."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _read_stream(file: io.BytesIO) -> pa.Table:
    with pa.ipc.open_stream(file) as stream:
        return stream.read_all()


def rows_of(kind: str, content: bytes) -> list[dict[str, Any]]:
    """Read a file that the platform sent, by the extension of its name."""
    if kind == "csv":
        return [dict(row) for row in read_csv(content)]
    if kind == "ndjson":
        return [json.loads(line) for line in content.splitlines()]
    if kind in ("parquet", "arrow"):
        read = pq.read_table if kind == "parquet" else _read_stream
        found: list[dict[str, Any]] = read(io.BytesIO(content)).to_pylist()
        return found
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    header, *rows = book["数据"].iter_rows(values_only=True)
    book.close()
    return [dict(zip(header, row, strict=True)) for row in rows]
