"""Rules that judge rows group by group: rows that agree in some columns and meet conditions."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.grouped import Grouping, grouped
from opendata.tabular.checks import conditions
from opendata.tabular.checks.conditions import Condition
from opendata.tabular.checks.table import Member, TableCheck

NAMES: dict[str, Any] = {"type": "array", "minItems": 1, "items": {"type": "string"}}


@attrs.define(kw_only=True, repr=False)
class GroupCheck(TableCheck):
    """A rule over groups of rows.

    ``groupBy`` names the columns in which the rows of a group agree; an empty cell agrees with an
    empty cell. ``where`` are conditions that a row must meet, all of them, to be looked at.
    """

    group_by: list[str]
    where: list[Mapping[str, Any]] = attrs.field(factory=list)

    _groups: dict[tuple[Any, ...], list[Member]] = attrs.field(factory=dict, init=False, eq=False)
    _conditions: tuple[Condition, ...] | None = attrs.field(default=None, init=False, eq=False)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["groupBy"],
        "properties": {
            "groupBy": NAMES,
            "where": {"type": "array", "items": conditions.PROFILE},
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the columns of the groups, of the conditions and of the rule itself."""
        conditioned = (each["fieldName"] for each in self.where)
        return tuple(dict.fromkeys((*self.group_by, *conditioned, *self.own_fields())))

    @abstractmethod
    def own_fields(self) -> tuple[str, ...]:
        """Return the columns the rule itself speaks of."""

    def validate_start(self) -> Iterator[Error]:
        """Begin with no group."""
        self._groups.clear()
        yield from ()

    def take(self, member: Member) -> None:
        """Put a row that meets the conditions into its group."""
        if self.concerns(member) and self.selects(member.values):
            key = tuple(member.values[name] for name in self.group_by)
            self._groups.setdefault(key, []).append(member)

    def concerns(self, member: Member) -> bool:
        """Say whether the rule speaks of this row at all."""
        return True

    def selects(self, values: Mapping[str, Any]) -> bool:
        """Say whether a row meets all of ``where``."""
        if self._conditions is None:
            self._conditions = tuple(Condition.of(each) for each in self.where)
        return all(condition.holds(values) for condition in self._conditions)

    def grouping(self) -> Grouping:
        """Return how rows are chosen and grouped, for the vectorised twin."""
        conditions = [Condition.of(each) for each in self.where]
        return Grouping(
            self.group_by,
            [(each.field, partial(_holds, each)) for each in conditions],
        )

    def conclude(self) -> Iterable[Error]:
        """Judge each group, in the order in which the groups appeared."""
        for key, members in self._groups.items():
            yield from self.judge_group(group_text(key), members)

    @abstractmethod
    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Yield what is wrong with one group."""


@attrs.define(kw_only=True, repr=False)
class PairsCheck(GroupCheck):
    """A rule over groups that a group of one row cannot break."""

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Doubt groups of several rows."""
        within = grouped(frame, self.grouping(), columns)
        if within is None:
            return None
        keys = list(within.keys)
        return within.marked(within.rows.group_by(keys).len().filter(pl.col("len") > 1))


def _holds(condition: Condition, value: Any) -> bool:
    return condition.holds({condition.field: value})


def group_text(key: tuple[Any, ...]) -> str:
    """Write what the rows of a group have in common.

    >>> group_text(("某局", 2020, None))
    '某局 / 2020'
    """
    return " / ".join(str(value) for value in key if value is not None)
