"""The contract of a collection as values: what its records are and what of them is public."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from opendata.domain.errors import Text
from opendata.domain.treatments import Handling, Treatment


class Mode(StrEnum):
    """What a submission is to its dataset."""

    REPLACE = "replace"
    ADD = "add"


class PeriodKind(StrEnum):
    """The span of time one dataset covers."""

    YEAR = "year"
    MONTH = "month"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Category:
    """One value a coded field may take, and its Chinese label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a contract.

    ``type`` is a Table Schema type; ``decimal_places`` is the largest number of digits after the
    point (numbers only); a number has a ``unit``, or ``unit_field`` names the column that holds
    it; ``measure`` says within what it may be added up (one of the values of
    ``collection.toml``'s ``[measures]``), ``None`` where adding makes no sense; ``aliases`` are
    other titles the column may have in a file. ``handling`` says how a published column was
    treated.
    """

    name: str
    type: str
    title: Text
    description: Text
    example: str
    constraints: Mapping[str, Any]
    categories: tuple[Category, ...] = ()
    unit: str | None = None
    unit_field: str | None = None
    measure: str | None = None
    decimal_places: int | None = None
    aliases: tuple[str, ...] = ()
    handling: Handling | None = None

    def treated(self, handling: Handling) -> "Field":
        """Return the published column: what no longer holds of its values is gone from it."""
        return replace(
            self,
            type=handling.type_of(self.type),
            description=_with(self.description, handling),
            example=handling.example(self.example),
            constraints=_kept(self.constraints),
            categories=(),
            unit=None,
            unit_field=None,
            measure=None,
            decimal_places=None,
            handling=handling,
        )

    @property
    def required(self) -> bool:
        """Whether every record has a value here."""
        return bool(self.constraints.get("required", False))

    def label(self, value: str) -> str:
        """Return the Chinese label of a coded ``value``, or the value itself."""
        return next((each.label for each in self.categories if each.value == value), value)


@dataclass(frozen=True, slots=True)
class Also:
    """A stricter rule of a measure, for the records whose ``field`` has one of ``values``."""

    field: str
    values: tuple[str, ...]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Within what the values of a quantity may be added up; empty values are not looked at.

    Records are added only where every column in ``within`` has one and the same value; those
    with a value in ``never`` not at all; those that ``also`` speaks of only where its columns
    have one value, too. ``text`` says so to people.
    """

    text: Text
    within: tuple[str, ...]
    never: Mapping[str, tuple[str, ...]]
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms of reuse, as Data Package v2 names them (``name``, ``path``, ``title``)."""

    name: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader may leave out below the table; what is not declared is refused.

    ``strip_notes``: lines of explanation. ``strip_totals``: rows that only add up those above.
    """

    strip_notes: bool = False
    strip_totals: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineChoice:
    """By which deadline rule records are to be published, and from which day on.

    It is for the records that have one of the values in each column of ``where``; the first that
    is for a record counts. ``trigger_field`` holds the day that the term runs from, a year stands
    for its last; ``None`` where records do not tell it.
    """

    rule: str
    trigger_field: str | None
    where: Mapping[str, tuple[str | bool, ...]]


# Without slots, so that what is derived of it is worked out once.
@dataclass(frozen=True)
class Contract:
    """Everything a collection declares about itself, one version of it.

    ``table_schema``, ``checklist`` and ``cautions`` are the Frictionless descriptors as loaded;
    ``fields`` are in column order; ``digest`` is the SHA-256 over the declaration's files.
    ``personal`` says how columns of personal data are treated on publication; ``persons`` are
    columns that hold natural persons' names, which the scan looks for whole ones in;
    ``window_rule_field`` is the column that says by which rule a record's window ends.
    ``has_records`` is false of a listing, whose rows have none of the platform's own columns.
    """

    collection: str
    version: int
    title: Text
    description: Text
    licence: Licence
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    period: PeriodKind
    period_field: str | None
    mode: Mode
    publisher_field: str
    default_sort: tuple[str, ...]
    searchable: tuple[str, ...]
    window_field: str | None
    personal: Mapping[str, Handling]
    measures: Mapping[str, Measure]
    table_schema: Mapping[str, Any]
    checklist: Mapping[str, Any]
    cautions: Mapping[str, Any]
    digest: str
    reading: Reading = Reading()
    persons: tuple[str, ...] = ()
    window_rule_field: str | None = None
    deadline_rules: tuple[DeadlineChoice, ...] = ()
    is_published: bool = False
    has_records: bool = True

    @property
    def name(self) -> str:
        """The contract's address within ``schemas/``, e.g. ``budgets/v1``."""
        return f"{self.collection}/v{self.version}"

    def field(self, name: str) -> Field | None:
        """Return the field called ``name``, or ``None``."""
        return next((each for each in self.fields if each.name == name), None)

    @cached_property
    def published(self) -> "Contract":
        """Return the published contract: dropped columns are gone from it, others loosened.

        It is what ``/schema``, ``datapackage.json``, the query parser and the lake know; a name
        that is not here can be neither asked for nor answered.
        """
        if self.is_published:
            return self
        fields = {
            each.name: each.treated(self.personal[each.name])
            if each.name in self.personal
            else each
            for each in self.fields
            if each.name not in self.dropped
        }
        raw = [
            _treated(each, fields[each["name"]])
            for each in self.table_schema["fields"]
            if each["name"] not in self.dropped
        ]
        table_schema = {**self.table_schema, "fields": raw}
        kept = tuple(fields.values())
        return replace(self, fields=kept, table_schema=table_schema, is_published=True)

    @property
    def dropped(self) -> frozenset[str]:
        """Names of the columns that publication takes out."""
        if self.is_published:
            return frozenset()
        drop = {name for name, each in self.personal.items() if each.treatment is Treatment.DROP}
        return frozenset(drop)

    @property
    def treatments(self) -> dict[str, str]:
        """What is done to personal data, by column: ``drop``, ``mask``, ``generalise:year``."""
        return {name: str(each) for name, each in sorted(self.personal.items())}


_GONE = ("format", "categories", "unit", "unitField", "measure", "decimalPlaces")


def _treated(descriptor: Mapping[str, Any], field: Field) -> Mapping[str, Any]:
    """Return the descriptor of a published column."""
    if field.handling is None:
        return descriptor
    kept = {name: each for name, each in descriptor.items() if name not in _GONE}
    return {
        **kept,
        "type": field.type,
        "description": field.description.zh,
        "descriptionEn": field.description.en,
        "example": field.example,
        "constraints": dict(field.constraints),
        "personalTreatment": str(field.handling),
    }


def _with(description: Text, handling: Handling) -> Text:
    said = handling.text
    return Text(f"{description.zh}{said.zh}", f"{description.en} {said.en}")


def _kept(constraints: Mapping[str, Any]) -> dict[str, Any]:
    """Return what still holds of treated values: that there is one."""
    return {name: each for name, each in constraints.items() if name == "required"}
