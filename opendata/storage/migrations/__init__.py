"""Alembic's migrations, run by ``opendata init`` and at every start of a server."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from opendata.storage.db import Database


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; does nothing where it is there already."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
