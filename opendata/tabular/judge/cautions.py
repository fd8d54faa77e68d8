"""Cautions gathered while the judge passes over the rows: one entry for each kind, not each row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from frictionless import Check, Error
from frictionless.table import Row

from opendata.domain.errors import Text
from opendata.domain.findings import Caution
from opendata.tabular.certify.model import Finding
from opendata.tabular.judge.rows import said_by
from opendata.tabular.messages import Columns, kind_message
from opendata.tabular.text_table import SourceLines

_MOST_ROWS = 20
Name = tuple[str, str | None, str | None]
_NEVER = float("inf")


@dataclass(slots=True)
class _Kind:
    """``met`` orders kinds by where they were first met: row, check, place in the check."""

    basis: str | None
    message: Text
    met: tuple[float, int, int]
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def more(self, count: int, rows: Iterable[int]) -> None:
        self.count += count
        self.rows = sorted([*self.rows, *rows])[:_MOST_ROWS]


class CautionKinds:
    """What the cautions' checks found: of each kind a count and the first rows."""

    def __init__(self, checks: Sequence[Check], columns: Columns) -> None:
        """Begin without any finding."""
        self.checks = checks
        self._columns = columns
        self._kinds: dict[Name, _Kind] = {}

    def see(self, at: int, row: Row) -> None:
        """Apply one check to one row."""
        self._add(at, said_by(self.checks[at], row))

    def see_all(self, row: Row) -> None:
        """Apply every check to one row."""
        for at in range(len(self.checks)):
            self.see(at, row)

    def named(self, at: int, row: Row) -> tuple[Name, ...]:
        """Return the kinds that one check finds in a row, before they are ``met``."""
        found = []
        for error in said_by(self.checks[at], row):
            described = error.to_descriptor()
            name = _name(self.checks[at], described)
            if name not in self._kinds:
                kind = self._kind(self.checks[at], described, (_NEVER, at, 0))
                self._kinds[name] = kind
            found.append(name)
        return tuple(found)

    def met(self, at: int, names: Sequence[Name], rows: Sequence[int]) -> None:
        """Take in the kinds that one check found in each of some rows, in ascending order."""
        for place, name in enumerate(names):
            kind = self._kinds[name]
            kind.met = min(kind.met, (rows[0], at, place))
            kind.more(len(rows), rows[:_MOST_ROWS])

    def counted(self, at: int, finding: Finding, first: Row, rows: Sequence[int]) -> None:
        """Take in what was found vectorised in ``rows``, of which ``first`` is the first.

        The check itself says of that row what there is to say.
        """
        check = self.checks[at]
        name = (finding.error.type, check.name, finding.field)
        if name not in self._kinds:
            for place, error in enumerate(said_by(check, first)):
                described = error.to_descriptor()
                if _name(check, described) == name:
                    self._kinds[name] = self._kind(check, described, (rows[0], at, place))
        kind = self._kinds[name]
        kind.met = min(kind.met, (rows[0], *kind.met[1:]))
        kind.more(len(rows), rows[:_MOST_ROWS])

    def finish(self) -> None:
        """Let every check say what it knows only after the last row."""
        for at, check in enumerate(self.checks):
            self._add(at, check.validate_end())

    def found(self, lines: SourceLines) -> tuple[Caution, ...]:
        """Return the kinds in the order in which they were first met."""
        ordered = sorted(self._kinds.items(), key=lambda item: item[1].met)
        return tuple(
            Caution(
                code=code,
                name=name,
                basis=kind.basis,
                field=column,
                count=kind.count,
                rows=tuple(kind.rows),
                lines=tuple(lines.line_of(row) for row in kind.rows),
                message=kind.message,
            )
            for (code, name, column), kind in ordered
        )

    def _add(self, at: int, errors: Iterable[Error]) -> None:
        check = self.checks[at]
        for place, error in enumerate(errors):
            described: dict[str, Any] = error.to_descriptor()
            row = described.get("rowNumber")
            met = (_NEVER if row is None else row, at, place)
            name = _name(check, described)
            if name not in self._kinds:
                self._kinds[name] = self._kind(check, described, met)
            kind = self._kinds[name]
            kind.met = min(kind.met, met)
            kind.more(1, [] if row is None else [row])

    def _kind(self, check: Check, error: dict[str, Any], met: tuple[float, int, int]) -> _Kind:
        basis = getattr(check, "basis", None) or check.custom.get("basis")
        return _Kind(basis, kind_message(error, self._columns, check.description), met)


def _name(check: Check, error: dict[str, Any]) -> Name:
    return error["type"], check.name, error.get("fieldName") or None
