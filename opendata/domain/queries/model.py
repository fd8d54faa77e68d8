"""A question to a collection as a value: every name in it is in the published contract."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.queries.comparing import Op
from opendata.domain.values import Value, decimal_text

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_FACETS = 10
DEFAULT_FACET_SIZE = 20
MAX_FACET_SIZE = 1_000


ID = "_id"


def _system(name: str, kind: str, title: Text, description: Text) -> Field:
    return Field(name, kind, title, description, "", {"required": True})


SYSTEM_FIELDS = (
    _system(ID, "string", Text("记录标识", "Record id"),
            Text("由主键计算，在各版本中不变。", "Computed from the primary key; never changes.")),
    _system("_dataset", "string", Text("数据集", "Dataset"),
            Text("记录所属的数据集。", "The dataset the record belongs to.")),
    _system("_release", "integer", Text("发布版本", "Release"),
            Text("记录所在的发布版本号。", "The number of the release the record is in.")),
    _system("_row", "integer", Text("记录序号", "Row"),
            Text("记录在该版本中的序号，从 1 起。", "The record's row in that release, from 1.")),
)  # fmt: skip


def system_fields(contract: Contract) -> tuple[Field, ...]:
    """Return the platform's own columns of what ``contract`` describes: a listing has none."""
    return SYSTEM_FIELDS if contract.has_records else ()


_JSON = json.JSONEncoder(ensure_ascii=False)


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


# Without slots, so that what is derived of it is worked out once.
@dataclass(frozen=True)
class Query:
    """What is asked of one collection; every name in it is in the published contract.

    ``sort`` always ends in ``_id``, so that it is total. ``fields`` are in the order asked for.
    ``release`` names one release, of which alone is asked: a dataset and the release's number.
    Of each field in ``facets`` the ``facet_size`` most frequent values are counted, too.
    ``digest`` is that of the state somebody cited.
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
    release: tuple[str, int] | None = None
    digest: str | None = None
    facets: tuple[Field, ...] = ()
    facet_size: int = DEFAULT_FACET_SIZE

    @cached_property
    def canonical(self) -> str:
        """Which records in which order, as one canonical JSON text.

        It says nothing of the place in the paging, of the snapshot, of total and facets.
        """
        filters = sorted(
            [each.field.name, each.op.value, [value_text(value) for value in each.values]]
            for each in self.filters
        )
        sort = [[each.name, each.descending] for each in self.sort]
        asked = [self.collection, filters, self.fields, sort, self.search, self.release]
        return _JSON.encode(asked)


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
    names = tuple(each.name for each in (*system_fields(contract), *contract.fields))
    return Query(
        collection=contract.collection,
        filters=filters,
        fields=names if fields is None else fields,
        sort=total((), contract),
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


def total(keys: tuple[Sort, ...], contract: Contract) -> tuple[Sort, ...]:
    """Continue the sort with the default one, and end it in the unique key.

    So paging never skips or repeats, and what is equal keeps the collection's own order.
    """
    found: dict[str, Sort] = {}
    unique = (ID,) if contract.has_records else contract.primary_key
    for each in (*keys, *sort_keys(contract.default_sort), *map(Sort, unique)):
        if found.keys() >= set(unique):
            break
        found.setdefault(each.name, each)
    return tuple(found.values())
