"""Unique values and primary keys over a whole table: hashes for all rows, the truth for suspects.

Two rows whose keys hash alike are suspects, and Frictionless's own comparison, in memory, is made
between suspects only: a row that is no suspect equals no other.
"""

import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl

from opendata.tabular.certify.canonical import canonical_key
from opendata.tabular.certify.model import Column
from opendata.tabular.judge.plan import NotPlain

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
# Rows whose hashes are kept in memory, 16 bytes each; of a longer table they go to disk.
IN_MEMORY_ROWS = 1 << 24
_PARTS = 64


class Key:
    """One set of columns whose values no two rows may share."""

    def __init__(self, columns: Sequence[Column], folder: Path | None) -> None:
        """Watch ``columns``; ``folder`` is where hashes go that are too many for memory.

        Raises:
            NotPlain: there is a column of a type whose values cannot be compared as text.
        """
        if any(each.key is None for each in columns):
            message = "a key column has values that are no plain texts"
            raise NotPlain(message)
        self._columns = columns
        self._hashes = Hashes(folder)
        self._empty: list[int] = []
        self.names = tuple(each.field.name for each in columns)

    def expressions(self, alias: str) -> Iterator[pl.Expr]:
        """Yield ``{alias}.sure``, whether the key is told by the text, and then what it is."""
        texts = [
            each.key.alias(str(at)) for at, each in enumerate(self._columns) if each.key is not None
        ]
        yield pl.all_horizontal([each.legible for each in self._columns]).alias(f"{alias}.sure")
        yield pl.struct(texts).hash().alias(f"{alias}.hash")
        yield pl.all_horizontal([text.is_null() for text in texts]).alias(f"{alias}.empty")

    def see(self, first_row: int, told: pl.DataFrame, alias: str) -> None:
        """Take in the rows of a block, as ``expressions`` tell of them."""
        sure, empty = told[f"{alias}.sure"].to_numpy(), told[f"{alias}.empty"].to_numpy()
        rows = np.arange(first_row, first_row + told.height, dtype=np.uint64)
        kept = sure & ~empty
        self._hashes.add(rows[kept], told[f"{alias}.hash"].to_numpy()[kept])
        self._empty.extend(rows[sure & empty])

    def see_values(self, values: Mapping[int, Sequence[Any]]) -> None:
        """Take in rows, by number, whose keys had to be read cell by cell."""
        told = {}
        for row, key in values.items():
            if all(value is None for value in key):
                self._empty.append(row)
            else:
                told[row] = [canonical_key(value) for value in key]
        if not told:
            return
        names = [str(at) for at in range(len(self._columns))]
        frame = pl.DataFrame(
            list(told.values()), schema=dict.fromkeys(names, pl.String), orient="row"
        )
        hashes = frame.select(pl.struct(names).hash()).to_series().to_numpy()
        self._hashes.add(np.fromiter(told, np.uint64), hashes)

    def suspects(self) -> Numbers:
        """Return the numbers of the rows whose key is empty or may be another row's."""
        found = [np.array(self._empty, np.uint64), *self._hashes.repeated()]
        return np.concatenate(found)


class Hashes:
    """Pairs of row number and hash, in memory or, beyond a limit, in files by the first bits."""

    def __init__(self, folder: Path | None, limit: int = IN_MEMORY_ROWS) -> None:
        """Begin empty."""
        self._folder = folder
        self._limit = limit
        self._held: list[tuple[Numbers, Numbers]] = []
        self._rows = 0
        self._files: list[IO[bytes]] = []

    def add(self, rows: Numbers, hashes: Numbers) -> None:
        """Take in some pairs."""
        self._held.append((rows, hashes))
        self._rows += len(rows)
        if self._rows > self._limit:
            self._spill()

    def repeated(self) -> Iterator[Numbers]:
        """Yield the rows whose hash occurs more than once."""
        if self._files:
            self._spill()
            for file in self._files:
                file.seek(0)
                pairs = np.frombuffer(file.read(), np.uint64).reshape(-1, 2)
                yield _repeated(pairs[:, 0], pairs[:, 1])
        elif self._held:
            rows, hashes = (np.concatenate(each) for each in zip(*self._held, strict=True))
            yield _repeated(rows, hashes)

    def _spill(self) -> None:
        if not self._files:
            self._files = [tempfile.TemporaryFile(dir=self._folder) for _ in range(_PARTS)]  # noqa: SIM115 - they live as long as this.
            for file in self._files:
                weakref.finalize(self, file.close)
        for rows, hashes in self._held:
            part = hashes >> np.uint64(64 - _PARTS.bit_length() + 1)
            for at, file in enumerate(self._files):
                here = part == at
                file.write(np.column_stack((rows[here], hashes[here])).tobytes())
        self._held.clear()
        self._rows = 0


def _repeated(rows: Numbers, hashes: Numbers) -> Numbers:
    """Return the rows whose hash another of them has."""
    # Most tables have none, and sorting alone takes a tenth of the time that ordering takes.
    alone = np.sort(hashes)
    if not (alone[1:] == alone[:-1]).any():
        return np.empty(0, np.uint64)
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    alike = np.zeros(len(hashes), bool)
    alike[1:] |= same
    alike[:-1] |= same
    return rows[order[alike]]
