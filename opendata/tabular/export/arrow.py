"""Arrow's stream format: the records as they are typed, for programs, in memory at once."""

from collections.abc import Iterable
from typing import IO

import pyarrow as pa

from opendata.tabular.export.layout import Layout
from opendata.tabular.export.schema import described_schema


def write_arrow(batches: Iterable[pa.RecordBatch], layout: Layout, out: IO[bytes]) -> None:
    """Write records as an Arrow IPC stream in the contract's own types.

    Nothing is packed, since not every reader of Arrow can unpack: the stream is to be mapped or
    read as it is, and HTTP has codings of its own.
    """
    schema = described_schema(layout)
    with pa.ipc.new_stream(out, schema) as writer:  # type: ignore[arg-type]  # any open file is taken.
        for batch in batches:
            table = pa.Table.from_batches([batch]).select(list(layout.columns))
            writer.write_table(table.cast(schema))
