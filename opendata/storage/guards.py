"""Triggers that keep facts as they were inserted, whoever writes to the database."""

from collections.abc import Iterable

from alembic import op

_MESSAGE = "is a fact: it is inserted once and never changed"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION opendata_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% {_MESSAGE}', TG_TABLE_NAME;
END $$
"""


def guard(tables: Iterable[str]) -> None:
    """Create, within a migration, the triggers that refuse update, delete and truncate.

    ``INSERT OR REPLACE`` on SQLite deletes first and is refused through the delete trigger,
    which fires because every connection sets ``recursive_triggers``. Alembic's batch mode drops
    triggers: a migration that rebuilds a table guards it again.
    """
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            _guard_sqlite(table)
        return
    op.execute(_FUNCTION)
    for table in tables:
        _guard_postgresql(table)


def _guard_sqlite(table: str) -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} {_MESSAGE}'); END"
        )


def _guard_postgresql(table: str) -> None:
    for name, events, level in (
        ("change", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f'CREATE TRIGGER {table}_refuse_{name} BEFORE {events} ON "{table}" '
            f"FOR EACH {level} EXECUTE FUNCTION opendata_refuse_change()"
        )
