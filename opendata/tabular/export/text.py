"""CSV (RFC 4180) and NDJSON: exact, deterministic byte for byte, one batch in memory at a time."""

import codecs
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.tabular.export.layout import Layout, cell_text
from opendata.tabular.text_table import csv_line

_BARE_IN_JSON = frozenset({"integer", "year", "number", "boolean"})


def write_csv(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write records as CSV in UTF-8, a null as an empty cell.

    A text that begins with ``=`` is written as it is: CSV is data for programs, and a changed
    value would be a wrong one. Whoever opens files in a spreadsheet takes XLSX, where a text can
    be no formula.
    """
    if layout.with_bom:
        out.write(codecs.BOM_UTF8)
    out.write((csv_line(layout.header, layout.delimiter) + layout.newline).encode())
    writers = [cell_text(each, layout.use_labels) for each in layout.fields]
    for rows in _rows(batches, layout, writers):
        lines = (csv_line(cells, layout.delimiter) + layout.newline for cells in rows)
        out.write("".join(lines).encode())


def write_ndjson(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write one JSON object a line; numbers with their exact digits, names and codes always."""
    keys = [json.dumps(name) + ":" for name in layout.columns]
    writers = [_json(each) for each in layout.fields]
    for rows in _rows(batches, layout, writers):
        lines = (
            "{" + ",".join(key + cell for key, cell in zip(keys, cells, strict=True)) + "}\n"
            for cells in rows
        )
        out.write("".join(lines).encode())


def _rows(
    batches: Iterable[pa.RecordBatch], layout: Layout, writers: list[Callable[[Any], str]]
) -> Iterator[Iterator[tuple[str, ...]]]:
    """Yield, of each batch, its rows as text, columns in the layout's order."""
    for batch in batches:
        columns = [
            [write(value) for value in batch.column(name).to_pylist()]
            for name, write in zip(layout.columns, writers, strict=True)
        ]
        yield zip(*columns, strict=True)


def _json(column: Field) -> Callable[[Any], str]:
    write = cell_text(column, use_labels=False)
    if column.type in _BARE_IN_JSON:
        return lambda value: "null" if value is None else write(value)
    return lambda value: "null" if value is None else json.dumps(write(value), ensure_ascii=False)
