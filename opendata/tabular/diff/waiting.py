"""Waiting: changed cells, found column by column, on the disk until their records are written."""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl


class Waiting:
    """Cells by the slice their records are in; gone with the ``with`` block."""

    def __init__(self, folder: Path | None) -> None:
        """Prepare; where nobody wants them, no cells are kept."""
        self._lent = None if folder is None else tempfile.TemporaryDirectory(dir=folder)
        self._count = 0
        self._files: dict[int, list[Path]] = defaultdict(list)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody will ask for the cells."""
        return self._lent is not None

    def put(self, begin: int, cells: pl.DataFrame) -> None:
        """Put down cells of the slice that begins there: ``row, column, before, after``.

        ``column`` is the number of a column; the last two are members of JSON objects.
        """
        assert self._lent is not None  # noqa: S101 - see ``is_wanted``.
        path = Path(self._lent.name) / str(self._count)
        cells.write_ipc(path)
        self._files[begin].append(path)
        self._count += 1

    def records(self, begin: int) -> pl.DataFrame:
        """Return the members that changed of each record of a slice: ``row, before, after``."""
        files: Sequence[Path] = self._files.get(begin, ())
        if not files:
            return pl.DataFrame(schema={"row": pl.Int64, "before": pl.String, "after": pl.String})
        cells = pl.concat([pl.read_ipc(each) for each in files])
        joined = [pl.col(each).str.join(",") for each in ("before", "after")]
        return cells.sort("row", "column").group_by("row", maintain_order=True).agg(joined)

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop what waited."""
        if self._lent is not None:
            self._lent.cleanup()
