"""Facts are inserted once: whoever writes to the migrated database, however they try."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table, Uuid, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from opendata.storage import migrations
from opendata.storage.base import Base, Fact, FactChanged, Instant
from opendata.storage.tables import fact_tables
from tests.platforms import on_sqlite

FACTS = fact_tables()
NOT_OURS = re.compile(r"alembic_version|iceberg_.*")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def value_for(column: Column[Any]) -> Any:
    """Return some value of a column's type; the same for every key, so that references meet."""
    kind = column.type
    if isinstance(kind, Uuid):
        return UUID(int=1)
    if isinstance(kind, Instant):
        return AT
    if isinstance(kind, Date):
        return AT.date()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, JSON):
        return {}
    return 1 if isinstance(kind, Integer) else "x"


def insert_row(session: Session, name: str) -> Table:
    """Insert one row into a table, and first whatever it refers to."""
    table = Base.metadata.tables[name]
    for key in table.foreign_keys:
        referred = key.column.table
        if referred is not table and session.execute(select(referred)).first() is None:
            insert_row(session, referred.name)
    session.execute(table.insert().values({each: value_for(each) for each in table.columns}))
    return table


def refused(platform, statement: str) -> str:
    """Run a statement in a transaction of its own and return how the database refuses it."""
    with (
        pytest.raises(DatabaseError) as refusal,
        platform.home.database.begin() as session,
    ):
        session.execute(text(statement))
    return str(refusal.value)


def ways_to_change(table: Table, *, sqlite: bool) -> list[str]:
    """Return a statement for every way SQL has of changing or removing rows."""
    name, first = table.name, table.columns.keys()[0]
    keys = ", ".join(f'"{each.name}"' for each in table.primary_key)
    again = f'SELECT * FROM "{name}" WHERE true'
    ways = [
        f'UPDATE "{name}" SET "{first}" = "{first}"',
        f'DELETE FROM "{name}"',
        f'INSERT INTO "{name}" {again} ON CONFLICT ({keys}) '
        f'DO UPDATE SET "{first}" = excluded."{first}"',
    ]
    if not sqlite:
        return [*ways, f'TRUNCATE "{name}" CASCADE']
    return [
        *ways,
        f'INSERT OR REPLACE INTO "{name}" {again}',
        f'REPLACE INTO "{name}" {again}',
        f'UPDATE OR REPLACE "{name}" SET "{first}" = "{first}"',
    ]


def test_the_database_refuses_every_way_to_change_a_fact(platform):
    database = platform.home.database
    for name in FACTS:
        with database.begin() as session:
            if session.execute(select(Base.metadata.tables[name])).first() is None:
                insert_row(session, name)
            before = session.execute(select(Base.metadata.tables[name])).all()
        for way in ways_to_change(Base.metadata.tables[name], sqlite=database.is_sqlite):
            assert "is a fact" in refused(platform, way), way
        with database.read() as session:
            assert session.execute(select(Base.metadata.tables[name])).all() == before


@on_sqlite
def test_the_orm_refuses_to_change_a_fact(platform):
    for kind in concrete(Fact):
        with platform.home.database.begin() as session:
            if session.scalars(select(kind)).first() is None:
                insert_row(session, kind.__tablename__)
        for change in (touch, delete):
            with platform.home.database.read() as session:
                change(session, session.scalars(select(kind).limit(1)).one())
                with pytest.raises(FactChanged):
                    session.flush()


@on_sqlite
def test_pointers_leases_idempotency_keys_and_uploads_may_change(platform):
    changing = set(Base.metadata.tables) - set(FACTS)

    counts = {"attempt_count", "key_use", "write_count"}
    assert changing == {"pointer", "lease", "idempotency", "upload", *counts}
    for name in changing:
        with platform.home.database.begin() as session:
            table = insert_row(session, name)
            last = list(table.columns)[-1]
            session.execute(table.update().values({last: value_for(last)}))
            session.execute(table.delete())


def concrete(base: type[Fact]) -> list[type[Fact]]:
    return [each for sub in base.__subclasses__() for each in (sub, *concrete(sub))]


def touch(_session: Session, row: Fact) -> None:
    last = list(inspect(type(row)).column_attrs)[-1].key
    setattr(row, last, other_than(getattr(row, last)))


def delete(session: Session, row: Fact) -> None:
    session.delete(row)


def other_than(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value.replace(year=2030)
    if isinstance(value, dict):
        return {"other": 1}
    if isinstance(value, UUID):
        return UUID(int=2)
    return value * 2


def test_every_fact_table_of_the_migrated_database_has_its_triggers(platform):
    if platform.home.database.is_sqlite:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        kinds = ("update", "delete")
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        kinds = ("change", "truncate")
    with platform.home.database.read() as session:
        triggers = set(session.scalars(text(query)))

    assert triggers == {f"{table}_refuse_{kind}" for table in FACTS for kind in kinds}


def test_there_is_one_newest_revision():
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_migrated_database_is_what_the_mapped_classes_say(platform):
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or NOT_OURS.fullmatch(name or "") is None

    with platform.home.database.engine.connect() as connection:
        options = {"compare_type": True, "include_name": ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(platform):
    def schema() -> str:
        found = inspect(platform.home.database.engine)
        return json.dumps(
            {name: found.get_columns(name) for name in sorted(found.get_table_names())},
            default=repr,
        )

    before = schema()
    migrations.upgrade(platform.home.database)

    assert schema() == before


def test_references_between_facts_are_enforced(platform):
    """SQLite ignores foreign keys unless every connection asks for them."""
    orphan = Base.metadata.tables["key_revocation"].insert()
    with platform.home.database.begin() as session, pytest.raises(IntegrityError):
        session.execute(orphan.values(key_id=UUID(int=9), revoked_at=AT))
