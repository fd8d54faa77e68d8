"""Within one row: a total is the sum of its parts."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
from frictionless import Error
from frictionless.table import Row

from opendata.domain.rounding import Comparison, Relation, Verdict, compare, figure
from opendata.tabular.checks import conditions
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import ErrorTypes, SumBrokenError
from opendata.tabular.checks.groups import NAMES
from opendata.tabular.checks.table import plain


@attrs.define(kw_only=True, repr=False)
class SumCheck(RuleCheck):
    """The total in a row is the sum of its parts, or not below it.

    It is judged where the total and all of its parts are there; where ``absent`` is ``zero``, an
    empty part is nothing, as long as there is one part. ``report`` is as in ``FigureCheck``.
    """

    type = "sum"
    Errors: ClassVar[ErrorTypes] = [SumBrokenError]

    field_name: str
    parts: list[str]
    relation: Relation = "="
    absent: str = "unjudged"
    counts: bool = False
    report: str = Verdict.VIOLATED.value
    when: Mapping[str, Any] | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "parts"],
        "properties": {
            "fieldName": {"type": "string"},
            "parts": NAMES,
            "relation": {"enum": ["=", "<="]},
            "absent": {"enum": ["unjudged", "zero"]},
            "counts": {"type": "boolean"},
            "report": {"enum": [Verdict.VIOLATED.value, Verdict.WITHIN_ROUNDING.value]},
            "when": conditions.PROFILE,
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the total's column, the parts' and the condition's."""
        condition = (self.when["fieldName"],) if self.when else ()
        return (self.field_name, *self.parts, *condition)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Add up the parts."""
        if self.when and not conditions.Condition.of(self.when).holds(row):
            return
        found = self._weigh(row)
        if found is None or found.verdict.value != self.report:
            return
        relation = f"{' + '.join(self.parts)} {self.relation} {self.field_name}"
        note = f"{relation}: expected {plain(found.expected)}, found {plain(found.found)}"
        yield SumBrokenError(
            note=note,
            expected=plain(found.expected),
            found=plain(found.found),
            difference=plain(found.difference),
            comparison=found.verdict.value,
            **self.placed(row, self.field_name),
        )

    def _weigh(self, row: Row) -> Comparison | None:
        total = figure(row[self.field_name])
        parts = [figure(row[name]) for name in self.parts]
        if total is None or any(
            each is None and (self.absent == "unjudged" or name not in row.blank_cells)
            for each, name in zip(parts, self.parts, strict=True)
        ):
            return None
        known = [each for each in parts if each is not None]
        return compare(known, [total], self.relation, counts=self.counts) if known else None
