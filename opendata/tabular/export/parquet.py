"""Parquet: the records as they are typed, for programs."""

from collections.abc import Iterable
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from opendata.tabular.export.layout import Layout
from opendata.tabular.export.schema import described_schema


def write_parquet(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write records as Parquet (zstd) in the contract's own types, a row group a batch."""
    schema = described_schema(layout)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in batches:
            table = pa.Table.from_batches([batch]).select(list(layout.columns))
            writer.write_table(table.cast(schema))
