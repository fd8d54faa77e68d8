"""Records as JSON: NDJSON as programs exchange it, an array as a web service answers."""

import json
from collections.abc import Sequence

from datasets.build.formats.model import File, Table

_BARE = frozenset({"number", "integer", "year", "boolean"})


def json_object(labels: Sequence[str], kinds: Sequence[str], row: Sequence[str]) -> str:
    """Return a row as a JSON object.

    Nothing is null; numbers and truth values are bare, with the digits they have as text.

    Args:
        labels: What the members are called.
        kinds: The types of their fields.
        row: The cells.
    """
    members = (
        f"{json.dumps(label, ensure_ascii=False)}: {_literal(kind, cell)}"
        for label, kind, cell in zip(labels, kinds, row, strict=True)
    )
    return "{" + ", ".join(members) + "}"


def _literal(kind: str, cell: str) -> str:
    if not cell:
        return "null"
    return cell if kind in _BARE else json.dumps(cell, ensure_ascii=False)


def _objects(labels: Sequence[str], table: Table) -> list[str]:
    kinds = [field["type"] for field in table.fields]
    return [json_object(labels, kinds, row) for row in table.rows]


def _ndjson(table: Table) -> bytes:
    """Return an object a line, called by the machine names."""
    return "".join(f"{each}\n" for each in _objects(table.names, table)).encode()


def _array(table: Table) -> bytes:
    """Return an array of objects, called by the Chinese titles."""
    return ("[\n" + ",\n".join(_objects(table.titles, table)) + "\n]\n").encode()


FILES = (
    File("budgets-2022", "ndjson", _ndjson),
    File("project-approvals-transcribed", "json", _array),
)
