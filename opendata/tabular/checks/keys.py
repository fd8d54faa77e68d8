"""The rule that looks at other datasets: primary keys are unique across a collection."""

from collections.abc import Iterator
from typing import Any, ClassVar

import attrs
from frictionless import Error
from frictionless.table import Row

from opendata.domain.identifiers import record_id
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import ErrorTypes, KeyElsewhereError

_BATCH = 5000


@attrs.define(kw_only=True, repr=False)
class KeyUniqueAcrossCheck(RuleCheck):
    """No other dataset of the collection holds a record with the same key.

    The judge adds it to every checklist; ids are asked for in batches, and what is found is
    reported after the last row.
    """

    type = "key-unique-across"
    Errors: ClassVar[ErrorTypes] = [KeyElsewhereError]

    collection: str
    key: list[str]
    pending: list[tuple[str, Row]] = attrs.field(factory=list, eq=False)
    found: list[KeyElsewhereError] = attrs.field(factory=list, eq=False)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["collection", "key"],
        "properties": {
            "collection": {"type": "string"},
            "key": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the key's columns."""
        return tuple(self.key)

    @property
    def lacks_context(self) -> bool:
        """Outside the platform nothing else is published."""
        return self.context is None or self.context.releases is None

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Remember the row's id; a row without its whole key has none."""
        values = [row[name] for name in self.key]
        if self.context is not None and None not in values:
            self.pending.append((record_id(self.collection, values, self.context.secret), row))
            if len(self.pending) >= _BATCH:
                self._ask()
        yield from ()

    def validate_end(self) -> Iterator[Error]:
        """Yield what was found, in the order of rows."""
        self._ask()
        yield from self.found

    def _ask(self) -> None:
        """Ask who holds the remembered ids; the dataset's own records are no conflict."""
        context = self.context
        if context is None or context.releases is None or not self.pending:
            return
        owners = context.releases.owner_of([identifier for identifier, _ in self.pending])
        for identifier, row in self.pending:
            owner = owners.get(identifier)
            if owner is not None and owner != context.dataset:
                self.found.append(self._error(row, owner))
        self.pending.clear()

    def _error(self, row: Row, owner: str) -> KeyElsewhereError:
        return KeyElsewhereError(
            note=f'dataset "{owner}" holds a record with this key',
            cells=["" if cell is None else str(cell) for cell in row.cells],
            row_number=row.row_number,
            rule=self.name,
            basis=self.basis,
            expected=owner,
        )
