"""What a sheet is, whatever the format of its workbook; rows and columns count from 0."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from opendata.tabular.readers.model import pointer

# A blank cell is the empty text.
Value = str | float | bool | date | datetime | time | timedelta
Row = Sequence[Value]


class Place(NamedTuple):
    """Where a cell is."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """What the sheet calls it, such as ``C7``."""
        return f"{letters(self.column)}{self.row + 1}"

    @property
    def pointer(self) -> str:
        """Its place in a fault."""
        return pointer("cell", self.name)


class Area(NamedTuple):
    """A rectangle of cells, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """What the sheet calls it, such as ``A3:B4``."""
        return f"{Place(self.top, self.left).name}:{Place(self.bottom, self.right).name}"


class Shown(StrEnum):
    """What a number format makes of a number beside dividing or rounding its digits.

    ``PERCENT``: it is shown per cent. ``PADDED``: it is another code (000006), but no other
    number. ``SCALED``: it is another number, in thousands or with digits that are not its own.
    """

    PERCENT = "percent"
    PADDED = "padded"
    SCALED = "scaled"


@dataclass(slots=True)
class Facts:
    """What a sheet says beside the values of its cells.

    ``rows`` and ``columns`` say how far its filled cells reach. ``errors`` are cells that hold
    an error, ``uncalculated`` formulas without a result; ``shown`` are the rows of the cells that
    show a number otherwise than it is, by how and by column; ``margins`` are page headers.
    """

    rows: int = 0
    columns: int = 0
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    errors: list[Place] = field(default_factory=list)
    uncalculated: list[Place] = field(default_factory=list)
    shown: dict[tuple[Shown, int], set[int]] = field(default_factory=dict)
    margins: list[str] = field(default_factory=list)

    def show(self, how: Shown, place: Place) -> None:
        """Remember a cell that shows its number so."""
        self.shown.setdefault((how, place.column), set()).add(place.row)

    def reach(self, rows: int, columns: int) -> None:
        """Say that filled cells reach so far."""
        self.rows = max(self.rows, rows)
        self.columns = max(self.columns, columns)


class Sheet(ABC):
    """One sheet of an open workbook.

    ``counts_days`` says that its dates are numbers of days, as Excel's are: those before March
    1900 then mean different days to different programs.
    """

    counts_days = True

    def __init__(self, name: str, *, hidden: bool, facts: Facts) -> None:
        """Keep what is known before any row is read."""
        self.name = name
        self.hidden = hidden
        self.facts = facts

    @property
    def pointer(self) -> str:
        """Its place in a fault."""
        return pointer("sheet", self.name)

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Yield all rows from the first of the sheet on, each from its first column on."""


class Workbook(ABC):
    """An open workbook."""

    format: str

    @abstractmethod
    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets that hold cells, one after the other.

        Raises:
            Unreadable: a sheet is out of bounds, or damaged.
        """

    def margins(self) -> Iterator[str]:
        """Yield texts outside of any cell, as far as the format has them; after the sheets."""
        return iter(())


def letters(column: int) -> str:
    """Return what sheets call a column: A to Z, then AA and so on.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def place(name: str) -> Place:
    """Return the place that a sheet calls ``name``.

    >>> place("AB7")
    Place(row=6, column=27)
    """
    column = 0
    digits = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for letter in name[: len(name) - len(digits)]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return Place(int(digits) - 1, column - 1)
