"""The database: engines set up so that a committed fact is durable and stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session

from opendata.storage.watching import Watch

BUSY_TIMEOUT_MS = 30_000
PROMPT_MS = 50


class Database:
    """One process's way to the facts: ``begin`` to write, ``read`` to look."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; no connection is made yet."""
        self.url = make_url(url)
        self.engine = (
            _sqlite(url)
            if self.is_sqlite
            else create_engine(url, pool_pre_ping=True, hide_parameters=True)
        )
        self.watch = Watch(self.engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether the facts are in the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open the one transaction in which a fact and its audit line are recorded."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    @contextmanager
    def begin_promptly(self) -> Iterator[Session]:
        """Open a transaction for what may be left out: it fails where it would have to wait."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            connection = session.connection()
            if self.is_sqlite:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={PROMPT_MS}")
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            else:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PROMPT_MS}")
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one consistent state and records nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN")
            else:
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                session.connection(execution_options=options)
            # Closing the session rolls back and, unlike a rollback of ours, leaves what was read
            # readable.
            yield session


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _leave_begin_to_us)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN would come late and deferred; ``begin`` and ``read`` say which.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        # Without it INSERT OR REPLACE deletes a fact without firing its trigger.
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _leave_begin_to_us(_connection: Connection) -> None:
    """Keep SQLAlchemy from emitting a BEGIN of its own; see ``_prepare_sqlite``."""
