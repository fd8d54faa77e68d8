"""What Frictionless remembers from row to row, and what it says about it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from frictionless import errors
from frictionless.table import Row

from opendata.tabular.judge.descriptors import row_error
from opendata.tabular.judge.references import Reference

Described = dict[str, Any]


class Comparison:
    """Compares rows as ``TableResource`` does while it streams them.

    The order in which cells are looked at decides on the order of their errors, so that this
    follows it step by step (frictionless 5.21, ``resources/table.py``).
    """

    def __init__(
        self,
        unique: Sequence[str],
        primary_key: Sequence[str],
        references: Sequence[tuple[Reference, Collection[int]]],
    ) -> None:
        """Begin before the first row.

        With each reference come the numbers of the rows whose key is nowhere.
        """
        self._unique: Mapping[str, dict[Any, int]] = {name: {} for name in unique}
        self._primary_key = tuple(primary_key)
        self._keys: dict[tuple[Any, ...], int] = {}
        self._references = references

    def compare(self, row: Row) -> tuple[list[Described], int]:
        """Return what Frictionless adds to ``row.errors``.

        And how many of the tied fields it has looked at when it adds the first: only then does
        it read the rest of the row.
        """
        found: list[tuple[int, Described]] = []
        for at, name in enumerate(self._unique, start=1):
            found += [(at, error) for error in self._repeated(name, row)]
        looked_at = len(self._unique) + len(self._primary_key)
        if self._primary_key:
            found += [(looked_at, error) for error in self._taken(row)]
        for reference, gone in self._references:
            looked_at += len(reference.fields)
            found += [(looked_at, error) for error in self._nowhere(reference, gone, row)]
        return [error for _, error in found], found[0][0] if found else looked_at

    def _repeated(self, name: str, row: Row) -> Iterator[Described]:
        cell = row[name]
        if cell is None:
            return
        match = self._unique[name].get(cell)
        self._unique[name][cell] = row.row_number
        if match:
            note = f"the same as in the row at position {match}"
            # Here alone Frictionless quotes what was read and not what was written.
            error = errors.UniqueError.from_row(row, note=note, field_name=name)
            yield error.to_descriptor()

    def _taken(self, row: Row) -> Iterator[Described]:
        cells = tuple(row[name] for name in self._primary_key)
        if set(cells) == {None}:
            note = 'cells composing the primary keys are all "None"'
        else:
            match = self._keys.get(cells)
            self._keys[cells] = row.row_number
            if not match:
                return
            note = f"the same as in the row at position {match}"
        yield row_error(errors.PrimaryKeyError, note, row.cells, row.row_number)

    def _nowhere(
        self, reference: Reference, gone: Collection[int], row: Row
    ) -> Iterator[Described]:
        cells = [row[name] for name in reference.fields]
        if row.row_number not in gone or set(cells) == {None}:
            return
        note = 'for "{}": values "{}" not found in the lookup table "{}" as "{}"'.format(
            ", ".join(reference.fields),
            ", ".join(map(str, cells)),
            reference.resource,
            ", ".join(reference.source),
        )
        error = errors.ForeignKeyError.from_row(
            row,
            note=note,
            field_names=list(reference.fields),
            field_values=cells,
            reference_name=reference.resource,
            reference_field_names=list(reference.source),
        )
        yield error.to_descriptor()
