"""Columns as text: what ``cell_text`` says of each value, said of whole columns at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.tabular.export.layout import Layout, cell_text
from opendata.tabular.plain import without_idle_zeros

# So many rows at a time: their text stays in the processor's cache, and needs little memory.
_ROWS = 4096


def frames(batches: Iterable[pa.RecordBatch], layout: Layout) -> Iterator[pl.DataFrame]:
    """Yield the layout's columns of all records, typed, some rows at a time."""
    for batch in batches:
        table = pa.Table.from_batches([batch]).select(list(layout.columns))
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is never a single column.
        yield from frame.iter_slices(_ROWS)


def rendered(frame: pl.DataFrame, layout: Layout, *, use_labels: bool = False) -> pl.DataFrame:
    """Return the columns of ``frame`` as text, a null where there is no value."""
    return frame.select(_text(frame[field.name], field, use_labels) for field in layout.fields)


def utf8(lines: pl.Series) -> memoryview:
    """Return texts as bytes, one directly behind the other; none of them may be null."""
    texts: Any = lines.to_arrow(compat_level=pl.CompatLevel.oldest())
    if not len(texts):
        return memoryview(b"")
    _, offsets, content = texts.buffers()
    ends = memoryview(offsets).cast("q")
    return memoryview(content)[ends[texts.offset] : ends[texts.offset + len(texts)]]


def _text(values: pl.Series, field: Field, use_labels: bool) -> pl.Series:
    if field.type == "string" and not (use_labels and field.categories):
        return values
    write = _WRITTEN.get((field.type, values.dtype.base_type()))
    if write is None:
        return _distinct(values, cell_text(field, use_labels))
    return write(values)


def _distinct(values: pl.Series, write: Callable[[Any], str]) -> pl.Series:
    """Let ``write`` say every value that occurs, once."""
    occurring = values.drop_nulls().unique()
    said = pl.Series([write(each) for each in occurring], dtype=pl.String)
    return values.replace_strict(occurring, said, default=None, return_dtype=pl.String)


def _plain(values: pl.Series) -> pl.Series:
    return values.cast(pl.String)


def _decimals(values: pl.Series) -> pl.Series:
    """Write all digits, then drop the idle zeros; see ``decimal_text``."""
    return without_idle_zeros(values.cast(pl.String))


# Of these Polars writes what Python does; every other value is rendered by ``cell_text`` itself.
_WRITTEN: Mapping[tuple[str, Any], Callable[[pl.Series], pl.Series]] = {
    ("integer", pl.Int64): _plain,
    ("integer", pl.Int32): _plain,
    ("year", pl.Int32): _plain,
    ("date", pl.Date): _plain,
    ("number", pl.Decimal): _decimals,
}
