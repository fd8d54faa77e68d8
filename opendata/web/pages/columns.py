"""Which columns of a collection a table shows, and how their headers sort."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import Sort
from opendata.web.pages.question import Question
from opendata.web.pages.writing import Cell, cell, unit_of

SEARCHED_SHOWN = 4
NUMERIC = ("integer", "number", "year")


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its header shows it; ``sorted`` is the value of ``aria-sort``."""

    field: Field
    sort_path: str
    sorted: str

    @property
    def numeric(self) -> bool:
        """Whether values stand at the right."""
        return self.field.type in ("integer", "number")


def usual(contract: Contract) -> tuple[str, ...]:
    """Return the columns shown unless others are asked for, in the contract's order.

    They are the publisher, the period, what the collection is sorted by and searched in, every
    number that has a measure, and the last day of publication. Running numbers are not among
    them, since they only make keys unique; where a record was read from is told on its page.
    """
    wanted = {contract.publisher_field, contract.period_field, contract.window_field}
    wanted.update(each for each in contract.searchable[:SEARCHED_SHOWN] if not _is_source(each))
    wanted.update(each.name for each in contract.fields if each.measure is not None)
    for key in contract.default_sort:
        field = contract.field(key.removeprefix("-"))
        if field is not None and field.type != "integer":
            wanted.add(field.name)
    return tuple(each.name for each in contract.fields if each.name in wanted)


def _is_source(name: str) -> bool:
    return name.startswith("source_")


def with_companions(names: Sequence[str], contract: Contract) -> tuple[str, ...]:
    """Add what a table needs beside its columns: each row's address, and the columns of units."""
    units = [
        field.unit_field
        for name in names
        if (field := contract.field(name)) is not None and field.unit_field is not None
    ]
    return tuple(dict.fromkeys(("_id", *names, *units)))


def shown(question: Question, records: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the names of the columns shown, and of those left out since this page has no value.

    Columns that were asked for are shown even if they are empty.
    """
    asked = chosen(question)
    if asked is not None:
        return list(asked), []
    names = usual(question.contract)
    empty = [name for name in names if all(each.get(name) is None for each in records)]
    return [name for name in names if not records or name not in empty], empty if records else []


def chosen(question: Question) -> tuple[str, ...] | None:
    """Return the columns asked for, without the rows' addresses; ``None`` if none were."""
    text = question.first("fields")
    if not text:
        return None
    known = question.fields
    return tuple(name for name in dict.fromkeys(text.split(",")) if name in known and name != "_id")


def headers(question: Question, names: Iterable[str], sort: Sequence[Sort]) -> list[Column]:
    """Return the headers; a click sorts upwards first, then downwards."""
    first = sort[0] if sort else Sort("")
    fields = question.fields
    found = []
    for name in names:
        state = "none"
        if name == first.name:
            state = "descending" if first.descending else "ascending"
        wanted = f"-{name}" if state == "ascending" else name
        found.append(Column(fields[name], question.replacing("sort", wanted).page, state))
    return found


def cells(columns: Iterable[Column], record: Mapping[str, Any], question: Question) -> list[Cell]:
    """Return one row of a table; a unit that the header says is not repeated."""
    fields = question.fields
    return [
        cell(
            each.field,
            record.get(each.field.name),
            "" if each.field.unit else unit_of(each.field, record, fields),
        )
        for each in columns
    ]
