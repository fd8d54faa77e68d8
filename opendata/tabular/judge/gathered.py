"""The few columns that table-wide rules speak of, kept for all rows until the last is read."""

import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import polars as pl

ROW = "row"
IN_MEMORY_BYTES = 256 * 1024 * 1024


class Gathered:
    """Rows of text: ``row`` is the row's number, the columns are called by their fields' names."""

    def __init__(self, names: Mapping[str, str], folder: Path | None) -> None:
        """Gather ``names``, from the frame's column to the field's name."""
        self._names = names
        self._folder = folder
        self._held: list[pl.DataFrame] = []
        self._bytes = 0
        self._files: list[IO[bytes]] = []

    def add(self, first_row: int, frame: pl.DataFrame) -> None:
        """Take in the rows of a block."""
        if not self._names:
            return
        rows = pl.int_range(first_row, first_row + frame.height, dtype=pl.Int64).alias(ROW)
        chosen = frame.select(
            rows, *(pl.col(column).alias(name) for column, name in self._names.items())
        )
        self._held.append(chosen)
        self._bytes += int(chosen.estimated_size())
        if self._bytes > IN_MEMORY_BYTES:
            self._spill()

    def frame(self, names: Sequence[str]) -> pl.DataFrame:
        """Return all rows' cells of ``names``, in the order of rows."""
        wanted = [ROW, *names]
        schema = {ROW: pl.Int64, **dict.fromkeys(names, pl.String)}
        parts = [*self._read(wanted), *(each.select(wanted) for each in self._held)]
        return pl.concat([pl.DataFrame(schema=schema), *parts])

    def _read(self, wanted: list[str]) -> Iterator[pl.DataFrame]:
        for file in self._files:
            file.seek(0)
            yield pl.read_ipc(file, columns=wanted)

    def _spill(self) -> None:
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long as the rows.
        weakref.finalize(self, file.close)
        pl.concat(self._held).write_ipc(file)
        self._files.append(file)
        self._held.clear()
        self._bytes = 0
