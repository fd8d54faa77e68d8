"""The judge proper: Frictionless's own readers and checks, on the cells and rows in doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from frictionless import Check, Error, Field, errors
from frictionless.table import Row, create_cell_handlers

from opendata.tabular.checks.base import RuleCheck, blank_cells_of
from opendata.tabular.judge.descriptors import cell_error, row_error
from opendata.tabular.judge.references import Reference


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


class RowJudge:
    """Judges rows one at a time and logs what is wrong with them."""

    def __init__(self, table: Table, checks: Sequence[Check], scope: frozenset[str]) -> None:
        """Judge by the fields of ``table`` and by ``checks``; report errors of ``scope`` only."""
        self.table = table
        self._checks = checks
        self.scope = scope
        self._handlers = create_cell_handlers(list(table.fields))
        self._names = [field.name for field in table.fields]
        self._readers = [each.reader for each in self._handlers.values()]
        self._order = {at: order for order, at in enumerate(table.first_looked_at)}
        self._missing = [_missing_of(field) for field in table.fields]

    def row(self, number: int, cells: Sequence[str]) -> Row:
        """Return a row as Frictionless makes it; its cells are read when they are asked for."""
        return Row(list(cells), handlers=self._handlers, row_number=number)

    def readers(self, names: Iterable[str]) -> list[Any]:
        """Return the cell readers of some fields."""
        return [self._handlers[name].reader for name in names]

    def is_blank(self, cells: Sequence[str]) -> bool:
        """Whether every cell of a full row is a missing value."""
        return all(cell in missing for cell, missing in zip(cells, self._missing, strict=True))

    def cells(
        self, row: Row, cells: Sequence[str], doubted: Iterable[int]
    ) -> Iterable[dict[str, Any]]:
        """Yield what is wrong with the doubted cells of a row that has all of them.

        What was read is left in ``row``, where checks find it: read by ``Row`` itself, a cell
        that is wrong would become an error once more, at ten times the price.
        """
        if self.is_blank(cells):
            yield row_error(errors.BlankRowError, "", cells, row.row_number)
            return
        for at in sorted(doubted, key=self._order.__getitem__):
            cell, name = cells[at], self._names[at]
            value, notes = self._readers[at](cell)
            dict.__setitem__(row, name, value)
            if value is None and not (notes and "type" in notes):
                blank_cells_of(row)[name] = cell
            for constraint, note in (notes or {}).items():
                kind = errors.TypeError if constraint == "type" else errors.ConstraintError
                yield cell_error(kind, note, cells, row.row_number, (name, at + 1))

    def ragged(self, row: Row) -> Iterable[dict[str, Any]]:
        """Yield what is wrong with the cells of a row that may have too few or too many."""
        for name in self.table.tied:
            row[name]
        for error in row.errors:
            yield error.to_descriptor()

    def check(self, at: int, row: Row) -> Iterable[dict[str, Any]]:
        """Yield what one check says of a row."""
        for error in said_by(self._checks[at], row):
            if self.in_scope(error):
                yield error.to_descriptor()

    def in_scope(self, error: Error) -> bool:
        """Whether the checklist wants to hear of it, as ``Checklist.match`` says."""
        return not isinstance(error, errors.DataError) or error.type in self.scope


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
