"""What a file of ``datasets/formats/`` is made from, and what it is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a package: its descriptor, machine names, and text cells."""

    descriptor: Mapping[str, Any]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def fields(self) -> tuple[Mapping[str, Any], ...]:
        """The contract's fields, in the order of the columns."""
        return tuple(self.descriptor["resources"][0]["schema"]["fields"])

    @property
    def titles(self) -> tuple[str, ...]:
        """The columns' Chinese titles."""
        return tuple(field["title"] for field in self.fields)


@dataclass(frozen=True, slots=True)
class File:
    """One file: the package its records are from, what is said of it, and how it is written.

    Its name is the package's, the variant and the suffix, divided by dots.
    """

    package: str
    variant: str
    write: Callable[[Table], bytes]

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.package}.{self.variant}"
