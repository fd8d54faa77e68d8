"""A date lies within so many months of another: as many as the rule in force prescribes."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error
from frictionless.table import Row

from opendata.domain.terms import add_months
from opendata.tabular.certify.doubts import DAYS_A_MONTH, may_hold, months_apart
from opendata.tabular.certify.model import Column
from opendata.tabular.checks import conditions
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.conditions import Condition
from opendata.tabular.checks.errors import ErrorTypes, WindowError


@attrs.define(kw_only=True, repr=False)
class WindowCheck(RuleCheck):
    """A date is at the ``latest``, or at the ``earliest``, so many months after ``startField``.

    ``limits`` are looked at in order; the first whose ``where`` holds says how many ``months``.
    A row that none of them fits is not judged.
    """

    type = "window"
    Errors: ClassVar[ErrorTypes] = [WindowError]

    field_name: str
    start_field: str
    bound: str
    limits: list[Mapping[str, Any]]

    _read: tuple[tuple[tuple[Condition, ...], int], ...] | None = attrs.field(
        default=None, init=False, eq=False
    )

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "startField", "bound", "limits"],
        "properties": {
            "fieldName": {"type": "string"},
            "startField": {"type": "string"},
            "bound": {"enum": ["latest", "earliest"]},
            "limits": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["where", "months"],
                    "properties": {
                        "where": {"type": "array", "items": conditions.PROFILE},
                        "months": {"type": "integer", "minimum": 0, "maximum": 1200},
                    },
                    "additionalProperties": False,
                },
            },
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return both dates' columns and those of the conditions."""
        conditioned = (each["fieldName"] for limit in self.limits for each in limit["where"])
        return tuple(dict.fromkeys((self.field_name, self.start_field, *conditioned)))

    def needed_fields(self) -> tuple[str, ...]:
        """Return both dates' columns."""
        return (self.field_name, self.start_field)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Find the limit that fits the row, and compare."""
        value, start = row[self.field_name], row[self.start_field]
        if value is None or start is None:
            return
        months = self._months(row)
        if months is None or start.year + months // 12 >= 9998:
            return
        limit = add_months(start, months)
        if value > limit if self.bound == "latest" else value < limit:
            sign = "<=" if self.bound == "latest" else ">="
            expected = f"{sign} {limit} ({self.start_field} + {months})"
            note = f"must be {sign} {limit}, {months} months after {self.start_field}"
            yield self.cell_error(WindowError, row, self.field_name, note, expected)

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Compare with the limit whose conditions hold; only of texts is that known here."""
        apart = months_apart(columns[self.field_name], columns[self.start_field])
        named = {each["fieldName"] for limit in self.limits for each in limit["where"]}
        if apart is None or any(columns[name].field.type != "string" for name in named):
            return None
        allowed: pl.Expr = pl.lit(None, pl.Int32)
        for limit in reversed(self.limits):
            conditions = [Condition.of(each) for each in limit["where"]]
            holding = [
                may_hold(columns[each.field], each.equals, each.contains) for each in conditions
            ]
            months = pl.lit(limit["months"] * DAYS_A_MONTH, pl.Int32)
            allowed = (
                pl.when(pl.all_horizontal([pl.lit(value=True), *holding]))
                .then(months)
                .otherwise(allowed)
            )
        broken = apart > allowed if self.bound == "latest" else apart < allowed
        return broken.fill_null(value=False)

    def _months(self, row: Row) -> int | None:
        if self._read is None:
            self._read = tuple(
                (tuple(Condition.of(each) for each in limit["where"]), limit["months"])
                for limit in self.limits
            )
        return next(
            (months for where, months in self._read if all(each.holds(row) for each in where)),
            None,
        )
