"""How a test's own platform is set up, copied and closed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from opendata.runtime import Runtime
from opendata.settings import MIB, Settings

# Ten in the morning in China.
BEGINNING = datetime(2026, 3, 2, 2, tzinfo=UTC)
# For a module or a test to which the database makes no difference.
on_sqlite = pytest.mark.parametrize("platform", ["sqlite"], indirect=True)


def settings_of(home: Path, database_url: str | None = None) -> Settings:
    """Return settings for a home, on SQLite unless a URL is given."""
    url = database_url or f"sqlite:///{home / 'opendata.db'}"
    unlimited = {"read_limit": 0, "key_read_limit": 0, "write_limit": 0}
    return Settings(home=home, database_url=url, max_upload_bytes=64 * MIB, **unlimited)


def runtime_of(client: FlaskClient) -> Runtime:
    """Return the platform that a client talks to."""
    held: Runtime = client.application.extensions["opendata"]
    return held


def close(runtime: Runtime) -> None:
    """Give the platform's database connections back."""
    runtime.home.database.engine.dispose()
    catalogue = runtime.home.lake._catalog
    if catalogue is not None:
        catalogue.engine.dispose()
