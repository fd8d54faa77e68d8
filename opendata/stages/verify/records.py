"""Records: those of a release's file, typed as its contract says, some thousands at a time."""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from opendata.stages.publish.artefacts import BATCH_ROWS, RECORDS
from opendata.stages.verify import twins
from opendata.tabular.export import Layout
from opendata.tabular.export.schema import described_schema

_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


def batches(
    source: tuple[str, Path], layout: Layout, sizes: Sequence[int] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield the records of a file that has this name in its release.

    ``sizes`` are those of the batches, as far as they are known and no larger than usual.
    """
    name, path = source
    if name == RECORDS:
        with pq.ParquetFile(path) as read:
            yield from read.iter_batches(BATCH_ROWS)
        return
    rows = _of_csv(path) if name == twins.CSV else _of_ndjson(path)
    schema = described_schema(layout)
    for size in chain(sizes, repeat(BATCH_ROWS)):
        some = list(islice(rows, min(size, BATCH_ROWS)))
        if not some:
            return
        yield _typed(some, schema)


def sizes_of(records: Path) -> list[int]:
    """Return how many rows the groups of a Parquet file have, as it says itself.

    Raises:
        ArrowException, OSError: that cannot be read.
    """
    said = pq.read_metadata(records)
    return [said.row_group(at).num_rows for at in range(said.num_row_groups)]


def _of_csv(path: Path) -> Iterator[Mapping[str, str | None]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        names = next(rows, [])
        for row in rows:
            # No record has an empty text: an empty cell is null.
            yield {name: cell or None for name, cell in zip(names, row, strict=True)}


def _of_ndjson(path: Path) -> Iterator[Mapping[str, str | None]]:
    with path.open("rb") as file:
        for line in file:
            record = _RAW.decode(line)
            yield {name: twins.cell(bytes(raw)) or None for name, raw in record.items()}


def _typed(rows: Sequence[Mapping[str, str | None]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        pa.array([row[each.name] for row in rows], pa.string()).cast(each.type) for each in schema
    ]
    return pa.RecordBatch.from_arrays(columns, names=schema.names)
