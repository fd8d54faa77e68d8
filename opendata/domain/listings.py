"""Listings: rows worked out of the facts, asked for as the records of a collection are.

A collection's records are found by an index or an engine; those of a listing are few enough to be
looked at one by one. What is asked, and what is answered, is the same.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from opendata.domain import cursors
from opendata.domain.contracts import Category, Contract, Field, Licence, Mode, PeriodKind
from opendata.domain.errors import Conflict, Fault, Text
from opendata.domain.queries import Filter, Op, Query, Sort, value_text
from opendata.domain.queries.facets import facet_entry
from opendata.domain.values import Value

Row = Mapping[str, Value | None]


class Partly(list[Row]):
    """Rows without those of ``left_out``, of whom there are too many to be worked out."""

    def __init__(self, rows: Iterable[Row], left_out: Sequence[str] = ()) -> None:
        """Take the rows there are."""
        super().__init__(rows)
        self.left_out = tuple(left_out)


def column(name: str, kind: str, title: Text, description: Text, example: str) -> Field:
    """Return a column in which a row may have nothing."""
    return Field(name, kind, title, description, example, {})


def needed(name: str, kind: str, title: Text, description: Text, example: str) -> Field:
    """Return a column in which every row has a value."""
    return Field(name, kind, title, description, example, {"required": True})


def coded(
    name: str, title: Text, description: Text, labels: Mapping[Any, Text], *, required: bool = True
) -> Field:
    """Return a column of codes with what people call them; the first is the example."""
    values = tuple(Category(str(code), label.zh) for code, label in labels.items())
    constraints = {"required": required, "enum": [each.value for each in values]}
    return Field(name, "string", title, description, values[0].value, constraints, values)


# Nothing of a listing is published under terms of its own.
_NO_LICENCE = Licence("", "", "")


# Without slots, so that its contract is made once.
@dataclass(frozen=True)
class Listing:
    """What a list shows, and by what it is asked for.

    Every row has a value, or ``None``, for each of ``fields``; those of ``key`` tell it from all
    others and are never ``None``. ``parameters`` are what the rows depend on beside the filters,
    such as a day: whoever makes the rows is handed their values by name.
    """

    name: str
    title: Text
    description: Text
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    default_sort: tuple[str, ...]
    searchable: tuple[str, ...] = ()
    parameters: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a declaration that would fail at some request only.

        Raises:
            ValueError: it sorts, searches or is told apart by what is no field of it.
        """
        named = (*(each.lstrip("-") for each in self.default_sort), *self.key, *self.searchable)
        unknown = set(named) - {each.name for each in self.fields}
        if unknown or not self.key or not self.default_sort:
            raise ValueError(f"The listing {self.name} lacks a key, an order, or {unknown}.")

    @cached_property
    def contract(self) -> Contract:
        """What the parser of queries and the writers of files know a list by."""
        return Contract(
            collection=self.name,
            version=1,
            title=self.title,
            description=self.description,
            licence=_NO_LICENCE,
            fields=self.fields,
            primary_key=self.key,
            period=PeriodKind.ROLLING,
            period_field=None,
            mode=Mode.REPLACE,
            publisher_field=self.key[0],
            default_sort=self.default_sort,
            searchable=self.searchable,
            window_field=None,
            personal={},
            measures={},
            table_schema={},
            checklist={},
            cautions={},
            digest="",
            is_published=True,
            has_records=False,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order asked for, with the fields asked for, and where to go on.

    ``total`` is ``None`` unless it was asked for; ``next_cursor`` is ``None`` on the last page.
    """

    rows: list[dict[str, Value | None]]
    total: int | None
    next_cursor: str | None
    facets: Mapping[str, list[dict[str, Any]]]


class ListChanged(Conflict):
    """The row that the page before ended with is gone, or stands elsewhere now."""

    code = "list-changed"
    title = Text("列表已变动", "The list has changed")

    def __init__(self) -> None:
        """Say what to do."""
        text = Text(
            "上一页末尾的一行已变动，无法不重不漏地接续；请不带 cursor 重新查询。",
            "The row that the page before ended with has changed, so that nothing could follow "
            "it without skipping or repeating; ask again without the cursor.",
        )
        super().__init__(*text, (Fault("?cursor", text, self.code),))


def selected(rows: Iterable[Row], query: Query) -> list[Row]:
    """Return the rows that match, in the query's order: by each key, no value last."""
    tests = [_test(each) for each in query.filters]
    found = [row for row in rows if all(test(row) for test in tests)]
    if query.search is not None:
        word = _lowered(query.search)
        found = [row for row in found if _holds(row, query.searchable, word)]
    return _in_order(found, query.sort)


def shown(rows: Iterable[Row], query: Query) -> list[dict[str, Value | None]]:
    """Return rows with the query's fields only, in its order."""
    return [{name: row[name] for name in query.fields} for row in rows]


def listed(listing: Listing, rows: Iterable[Row], query: Query, secret: bytes) -> Page:
    """Answer one page; its cursor is signed with ``secret`` and belongs to ``query``.

    Raises:
        InvalidCursor: the cursor was made for another query, or elsewhere.
        ListChanged: nothing can follow the row that it names.
    """
    place = None if query.cursor is None else cursors.read(query, query.cursor, secret)
    everything = list(rows)
    matching = selected(everything, query)
    rest = matching if place is None else _behind(place, (matching, everything), listing, query)
    page = rest[: query.limit]
    following = None
    if len(rest) > len(page):
        following = cursors.write(query, _place(page[-1], listing, query), secret)
    total = len(matching) if query.count else None
    return Page(shown(page, query), total, following, _facets(matching, query))


def _behind(
    place: cursors.Place, rows: tuple[list[Row], list[Row]], listing: Listing, query: Query
) -> list[Row]:
    """Return the rows behind a place; the row there need not match any more, but be there."""
    matching, everything = rows
    last = next((row for row in everything if _key(row, listing) == place.record_id), None)
    if last is None or _place(last, listing, query) != place:
        raise ListChanged
    if not any(row is last for row in matching):
        matching = _in_order([*matching, last], query.sort)
    return matching[next(at for at, row in enumerate(matching) if row is last) + 1 :]


def _place(row: Row, listing: Listing, query: Query) -> cursors.Place:
    """Name a row, and, in the place of a snapshot, the values that it is sorted by."""
    by = json.dumps([_said(row[each.name]) for each in query.sort])
    return cursors.Place(
        int.from_bytes(hashlib.sha256(by.encode()).digest()[:6]), _key(row, listing)
    )


def _key(row: Row, listing: Listing) -> str:
    return json.dumps([_said(row[name]) for name in listing.key])


def _said(value: Value | None) -> str | None:
    return None if value is None else value_text(value)


def _in_order(rows: Iterable[Row], sort: Sequence[Sort]) -> list[Row]:
    """Sort by the last key first: sorting keeps what is equal in order."""
    found = list(rows)
    for key in reversed(sort):
        name = key.name
        known = [row for row in found if row[name] is not None]
        unknown = [row for row in found if row[name] is None] if len(known) < len(found) else []
        known.sort(key=itemgetter(name), reverse=key.descending)
        found = known + unknown
    return found


def _facets(rows: Sequence[Row], query: Query) -> dict[str, list[dict[str, Any]]]:
    """Count values among all rows that match: most frequent first, then by value, none last."""
    found = {}
    for field in query.facets:
        counts: Counter[Any] = Counter(row[field.name] for row in rows)
        known = sorted(each for each in counts if each is not None)
        values = [*known, None] if None in counts else known
        values.sort(key=counts.__getitem__, reverse=True)
        most = values[: query.facet_size]
        found[field.name] = [facet_entry(field, each, counts[each]) for each in most]
    return found


_TESTS: Mapping[Op, Callable[[Any, Sequence[Any]], bool]] = {
    Op.EXACT: lambda value, asked: bool(value == asked[0]),
    Op.CONTAINS: lambda value, asked: asked[0] in value,
    Op.STARTSWITH: lambda value, asked: value.startswith(asked[0]),
    Op.ENDSWITH: lambda value, asked: value.endswith(asked[0]),
    Op.GT: lambda value, asked: bool(value > asked[0]),
    Op.GTE: lambda value, asked: bool(value >= asked[0]),
    Op.LT: lambda value, asked: bool(value < asked[0]),
    Op.LTE: lambda value, asked: bool(value <= asked[0]),
    Op.BETWEEN: lambda value, asked: bool(asked[0] <= value <= asked[1]),
    Op.IN: lambda value, asked: value in asked,
}
_NEGATIONS = {Op.NOT: Op.EXACT, Op.NOTCONTAINS: Op.CONTAINS, Op.NOTIN: Op.IN}


def _test(condition: Filter) -> Callable[[Row], bool]:
    """Return what says whether a row meets a condition; no value meets negations only."""
    name, op, asked = condition.field.name, condition.op, condition.values
    if op in (Op.ISNULL, Op.NOTNULL):
        wanted = op is Op.ISNULL
        return lambda row: (row[name] is None) is wanted
    is_negated = op in _NEGATIONS
    holds = _TESTS[_NEGATIONS.get(op, op)]
    return lambda row: is_negated is not (row[name] is not None and holds(row[name], asked))


def _holds(row: Row, names: Iterable[str], word: str) -> bool:
    return any(word in _lowered(str(row[name])) for name in names if row[name] is not None)


def _lowered(text: str) -> str:
    """Lower a text as the index does: character by character, whatever stands beside it.

    Of all letters only the capital sigma is lowered by its neighbours.
    """
    return "".join(map(str.lower, text)) if "\u03a3" in text else text.lower()
