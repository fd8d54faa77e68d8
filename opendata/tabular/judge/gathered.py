"""The few columns that table-wide rules speak of, kept for all rows until the last is read."""

import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import polars as pl

from opendata.tabular.judge.rows import Reader

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
        self._rows = 0

    @property
    def rows(self) -> int:
        """How many rows were taken in."""
        return self._rows

    def add(self, first_row: int, frame: pl.DataFrame) -> None:
        """Take in the rows of a block."""
        if not self._names:
            return
        rows = pl.int_range(first_row, first_row + frame.height, dtype=pl.Int64).alias(ROW)
        chosen = frame.select(
            rows, *(pl.col(column).alias(name) for column, name in self._names.items())
        )
        self._held.append(chosen)
        self._rows += chosen.height
        self._bytes += int(chosen.estimated_size())
        if self._bytes > IN_MEMORY_BYTES:
            self._spill()

    def frame(self, names: Sequence[str]) -> pl.DataFrame:
        """Return all rows' cells of ``names``, in the order of rows."""
        wanted = [ROW, *names]
        if len(self._held) != 1:
            # Many rules ask, each for a few columns; what was held is put together for the first.
            schema = {ROW: pl.Int64, **dict.fromkeys(self._names.values(), pl.String)}
            self._held = [pl.concat([pl.DataFrame(schema=schema), *self._held])]
        held = self._held[0].select(wanted)
        return pl.concat([*self._read(wanted), held]) if self._files else held

    def whole(self) -> pl.DataFrame:
        """Return all rows with every cell that was gathered."""
        return self.frame(list(self._names.values()))

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


class FewRows:
    """All of a few rows: each cell is read once, however many rules speak of it."""

    def __init__(self, rows: pl.DataFrame, reader_of: Callable[[str], Reader]) -> None:
        """Have the cells of a field read by its reader when they are asked for first."""
        self._rows = rows
        self._reader_of = reader_of
        self._numbers: list[int] = rows[ROW].to_list()
        self._values: dict[str, list[Any]] = {}

    def of(self, names: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the number of each row, and the values of ``names``."""
        values = [self._column(name) for name in names]
        for number, *row in zip(self._numbers, *values, strict=True):
            yield number, dict(zip(names, row, strict=True))

    def _column(self, name: str) -> list[Any]:
        if name not in self._values:
            read = self._reader_of(name)
            self._values[name] = [read(text)[0] for text in self._rows[name].to_list()]
        return self._values[name]
