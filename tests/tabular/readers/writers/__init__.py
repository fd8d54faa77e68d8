"""Ways to write a clean table, all of its cells with it; a test takes each of them back.

Each module of this package has its own as ``WRITERS``. A writer is given Hypothesis's ``draw`` and
a table, and returns what is uploaded.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol

from hypothesis import strategies as st

from opendata.tabular.readers import Declared
from tests.tabular.readers.cases.model import Clean

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file, what is declared of it, and the table it is where that is not the one given."""

    content: bytes
    declared: Declared = field(default_factory=Declared)
    cells: Clean | None = None


class Writer(Protocol):
    """A way to write a table; its name is that of its function."""

    __name__: str

    def __call__(self, draw: Draw, table: Clean) -> Uploaded:
        """Write the table."""


def writers() -> tuple[Writer, ...]:
    """Return the writers of all modules."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(chain.from_iterable(module.WRITERS for module in modules))
