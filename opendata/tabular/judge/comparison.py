"""What Frictionless remembers from row to row, and what it says about it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from frictionless import errors
from frictionless.table import Row

from opendata.tabular.judge.references import Reference


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

    def compare(self, row: Row) -> int:
        """Add to ``row.errors`` what Frictionless adds; return how many that are."""
        found = sum(self._is_repeated(name, row) for name in self._unique)
        if self._primary_key:
            found += self._is_taken(row)
        return found + sum(self._is_nowhere(each, gone, row) for each, gone in self._references)

    def _is_repeated(self, name: str, row: Row) -> bool:
        cell = row[name]
        if cell is None:
            return False
        match = self._unique[name].get(cell)
        self._unique[name][cell] = row.row_number
        if match:
            note = f"the same as in the row at position {match}"
            row.errors.append(errors.UniqueError.from_row(row, note=note, field_name=name))
        return bool(match)

    def _is_taken(self, row: Row) -> bool:
        cells = tuple(row[name] for name in self._primary_key)
        if set(cells) == {None}:
            note = 'cells composing the primary keys are all "None"'
        else:
            match = self._keys.get(cells)
            self._keys[cells] = row.row_number
            if not match:
                return False
            note = f"the same as in the row at position {match}"
        row.errors.append(errors.PrimaryKeyError.from_row(row, note=note))
        return True

    def _is_nowhere(self, reference: Reference, gone: Collection[int], row: Row) -> bool:
        cells = [row[name] for name in reference.fields]
        if row.row_number not in gone or set(cells) == {None}:
            return False
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
        row.errors.append(error)
        return True
