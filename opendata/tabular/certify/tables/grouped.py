"""Rows of a table put into the groups of a rule, all at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import mapped, typed_text

Holds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a rule chooses rows and puts them into groups.

    ``conditions`` are columns and what must hold of their typed value.
    """

    group_by: Sequence[str]
    conditions: Sequence[tuple[str, Holds]]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The rows a rule speaks of, each with its place (``at``) and the keys of its group."""

    rows: pl.DataFrame
    keys: tuple[str, ...]
    height: int

    def with_columns(self, **columns: pl.Expr) -> "Grouped":
        """Return the same with columns more."""
        return Grouped(self.rows.with_columns(**columns), self.keys, self.height)

    def marked(self, groups: pl.DataFrame) -> pl.Series:
        """Return which rows of the table belong to one of ``groups`` (frame of keys)."""
        rows = self.rows
        if self.keys:
            rows = rows.join(groups.select(self.keys), on=self.keys, how="semi", nulls_equal=True)
        elif groups.is_empty():
            rows = rows.clear()
        marks = pl.repeat(value=False, n=self.height, dtype=pl.Boolean, eager=True)
        return marks.scatter(rows["at"], values=True).alias("suspect")


def grouped(
    frame: pl.DataFrame, grouping: Grouping, columns: Mapping[str, Column]
) -> Grouped | None:
    """Choose the rows and name their groups; ``None`` where that cannot be said for certain."""
    rows = frame.with_row_index("at")
    for name, holds in grouping.conditions:
        met = mapped(rows[name], columns[name], holds, pl.Boolean)
        if met is None:
            return None
        rows = rows.filter(met)
    keys = tuple(f"key{number}" for number in range(len(grouping.group_by)))
    for key, name in zip(keys, grouping.group_by, strict=True):
        texts = typed_text(rows[name], columns[name])
        if texts is None:
            return None
        rows = rows.with_columns(texts.alias(key))
    return Grouped(rows, keys, frame.height)
