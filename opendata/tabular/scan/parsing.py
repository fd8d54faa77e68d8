"""The two ways to read the bytes of a block: Polars for all of them, ``csv`` for a few."""

import codecs
import csv
import io
from functools import cache
from pathlib import Path

import polars as pl

from opendata.tabular.physical_lines import PhysicalLines, records
from opendata.tabular.scan.model import Layout
from opendata.tabular.tally import Tally


def frame_of(data: bytes, layout: Layout) -> pl.DataFrame:
    """Read sound bytes into columns of text named by their position, from ``0`` on.

    Raises:
        pl.exceptions.PolarsError: they are not sound, or no UTF-8.
    """
    if data.startswith(codecs.BOM_UTF8):
        # Polars takes one off, but within a file it is a character.
        data = codecs.BOM_UTF8 + data
    return pl.read_csv(
        data,
        has_header=False,
        schema=_columns(layout.width),
        separator=layout.delimiter,
        infer_schema=False,
        empty_string_is_null=False,
        extra_columns="raise",
    )


def size_of_cells(frame: pl.DataFrame) -> int:
    """Return how many bytes the cells of a frame hold together."""
    return sum(frame.select(pl.all().str.len_bytes().sum()).row(0))


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, in a fraction of the time that decoding takes."""
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def records_of(data: bytes, layout: Layout) -> list[list[str]]:
    """Read the bytes of any block, sound or not, as Frictionless reads them."""
    return list(
        csv.reader(io.StringIO(data.decode(), newline=""), delimiter=layout.delimiter, strict=False)
    )


def read_slowly(
    path: Path, offset: int, at_least: int, layout: Layout, tally: Tally
) -> tuple[list[list[str]], int]:
    """Read records one by one from ``offset``, where one begins.

    Stops at the first end of a record ``at_least`` bytes on, or at the end of the file.

    Returns:
        The records, and how many bytes they take.

    Raises:
        Unreadable: here is what no table holds, if the layout is strict, or no UTF-8.
    """
    with path.open("rb") as file:
        file.seek(offset)
        # No byte-order mark is taken off: within a file it is a character.
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        lines = PhysicalLines(path, text, tally, lenient=not layout.strict)
        found = []
        for cells in records(lines, layout.delimiter, strict=layout.strict):
            found.append(cells)
            if lines.bytes >= at_least:
                break
        return found, lines.bytes


@cache
def _columns(width: int) -> dict[str, type[pl.DataType]]:
    return {str(position): pl.String for position in range(width)}
