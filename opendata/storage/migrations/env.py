"""Alembic's entry: runs the revisions on the engine that ``upgrade`` passes."""

from alembic import context
from sqlalchemy import text

from opendata.storage.base import Base

# Any constant will do; processes that start at the same moment take turns under it.
_MIGRATION_LOCK = 0x6D696772

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    context.configure(connection=connection, target_metadata=Base.metadata)
    context.run_migrations()
    connection.commit()
