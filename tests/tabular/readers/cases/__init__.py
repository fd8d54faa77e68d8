"""Every oddity a file may have, and what becomes of it; ``docs/reference/formats.md`` lists them.

Each module of this package holds the cases of one kind of file as ``CASES``.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from itertools import chain

from tests.tabular.readers.cases.model import Case


def _modules() -> Iterator[tuple[Case, ...]]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        found = importlib.import_module(f"{__name__}.{module.name}")
        yield getattr(found, "CASES", ())


def cases() -> tuple[Case, ...]:
    """Return the cases of all modules."""
    return tuple(chain.from_iterable(_modules()))
