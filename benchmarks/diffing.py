"""What it costs to say what changed between two large releases.

Two files of records as releases have them, of administrative penalties, are compared in a process
of its own; its time and the most memory it had are told::

    python -m benchmarks.diffing 1000000

``--shuffled`` puts the later release into another order, ``--changed`` says in which share of the
records two cells are others; as many records are removed, and added, as are changed in ten. With
``--replaced`` no record is in both: all are removed, and all are added. The worst of what happens
between two releases::

    python -m benchmarks.diffing 1000000 --changed 0.5 --shuffled
"""

import argparse
import multiprocessing
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.penalties import write
from opendata.domain.contracts import Contract
from opendata.domain.diffs import Summary
from opendata.tabular.contract import load_all, packaged_schemas
from opendata.tabular.diff import compare
from opendata.tabular.readers import open_table
from opendata.tabular.records import record_schema
from opendata.tabular.typed import Secrets, typed_batches

COLLECTION = "administrative-penalties"
ROW_GROUP = 20_000
MIB = 1024 * 1024
_NO_SECRETS = Secrets(b"benchmark" * 4, b"benchmark" * 4)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one comparison took: seconds by the clock and of the processor, and MiB of memory."""

    summary: Summary
    wall: float
    cpu: float
    peak: float
    lines_bytes: int


@dataclass(frozen=True, slots=True)
class Change:
    """How the later release is another one."""

    changed: float
    shuffled: bool
    replaced: bool


def make(folder: Path, rows: int, change: Change) -> tuple[Path, Path]:
    """Write two releases and return where they are."""
    contract, text = _contract(), folder / "text.csv"
    write(text, rows)
    table = _typed(contract, text, folder)
    text.unlink()
    before = _written(folder / "before.parquet", contract, table)
    after = _written(folder / "after.parquet", contract, _later(table, change))
    return before, after


def taken(before: Path, after: Path, into: Path) -> Taken:
    """Compare two releases in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers, told = context.Pipe(duplex=False)
    child = context.Process(target=_compare, args=((before, after, into), told))
    child.start()
    told.close()
    found: Taken = answers.recv()
    child.join()
    return found


def _compare(paths: tuple[Path, Path, Path], told: Connection) -> None:
    contract = _contract()
    before, after, into = paths
    begun, used = time.perf_counter(), time.process_time()
    summary = compare(before, after, contract, into)
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    peak = _peak_mib()
    told.send(Taken(summary, wall, cpu, peak, into.stat().st_size))


def _peak_mib() -> float:
    """Return the most memory this program has had; ``ru_maxrss`` counts its parent's as well."""
    status = Path("/proc/self/status").read_text()
    told = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(told.split()[1]) / 1024


def _contract() -> Contract:
    return load_all(packaged_schemas())[COLLECTION].published


def _typed(contract: Contract, path: Path, folder: Path) -> pa.Table:
    whole = load_all(packaged_schemas())[COLLECTION]
    table = open_table(path, whole, folder / "table.csv")
    return pa.Table.from_batches(list(typed_batches(table, whole, _NO_SECRETS)))


def _later(table: pa.Table, change: Change) -> pa.Table:
    """Return a later release: cells changed here and there, some records new, others gone."""
    step, rows = max(1, round(1 / change.changed)), table.num_rows
    gone = rows if change.replaced else rows // step // 10
    frame = pl.DataFrame(pl.from_arrow(table))
    is_hit = pl.int_range(pl.len()) % step == 0
    other = (
        pl.when(is_hit).then(pl.col("fine_amount") + 1).otherwise(pl.col("fine_amount")),
        pl.when(is_hit).then(pl.lit("更正")).otherwise(pl.col("remark")),
    )
    frame = frame.with_columns(
        each.alias(name) for each, name in zip(other, ("fine_amount", "remark"), strict=True)
    )
    fresh = frame.tail(gone).with_columns(pl.col("_id").str.reverse())
    frame = pl.concat([frame.slice(gone), fresh])
    if change.shuffled:
        frame = frame.sample(fraction=1.0, shuffle=True, seed=1)
    return frame.with_columns(_row=pl.int_range(1, pl.len() + 1)).to_arrow()


def _written(path: Path, contract: Contract, table: pa.Table) -> Path:
    schema, rows = record_schema(contract), table.num_rows
    own: dict[str, pa.Array[Any]] = {
        "_dataset": pa.array(["d"] * rows),
        "_release": pa.array([1] * rows, pa.int64()),
    }
    columns = [own[name] if name in own else table.column(name) for name in schema.names]
    whole = pa.table(dict(zip(schema.names, columns, strict=True))).cast(schema)
    pq.write_table(whole, path, compression="zstd", row_group_size=ROW_GROUP)
    return path


def main() -> None:
    """Measure at the sizes given and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diffing")
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--changed", type=float, default=0.01, help="share of records  [0.01]")
    parser.add_argument("--shuffled", action="store_true", help="in another order")
    parser.add_argument("--replaced", action="store_true", help="none is the same")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work; emptied afterwards")
    asked = parser.parse_args()
    change = Change(asked.changed, asked.shuffled, asked.replaced)
    for rows in asked.sizes:
        with tempfile.TemporaryDirectory(dir=asked.folder) as name:
            folder = Path(name)
            pair = make(folder, rows, change)
            for _ in range(asked.rounds):
                found = taken(*pair, folder / "changes.ndjson")
                _print(rows, found)


def _print(rows: int, found: Taken) -> None:
    said = found.summary
    print(
        f"{rows:>10,} rows: {found.wall:.2f} s, {found.cpu:.2f} s CPU, {found.peak:,.0f} MiB; "
        f"{said.added:,} added, {said.removed:,} removed, {said.changed:,} changed, "
        f"{found.lines_bytes / MIB:,.0f} MiB of changes",
        flush=True,
    )


if __name__ == "__main__":
    main()
