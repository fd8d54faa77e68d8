"""What all our checks share: a rule's name, its legal basis, and what may be known outside."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import attrs
from frictionless import Check, Error
from frictionless.table import Row

from opendata.tabular.checks.errors import RuleCellError
from opendata.tabular.context import Context

# Frictionless allows lower case only; ours are called as the domain calls them, ``BUD-AGENCY``.
RULE_NAME: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9][-A-Za-z0-9._]*$"}


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

    def cell_error(
        self, kind: type[RuleCellError], row: Row, field: str, note: str, expected: str
    ) -> RuleCellError:
        """Return the error of one cell, with the cell's text as it was written."""
        number = row.field_names.index(field) + 1
        cells = ["" if cell is None else str(cell) for cell in row.cells]
        return kind(
            note=note,
            cells=cells,
            row_number=row.row_number,
            cell=cells[number - 1] if number <= len(cells) else "",
            field_name=field,
            field_number=number,
            rule=self.name,
            basis=self.basis,
            expected=expected,
        )
