"""Datasette over an indexed, analysed, immutable SQLite database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import get
from benchmarks.peers.installed import program
from benchmarks.peers.records import PLACE, TABLE, Records, write_sqlite
from benchmarks.programs import free_port, running, wait_for

DATABASE = "bench"
START_SECONDS = 60
# Its limits would refuse a LIKE over everything, and pages of an export as large as may be.
SETTINGS = {"sql_time_limit_ms": "300000", "max_returned_rows": "100000"}
# Neither counts, which ours does not either unless asked, nor suggestions.
_PLAIN = {"_shape": "array", "_nocount": "1", "_nofacet": "1", "_nosuggest": "1", "_nocol": PLACE}


def write(records: Records, folder: Path) -> None:
    """Write the database, where Datasette is installed."""
    program("datasette")
    write_sqlite(records, folder / f"{DATABASE}.db")


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve what was written until the block ends, on the port that is returned."""
    command, port, path = program("datasette"), free_port(), folder / f"{DATABASE}.db"
    settings = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    with running(
        [command, "serve", "--immutable", str(path), "--port", str(port), *settings],
        folder / "datasette.log",
    ) as found:
        wait_for(found, port, "/-/versions.json", START_SECONDS)
        yield port


def row(record_id: str) -> bytes:
    """Ask for a record's own page."""
    return get(f"/{DATABASE}/{TABLE}/{record_id}.json?_shape=array")


def table(parameters: dict[str, str]) -> bytes:
    """Ask the table's JSON API."""
    return get(f"/{DATABASE}/{TABLE}.json?{urlencode({**_PLAIN, **parameters})}")


def sql(statement: str, **parameters: str) -> bytes:
    """Ask in SQL what the table's API has no words for."""
    asked = {"_shape": "array", "sql": statement, **parameters}
    return get(f"/{DATABASE}.json?{urlencode(asked)}")


def stream(parameters: dict[str, str]) -> bytes:
    """Ask for all rows as CSV."""
    asked = {"_stream": "on", "_size": "max", "_nocol": PLACE, **parameters}
    return get(f"/{DATABASE}/{TABLE}.csv?{urlencode(asked)}")
