"""What changed between two releases of a dataset, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Total:
    """What a column came to in one group of records that may be added up, before and after.

    ``within`` says what the group's records have in common, as texts; ``None`` is nothing told.
    A side without such records comes to ``None``.
    """

    column: str
    within: Mapping[str, str | None]
    before: Decimal | None
    after: Decimal | None

    @property
    def moved_by(self) -> Decimal:
        """How far apart the two are, without a sign."""
        return abs((self.after or Decimal(0)) - (self.before or Decimal(0)))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Total":
        """Read what ``as_dict`` returned."""
        sides = (
            None if told[side] is None else Decimal(told[side]) for side in ("before", "after")
        )
        return cls(told["column"], told["within"], *sides)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON tells it."""
        return {
            "column": self.column,
            "within": dict(self.within),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """How much changed from one table of records to another, records told apart by ``_id``.

    ``cells`` counts the changed cells of each column that has any. ``columns_added`` and
    ``columns_removed`` are on one side only, under another version of the contract: their cells
    are not compared. ``totals`` are the groups of records whose sum moved, those that moved most
    first within a column; ``totals_moved`` counts them where some are left off.
    """

    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    cells: Mapping[str, int]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    totals: tuple[Total, ...]
    totals_moved: int

    @property
    def changes(self) -> int:
        """How many records were added, removed or changed."""
        return self.added + self.removed + self.changed

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Summary":
        """Read what ``as_dict`` returned."""
        read = {
            "totals": tuple(map(Total.of, told["totals"])),
            "columns_added": tuple(told["columns_added"]),
            "columns_removed": tuple(told["columns_removed"]),
        }
        return cls(**{**told, **read})

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON tells it."""
        return {
            "rows_before": self.rows_before,
            "rows_after": self.rows_after,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "cells": dict(self.cells),
            "columns_added": list(self.columns_added),
            "columns_removed": list(self.columns_removed),
            "totals": [each.as_dict() for each in self.totals],
            "totals_moved": self.totals_moved,
        }
