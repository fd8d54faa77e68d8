"""Bounds that depend on the row: the most a figure may be, and which of two terms comes first."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error
from frictionless.table import Row

from opendata.domain.rounding import figure
from opendata.tabular.certify.doubts import may_hold
from opendata.tabular.certify.model import Column
from opendata.tabular.checks import conditions
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.conditions import Condition
from opendata.tabular.checks.errors import AtMostError, ErrorTypes, TermOrderError


@attrs.define(kw_only=True, repr=False)
class AtMostCheck(RuleCheck):
    """A figure is at ``most`` so much where all conditions of ``where`` hold."""

    type = "at-most"
    Errors: ClassVar[ErrorTypes] = [AtMostError]

    field_name: str
    most: str
    where: list[Mapping[str, Any]] = attrs.field(factory=list)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "most"],
        "properties": {
            "fieldName": {"type": "string"},
            "most": {"type": "string", "pattern": "^-?[0-9]{1,12}([.][0-9]{1,6})?$"},
            "where": {"type": "array", "items": conditions.PROFILE},
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the figure's column and those of the conditions."""
        return tuple(dict.fromkeys((self.field_name, *(each["fieldName"] for each in self.where))))

    def needed_fields(self) -> tuple[str, ...]:
        """Return the figure's column and those of the conditions, all of which must hold."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Compare the figure, if there is one."""
        value = figure(row[self.field_name])
        if value is None or value <= Decimal(self.most):
            return
        if all(Condition.of(each).holds(row) for each in self.where):
            note = f"must be at most {self.most}"
            yield self.cell_error(AtMostError, row, self.field_name, note, self.most)

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Compare where the conditions may hold."""
        column = columns[self.field_name]
        if column.value is None:
            return None
        over = ~column.missing & (column.value > float(self.most))
        holding = [
            may_hold(columns[each.field], each.equals, each.contains)
            for each in map(Condition.of, self.where)
        ]
        return pl.all_horizontal([over.fill_null(value=True), *holding])


@attrs.define(kw_only=True, repr=False)
class TermOrderCheck(RuleCheck):
    """One term is not after ``other``: years, months or days, each written ``2020-05-06`` in part.

    They are compared as far as both are given: 2020-05 is not after 2020.
    """

    type = "term-order"
    Errors: ClassVar[ErrorTypes] = [TermOrderError]

    field_name: str
    other: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "other"],
        "properties": {"fieldName": {"type": "string"}, "other": {"type": "string"}},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return both columns."""
        return (self.field_name, self.other)

    def needed_fields(self) -> tuple[str, ...]:
        """Return both columns."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Compare both as far as both go."""
        first, second = row[self.field_name], row[self.other]
        if first is None or second is None:
            return
        shared = min(len(first), len(second))
        if first[:shared] > second[:shared]:
            note = f'must not be after "{self.other}" ({second})'
            yield self.cell_error(TermOrderError, row, self.field_name, note, second)

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Compare as texts: what is after in part is after as a whole."""
        first, second = columns[self.field_name], columns[self.other]
        return ~first.missing & ~second.missing & (pl.col(first.name) > pl.col(second.name))
