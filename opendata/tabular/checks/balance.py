"""收支平衡: what comes in is what goes out, added up over all rows of a group."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.identity import Sums, doubtful_sums
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.figures import FigureCheck
from opendata.tabular.checks.groups import NAMES
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import BalanceBrokenError


@attrs.define(kw_only=True, repr=False)
class BalanceCheck(FigureCheck):
    """All rows on one side add up to what all rows on the other side add up to.

    ``sideField`` says on which side a row is: one of ``incoming``, or one of ``outgoing``. A
    group that has one side only is not judged.
    """

    type = "balance"
    Errors: ClassVar[ErrorTypes] = [BalanceBrokenError]

    side_field: str
    incoming: list[str]
    outgoing: list[str]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["sideField", "incoming", "outgoing"],
        "properties": {
            "sideField": {"type": "string"},
            "incoming": NAMES,
            "outgoing": NAMES,
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the side's column and those of the figures."""
        return (self.side_field, *self.value_fields)

    def concerns(self, member: Member) -> bool:
        """Say whether the row is on one of the sides."""
        return self._side(member.values[self.side_field]) is not None

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Compare the two sides in each column of figures."""
        sides: tuple[list[Member], list[Member]] = ([], [])
        for member in members:
            sides[self._side(member.values[self.side_field]) or 0].append(member)
        incoming, outgoing = sides
        if not incoming or not outgoing:
            return
        relation = f"Σ {' + '.join(self.incoming)} = Σ {' + '.join(self.outgoing)}"
        for field in self.value_fields:
            found = self.weigh(incoming, outgoing, field)
            if found is not None:
                said = Statement.of(found, relation, group, field)
                yield from self.figures_error(BalanceBrokenError, sides, said)

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Add up all groups at once."""
        sums = Sums(
            item_field=self.side_field,
            value_fields=self.value_fields,
            slot=self._side,
            border=1,
            wanted=2,
            alone=False,
            all_needed=True,
            bounded=False,
        )
        return doubtful_sums(frame, columns, self.grouping(), sums)

    def _side(self, value: Any) -> int | None:
        if value in self.incoming:
            return 0
        return 1 if value in self.outgoing else None
