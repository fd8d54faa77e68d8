"""Cautions gathered while the judge passes over the rows: one entry for each kind, not each row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from frictionless import Check, Error
from frictionless.table import Row

from opendata.domain.errors import Text
from opendata.domain.findings import Caution
from opendata.tabular.messages import Columns, kind_message
from opendata.tabular.text_table import SourceLines

_MOST_ROWS = 20


@dataclass(slots=True)
class _Kind:
    basis: str | None
    message: Text
    count: int = 0
    rows: list[int] = field(default_factory=list)


class CautionKinds:
    """Applies the cautions' checks and keeps, of each kind, a count and the first rows."""

    def __init__(self, checks: list[Check], columns: Columns, lines: SourceLines) -> None:
        """Begin without any finding."""
        self._checks = checks
        self._columns = columns
        self._lines = lines
        self._kinds: dict[tuple[str, str | None, str | None], _Kind] = {}

    def see(self, row: Row) -> None:
        """Apply every check to one row."""
        for check in self._checks:
            self._add(check, check.validate_row(row))

    def finish(self) -> None:
        """Let every check say what it knows only after the last row."""
        for check in self._checks:
            self._add(check, check.validate_end())

    def found(self) -> tuple[Caution, ...]:
        """Return the kinds in the order in which they were first met."""
        return tuple(
            Caution(
                code=code,
                name=name,
                basis=kind.basis,
                field=column,
                count=kind.count,
                rows=tuple(kind.rows),
                lines=tuple(self._lines.line_of(row) for row in kind.rows),
                message=kind.message,
            )
            for (code, name, column), kind in self._kinds.items()
        )

    def _add(self, check: Check, errors: Iterable[Error]) -> None:
        for error in errors:
            described: dict[str, Any] = error.to_descriptor()
            key = (error.type, check.name, described.get("fieldName") or None)
            if key not in self._kinds:
                basis = getattr(check, "basis", None) or check.custom.get("basis")
                words = kind_message(described, self._columns, check.description)
                self._kinds[key] = _Kind(basis, words)
            kind = self._kinds[key]
            kind.count += 1
            if "rowNumber" in described and len(kind.rows) < _MOST_ROWS:
                kind.rows.append(described["rowNumber"])
