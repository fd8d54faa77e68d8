"""What every table shares: instants in UTC, names of constraints, and facts that stay."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Mapper


class Instant(TypeDecorator[datetime]):
    """An aware datetime; SQLite forgets the zone, so it is put back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC, aware."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the platform's own."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class FactChanged(RuntimeError):
    """Code tried to change or delete a fact; only new facts may be added."""


class Fact(Base):
    """A row inserted once: the ORM refuses its update and deletion, triggers the rest."""

    __abstract__ = True


def _refuse(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
    message = f"{type(target).__name__} is a fact: it is inserted once and never changed."
    raise FactChanged(message)


event.listen(Fact, "before_update", _refuse, propagate=True)
event.listen(Fact, "before_delete", _refuse, propagate=True)
