"""The judge proper: Frictionless's own readers and checks, on the cells and rows in doubt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from frictionless import Check, Error, Field, errors
from frictionless.table import Row, create_cell_handlers

from opendata.tabular.checks.base import RuleCheck, blank_cells_of
from opendata.tabular.judge.descriptors import cell_error, row_error
from opendata.tabular.judge.references import Reference

Notes = dict[str, str] | None
Reader = Callable[[str | None], tuple[Any, Notes]]
_MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class Table:
    """What rows are read by: the fields expected in the file, and the keys that tie rows together.

    ``unique`` and ``primary_key`` are names of expected fields; they and the ``references`` are
    those that Frictionless looks at.
    """

    fields: Sequence[Field]
    unique: tuple[str, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...] = ()

    @property
    def first_looked_at(self) -> tuple[int, ...]:
        """Positions in the order in which Frictionless reads a row's cells: the keys first.

        Its ``Row`` reads a cell when it is asked for, and notes what is wrong in that order.
        """
        position = {field.name: at for at, field in enumerate(self.fields)}
        first = [position[name] for name in self.tied]
        return tuple(dict.fromkeys([*first, *range(len(self.fields))]))

    @property
    def tied(self) -> tuple[str, ...]:
        """The fields whose values are compared with other rows', in the order of asking."""
        referring = [name for each in self.references for name in each.fields]
        return (*self.unique, *self.primary_key, *referring)


class QuickRow(Row):
    """A row that makes no error of a cell it reads: what is wrong with it is told elsewhere.

    Reading one costs a sixth of what it costs ``Row``.
    """

    def __init__(
        self,
        cells: Sequence[str],
        row_number: int,
        handlers: dict[str, Any],
        reader: Callable[[str, str | None], tuple[Any, Notes]],
    ) -> None:
        """Keep the cells; none is read yet."""
        super().__init__(list(cells), handlers=handlers, row_number=row_number)
        self._positions = handlers
        self._reader = reader

    def __missing__(self, key: str) -> Any:
        """Read a cell when it is asked for."""
        if key not in self._positions:
            return super().__missing__(key)
        self.read(key)
        return self[key]

    def read(self, name: str) -> Notes:
        """Read a cell, and return what its reader has to note."""
        at = self._positions[name].field_number - 1
        cell = self.cells[at] if at < len(self.cells) else None
        value, notes = self._reader(name, cell)
        dict.__setitem__(self, name, value)
        if value is None and not (notes and "type" in notes):
            blank_cells_of(self)[name] = cell
        return notes


class RowJudge:
    """Judges rows one at a time and logs what is wrong with them."""

    def __init__(self, table: Table, checks: Sequence[Check], scope: frozenset[str]) -> None:
        """Judge by the fields of ``table`` and by ``checks``; report errors of ``scope`` only."""
        self.table = table
        self.checks = checks
        self.scope = scope
        self._handlers = create_cell_handlers(list(table.fields))
        self._names = [field.name for field in table.fields]
        self._readers = [each.reader for each in self._handlers.values()]
        self._missing = [_missing_of(field) for field in table.fields]
        self._known: dict[str, dict[str | None, Any]] = {name: {} for name in self._names}

    def row(self, number: int, cells: Sequence[str]) -> Row:
        """Return a row as Frictionless makes it; its cells are read when they are asked for."""
        return Row(list(cells), handlers=self._handlers, row_number=number)

    def quick_row(self, number: int, cells: Sequence[str]) -> QuickRow:
        """Return a row of the same values, whose wrong cells have been or will be told of."""
        return QuickRow(cells, number, self._handlers, self._read)

    def part_of_row(self, number: int, positions: Sequence[int], texts: Sequence[str]) -> QuickRow:
        """Return a row for those who look at the cells at ``positions`` and at no others."""
        cells: list[str] = [""] * len(self._names)
        for at, text in zip(positions, texts, strict=True):
            cells[at] = text
        shown = {self._names[at] for at in positions}

        def read(name: str, cell: str | None) -> tuple[Any, Notes]:
            if name not in shown:
                message = f"a rule looks at {name!r}, of which it says nothing in looked_at()"
                raise LookupError(message)
            return self._read(name, cell)

        return QuickRow(cells, number, self._handlers, read)

    def value(self, name: str, cell: str) -> Any:
        """Return what a cell holds."""
        return self._read(name, cell)[0]

    def _read(self, name: str, cell: str | None) -> tuple[Any, Notes]:
        """Read a cell; clean ones are remembered, as dates take longer to read than all else."""
        known = self._known[name]
        if cell in known:
            return known[cell], None
        value, notes = self._handlers[name].reader(cell)
        if not notes and len(known) < _MOST_KNOWN:
            known[cell] = value
        return value, notes

    def errors_of(
        self, number: int, cells: Sequence[str], looked_at: int
    ) -> Iterable[dict[str, Any]]:
        """Yield a row's errors as they stand when so many of the tied fields were looked at."""
        tied = self.table.tied[:looked_at]
        if len(cells) == len(self._names):
            first = [self._names.index(name) for name in tied]
            order = dict.fromkeys([*first, *range(len(cells))])
            yield from self.cells(self.quick_row(number, cells), cells, order)
            return
        row = self.row(number, cells)
        for name in tied:
            row[name]
        for error in row.errors:
            yield error.to_descriptor()

    def reader(self, name: str) -> Reader:
        """Return the cell reader of a field."""
        found: Reader = self._handlers[name].reader
        return found

    def of_cell(self, number: int, at: int, text: str) -> Iterable[dict[str, Any]]:
        """Yield what is to be heard of a text at position ``at``, whatever its row is."""
        name, cells = self._names[at], [""] * len(self._names)
        cells[at] = text
        for kind, note in _kinds_of(self._read(name, text)[1]):
            if kind.type in self.scope:
                yield cell_error(kind, note, cells, number, (name, at + 1))

    def of_blank(self, number: int) -> Iterable[dict[str, Any]]:
        """Yield what is to be heard of a row without any value."""
        if errors.BlankRowError.type in self.scope:
            yield row_error(errors.BlankRowError, "", [], number)

    def is_blank(self, cells: Sequence[str]) -> bool:
        """Whether every cell of a full row is a missing value."""
        return all(cell in missing for cell, missing in zip(cells, self._missing, strict=True))

    def cells(
        self, row: QuickRow, cells: Sequence[str], doubted: Iterable[int]
    ) -> Iterable[dict[str, Any]]:
        """Yield what is wrong with the doubted cells, in that order, of a row that has all."""
        if self.is_blank(cells):
            yield row_error(errors.BlankRowError, "", cells, row.row_number)
            return
        for at in doubted:
            name = self._names[at]
            for kind, note in _kinds_of(row.read(name)):
                yield cell_error(kind, note, cells, row.row_number, (name, at + 1))

    def ragged(self, row: Row) -> Iterable[dict[str, Any]]:
        """Yield what is wrong with the cells of a row that may have too few or too many."""
        for name in self.table.tied:
            row[name]
        for error in row.errors:
            yield error.to_descriptor()

    def check(self, at: int, row: Row) -> Iterable[dict[str, Any]]:
        """Yield what one check says of a row."""
        for error in said_by(self.checks[at], row):
            if self.in_scope(error):
                yield error.to_descriptor()

    def in_scope(self, error: Error) -> bool:
        """Whether the checklist wants to hear of it, as ``Checklist.match`` says."""
        return not isinstance(error, errors.DataError) or error.type in self.scope


def _kinds_of(notes: Notes) -> Iterator[tuple[type[errors.CellError], str]]:
    for constraint, note in (notes or {}).items():
        yield errors.TypeError if constraint == "type" else errors.ConstraintError, note


def _missing_of(field: Field) -> frozenset[str]:
    """Return the texts that stand for no value, as ``Field.create_cell_reader`` picks them."""
    if not field.has_defined("missing_values") and field.schema:
        return frozenset(field.schema.missing_values)
    return frozenset(field.missing_values)


def said_by(check: Check, row: Row) -> Iterable[Error]:
    """Return what a check says of a row that it would see in Frictionless's own loop.

    A ``Row`` that was read to its end says ``None`` of a field it does not have, any other raises
    an error; checks are shown only such as were read to their end. Ours ask for nothing that is
    not there, so that they are spared the wait.
    """
    if not isinstance(check, RuleCheck):
        _ = row.errors
    return check.validate_row(row)
