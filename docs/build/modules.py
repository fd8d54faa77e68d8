"""Everything that the product defines, imported: a class nobody has imported is in no list."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opendata

# Alembic runs them, and gives them a context to be in.
_BY_ALEMBIC = "opendata.storage.migrations"
PACKAGE = Path(opendata.__file__).parent


@cache
def import_all() -> None:
    """Import every module of the product."""
    for module in pkgutil.walk_packages(opendata.__path__, "opendata."):
        if not module.name.startswith(_BY_ALEMBIC) and module.name != "opendata.__main__":
            importlib.import_module(module.name)


def sources() -> Iterator[ast.Module]:
    """Yield the syntax tree of every module of the product, in the order of their paths."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))
