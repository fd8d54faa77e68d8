"""``datasets/formats/``: real records once more, in the formats and dialects that agencies send.

Each module of this package holds the files of one kind as ``FILES``.
"""

import csv
import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from datasets.build.formats.model import File, Table

FOLDER = "formats"


def files() -> Iterator[File]:
    """Yield the files of all modules."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        found = importlib.import_module(f"{__name__}.{module.name}")
        yield from getattr(found, "FILES", ())


def write_all(target: Path) -> None:
    """Write every file from the packages that are in ``target`` already."""
    folder = target / FOLDER
    folder.mkdir(exist_ok=True)
    for file in files():
        (folder / file.name).write_bytes(file.write(_table(target / file.package)))


def _table(package: Path) -> Table:
    """Read a package."""
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    with (package / "data.csv").open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    return Table(descriptor, tuple(names), tuple(map(tuple, rows)))
