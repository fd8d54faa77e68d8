"""How Frictionless writes an error, without the objects it goes through to write it.

Making an ``Error`` and taking its descriptor costs a fifth of a millisecond; a table may have
hundreds of thousands. That both ways say the same of every class is tested.
"""

from collections.abc import Sequence
from typing import Any

from frictionless import Error, errors

_KNOWN: dict[str, dict[str, Any]] = {}


def _fixed(kind: type[Error]) -> dict[str, Any]:
    """Return what is the same in every error of a class; the message is in its place."""
    if kind.type not in _KNOWN:
        _KNOWN[kind.type] = _constant(kind)
    return _KNOWN[kind.type]


def _constant(kind: type[Error]) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "description": kind.description,
        "message": "",
        "tags": list(kind.tags),
    }


def cell_error(
    kind: type[errors.CellError], note: str, cells: Sequence[Any], at: int, field: tuple[str, int]
) -> dict[str, Any]:
    """Return the descriptor of a cell's error.

    Args:
        kind: The class of the error.
        note: What is wrong.
        cells: All cells of the row; one that is not there is ``None``.
        at: The row's number.
        field: The field's name and its number, from 1.
    """
    name, number = field
    said = {
        **_fixed(kind),
        "note": note,
        "cells": _texts(cells),
        "rowNumber": at,
        "cell": cells[number - 1],
        "fieldName": name,
        "fieldNumber": number,
    }
    said["message"] = kind.template.format_map(said)
    return said


def row_error(
    kind: type[errors.RowError], note: str, cells: Sequence[Any], row: int
) -> dict[str, Any]:
    """Return the descriptor of a row's error."""
    said = {**_fixed(kind), "note": note, "cells": _texts(cells), "rowNumber": row}
    said["message"] = kind.template.format_map(said)
    return said


def _texts(cells: Sequence[Any]) -> Sequence[str]:
    return ["" if cell is None else cell for cell in cells] if None in cells else cells
