"""How the statutory tables look on paper: labels, merged headings, and where each figure stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# More rows than these do not fit on a page with much else.
LARGE = 20


class Place(NamedTuple):
    """Where a figure stands: table, row and column, as ``disclosure-statistics`` codes them."""

    table: str
    row: str
    column: str


class Part(StrEnum):
    """What a printed cell is."""

    HEAD = "head"
    LABEL = "label"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell on paper; it spans ``rows`` rows and ``columns`` columns."""

    part: Part
    text: str = ""
    place: Place | None = None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A table on paper. A row lists the cells that begin in it, as HTML does.

    ``widths`` are those of the columns, in parts of a hundred; the first ``heads`` rows are
    printed again on top of every page.
    """

    table: str
    caption: str
    rows: tuple[tuple[Slot, ...], ...]
    widths: tuple[int, ...]
    heads: int = 0

    @property
    def is_large(self) -> bool:
        """Whether it takes most of a page, and is begun on a new one."""
        return len(self.rows) > LARGE

    def is_heading(self, number: int) -> bool:
        """Whether a row has headings only, and is not parted from the row after it."""
        return all(each.part is Part.HEAD for each in self.rows[number])

    @property
    def places(self) -> tuple[Place, ...]:
        """The figures it shows, in the order of reading."""
        return tuple(each.place for row in self.rows for each in row if each.place is not None)

    def laid(self) -> Iterator[tuple[int, int, Slot]]:
        """Yield every cell with the row and the column, from 0, that it begins in."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            column = 0
            for slot in row:
                while (number, column) in taken:
                    column += 1
                yield number, column, slot
                taken.update(
                    (number + down, column + right)
                    for down in range(slot.rows)
                    for right in range(slot.columns)
                )


def head(text: str, rows: int = 1, columns: int = 1) -> Slot:
    """Return a heading."""
    return Slot(Part.HEAD, text, None, rows, columns)


def label(text: str, rows: int = 1, columns: int = 1) -> Slot:
    """Return the name of a row."""
    return Slot(Part.LABEL, text, None, rows, columns)


def figures(table: str, row: str, columns: Sequence[str], wide: int = 1) -> tuple[Slot, ...]:
    """Return the figures of a row; the last spans ``wide`` columns."""
    last = len(columns) - 1
    return tuple(
        Slot(Part.FIGURE, "", Place(table, row, column), 1, wide if number == last else 1)
        for number, column in enumerate(columns)
    )
