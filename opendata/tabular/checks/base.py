"""What all our checks share: a rule's name, its legal basis, and what may be known outside."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import attrs
import polars as pl
from frictionless import Check, Error
from frictionless.table import Row

from opendata.tabular.certify.model import Column
from opendata.tabular.checks.errors import RuleCellError
from opendata.tabular.context import Context

# Frictionless allows lower case only; ours are called as the domain calls them, ``BUD-AGENCY``.
RULE_NAME: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9][-A-Za-z0-9._]*$"}

_CellError = TypeVar("_CellError", bound=RuleCellError)


@attrs.define(kw_only=True, repr=False)
class RuleCheck(Check):
    """A rule over single rows.

    ``name`` is the rule's id in the domain, ``basis`` the legal provision it enforces. ``context``
    is given by the judge and is no part of a descriptor.
    """

    basis: str | None = None
    context: Context | None = attrs.field(default=None, eq=False)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "properties": {"name": RULE_NAME, "basis": {"type": "string"}},
    }

    @abstractmethod
    def named_fields(self) -> tuple[str, ...]:
        """Return the columns the rule speaks of."""

    def looked_at(self) -> tuple[str, ...]:
        """Return the columns whose cells alone decide on what the rule says of a row."""
        return self.named_fields()

    def needed_fields(self) -> tuple[str, ...]:
        """Return the columns in each of which a row must have a value to be judged at all."""
        return ()

    @property
    def lacks_context(self) -> bool:
        """Whether the rule cannot be applied for want of context."""
        return False

    def validate_row(self, row: Row) -> Iterator[Error]:
        """Apply the rule; where the header lacks a column it speaks of, that was reported."""
        if not self.lacks_context and all(name in row for name in self.named_fields()):
            yield from self.judge_row(row)

    @abstractmethod
    def judge_row(self, row: Row) -> Iterator[Error]:
        """Yield what is wrong with a row that has all the columns."""

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Say in which rows of proven cells the rule may find something: too many, never too few.

        ``columns`` are those of the file, by field name; all that the rule names are there. A
        rule that has an exact twin need not say; ``None``: in all of them.
        """
        return None

    def is_blank(self, row: Row, name: str) -> bool:
        """Say whether a cell was left empty; one that could not be read was not.

        A row knows of a cell once that is read.
        """
        return row[name] is None and name in blank_cells_of(row)

    def cell_error(
        self, kind: type[_CellError], row: Row, field: str, note: str, expected: str
    ) -> _CellError:
        """Return the error of one cell, with the cell's text as it was written."""
        return kind(note=note, expected=expected, **self.placed(row, field))

    def placed(self, row: Row, field: str) -> dict[str, Any]:
        """Return what every error of a cell says: where it is, and by which rule."""
        number = row.field_names.index(field) + 1
        cells = ["" if cell is None else str(cell) for cell in row.cells]
        return {
            "cells": cells,
            "row_number": row.row_number,
            "cell": cells[number - 1] if number <= len(cells) else "",
            "field_name": field,
            "field_number": number,
            "rule": self.name,
            "basis": self.basis,
        }


def blank_cells_of(row: Row) -> dict[str, Any]:
    """Return what a row knows so far of its blank cells.

    The property ``Row.blank_cells`` returns the same after reading every cell of the row.
    """
    found: dict[str, Any] = row._Row__blank_cells  # type: ignore[attr-defined]  # mangled.
    return found
