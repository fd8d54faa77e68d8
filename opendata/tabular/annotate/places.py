"""Cells of a worksheet: row and column, and the name a person calls them by."""

import re
from typing import NamedTuple

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Cell(NamedTuple):
    """A cell by its row and its column, both from 1."""

    row: int
    column: int

    @property
    def fits(self) -> bool:
        """Whether a worksheet has such a cell."""
        return 0 < self.row <= MOST_ROWS and 0 < self.column <= MOST_COLUMNS


def column_letters(number: int) -> str:
    """Return what a worksheet calls a column.

    >>> column_letters(1), column_letters(28), column_letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for each in letters:
        number = 26 * number + ord(each) - ord("A") + 1
    return number


def cell_name(cell: Cell) -> str:
    """Return what a worksheet calls a cell.

    >>> cell_name(Cell(7, 3))
    'C7'
    """
    return f"{column_letters(cell.column)}{cell.row}"


def cell_at(name: str) -> Cell:
    """Return the cell of this name.

    Raises:
        ValueError: no cell is called so.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"{name} is no cell"
        raise ValueError(message)
    return Cell(int(match[2]), column_number(match[1]))


def quoted_sheet(name: str) -> str:
    """Return a sheet's name as references write it.

    >>> quoted_sheet("it's 2026")
    "'it''s 2026'"
    """
    return "'" + name.replace("'", "''") + "'"
