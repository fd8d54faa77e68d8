"""The errors of one Report, kept on disk as JSON, in the order Frictionless gives them."""

import os
import tempfile
import weakref
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson

# Up to this many bytes they stay in memory.
_IN_MEMORY = 8 * 1024 * 1024
_AT_ONCE = 512
# Of one row: what its cells say, keys included, then what each check says.
_RANKS = 1 << 20
_CELLS, _CHECKS = 0, 1
_AT_END = (1 << 63) - 1


class ErrorLog:
    """Errors in about any order in, in the Report's order out; their number costs no memory.

    A Report lists what the header and the start say, then row after row, then what could be said
    only after the last row.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Begin empty; ``folder`` is where many errors are kept while the log lives."""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - lives as long as the log.
            _IN_MEMORY, dir=None if folder is None else str(folder)
        )
        weakref.finalize(self, self._file.close)
        self._keys = array("Q")
        self._ends = array("Q", [0])
        self._dropped: set[int] = set()
        self._in_order: int | None = None
        self._unwritten: list[bytes] = []
        self.by_type: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many errors there are."""
        return len(self._keys) - len(self._dropped)

    def at_start(self, error: Mapping[str, Any]) -> None:
        """Add an error of the header, or one a check has before the first row."""
        self._add(0, error)

    def of_cells(self, row: int, error: Mapping[str, Any]) -> None:
        """Add an error of a row's cells."""
        self._add(row * _RANKS + _CELLS, error)

    def of_check(self, row: int, check: int, error: Mapping[str, Any]) -> None:
        """Add an error that check number ``check`` has with a row."""
        self._add(row * _RANKS + _CHECKS + check, error)

    def at_end(self, error: Mapping[str, Any]) -> None:
        """Add an error that could be told only after the last row."""
        self._add(_AT_END, error)

    def replace_row(self, row: int, errors: Iterable[Mapping[str, Any]]) -> None:
        """Let ``errors`` stand for what the log has of a row's cells.

        Rows are added in order, and replaced only after the last one was added.
        """
        key = row * _RANKS + _CELLS
        if self._in_order is None:
            self._in_order = len(self._keys)
        at = bisect_left(self._keys, key, hi=self._in_order)
        while at < self._in_order and self._keys[at] == key:
            self.by_type[orjson.loads(self._line(at))["type"]] -= 1
            self._dropped.add(at)
            at += 1
        for error in errors:
            self._add(key, error)

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
        self._write()
        self._file.seek(self._ends[at])
        return self._file.read(self._ends[at + 1] - self._ends[at])

    def _write(self) -> None:
        if self._unwritten:
            self._file.seek(0, os.SEEK_END)
            self._file.write(b"".join(self._unwritten))
            self._unwritten.clear()

    def _add(self, key: int, error: Mapping[str, Any]) -> None:
        line = orjson.dumps(error)
        self._unwritten.append(line)
        if len(self._unwritten) >= _AT_ONCE:
            self._write()
        self._keys.append(key)
        self._ends.append(self._ends[-1] + len(line))
        self.by_type[error["type"]] += 1
