"""ROAPI over the Parquet file, which it reads into memory: many times as fast as from the file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import post
from benchmarks.peers.installed import program
from benchmarks.peers.records import TABLE, Records, write_parquet
from benchmarks.programs import HOST, free_port, running, wait_for

FILE = "bench.parquet"
START_SECONDS = 120


def write(records: Records, folder: Path) -> None:
    """Write the Parquet file, where ROAPI is installed."""
    program("roapi")
    write_parquet(records, folder / FILE)


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve what was written until the block ends, on the port that is returned."""
    command, port, path = program("roapi"), free_port(), folder / FILE
    table = {
        "name": TABLE,
        "uri": str(path),
        "option": {"format": "parquet", "use_memory_table": True},
    }
    # It would take fixed ports for the other protocols.
    ports = {"http": port, "postgres": free_port(), "flight_sql": free_port()}
    addresses = {name: f"{HOST}:{each}" for name, each in ports.items()}
    configuration = folder / "roapi.yml"
    # What is JSON is YAML as well.
    configuration.write_text(json.dumps({"addr": addresses, "tables": [table]}), "utf-8")
    with running([command, "--config", str(configuration)], folder / "roapi.log") as found:
        wait_for(found, port, "/api/schema", START_SECONDS)
        yield port


def sql(statement: str, accept: str = "application/json") -> bytes:
    """Ask in SQL."""
    return post("/api/sql", statement, accept)


def quoted(text: str) -> str:
    """Write a text as SQL does."""
    return "'" + text.replace("'", "''") + "'"
