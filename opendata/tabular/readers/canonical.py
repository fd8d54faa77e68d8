"""Writing the canonical text table, for sources whose rows cannot be taken as they are."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from opendata.tabular.readers.table import canonical_header
from opendata.tabular.text_table import SourceLines, csv_line

_PIECE = 1024 * 1024


class CanonicalWriter:
    """A canonical file in the making: UTF-8, comma, LF, quotation marks only where needed."""

    def __init__(self, path: Path, header: tuple[tuple[str, str], ...], line: int) -> None:
        """Begin with the header, which is on ``line`` of the source (from 1)."""
        self.lines = SourceLines()
        self._row = 1
        self._shift = 0
        self._out = path.open("w", encoding="utf-8", newline="", buffering=_PIECE)
        self._out.write(canonical_header(header).decode())
        self._place(line)

    def write(self, cells: Sequence[str], line: int) -> None:
        """Append a row that begins on ``line`` of the source; lines may be skipped, not reused."""
        self._row += 1
        self._place(line)
        self._out.write(csv_line(cells) + "\n")

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
