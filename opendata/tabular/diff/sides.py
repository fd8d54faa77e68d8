"""Sides: the two files of records, and which record of one is which of the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.export import Layout

# So many records at a time: a release's files have groups of 20,000, which are read whole.
ROWS = 60_000
# Lines take more memory than what they are made of, and are written in so many parts of it.
PARTS = 3
# What a column has at most in memory at once, about, of the earlier side.
BLOCK_BYTES = 128 * 1024 * 1024
# What Polars keeps of a text besides the text.
_VIEW_BYTES = 16
_KINDS = {
    pa.string(): "string",
    pa.int64(): "integer",
    pa.int32(): "year",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us", tz="UTC"): "datetime",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files, or none at all; ``layout`` has the columns that are compared."""

    path: Path | None
    rows: int
    layout: Layout

    @classmethod
    def of(cls, path: Path | None, contract: Contract) -> "Side":
        """Look at what is in a file; its own types decide how its values are written."""
        if path is None:
            return cls(None, 0, Layout(contract, ()))
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
        held = [each.name for each in contract.fields if each.name in schema.names]
        fields = tuple(_field(schema.field(name)) for name in held)
        return cls(path, rows, Layout(contract, tuple(held), computed=fields))

    @property
    def names(self) -> tuple[str, ...]:
        """The contract's columns that it has, in the contract's order."""
        return self.layout.columns

    def frame(self, columns: Sequence[str], begin: int, end: int) -> pl.DataFrame:
        """Return some columns of the records from ``begin`` up to ``end``, counted from 0."""
        assert self.path is not None  # noqa: S101 - of nothing, nothing is asked.
        scan = pl.scan_parquet(self.path, glob=False).slice(begin, end - begin)
        return scan.select(columns).collect()

    def held(self, columns: Sequence[str], begin: int, end: int) -> pl.DataFrame:
        """Return the same as ``frame`` for many records: each column in one piece, to pick from.

        One after the other is read, since while it is put together it takes its memory twice.
        """
        whole = (self.frame((name,), begin, end).to_series().rechunk() for name in columns)
        return pl.DataFrame(list(whole))

    def slices(self) -> Iterator[tuple[int, int]]:
        """Yield where each slice of the records begins and ends."""
        return _slices(self.rows, ROWS)

    def parts(self) -> Iterator[tuple[int, int]]:
        """Yield where each part of a slice begins and ends; none is in two slices."""
        return _slices(self.rows, ROWS // PARTS)

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each column takes in memory, about."""
        assert self.path is not None  # noqa: S101 - see ``frame``.
        found = dict.fromkeys(self.names, self.rows * _VIEW_BYTES)
        with pq.ParquetFile(self.path) as file:
            for group in range(file.metadata.num_row_groups):
                columns = file.metadata.row_group(group)
                for at in range(columns.num_columns):
                    column = columns.column(at)
                    if column.path_in_schema in found:
                        found[column.path_in_schema] += column.total_uncompressed_size
        return found


@dataclass(frozen=True, slots=True)
class Match:
    """Which records are the same: of each later one, where it is in the earlier file, or -1."""

    old: Side
    new: Side
    places: npt.NDArray[np.int32]
    kept: npt.NDArray[np.bool_]

    @property
    def added(self) -> int:
        """How many records only the later file has."""
        return int((self.places < 0).sum())

    @property
    def removed(self) -> int:
        """How many records only the earlier file has."""
        return self.old.rows - int(self.kept.sum())

    @property
    def shared(self) -> tuple[str, ...]:
        """The columns that both files have."""
        return tuple(each for each in self.new.names if each in self.old.names)


def matched(old: Side, new: Side) -> Match:
    """Find every later record in the earlier file."""
    places = np.full(new.rows, -1, np.int32)
    kept = np.zeros(old.rows, np.bool_)
    if old.rows and new.rows:
        earlier, later = _ids(old, "place"), _ids(new, "row")
        found = later.join(earlier, on="_id").select("row", "place").collect()
        places[found["row"].to_numpy()] = found["place"].to_numpy()
        kept[found["place"].to_numpy()] = True
    return Match(old, new, places, kept)


def _ids(side: Side, numbered: str) -> pl.LazyFrame:
    return side.frame(("_id",), 0, side.rows).with_row_index(numbered).lazy()


def _slices(rows: int, step: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, rows, step):
        yield begin, min(begin + step, rows)


def _field(column: "pa.Field[pa.DataType]") -> Field:
    kind = "number" if pa.types.is_decimal(column.type) else _KINDS[column.type]
    return Field(column.name, kind, Text("", ""), Text("", ""), "", {})
