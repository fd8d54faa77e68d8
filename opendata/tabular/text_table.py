"""The canonical text table: what every received file is turned into before it is judged."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MUST_QUOTE = re.compile(r'["\r\n]')
_CELL_MUST_QUOTE = re.compile(r'[,"\r\n]')


class SourceLines:
    """Where each row of the canonical table began in the file as received.

    Row *n* begins on line *n* until a quoted line break shifts everything after it; only the
    shifts are kept, so that a table without any costs nothing.
    """

    def __init__(self) -> None:
        """Begin without any shift."""
        self._rows = array("q")
        self._shifts = array("q")

    def shift(self, row_number: int, shift: int) -> None:
        """Record that from ``row_number`` on lines are ``shift`` ahead of row numbers."""
        self._rows.append(row_number)
        self._shifts.append(shift)

    def shift_many(self, row_numbers: NDArray[np.int64], shifts: NDArray[np.int64]) -> None:
        """Record several shifts, in ascending order of rows."""
        self._rows.frombytes(row_numbers.astype(np.int64).tobytes())
        self._shifts.frombytes(shifts.astype(np.int64).tobytes())

    def line_of(self, row_number: int) -> int:
        """Return the line (1-based) on which row ``row_number`` begins in the source."""
        at = bisect_right(self._rows, row_number)
        return row_number + (self._shifts[at - 1] if at else 0)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one file from another: digests of its bytes, and how many there are."""

    md5: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class TextTable:
    """A received table as a file of comma-separated UTF-8 whose header is machine names.

    After the header every byte is as it was received. ``header`` are pairs of the label as
    received and the name it was mapped to (itself where the contract knows no such column). Row
    numbers are those of Frictionless: the header is row 1, a blank line is a row.
    """

    path: Path
    header: tuple[tuple[str, str], ...]
    provenance: Mapping[str, Any]
    fingerprint: Fingerprint
    lines: SourceLines = field(default_factory=SourceLines, compare=False)


def csv_line(cells: Sequence[str], delimiter: str = ",") -> str:
    """Write one record per RFC 4180, without its line end, quoting only what must be.

    ``csv.writer`` is not used because releases of Python differ in whether a bare carriage return
    is quoted, and a canonical file must have one form.
    """
    line = delimiter.join(cells)
    if line and line.count(delimiter) == len(cells) - 1 and not _MUST_QUOTE.search(line):
        return line
    if len(cells) == 1 and not cells[0]:
        return '""'  # An empty line would be read as a record without any cell.
    special = _CELL_MUST_QUOTE if delimiter == "," else re.compile(f'[{re.escape(delimiter)}"\r\n]')
    return delimiter.join(_quoted(cell) if special.search(cell) else cell for cell in cells)


def csv_cells(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells of a column as ``csv_line`` would write each of them in a record."""
    together = "".join(cells)
    if not _CELL_MUST_QUOTE.search(together):
        return cells
    return [_quoted(cell) if _CELL_MUST_QUOTE.search(cell) else cell for cell in cells]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
