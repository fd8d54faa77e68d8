"""Waiting: changed cells, found column by column, on the disk until their records are written."""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from opendata.tabular.diff import sides


class Waiting:
    """Cells by the slice their records are in; gone with the ``with`` block."""

    def __init__(self, folder: Path | None) -> None:
        """Prepare; where nobody wants them, no cells are kept."""
        self._lent = None if folder is None else tempfile.TemporaryDirectory(dir=folder)
        self._files: dict[int, list[Path]] = defaultdict(list)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody will ask for the cells."""
        return self._lent is not None

    def put(self, begin: int, cells: pl.DataFrame) -> None:
        """Put down cells of the slice that begins there: ``row, before, after``.

        Rows ascend, each is there once; the last two are members of JSON objects. What is put
        down later of a row stands behind what was put down before. Of one slice, one thread at a
        time puts cells down.
        """
        assert self._lent is not None  # noqa: S101 - see ``is_wanted``.
        paths = self._files[begin]
        paths.append(Path(self._lent.name) / f"{begin}-{len(paths)}")
        cells.write_ipc(paths[-1])

    def records(self, begin: int, end: int) -> pl.DataFrame:
        """Return what changed of the records of a part of a slice: ``row, before, after``."""
        of_slice = self._files.get(begin - begin % sides.ROWS, ())
        found = [_between(pl.read_ipc(each), begin, end) for each in of_slice]
        frames = [each for each in found if not each.is_empty()]
        if len(frames) > 1:
            return _side_by_side(frames)
        return frames[0] if frames else _NONE

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


_NONE = pl.DataFrame(schema={"row": pl.Int64, "before": pl.String, "after": pl.String})


def _between(frame: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    first, last = frame["row"].search_sorted(pl.Series([begin, end]))
    return frame[first:last]


def _side_by_side(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    rows = pl.concat(each.select("row") for each in frames).unique().sort("row")
    placed = [rows.join(each, on="row", how="left", maintain_order="left") for each in frames]

    def joined(name: str) -> pl.Series:
        part = pl.DataFrame([each[name].alias(str(at)) for at, each in enumerate(placed)])
        members = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
        return part.select(members).to_series().alias(name)

    return rows.with_columns(joined("before"), joined("after"))
