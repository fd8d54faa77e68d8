"""The errors of one Report, kept on disk as JSON, in the order Frictionless gives them."""

import os
import tempfile
import weakref
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

# Up to this many bytes they stay in memory.
_IN_MEMORY = 8 * 1024 * 1024
_AT_ONCE = 64 * 1024
# Of one row: what its cells say, keys included, then what each check says.
_RANKS = 1 << 20
RANK_OF_CELLS, _RANK_OF_CHECKS = 0, 1
_AT_END = (1 << 63) - 1
# Gaps in the JSON of an error, for what only its row knows; JSON holds no such bytes itself.
CELLS_GAP, ROW_GAP, LINE_GAP = b"\0", b"\1", b"\2"
# Around the cells of a row, as Polars writes them.
_BEFORE, _AFTER = len(b'{"c":'), len(b"}")
_NOTHING = 0
_MOST_AT_HAND = 1024


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of many rows in the same words: the type of the error, and where it is kept."""

    kind: str
    piece: int


class Sayings:
    """What is said of the rows of one block."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._keys: list[NDArray[np.int64]] = []
        self.said: list[Said] = []

    def add(self, rows: NDArray[np.int64], rank: int, sayings: Iterable[Sequence[Said]]) -> None:
        """Add what is said of each of some rows, by number.

        ``rank`` is ``RANK_OF_CELLS`` or what ``rank_of_check`` gives. What is said of one row and
        rank stays in the order in which it is added.
        """
        listed = list(sayings)
        counts = np.fromiter(map(len, listed), np.int64, len(rows))
        self._keys.append(np.repeat(rows * _RANKS + rank, counts))
        self.said.extend(chain.from_iterable(listed))

    @property
    def keys(self) -> NDArray[np.int64]:
        """Where each of what is ``said`` stands in the Report."""
        return np.concatenate(self._keys) if self._keys else np.empty(0, np.int64)


def rank_of_check(check: int) -> int:
    """Return where the errors of a check stand among those of a row."""
    return _RANK_OF_CHECKS + check


class ErrorLog:
    """Errors in about any order in, in the Report's order out; they take little memory.

    A Report lists what the header and the start say, then row after row, then what could be said
    only after the last row.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Begin empty; ``folder`` is where many errors are kept while the log lives."""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - lives as long as the log.
            _IN_MEMORY, dir=None if folder is None else str(folder)
        )
        weakref.finalize(self, self._file.close)
        # The file is a row of pieces; each error is one with gaps, the cells are another.
        self._ends = array("Q", [0, 0])
        self._keys = array("Q")
        self._said = array("I")
        self._cells = array("I")
        self._lines = array("Q")
        self._at_hand: dict[int, bytes] = {}
        self._dropped: set[int] = set()
        self._in_order = 0
        self._unwritten: list[bytes] = []
        self._unwritten_bytes = 0
        self.by_type: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many errors there are."""
        return len(self._keys) - len(self._dropped)

    def at_start(self, error: Mapping[str, Any]) -> None:
        """Add an error of the header, or one a check has before the first row."""
        self._add(0, error)

    def of_cells(self, row: int, error: Mapping[str, Any]) -> None:
        """Add an error of a row's cells."""
        self._add(row * _RANKS + RANK_OF_CELLS, error)

    def of_check(self, row: int, check: int, error: Mapping[str, Any]) -> None:
        """Add an error that check number ``check`` has with a row."""
        self._add(row * _RANKS + rank_of_check(check), error)

    def at_end(self, error: Mapping[str, Any]) -> None:
        """Add an error that could be told only after the last row."""
        self._add(_AT_END, error)

    def keep(self, text: bytes) -> int:
        """Keep a piece of text, and return its number."""
        self._ends.append(self._ends[-1] + len(text))
        self._unwritten.append(text)
        self._unwritten_bytes += len(text)
        if self._unwritten_bytes > _AT_ONCE:
            self._write()
        return len(self._ends) - 2

    def of_block(
        self,
        first_row: int,
        frame: pl.DataFrame,
        sayings: Sayings,
        line_of: Callable[[int], int],
    ) -> None:
        """Add what is said of a block's rows, whose cells are in ``frame``."""
        if not sayings.said:
            return
        keys = sayings.keys
        order = np.argsort(keys, kind="stable")
        rows, which = np.unique(keys // _RANKS, return_inverse=True)
        named = np.zeros(frame.height, np.bool_)
        named[rows - first_row] = True
        cells = self._keep_cells(frame.filter(named))[which]
        begins = np.fromiter(map(line_of, rows.tolist()), np.uint64, len(rows))[which]
        pieces = np.array([each.piece for each in sayings.said], np.uint32)
        self._keys.frombytes(keys[order].astype(np.uint64).tobytes())
        self._said.frombytes(pieces[order].tobytes())
        self._cells.frombytes(cells[order].tobytes())
        self._lines.frombytes(begins[order].tobytes())
        self.by_type.update([each.kind for each in sayings.said])

    def rows_are_told(self) -> None:
        """Say that all rows were added, in their order; only now can one be found again."""
        self._in_order = len(self._keys)

    def replace_row(self, row: int, errors: Iterable[Mapping[str, Any]]) -> None:
        """Let ``errors`` stand for what the log has of a row's cells."""
        key = row * _RANKS + RANK_OF_CELLS
        at = bisect_left(self._keys, key, hi=self._in_order)
        while at < self._in_order and self._keys[at] == key:
            self.by_type[orjson.loads(self._line(at))["type"]] -= 1
            self._dropped.add(at)
            at += 1
        self.add_to_row(row, errors)

    def add_to_row(self, row: int, errors: Iterable[Mapping[str, Any]]) -> None:
        """Add errors behind what the log has of a row's cells."""
        for error in errors:
            self.of_cells(row, error)

    def cells_of(self, row: int) -> list[str] | None:
        """Return the cells of a row of which it is known that it had all of them."""
        at = bisect_left(self._keys, row * _RANKS, hi=self._in_order)
        if at == self._in_order or self._keys[at] // _RANKS != row or self._cells[at] == _NOTHING:
            return None
        cells: list[str] = orjson.loads(self._piece(self._cells[at])[_BEFORE:-_AFTER])
        return cells

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the errors in the Report's order."""
        for line in self.lines():
            yield orjson.loads(line)

    def lines(self) -> Iterator[bytes]:
        """Yield each error as JSON in the Report's order."""
        order = np.argsort(np.array(self._keys, np.uint64), kind="stable")
        for at in order.tolist():
            if at not in self._dropped:
                yield self._line(at)

    def _line(self, at: int) -> bytes:
        if self._cells[at] == _NOTHING:
            return self._piece(self._said[at])
        text = self._at_hand.get(self._said[at])
        if text is None:
            if len(self._at_hand) >= _MOST_AT_HAND:
                self._at_hand.clear()
            text = self._at_hand[self._said[at]] = self._piece(self._said[at])
        row = b"%d" % (self._keys[at] // _RANKS)
        line = b"%d" % self._lines[at]
        cells = self._piece(self._cells[at])[_BEFORE:-_AFTER]
        return text.replace(ROW_GAP, row).replace(LINE_GAP, line).replace(CELLS_GAP, cells)

    def _piece(self, number: int) -> bytes:
        self._write()
        self._file.seek(self._ends[number])
        return self._file.read(self._ends[number + 1] - self._ends[number])

    def _keep_cells(self, frame: pl.DataFrame) -> NDArray[np.uint32]:
        """Keep the cells of rows as JSON, and return the number of each row's piece."""
        arrays = frame.select(pl.struct(pl.concat_arr(pl.all()).alias("c")).struct.json_encode())
        texts = arrays.to_series()
        first, end = len(self._ends) - 1, self._ends[-1]
        ends = end + texts.str.len_bytes().cast(pl.UInt64).to_numpy().cumsum()
        whole: bytes = texts.str.join("").cast(pl.Binary).item()
        self.keep(whole)
        del self._ends[-1]
        self._ends.frombytes(ends.tobytes())
        return np.arange(first, first + len(ends), dtype=np.uint32)

    def _write(self) -> None:
        if self._unwritten:
            self._file.seek(0, os.SEEK_END)
            self._file.write(b"".join(self._unwritten))
            self._unwritten.clear()
            self._unwritten_bytes = 0

    def _add(self, key: int, error: Mapping[str, Any]) -> None:
        self._keys.append(key)
        self._said.append(self.keep(orjson.dumps(error)))
        self._cells.append(_NOTHING)
        self._lines.append(_NOTHING)
        self.by_type[error["type"]] += 1
