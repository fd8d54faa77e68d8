"""Rules that hold a publisher's figure of a year against another collection's; see ``Crossing``."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.domain.rounding import Comparison, Verdict, figure, near
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.grouped import grouped
from opendata.tabular.checks.elsewhere import ElsewhereCheck
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import NAMES
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import BoundElsewhereError

ONE: dict[str, Any] = {"type": "string"}
# By how many powers of ten a unit of money is more than a 元.
_MONEY = {"元": 0, "万元": 4, "亿元": 8}
Key = tuple[str, int]
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Crossing:
    """What two collections say of one thing, by publisher (``who``) and year, and how it compares.

    ``members`` are the table's rows it is about, those with a figure first.
    """

    who: str
    year: int
    relation: str
    comparison: Comparison
    members: tuple[Member, ...]

    @property
    def holds(self) -> bool:
        """Whether the two agree."""
        return self.comparison.verdict is not Verdict.VIOLATED


@attrs.define(kw_only=True, repr=False)
class CrossingCheck(ElsewhereCheck):
    """A rule over what two collections hold of one publisher and year.

    What only one of them has is not judged.
    """

    Errors: ClassVar[ErrorTypes] = [BoundElsewhereError]

    collection: str
    who_field: str
    among: Mapping[str, list[str]] = attrs.field(factory=dict)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["collection", "whoField"],
        "properties": {
            "collection": ONE,
            "whoField": ONE,
            "among": {"type": "object", "additionalProperties": NAMES},
        },
    }

    @abstractmethod
    def crossings(self) -> Iterator[Crossing]:
        """Yield what can be compared, in the order in which the groups appeared."""

    def conclude(self) -> Iterable[Error]:
        """Report the comparisons that do not hold."""
        for each in self.crossings():
            if not each.holds:
                group = f"{each.who} / {each.year}"
                said = Statement.of(each.comparison, each.relation, group, self.figure_field)
                yield self.table_error(BoundElsewhereError, each.members, said, each.members[0])

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Yield nothing: ``conclude`` judges."""
        yield from ()

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Doubt all rows that the rule speaks of."""
        within = grouped(frame, self.grouping(), columns)
        return None if within is None else within.marked(within.rows)

    @property
    @abstractmethod
    def figure_field(self) -> str:
        """The table's column that the comparison is about."""

    def records(self, names: Iterable[Any], fields: Sequence[str]) -> Iterator[Record]:
        """Yield the other collection's records of these publishers."""
        releases = self.context.releases if self.context else None
        known = sorted({each for each in names if isinstance(each, str)})
        if releases is not None and known:
            values = {self.who_field: known, **self.among}
            wanted = (self.who_field, *fields)
            yield from releases.matching(wanted, values, self.collection) or ()


@attrs.define(kw_only=True, repr=False)
class NearElsewhereCheck(CrossingCheck):
    """An amount is near the one that another collection has of the same publisher and year.

    ``groupBy`` names two columns: who, and which year. ``collection`` is asked for the records in
    whose ``whoField`` the former stands, with one of the values in each column of ``among`` and
    the year in their ``otherYearField``. Units are 元, 万元 or 亿元. ``within`` is the share of the
    larger amount by which they may differ, beyond what rounding explains; of several amounts the
    nearest two are compared.
    """

    type = "near-elsewhere"

    value_field: str
    unit_field: str
    other_year_field: str
    other_value_field: str
    other_unit_field: str
    within: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": [
            *("valueField", "unitField", "otherYearField", "otherValueField", "otherUnitField"),
            "within",
        ],
        "properties": {
            "groupBy": {**NAMES, "minItems": 2, "maxItems": 2},
            "valueField": ONE,
            "unitField": ONE,
            "otherYearField": ONE,
            "otherValueField": ONE,
            "otherUnitField": ONE,
            "within": {"type": "string", "pattern": "^0([.][0-9]+)?$"},
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the columns of the amount and of its unit."""
        return (self.value_field, self.unit_field)

    @property
    def figure_field(self) -> str:
        """The amount's column."""
        return self.value_field

    def crossings(self) -> Iterator[Crossing]:
        """Look the other amounts up once, then compare the nearest two of each group."""
        fields = (self.other_year_field, self.other_value_field, self.other_unit_field)
        others: dict[Key, list[Decimal]] = {}
        for record in self.records((who for who, _ in self._groups), fields):
            amount = in_yuan(record[self.other_value_field], record[self.other_unit_field])
            if amount is not None:
                key = (record[self.who_field], record[self.other_year_field])
                others.setdefault(key, []).append(amount)
        relation = f"{self.value_field} ≈ {self.collection}.{self.other_value_field} [元]"
        for (who, year), members in self._groups.items():
            pairs = list(self._pairs(members, others.get((who, year), [])))
            if pairs:
                said, member = min(pairs, key=lambda pair: abs(pair[0].difference))
                yield Crossing(who, year, relation, said, (member,))

    def _pairs(
        self, members: Iterable[Member], others: Sequence[Decimal]
    ) -> Iterator[tuple[Comparison, Member]]:
        for member in members:
            amount = in_yuan(member.values[self.value_field], member.values[self.unit_field])
            for other in others if amount is not None else ():
                yield near(other, amount or Decimal(0), Decimal(self.within)), member


def in_yuan(value: Any, unit: Any) -> Decimal | None:
    """Return an amount in 元, as fine as it is written; ``None`` if it is no amount.

    >>> in_yuan(Decimal("12.34"), "万元")
    Decimal('1.234E+5')
    """
    amount, power = figure(value), _MONEY.get(unit) if isinstance(unit, str) else None
    return None if amount is None or power is None else amount.scaleb(power)
