"""Writing the canonical text table, for sources whose rows cannot be taken as they are."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from opendata.tabular.readers.limits import LIMITS, check_cell, check_size
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.table import canonical_header
from opendata.tabular.refusals import NotATable
from opendata.tabular.text_table import SourceLines, csv_cells, csv_line

_PIECE = 1024 * 1024


class CanonicalWriter:
    """A canonical file in the making: UTF-8, comma, LF, quotation marks only where needed.

    What it is given is bounded: see ``Limits.cell_characters`` and ``Limits.written_bytes``.
    """

    def __init__(
        self, path: Path, header: tuple[tuple[str, str], ...], line: int, place: str = "row"
    ) -> None:
        """Begin with the header, which is on ``line`` of the source (from 1).

        ``place`` is what the source's lines are called in pointers: ``/row/7``, ``/line/7``.

        Raises:
            NotATable: a label holds a NUL.
        """
        self.lines = SourceLines()
        self._row = 1
        self._shift = 0
        self._kind = place
        labels = canonical_header(header)
        if b"\0" in labels:
            raise _nul("表头", "The header", pointer(place, str(line)))
        self._out = path.open("wb", buffering=_PIECE)
        self._written = self._out.write(labels)
        self._place(line)

    def write(self, cells: Sequence[str], line: int) -> None:
        """Append a row that begins on ``line`` of the source; lines may be skipped.

        Raises:
            CellTooLarge, TooLargeUncompressed: the row, or the table so far, is out of bounds.
            NotATable: a cell holds a NUL.
            UnicodeEncodeError: a cell holds half a character.
        """
        self._row += 1
        self._place(line)
        text = csv_line(cells) + "\n"
        if len(text) > LIMITS.cell_characters:
            check_cell(len(text), pointer(self._kind, str(line)))
        if "\0" in text:
            raise _nul("单元格", "A cell", pointer(self._kind, str(line)))
        self._written += self._out.write(text.encode())
        if self._written > LIMITS.written_bytes:
            check_size(self._written, LIMITS.written_bytes, pointer(self._kind, str(line)))

    def write_many(self, rows: Sequence[Sequence[str]], line: int) -> None:
        """Append rows that begin on ``line`` of the source, one on each; see ``write``."""
        lines = _lines(rows)
        text = "\n".join(lines)
        if "\0" in text or max(map(len, lines)) >= LIMITS.cell_characters:
            for at, cells in enumerate(rows):
                self.write(cells, line + at)  # It says which row it is.
            return
        self._row += 1
        self._place(line)
        self._row += len(rows) - 1
        self._written += self._out.write(f"{text}\n".encode())
        if self._written > LIMITS.written_bytes:
            check_size(self._written, LIMITS.written_bytes, pointer(self._kind, str(line)))

    def _place(self, line: int) -> None:
        if line - self._row != self._shift:
            self._shift = line - self._row
            self.lines.shift(self._row, self._shift)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._out.close()


def _nul(zh: str, en: str, where: str) -> NotATable:
    return NotATable(
        f"{zh}内有空字符（NUL），不是文字。请删去后重新上传。",
        f"{en} holds a NUL, which is no text. Remove it and send the file again.",
        where,
    )


def _lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of several records, as ``csv_line`` gives them.

    Most columns of most tables need no quotation mark, which is seen for all their cells at once.
    """
    if len(set(map(len, rows))) > 1 or len(rows[0]) == 1:
        return list(map(csv_line, rows))
    columns = [csv_cells(column) for column in zip(*rows, strict=True)]
    return list(map(",".join, zip(*columns, strict=True)))
