"""Rules over the rows that are about one thing: its stages in order, its name the same."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, ClassVar

import attrs
from frictionless import Error

from opendata.tabular.checks import conditions
from opendata.tabular.checks.conditions import Condition
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import NAMES, PairsCheck
from opendata.tabular.checks.table import RELEASED, Member, Statement
from opendata.tabular.checks.table_errors import NotConstantError, StageOrderError


@attrs.define(kw_only=True, repr=False)
class StageOrderCheck(PairsCheck):
    """The stages of one thing begin in their order.

    ``stages`` are values of ``stageField`` in order; a stage begins with the earliest
    ``dateField`` of its rows. Stages that are not there, or not dated, are passed over.
    """

    type = "stage-order"
    Errors: ClassVar[ErrorTypes] = [StageOrderError]

    stage_field: str
    date_field: str
    stages: list[str]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["stageField", "dateField", "stages"],
        "properties": {
            "stageField": {"type": "string"},
            "dateField": {"type": "string"},
            "stages": NAMES,
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the stage's column and the date's."""
        return (self.stage_field, self.date_field)

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Compare each stage with the one before it that is there."""
        begun: dict[str, Member] = {}
        for member in members:
            stage, day = member.values[self.stage_field], member.values[self.date_field]
            if stage in self.stages and day is not None:
                first = begun.get(stage)
                if first is None or day < first.values[self.date_field]:
                    begun[stage] = member
        there = [begun[stage] for stage in self.stages if stage in begun]
        for earlier, later in pairwise(there):
            before, after = earlier.values[self.date_field], later.values[self.date_field]
            if after < before:
                stages = (earlier.values[self.stage_field], later.values[self.stage_field])
                said = Statement(
                    relation=" → ".join(stages),
                    expected=str(before),
                    found=str(after),
                    group=group,
                    field=self.date_field,
                )
                yield self.table_error(StageOrderError, (earlier, later), said, later)


@attrs.define(kw_only=True, repr=False)
class ConstantCheck(PairsCheck):
    """Rows about one thing agree in ``fieldNames``, unless one of them records a change.

    ``unless`` is the condition of a row that records one. Empty cells are passed over.
    """

    type = "constant"
    Errors: ClassVar[ErrorTypes] = [NotConstantError]

    field_names: list[str]
    unless: Mapping[str, Any] | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldNames"],
        "properties": {"fieldNames": NAMES, "unless": conditions.PROFILE},
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the columns that must not change, and the condition's."""
        condition = (self.unless["fieldName"],) if self.unless else ()
        return (*self.field_names, *condition)

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Report, of each column, the first row that differs from the first value."""
        condition = Condition.of(self.unless) if self.unless else None
        if condition is not None and any(condition.holds(each.values) for each in members):
            return
        # What is published was there first.
        ordered = sorted(members, key=lambda each: each.row_number != RELEASED)
        for name in self.field_names:
            known = [each for each in ordered if each.values[name] is not None]
            for each in known[1:]:
                if each.values[name] != known[0].values[name]:
                    said = Statement(
                        relation=name,
                        expected=str(known[0].values[name]),
                        found=str(each.values[name]),
                        group=group,
                        field=name,
                    )
                    yield self.table_error(NotConstantError, (known[0], each), said, each)
                    break
