"""类=Σ款, 款=Σ项: a code's figure is the sum of the codes right below it."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.domain.rounding import Verdict
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.rollup import Levels, doubtful_levels
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.figures import FigureCheck
from opendata.tabular.checks.groups import GroupCheck
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import (
    NotDetailedError,
    ParentMissingError,
    RollupBrokenError,
)

_LENGTHS: dict[str, Any] = {
    "type": "array",
    "minItems": 2,
    "items": {"type": "integer", "minimum": 1, "maximum": 100},
}


@attrs.define(kw_only=True, repr=False)
class RollupCheck(FigureCheck):
    """Codes of a table form a tree whose figures add up.

    ``lengths`` are the lengths of codes from the top down; a code's parent is its own beginning
    of the next shorter length. Within a group every code's parent is listed; where a code has
    codes right below it, its figure is their sum. A code listed twice is judged as a part only.
    """

    type = "rollup"
    Errors: ClassVar[ErrorTypes] = [RollupBrokenError, ParentMissingError]

    code_field: str
    lengths: list[int]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["codeField", "lengths"],
        "properties": {"codeField": {"type": "string"}, "lengths": _LENGTHS},
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the column of codes and those of the figures."""
        return (self.code_field, *self.value_fields)

    def concerns(self, member: Member) -> bool:
        """Say whether the row has a code of one of the lengths."""
        code = member.values[self.code_field]
        return isinstance(code, str) and len(code) in self.lengths

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Look at every code in the order in which the codes appeared."""
        listed, below = _tree(members, self.code_field, self.lengths)
        for code, rows in listed.items():
            parent = _parent(code, self.lengths)
            if self.report == Verdict.VIOLATED and parent is not None and parent not in listed:
                said = Statement(
                    relation=code, expected=parent, found=code, group=group, field=self.code_field
                )
                yield self.table_error(ParentMissingError, rows, said, rows[0])
            if code in below and len(rows) == 1:
                yield from self._added_up(group, rows, below[code])

    def _added_up(self, group: str, rows: list[Member], parts: list[Member]) -> Iterator[Error]:
        relation = f"Σ {rows[0].values[self.code_field]}… = {rows[0].values[self.code_field]}"
        for field in self.value_fields:
            found = self.weigh(parts, rows, field)
            if found is not None:
                said = Statement.of(found, relation, group, field)
                yield from self.figures_error(RollupBrokenError, (parts, rows), said)

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Add up all groups at once."""
        levels = Levels(self.code_field, self.value_fields, self.lengths)
        return doubtful_levels(frame, columns, self.grouping(), levels)


@attrs.define(kw_only=True, repr=False)
class DepthCheck(GroupCheck):
    """Every code of a table is broken down to codes of the length ``depth``.

    ``lengths`` are as in ``rollup``.
    """

    type = "depth"
    Errors: ClassVar[ErrorTypes] = [NotDetailedError]

    code_field: str
    lengths: list[int]
    depth: int

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["codeField", "lengths", "depth"],
        "properties": {
            "codeField": {"type": "string"},
            "lengths": _LENGTHS,
            "depth": {"type": "integer", "minimum": 1, "maximum": 100},
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the column of codes."""
        return (self.code_field,)

    def concerns(self, member: Member) -> bool:
        """Say whether the row has a code of one of the lengths."""
        code = member.values[self.code_field]
        return isinstance(code, str) and len(code) in self.lengths

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Report each code that ends above the prescribed level."""
        listed, below = _tree(members, self.code_field, self.lengths)
        for code, rows in listed.items():
            if code not in below and len(code) < self.depth:
                said = Statement(
                    relation=code,
                    expected=str(self.depth),
                    found=code,
                    group=group,
                    field=self.code_field,
                )
                yield self.table_error(NotDetailedError, rows, said, rows[0])

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Look at all leaves at once."""
        levels = Levels(self.code_field, (), self.lengths, self.depth)
        return doubtful_levels(frame, columns, self.grouping(), levels)


def _tree(
    members: list[Member], field: str, lengths: list[int]
) -> tuple[dict[str, list[Member]], dict[str, list[Member]]]:
    """Return the rows of each code, and the rows right below each."""
    listed: dict[str, list[Member]] = {}
    below: dict[str, list[Member]] = {}
    for member in members:
        code = member.values[field]
        listed.setdefault(code, []).append(member)
        parent = _parent(code, lengths)
        if parent is not None:
            below.setdefault(parent, []).append(member)
    return listed, below


def _parent(code: str, lengths: list[int]) -> str | None:
    """Return the code right above, ``None`` at the top."""
    place = lengths.index(len(code))
    return code[: lengths[place - 1]] if place else None
