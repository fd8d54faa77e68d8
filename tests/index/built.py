"""Segments of tables made by hand: release files in a vault, as publication builds them."""

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.storage.index.building import PartSource, write_segment
from opendata.storage.index.segment import Segment
from opendata.storage.vault import Vault
from opendata.tabular.export import WRITERS, Layout
from tests.queries import made

Record = dict[str, Any]
Part = tuple[str, int]
KINDS = ("parquet", "ndjson", "csv")
SERIAL = count(1)


def record(at: int, part: Part = ("one", 1), **values: Any) -> Record:
    """Return a record of ``made.PLAIN`` that is empty but for ``values``."""
    dataset, number = part
    own = {"_id": f"{dataset}-{at:03}", "_dataset": dataset, "_release": number, "_row": at + 1}
    return {**own, **dict.fromkeys(each.name for each in made.FIELDS), **values}


def keep(vault: Vault, part: Part, rows: Sequence[Record], contract: Contract = made.PLAIN) -> Any:
    """Keep a release's data files; return what names them."""
    table = made.table_of(rows, contract)
    digests = [vault.put(written(kind, table, contract)).sha256 for kind in KINDS]
    return PartSource(part, *digests)


def written(kind: str, table: pa.Table, contract: Contract = made.PLAIN) -> bytes:
    """Write records as a file of some kind."""
    out = io.BytesIO()
    WRITERS[kind](table.to_batches(), Layout(contract, tuple(table.schema.names)), out)
    return out.getvalue()


def segment_of(
    folder: Path, releases: Mapping[Part, Sequence[Record]], contract: Contract = made.PLAIN
) -> Segment:
    """Build a segment of some releases and open it."""
    vault = Vault(folder / "vault")
    parts = [keep(vault, part, rows, contract) for part, rows in releases.items()]
    target = folder / "segments" / f"{next(SERIAL)}"
    write_segment(target, contract, parts, vault)
    return Segment(target, contract, vault)


def records_of(segment: Segment, contract: Contract = made.PLAIN) -> list[Record]:
    """Read every record of a segment back, value by value."""
    names = made.table_of([], contract).schema.names
    columns = {name: segment.column(name) for name in names}
    return [
        {name: column.value(place) for name, column in columns.items()}
        for place in range(segment.rows)
    ]


def line_by_line(table: pa.Table, kind: str) -> list[bytes]:
    """Return the lines that the records of a table have, each written into a file of its own."""
    header = len(written(kind, table.slice(0, 0)))
    files = [written(kind, table.slice(at, 1)) for at in range(table.num_rows)]
    return [each[header:].removesuffix(b"\n") for each in files]


def in_order(rows: Iterable[Record]) -> list[Record]:
    """Return records of ``made.PLAIN`` as a segment orders them."""
    return sorted(
        rows,
        key=lambda row: (
            (row["year"] is None, -(row["year"] or 0)),
            (row["name"] is None, (row["name"] or "").encode()),
            row["_id"],
            (row["_dataset"], row["_release"]),
        ),
    )
