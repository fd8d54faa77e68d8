"""Files made of typed records: the same records give the same bytes."""

from collections.abc import Callable, Iterable, Mapping
from typing import IO

import pyarrow as pa

from opendata.tabular.export.arrow import write_arrow
from opendata.tabular.export.layout import Layout
from opendata.tabular.export.parquet import write_parquet
from opendata.tabular.export.sheet_rows import MAX_ROWS, TooBigForWorkbook
from opendata.tabular.export.text import write_csv, write_ndjson
from opendata.tabular.export.xlsx import write_xlsx

__all__ = [
    "MAX_ROWS",
    "WRITERS",
    "Layout",
    "TooBigForWorkbook",
    "Writer",
    "write_arrow",
    "write_csv",
    "write_ndjson",
    "write_parquet",
    "write_xlsx",
]

Writer = Callable[[Iterable[pa.RecordBatch], Layout, IO[bytes]], None]

WRITERS: Mapping[str, Writer] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
    "arrow": write_arrow,
}
