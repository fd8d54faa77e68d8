"""A question to a collection as a value: every name in it is in the published contract."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.values import Value, decimal_text

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000


class Op(StrEnum):
    """How a filter compares; Datasette's operators and ``between``."""

    EXACT = "exact"
    NOT = "not"
    CONTAINS = "contains"
    NOTCONTAINS = "notcontains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    IN = "in"
    NOTIN = "notin"
    ISNULL = "isnull"
    NOTNULL = "notnull"


NULLS = (Op.ISNULL, Op.NOTNULL)
LISTS = (Op.IN, Op.NOTIN)
TEXT_OPS = (Op.CONTAINS, Op.NOTCONTAINS, Op.STARTSWITH, Op.ENDSWITH)
ORDER_OPS = (Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN)


def operators(field: Field) -> tuple[Op, ...]:
    """Return the operators that fit the field's type."""
    if field.type == "boolean":
        return (Op.EXACT, Op.NOT, *NULLS)
    own = TEXT_OPS if field.type == "string" else ORDER_OPS
    return (Op.EXACT, Op.NOT, *own, *LISTS, *NULLS)


def _system(name: str, kind: str, title: Text, description: Text) -> Field:
    return Field(name, kind, title, description, "", {"required": True})


SYSTEM_FIELDS = (
    _system("_id", "string", Text("记录标识", "Record id"),
            Text("由主键计算，在各版本中不变。", "Computed from the primary key; never changes.")),
    _system("_dataset", "string", Text("数据集", "Dataset"),
            Text("记录所属的数据集。", "The dataset the record belongs to.")),
    _system("_release", "integer", Text("发布版本", "Release"),
            Text("记录所在的发布版本号。", "The number of the release the record is in.")),
    _system("_row", "integer", Text("记录序号", "Row"),
            Text("记录在该版本中的序号，从 1 起。", "The record's row in that release, from 1.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; ``values`` is empty for ``isnull`` and ``notnull``, two for ``between``."""

    field: Field
    op: Op
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of one collection; every name in it is in the published contract.

    ``sort`` always ends in ``_id``, so that it is total. ``fields`` are in the order asked for.
    """

    collection: str
    filters: tuple[Filter, ...]
    fields: tuple[str, ...]
    sort: tuple[Sort, ...]
    limit: int
    cursor: str | None
    count: bool
    as_of: str | None
    search: str | None
    searchable: tuple[str, ...]

    @property
    def canonical(self) -> str:
        """The query without its place in the paging, as one canonical JSON text."""
        filters = sorted(
            [each.field.name, each.op.value, [value_text(value) for value in each.values]]
            for each in self.filters
        )
        sort = [[each.name, each.descending] for each in self.sort]
        return json.dumps(
            [self.collection, filters, self.fields, sort, self.search], ensure_ascii=False
        )


def value_text(value: Value) -> str:
    """Write a value as a query would spell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def moment_text(moment: datetime) -> str:
    """Write an instant as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole(
    contract: Contract,
    fields: tuple[str, ...] | None = None,
    filters: tuple[Filter, ...] = (),
    limit: int = MAX_LIMIT,
) -> Query:
    """Return the query for everything a (published) contract has, in its default order."""
    names = tuple(each.name for each in (*SYSTEM_FIELDS, *contract.fields))
    return Query(
        collection=contract.collection,
        filters=filters,
        fields=names if fields is None else fields,
        sort=total(sort_keys(contract.default_sort)),
        limit=limit,
        cursor=None,
        count=False,
        as_of=None,
        search=None,
        searchable=contract.searchable,
    )


def sort_keys(names: Iterable[str]) -> tuple[Sort, ...]:
    """Read sort keys as they are spelled: ``-name`` sorts from high to low."""
    return tuple(Sort(each.removeprefix("-"), each.startswith("-")) for each in names)


def total(keys: tuple[Sort, ...]) -> tuple[Sort, ...]:
    """End the sort in the unique key, so that paging never skips or repeats."""
    names = [each.name for each in keys]
    if "_id" in names:
        return keys[: names.index("_id") + 1]
    return (*keys, Sort("_id"))
