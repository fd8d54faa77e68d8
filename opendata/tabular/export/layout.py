"""How an exported file is to look, and what its columns are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries.model import system_fields
from opendata.domain.values import decimal_text

_BOOLEANS = {True: "true", False: "false"}
_BOOLEAN_LABELS = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to look.

    ``columns`` are names of the published ``contract`` or of the platform's own columns, in the
    order wanted. ``use_labels`` writes Chinese titles and labels for names and codes (CSV and
    XLSX); ``with_bom``, ``delimiter`` and ``newline`` concern CSV alone; ``notes`` is what the
    说明 sheet of a workbook says before its dictionary of columns. ``computed`` describes columns
    that are no field of the contract, like the totals of groups.
    """

    contract: Contract
    columns: tuple[str, ...]
    use_labels: bool = False
    with_bom: bool = False
    delimiter: str = ","
    newline: str = "\n"
    notes: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns as fields, in order."""
        own = system_fields(self.contract)
        named = (*own, *self.contract.fields, *self.computed)
        known = {each.name: each for each in named}
        return tuple(known[name] for name in self.columns)

    @property
    def header(self) -> list[str]:
        """The cells of the header row."""
        return [each.title.zh if self.use_labels else each.name for each in self.fields]


def cell_text(column: Field, use_labels: bool) -> Callable[[Any], str]:
    """Return what writes a value of ``column`` as text; null is the empty text."""
    write = _plain(column, use_labels)
    return lambda value: "" if value is None else write(value)


def instant_text(value: datetime) -> str:
    """Write an instant per RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(column: Field, use_labels: bool) -> Callable[[Any], str]:
    if column.type == "string":
        labels = {each.value: each.label for each in column.categories} if use_labels else {}
        return lambda value: labels.get(value, value)
    if column.type == "boolean":
        words = _BOOLEAN_LABELS if use_labels else _BOOLEANS
        return lambda value: words[value]
    return _WRITERS.get(column.type, str)


def _date_text(value: date) -> str:
    return value.isoformat()


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "number": decimal_text,
    "date": _date_text,
    "datetime": instant_text,
}
