"""Sides: the two files of records, and which record of one is which of the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.export import Layout

# So many records at a time.
ROWS = 65_536
# What a column has at most in memory at once, about, of the earlier side.
BLOCK_BYTES = 96 * 1024 * 1024
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

    def slices(self) -> Iterator[tuple[int, int]]:
        """Yield where each slice of the records begins and ends."""
        for begin in range(0, self.rows, ROWS):
            yield begin, min(begin + ROWS, self.rows)

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
        found = pc.index_in(_ids(new), value_set=_ids(old).combine_chunks())
        places = found.fill_null(-1).to_numpy()
        kept[places[places >= 0]] = True
    return Match(old, new, places, kept)


def _ids(side: Side) -> "pa.ChunkedArray[pa.StringScalar]":
    assert side.path is not None  # noqa: S101 - see ``Side.frame``.
    with pq.ParquetFile(side.path) as file:
        return file.read(["_id"], use_threads=False).column("_id")


def _field(column: "pa.Field[pa.DataType]") -> Field:
    kind = "number" if pa.types.is_decimal(column.type) else _KINDS[column.type]
    return Field(column.name, kind, Text("", ""), Text("", ""), "", {})
