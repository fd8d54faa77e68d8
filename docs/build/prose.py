"""What people have to say about names that the code knows; kept in TOML beside this module."""

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any


class ProseDrift(ValueError):
    """The names that the code knows are not those that the prose tells about."""


def prose(table: str, known: Collection[str]) -> dict[str, Any]:
    """Return what a table of the prose tells about the names that are known.

    Raises:
        ProseDrift: a name is missing there, or is told about and no longer known.
    """
    told: dict[str, Any] = _all()[table]
    differing = set(known) ^ set(told)
    if differing:
        message = f"[{table}] of the prose and the code differ in {sorted(differing)}"
        raise ProseDrift(message)
    return told


@cache
def _all() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in ("prose.toml", "queries.toml"):
        found |= tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return found
