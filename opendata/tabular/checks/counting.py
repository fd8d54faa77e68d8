"""Rules that hold a number of records in one collection against a number stated in another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.domain.rounding import compare, figure
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import typed_text
from opendata.tabular.certify.tables.grouped import grouped
from opendata.tabular.checks.crossings import ONE, Crossing, CrossingCheck, Key, Record
from opendata.tabular.checks.groups import NAMES
from opendata.tabular.checks.table import Member


@attrs.define(kw_only=True, repr=False)
class CountElsewhereCheck(CrossingCheck):
    """A stated number is at least the number of records another collection has.

    ``groupBy`` names two columns: who, and which year. ``collection`` is asked for the records in
    whose ``whoField`` the former stands, with one of the values in each column of ``among``; they
    are counted in the year of their ``dateField``, those that agree in ``distinct`` once. Where
    nothing is published there, nothing is judged.
    """

    type = "count-elsewhere"

    value_field: str
    date_field: str
    distinct: list[str]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["valueField", "dateField", "distinct"],
        "properties": {
            "groupBy": {**NAMES, "minItems": 2, "maxItems": 2},
            "valueField": ONE,
            "dateField": ONE,
            "distinct": NAMES,
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the column of the stated number."""
        return (self.value_field,)

    @property
    def figure_field(self) -> str:
        """The stated number's column."""
        return self.value_field

    def crossings(self) -> Iterator[Crossing]:
        """Count once for all rows, then compare."""
        records = self.records((who for who, _ in self._groups), (self.date_field, *self.distinct))
        counts = counted(records, (self.who_field, self.date_field), self.distinct)
        relation = f"{self.collection} <= {self.value_field}"
        for (who, year), members in self._groups.items():
            count = counts.get((who, year))
            for member in members if count else ():
                stated = figure(member.values[self.value_field])
                if stated is not None:
                    said = compare([Decimal(count or 0)], [stated], "<=", counts=True)
                    yield Crossing(who, year, relation, said, (member,))


@attrs.define(kw_only=True, repr=False)
class StatedElsewhereCheck(CrossingCheck):
    """The number of records of a year is at most the number that another collection states.

    The other side of ``count-elsewhere``. ``groupBy`` names one column: who. Records are counted
    in the year of their ``dateField``, those that agree in ``distinct`` once. ``collection`` is
    asked for the records in whose ``whoField`` the publisher stands, with one of the values in
    each column of ``among``; the largest ``statedField`` of the year in their ``statedYearField``
    is the number. Where none is stated, nothing is judged.
    """

    type = "stated-elsewhere"

    date_field: str
    distinct: list[str]
    stated_field: str
    stated_year_field: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["dateField", "distinct", "statedField", "statedYearField"],
        "properties": {
            "groupBy": {**NAMES, "minItems": 1, "maxItems": 1},
            "dateField": ONE,
            "distinct": NAMES,
            "statedField": ONE,
            "statedYearField": ONE,
        },
    }

    _stated: dict[Key, Decimal] | None = attrs.field(default=None, init=False, eq=False)

    def validate_start(self) -> Iterator[Error]:
        """Begin with no group, and ask anew."""
        self._stated = None
        yield from super().validate_start()

    def own_fields(self) -> tuple[str, ...]:
        """Return the date's column and those that tell records apart."""
        return (self.date_field, *self.distinct)

    @property
    def figure_field(self) -> str:
        """The column that tells records apart, which are counted."""
        return self.distinct[-1]

    def crossings(self) -> Iterator[Crossing]:
        """Count the table's records by publisher and year, then compare."""
        relation = f"Σ {self.figure_field} <= {self.collection}.{self.stated_field}"
        stated = self._all_stated(who for (who,) in self._groups)
        for (who,), members in self._groups.items():
            years: dict[int, list[Member]] = {}
            for member in members:
                day = member.values[self.date_field]
                if isinstance(day, date) and (who, day.year) in stated:
                    years.setdefault(day.year, []).append(member)
            for year, own in years.items():
                seen = {tuple(each.values[name] for name in self.distinct) for each in own}
                said = compare([Decimal(len(seen))], [stated[who, year]], "<=", counts=True)
                yield Crossing(who, year, relation, said, tuple(own))

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Doubt the records of publishers and years for which a number is stated."""
        within = grouped(frame, self.grouping(), columns)
        days = (
            typed_text(within.rows[self.date_field], columns[self.date_field]) if within else None
        )
        if within is None or days is None:
            return None
        (who,) = within.keys
        stated = self._all_stated(within.rows[who].unique().to_list())
        known = pl.DataFrame(
            {who: [each for each, _ in stated], "year": [str(year) for _, year in stated]},
            schema={who: pl.String, "year": pl.String},
        )
        rows = within.rows.with_columns(days.str.slice(0, 4).alias("year"))
        found = rows.join(known, on=[who, "year"], how="semi")["at"]
        marks = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
        return marks.scatter(found, values=True)

    def _all_stated(self, names: Iterable[Any]) -> Mapping[Key, Decimal]:
        """Return the numbers by publisher and year."""
        if self._stated is None:
            found: dict[Key, Decimal] = {}
            for record in self.records(names, (self.stated_year_field, self.stated_field)):
                value = figure(record[self.stated_field])
                if value is not None:
                    key = (record[self.who_field], record[self.stated_year_field])
                    found[key] = max(value, found.get(key, value))
            self._stated = found
        return self._stated


def counted(
    records: Iterable[Record], places: tuple[str, str], distinct: Sequence[str]
) -> Mapping[Key, int]:
    """Count records by what is in ``places``, who and a date's year; equal ones count once."""
    who, day = places
    seen: dict[Key, set[tuple[Any, ...]]] = {}
    for record in records:
        if isinstance(record[day], date):
            key = (record[who], record[day].year)
            seen.setdefault(key, set()).add(tuple(record[name] for name in distinct))
    return {key: len(each) for key, each in seen.items()}
