"""CSV (RFC 4180) and NDJSON: exact, deterministic byte for byte, one batch in memory at a time."""

import codecs
import json
from collections.abc import Iterable
from typing import IO

import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.tabular.export.layout import Layout
from opendata.tabular.export.rendered import frames, rendered, utf8
from opendata.tabular.quoted import inside_quotes
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
    special = f'[\\x{{{ord(layout.delimiter):x}}}"\r\n]'
    cells = [_csv_cell(pl.col(name), special) for name in layout.columns]
    if len(cells) == 1:
        # An empty line would be read as a record without any cell.
        cells = [pl.when(cells[0] == "").then(pl.lit('""')).otherwise(cells[0])]
    line = pl.concat_str(pl.concat_str(cells, separator=layout.delimiter), pl.lit(layout.newline))
    for frame in frames(batches, layout):
        texts = rendered(frame, layout, use_labels=layout.use_labels)
        out.write(utf8(texts.select(line.alias("line"))["line"]))


def write_ndjson(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write one JSON object a line; numbers with their exact digits, names and codes always."""
    members = [json_member(each) for each in layout.fields]
    line = pl.concat_str(pl.lit("{"), pl.concat_str(members, separator=","), pl.lit("}\n"))
    for frame in frames(batches, layout):
        out.write(utf8(rendered(frame, layout).select(line.alias("line"))["line"]))


def _csv_cell(cell: pl.Expr, special: str) -> pl.Expr:
    quoted = pl.concat_str(pl.lit('"'), cell.str.replace_all('"', '""', literal=True), pl.lit('"'))
    return pl.when(cell.str.contains(special)).then(quoted).otherwise(cell).fill_null("")


def json_member(column: Field) -> pl.Expr:
    key, text = json.dumps(column.name) + ":", pl.col(column.name)
    if column.type in _BARE_IN_JSON:
        return pl.concat_str(pl.lit(key), text.fill_null("null"))
    return pl.concat_str(pl.lit(f'{key}"'), inside_quotes(text), pl.lit('"')).fill_null(
        f"{key}null"
    )
