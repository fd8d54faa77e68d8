"""How a test's own platform is set up, copied and closed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from opendata.runtime import Runtime
from opendata.settings import MIB, Settings
from opendata.storage.home import MOST_BYTES_OF_ANSWERS
from opendata.storage.remembering import Remembered

# Ten in the morning in China.
BEGINNING = datetime(2026, 3, 2, 2, tzinfo=UTC)
# For a module or a test to which the database makes no difference; the long run shows that it
# makes none, by taking the other one.
on_sqlite = pytest.mark.parametrize(
    "platform", [os.environ.get("OPENDATA_TEST_DATABASE", "sqlite")], indirect=True
)


def settings_of(home: Path, database_url: str | None = None) -> Settings:
    """Return settings for a home, on SQLite unless a URL is given."""
    url = database_url or f"sqlite:///{home / 'opendata.db'}"
    limits = ("read", "key_read", "write", "key_attempt", "correction", "request")
    unlimited = {f"{each}_limit": 0 for each in limits}
    return Settings(home=home, database_url=url, max_upload_bytes=64 * MIB, **unlimited)


def runtime_of(client: FlaskClient) -> Runtime:
    """Return the platform that a client talks to."""
    held: Runtime = client.application.extensions["opendata"]
    return held


@contextmanager
def remembering_nothing(client: FlaskClient) -> Iterator[Runtime]:
    """Let a client talk to a process of its platform that has answered nothing so far."""
    platform = runtime_of(client)
    home = replace(platform.home, answers=Remembered(MOST_BYTES_OF_ANSWERS))
    fresh = replace(platform, home=home)
    client.application.extensions["opendata"] = fresh
    yield fresh
    client.application.extensions["opendata"] = platform


def close(runtime: Runtime) -> None:
    """Give the platform's database connections back."""
    runtime.home.database.engine.dispose()
    catalogue = runtime.home.lake._catalog
    if catalogue is not None:
        catalogue.engine.dispose()
